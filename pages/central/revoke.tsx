// Revoking a ticket: what is known of it first, then the decision; and which were revoked.
import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {call, get} from "../shared/api.ts";
import {Badge, Card, List, trouble, useDoing} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {dayAndTime, money} from "../shared/format.ts";
import {say} from "../shared/words.ts";
import type {JournalRecord, KnownTicket, Records} from "./central.ts";
import {productName, sessionName} from "./names.ts";

function Known({ticket}: {ticket: KnownTicket}): VNode {
    const over = ticket.revoked ? say("revoke_is_revoked") : ticket.refunded ? say("window_is_refunded") : ticket.replaced ? say("window_is_replaced") : undefined;
    const usedUp = ticket.persons_left === 0;
    const standing = over ?? (usedUp ? say("revoke_used_up") : ticket.known ? say("ticket_good") : say("revoke_unknown_short"));
    const used = ticket.uses.map((use) => say("revoke_use", {time: dayAndTime(use.time), gate: use.gate, lane: use.lane, persons: use.persons}));
    return (
        <div class="record" data-ticket={ticket.ticket} data-known={ticket.known} data-left={ticket.persons_left}>
            <p>
                <strong>{ticket.ticket}</strong> <Badge state={over !== undefined || !ticket.known ? "warn" : usedUp ? "idle" : "good"}>{standing}</Badge>
            </p>
            {!ticket.known && <p class="trouble">▲ {say("revoke_unknown")}</p>}
            <Facts
                rows={[
                    ...(ticket.product ? [[say("field_product"), productName(ticket.product)] as const] : []),
                    ...(ticket.session ? [[say("window_session"), sessionName(ticket.session)] as const] : []),
                    ...(ticket.price_minor !== undefined && ticket.currency ? [[say("field_price_minor"), money(ticket.price_minor, ticket.currency)] as const] : []),
                    ...(ticket.time ? [[say("revoke_sold"), `${dayAndTime(ticket.time)}${ticket.operator ? ` · ${ticket.operator}` : ""}${ticket.channel ? ` · ${ticket.channel}` : ""}`] as const] : []),
                    ...(ticket.entries !== undefined && ticket.persons !== undefined ? [[say("ticket_worth"), say("ticket_entries_persons", {entries: ticket.entries, persons: ticket.persons})] as const] : []),
                    [say("revoke_used"), used.length ? used.join(say("page_also")) : say("revoke_not_used")] as const,
                ]}
            />
        </div>
    );
}

interface Wanted {
    ticket: string;
    reason: string;
}

export function RevokeTicket(): VNode {
    const [busy, run] = useDoing();
    const [looked, setLooked] = useState<{wanted: Wanted; known: KnownTicket}>();
    const [done, setDone] = useState(0);
    return (
        <>
            <Card title={say("revoke_ticket")}>
                <p class="soft">{say("revoke_ticket_hint")}</p>
                <form
                    class="row"
                    onInput={() => setLooked(undefined)}
                    onSubmit={(event) => {
                        event.preventDefault();
                        const form = event.currentTarget as HTMLFormElement;
                        const fields = new FormData(form);
                        const wanted = {ticket: String(fields.get("ticket")).trim(), reason: String(fields.get("reason"))};
                        run(async () => {
                            if (!looked) return setLooked({wanted, known: await get<KnownTicket>(`tickets/${wanted.ticket}`)});
                            await call("POST", "revocations", looked.wanted);
                            form.reset();
                            setLooked(undefined);
                            setDone(done + 1);
                            return say("revoke_done", {ticket: looked.wanted.ticket});
                        });
                    }}
                >
                    <label>
                        {say("revoke_ticket_id")}
                        <input name="ticket" pattern="\d+-\d+-\d+-\d+" placeholder="7-1-1234-1" required autocomplete="off" />
                    </label>
                    <label>
                        {say("window_reason")}
                        <input name="reason" maxLength={200} required />
                    </label>
                    <button type="submit" class={looked ? "danger" : "main"} disabled={busy}>
                        {looked ? say("revoke_confirm", {ticket: looked.wanted.ticket}) : say("revoke_look")}
                    </button>
                </form>
                {looked && <Known ticket={looked.known} />}
            </Card>
            <Revoked key={done} />
        </>
    );
}

const revokedOf = (records: JournalRecord[]): JournalRecord[] => records.filter((record) => record.kind === "ticket_revoked");

// Central's own records, newest first, of which revocations are shown; `next` reads on.
function Revoked(): VNode {
    const [found, setFound] = useState<{rows: JournalRecord[]; next: number | null}>({rows: [], next: null});
    const read = async (before: number | null): Promise<void> => {
        try {
            const answer = await get<Records>(`records?node=0${before === null ? "" : `&before=${before}`}`);
            setFound((former) => ({rows: [...(before === null ? [] : former.rows), ...revokedOf(answer.records)], next: answer.next}));
        } catch (problem) {
            trouble(problem);
        }
    };
    useEffect(() => void read(null), []);
    const text = (record: JournalRecord, key: string): string => String(record.body?.[key] ?? "");
    return (
        <Card title={say("revoke_tickets_revoked")}>
            <List<JournalRecord>
                name={say("revoke_tickets_revoked")}
                rows={found.rows}
                keyOf={(record) => record.record}
                empty={say("revoke_none")}
                columns={[
                    {name: say("revoke_ticket_id"), cell: (record) => text(record, "ticket")},
                    {name: say("ops_time"), cell: (record) => dayAndTime(record.time)},
                    {name: say("page_operator"), cell: (record) => record.operator || "–"},
                    {name: say("window_reason"), cell: (record) => text(record, "reason")},
                ]}
            />
            {found.next !== null && (
                <button type="button" onClick={() => void read(found.next)}>
                    {say("window_earlier")}
                </button>
            )}
        </Card>
    );
}
