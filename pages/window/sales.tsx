// Sales of this node: look, refund, reprint; and print jobs of which nobody knows whether the paper came out.
import type {VNode} from "preact";
import {useEffect, useRef, useState} from "preact/hooks";
import {get, insist, newId} from "../shared/api.ts";
import {clockTime, money} from "../shared/format.ts";
import type {Refund, Sale, Ticket} from "../shared/node.ts";
import {session} from "../shared/frame.tsx";
import {focused} from "../shared/state.ts";
import {named, say, sayWord} from "../shared/words.ts";
import {ActionForm} from "./action.tsx";
import {currency} from "./payment.ts";
import type {Part} from "./handback.ts";
import {handBack} from "./handback.ts";
import {catalogue, good, printsInDoubt, refreshLastSale, refreshShift, resolvePrint, trouble, windowName} from "./till.ts";

const shapes = {disk: "○", peer: "◐", central: "●"};

export const SaleChip = ({sale}: {sale: Sale}): VNode => (
    <span class="chip" data-safety={sale.safety}>
        <span aria-hidden="true">{shapes[sale.safety]}</span> {sayWord("safety_", sale.safety)}
    </span>
);

export const productName = (id: string): string => {
    const product = catalogue.value?.products.find((one) => one.id === id);
    return product ? named(product.name) : id;
};

const reasons = {refund: ["refund_plans", "refund_wrong_ticket", "refund_weather"], reprint: ["reprint_jam", "reprint_lost", "reprint_unreadable"]} as const;

// Neither handed back nor replaced by another ticket.
const isOpen = (ticket: Ticket): boolean => !ticket.refunded && !ticket.replaced;

// What to hand out, and what goes back by itself: "退现金 ¥20.00、微信 原路退回 ¥140.00".
function partWords({kind, failed, amount_minor}: Part): string {
    const what = {tender: sayWord("tender_", kind), amount: money(amount_minor, currency())};
    return failed ? say("refund_failed_part", what) : kind === "cash" ? say("refund_cash_part", what) : say("refund_way_part", what);
}
const partsWords = (parts: Part[]): string => parts.filter((part) => part.amount_minor > 0).map(partWords).join(say("page_between")) || say("refund_nothing");

// `only`: the one ticket that is in somebody's hand. A reprint needs no sale.
export function Action({sale, tickets, kind, only, done}: {sale?: Sale; tickets: Ticket[]; kind: "refund" | "reprint"; only?: string; done: () => void}): VNode {
    const [id] = useState(newId);
    const offered = tickets.filter(isOpen);
    const [chosen, setChosen] = useState<string[]>(offered.map((ticket) => ticket.id).filter((one) => only === undefined || one === only));
    const [reason, setReason] = useState<string>(say(reasons[kind][0]));
    const parts = sale && kind === "refund" ? handBack(sale, chosen) : undefined;
    const sum = parts?.reduce((total, part) => total + part.amount_minor, 0) ?? 0;
    const limit = catalogue.value?.limits.refund_supervisor_minor ?? 0;
    const beyond = sum > limit && !session.value?.roles.some((role) => role === "supervisor" || role === "administrator");
    const act = async (): Promise<void> => {
        if (kind === "refund" && sale) {
            const body = {id, window: windowName(), reason, tickets: chosen};
            const refund = await insist<Refund>("POST", `sales/${sale.sale}/refund`, body);
            void refreshLastSale(sale.sale);
            good(say("window_refunded", {amount: money(refund.total_minor, currency()), parts: partsWords(refund.tenders.map((one) => ({...one, failed: one.state === "failed"})))}));
        } else {
            for (const ticket of chosen) {
                const body = {id: `${id}.${ticket}`, window: windowName(), reason};
                await insist("POST", `tickets/${ticket}/reprint`, body);
            }
            good(say("window_reprinted", {count: chosen.length}));
        }
        void refreshShift();
    };
    return (
        <ActionForm title={kind === "refund" ? say("window_refund") : say("window_reprint")} ready={chosen.length > 0 && !beyond} act={act} done={done}>
            {offered.map((ticket) => (
                <label key={ticket.id} class="check">
                    <input type="checkbox" checked={chosen.includes(ticket.id)}
                        onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, ticket.id] : chosen.filter((one) => one !== ticket.id))} />
                    {productName(ticket.product)} · {ticket.id}
                </label>
            ))}
            {parts && (
                <p class="handback" data-parts={parts.map((part) => `${part.kind} ${part.amount_minor}`).join()}>
                    <strong>{partsWords(parts)}</strong>
                </p>
            )}
            {beyond && <p class="trouble">{say("refund_beyond", {limit: money(limit, currency())})}</p>}
            <label>
                {say("window_reason")}
                <input list={`${kind}-reasons`} value={reason} required maxLength={100} ref={focused} onInput={(event) => setReason(event.currentTarget.value)} />
            </label>
            <datalist id={`${kind}-reasons`}>
                {reasons[kind].map((key) => (
                    <option key={key} value={say(key)} />
                ))}
            </datalist>
        </ActionForm>
    );
}

function lineWords(line: Sale["lines"][number]): string {
    const kind = catalogue.value?.concessions.find((one) => one.class === line.concession?.class);
    const group = catalogue.value?.products.find((one) => one.id === line.product)?.persons === 0;
    const more = [...(group && line.persons ? [say("window_of_persons", {count: line.persons})] : []), ...(line.concession ? [kind ? named(kind.name) : line.concession.class] : [])];
    const what = `${productName(line.product)} ×${line.quantity}`;
    return more.length ? say("page_in_brackets", {what, more: more.join(say("page_between"))}) : what;
}
// How many of the tickets were handed back, while some were not.
export function refundedOf(sale: Sale): VNode | null {
    const count = sale.tickets.filter((ticket) => ticket.refunded).length;
    if (count === 0 || count === sale.tickets.length) return null;
    return <div class="soft">↩ {say("window_refunded_of", {count, all: sale.tickets.length})}</div>;
}

export function Sales(): VNode {
    const [sales, setSales] = useState<Sale[]>([]);
    const [next, setNext] = useState<string | undefined>(undefined);
    const [open, setOpen] = useState<{sale: Sale; kind: "refund" | "reprint"} | undefined>(undefined);
    const [chosen, setChosen] = useState<string | undefined>(undefined);
    const here = useRef<HTMLTableRowElement>(null);
    const at = Math.max(0, sales.findIndex((sale) => sale.sale === chosen));
    // The list has the keyboard as soon as it is there, and keeps it while somebody goes through it.
    useEffect(() => here.current?.focus(), [open, sales.length > 0, chosen]);
    const press = (event: KeyboardEvent): void => {
        const sale = sales[at];
        if (!sale || open || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
        if ((event.target as Element).closest("input, select, textarea")) return;
        if (event.code === "ArrowDown") setChosen(sales[Math.min(at + 1, sales.length - 1)]?.sale);
        else if (event.code === "ArrowUp") setChosen(sales[Math.max(at - 1, 0)]?.sale);
        else if (event.code === "KeyR" && sale.tickets.some(isOpen)) setOpen({sale, kind: "refund"});
        else if (event.code === "KeyP" && sale.tickets.some(isOpen)) setOpen({sale, kind: "reprint"});
        else return;
        event.preventDefault();
    };
    // Wherever the focus is: the chosen row stays coloured, and its letters stand beside it. Each key counts from the row
    // that the one before it chose, however fast they come: effects run after the next picture, renders before it.
    const latest = useRef(press);
    latest.current = press;
    useEffect(() => {
        const hear = (event: KeyboardEvent): void => latest.current(event);
        addEventListener("keydown", hear);
        return () => removeEventListener("keydown", hear);
    }, []);
    const load = (before?: string): void => {
        get<{sales: Sale[]; next?: string}>(`sales?limit=30${before ? `&before=${before}` : ""}`).then((page) => {
            setSales(before ? [...sales, ...page.sales] : page.sales);
            setNext(page.next);
        }, trouble);
    };
    useEffect(() => load(), []);
    const done = (): void => {
        setOpen(undefined);
        load();
    };
    if (open) return <section class="pane"><Action sale={open.sale} tickets={open.sale.tickets} kind={open.kind} done={done} /></section>;
    return (
        <section class="pane" aria-label={say("window_sales")}>
            <h2>
                {say("window_sales")} <span class="soft">{say("window_sales_keys")}</span>
            </h2>
            <table>
                <thead>
                    <tr>
                        <th>{say("window_time")}</th>
                        <th>{say("window_number")}</th>
                        <th>{say("window_products")}</th>
                        <th>{say("window_total")}</th>
                        <th>{say("window_tender")}</th>
                        <th>{say("window_safety")}</th>
                        <th>{say("window_actions")}</th>
                    </tr>
                </thead>
                <tbody>
                    {sales.map((sale, index) => (
                        <tr key={sale.sale} tabIndex={-1} ref={index === at ? here : null} aria-current={index === at} onClick={() => setChosen(sale.sale)}>
                            <td>{clockTime(sale.time)}</td>
                            <td>{sale.sale}</td>
                            <td>{sale.lines.map(lineWords).join(" · ")}</td>
                            <td class="number">{money(sale.total_minor, currency())}</td>
                            <td>
                                {sale.tenders.map((tender) => `${tender.state === "unverified" ? "▲ " : tender.state === "failed" ? "✕ " : ""}${sayWord("tender_", tender.kind)}${tender.state === "confirmed" ? "" : ` ${sayWord("tender_is_", tender.state)}`}`).join(" · ")}
                                {refundedOf(sale)}
                            </td>
                            <td>
                                <SaleChip sale={sale} />
                            </td>
                            <td>
                                {!sale.tickets.some(isOpen) ? (
                                    <span class="chip">↩ {sale.tickets.every((ticket) => ticket.refunded) ? say("window_is_refunded") : say("window_is_replaced")}</span>
                                ) : (
                                    <span class="row-actions">
                                        <button type="button" class="quiet" onClick={() => setOpen({sale, kind: "refund"})}>
                                            {say("window_refund")} {index === at && <kbd>R</kbd>}
                                        </button>
                                        <button type="button" class="quiet" onClick={() => setOpen({sale, kind: "reprint"})}>
                                            {say("window_reprint")} {index === at && <kbd>P</kbd>}
                                        </button>
                                    </span>
                                )}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {next && (
                <button type="button" onClick={() => load(next)}>
                    {say("window_earlier")}
                </button>
            )}
        </section>
    );
}

export function PrintsInDoubt(): VNode {
    return (
        <section class="doubt" aria-label={say("window_prints")} data-jobs={printsInDoubt().length}>
            {printsInDoubt().map((print, index) => (
                <div key={print.job}>
                    ▲ {say("window_print_doubt", {job: print.job, printer: print.printer})}
                    <button type="button" onClick={() => resolvePrint(print.job, true)}>
                        {say("window_print_came")} {index === 0 && <kbd>Y</kbd>}
                    </button>
                    <button type="button" onClick={() => resolvePrint(print.job, false)}>
                        {say("window_print_did_not")} {index === 0 && <kbd>N</kbd>}
                    </button>
                </div>
            ))}
        </section>
    );
}
