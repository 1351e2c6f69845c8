// The ticket in somebody's hand: read by the window's scanner, or looked for by number or code; refund, reprint, reissue.
import type {VNode} from "preact";
import {useEffect, useLayoutEffect, useState} from "preact/hooks";
import {call, get, insist, newId} from "../shared/api.ts";
import type {Fact} from "../shared/facts.tsx";
import {Facts} from "../shared/facts.tsx";
import {dayAndTime} from "../shared/format.ts";
import {session} from "../shared/frame.tsx";
import type {Sale, Ticket, TicketLook} from "../shared/node.ts";
import {focused, use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {say, sayWord} from "../shared/words.ts";
import {ActionForm} from "./action.tsx";
import {Action, productName} from "./sales.tsx";
import {good, inHand, message, trouble, windowName} from "./till.ts";

type Doing = "refund" | "reprint" | "reissue";

const isTicket = (text: string): boolean => /^\d+-\d+-\d+-\d+$/.test(text);
const isSale = (text: string): boolean => /^\d+-\d+-\d+$/.test(text);

function Search({found, ofSale}: {found: (look: TicketLook | undefined) => void; ofSale: (sale: Sale) => void}): VNode {
    const look = async (text: string): Promise<void> => {
        message.set(undefined);
        try {
            if (isSale(text)) {
                const sale = await get<Sale>(`sales/${text}`);
                if (sale.tickets.length > 1) return ofSale(sale);
                text = `${text}-1`;
            }
            found(await call<TicketLook>("POST", "tickets/find", isTicket(text) ? {ticket: text} : {code: text}));
        } catch (problem) {
            found(undefined); // what was found before is not the answer
            trouble(problem);
        }
    };
    return (
        <form class="inline" role="search" onSubmit={(event) => {
            event.preventDefault();
            event.currentTarget.querySelector("input")?.select(); // the next one is typed over it
            const text = String(new FormData(event.currentTarget).get("text")).trim();
            if (text) void look(text);
        }}>
            <label class="wide">
                {say("ticket_search")}
                <input name="text" required maxLength={1024} autocomplete="off" spellcheck={false} ref={focused} />
            </label>
            <button type="submit">{say("ticket_find")}</button>
        </form>
    );
}

function Reissue({ticket, done}: {ticket: Ticket; done: () => void}): VNode {
    const [id] = useState(newId);
    const [reason, setReason] = useState("");
    const act = async (): Promise<void> => {
        const body = {id, window: windowName(), reason, ...(ticket.code ? {code: ticket.code} : {})};
        const made = await insist<{ticket: Ticket}>("POST", `tickets/${ticket.id}/reissue`, body);
        good(say("ticket_reissued", {ticket: made.ticket.id}));
    };
    return (
        <ActionForm title={say("ticket_reissue")} act={act} done={done}>
            <p class="soft">{say("ticket_reissue_hint")}</p>
            <label>
                {say("window_reason")}
                <input name="reason" value={reason} required maxLength={100} ref={focused} autocomplete="off" onInput={(event) => setReason(event.currentTarget.value)} />
            </label>
        </ActionForm>
    );
}

function Look({look, ask}: {look: TicketLook; ask: (what: Doing) => void}): VNode {
    const {ticket} = look;
    const fine = look.fault === "none";
    const own = ticket?.id.startsWith(`${status.value?.node}-`); // only the seller reprints
    const supervisor = session.value?.roles.some((role) => role === "supervisor" || role === "administrator");
    const rows: Fact[] = ticket
        ? [
              [say("ticket_product"), productName(ticket.product)],
              [say("ticket_worth"), say("ticket_entries_persons", {entries: ticket.entries, persons: ticket.persons})],
              [say("ticket_used"), look.used],
              ...(look.first_admission ? [[say("ticket_first"), `${dayAndTime(look.first_admission.time)} · ${look.first_admission.gate} ${look.first_admission.lane}`] as const] : []),
              ...(look.copies > 0 ? [[say("ticket_copies"), look.copies] as const] : []),
          ]
        : [];
    return (
        <>
            <h2 class={fine ? "good" : "trouble"} role="status" data-fault={look.fault}>
                {fine ? `✓ ${say("ticket_good")}` : `✕ ${sayWord("reason_", look.fault)}`} {ticket && <span class="soft">{ticket.id}</span>}
            </h2>
            {!fine && <p class="advice">{sayWord("ticket_advice_", look.fault)}</p>}
            <Facts rows={rows} kind="keys" />
            {fine && ticket && (
                <div class="actions">
                    {look.sale_held && (
                        <button type="button" onClick={() => ask("refund")}>
                            {say("window_refund")}
                        </button>
                    )}
                    {own && (
                        <button type="button" onClick={() => ask("reprint")}>
                            {say("window_reprint")}
                        </button>
                    )}
                    {supervisor && (
                        <button type="button" onClick={() => ask("reissue")}>
                            {say("ticket_reissue")}
                        </button>
                    )}
                </div>
            )}
        </>
    );
}

export function TicketPane(): VNode {
    const look = use(inHand);
    const [doing, setDoing] = useState<Doing | undefined>(undefined);
    const [sale, setSale] = useState<Sale | undefined>(undefined);
    const [many, setMany] = useState<Sale | undefined>(undefined); // the sale that was looked for, of several tickets
    const show = (found: TicketLook | undefined): void => {
        setMany(undefined);
        inHand.set(found);
    };
    useLayoutEffect(() => setDoing(undefined), [look]); // with the picture: what a key opens after it stays open
    useEffect(() => {
        setSale(undefined);
        if (look?.sale) get<Sale>(`sales/${look.sale}`).then(setSale, trouble);
    }, [look]);
    const ticket = look?.ticket;
    const done = (): void => {
        setDoing(undefined);
        if (ticket) call<TicketLook>("POST", "tickets/find", {ticket: ticket.id}).then((now) => inHand.set(now), trouble);
    };
    return (
        <section class="pane" aria-label={say("window_screen_ticket")}>
            {doing === undefined && <Search found={show} ofSale={(found) => {
                inHand.set(undefined);
                setMany(found);
            }} />}
            {many && doing === undefined && (!ticket || many.tickets.some((one) => one.id === ticket.id)) && (
                <div class="kinds" role="group" aria-label={say("ticket_which")}>
                    <p>{say("ticket_which")}</p>
                    {many.tickets.map((one) => (
                        <button key={one.id} type="button" class="of-sale" aria-pressed={one.id === ticket?.id}
                            onClick={() => void call<TicketLook>("POST", "tickets/find", {ticket: one.id}).then((found) => inHand.set(found), trouble)}>
                            {productName(one.product)} · {one.id} {one.refunded ? `↩ ${say("window_is_refunded")}` : one.replaced ? `↩ ${say("window_is_replaced")}` : ""}
                        </button>
                    ))}
                </div>
            )}
            {!look && !many && <p class="soft">{say("ticket_hint")}</p>}
            {look && doing === undefined && <Look look={look} ask={setDoing} />}
            {ticket && sale && doing === "refund" && <Action sale={sale} tickets={sale.tickets} kind="refund" only={ticket.id} done={done} />}
            {ticket && doing === "reprint" && <Action tickets={[ticket]} kind="reprint" done={done} />}
            {ticket && doing === "reissue" && <Reissue ticket={ticket} done={done} />}
        </section>
    );
}
