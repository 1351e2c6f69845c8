// The shift: float and blind count by denomination, cash in and out, the X report, and the sheets of closed shifts.
import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {get, insist, newId} from "../shared/api.ts";
import {now as clock, stampOf} from "../shared/clock.ts";
import type {Fact} from "../shared/facts.tsx";
import {Facts} from "../shared/facts.tsx";
import {clockTime, money, parseMoney} from "../shared/format.ts";
import {session} from "../shared/frame.tsx";
import type {Shift} from "../shared/node.ts";
import {focused, signal, use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {say, sayWord} from "../shared/words.ts";
import {currency} from "./payment.ts";
import {good, refreshShift, shift, trouble, warn, windowName} from "./till.ts";

const chosenSheet = signal<string | undefined>(undefined);
const closedHere: Shift[] = []; // by this page, the latest first
const sheets = signal<Shift[]>([]); // of this window's closed shifts of the business day, the latest first
const pieces = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10];

function AmountForm({label, button, largeFrom, act}: {label: string; button: string; largeFrom: number; act: (amount: number, reason: string, id: string) => Promise<void>}): VNode {
    const [id, setId] = useState(newId);
    const [busy, setBusy] = useState(false);
    const [sure, setSure] = useState(-1); // the large amount that the next press confirms
    const submit = async (event: SubmitEvent): Promise<void> => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const fields = new FormData(form);
        const amount = parseMoney(String(fields.get("amount")), currency());
        const reason = String(fields.get("reason") ?? "").trim();
        if (busy) return;
        if (amount === undefined || amount === 0) return warn(say("window_no_amount"));
        if (reason === "") return warn(say("shift_reason_needed"));
        if (amount >= largeFrom && sure !== amount) {
            setSure(amount);
            return warn(say("shift_large", {what: button, amount: money(amount, currency())}));
        }
        setBusy(true);
        try {
            await act(amount, reason, id);
            setId(newId());
            setSure(-1);
            form.reset();
        } catch (problem) {
            trouble(problem);
        }
        setBusy(false);
    };
    return (
        <form class="inline" noValidate onSubmit={(event) => void submit(event)}>
            <label>
                {label}
                <input name="amount" inputMode="decimal" maxLength={12} autocomplete="off" />
            </label>
            <label>
                {say("window_reason")}
                <input name="reason" maxLength={100} autocomplete="off" list="cash-reasons" />
            </label>
            <button type="submit" disabled={busy}>
                {button}
            </button>
        </form>
    );
}

// What each kind of tender came to: taken, handed back, and what nobody has confirmed yet.
function Tenders({of}: {of: Shift["tenders"]}): VNode | null {
    if (of.length === 0) return null;
    const amount = (minor: number): string => money(minor, currency());
    return (
        <table class="by-tender">
            <thead>
                <tr>
                    <th scope="col">{say("window_tender")}</th>
                    <th scope="col" class="number">{say("report_taken")}</th>
                    <th scope="col" class="number">{say("shift_refunded")}</th>
                    <th scope="col" class="number">{say("report_net")}</th>
                    <th scope="col" class="number">{say("shift_unverified")}</th>
                </tr>
            </thead>
            <tbody>
                {of.map((tender) => (
                    <tr key={tender.kind} data-tender={tender.kind}>
                        <th scope="row">{sayWord("tender_", tender.kind)}</th>
                        <td class="number">{amount(tender.amount_minor + tender.refunded_minor)}</td>
                        <td class="number">{amount(tender.refunded_minor)}</td>
                        <td class="number">{amount(tender.amount_minor)}</td>
                        <td class={tender.unverified_minor ? "number few" : "number"}>{amount(tender.unverified_minor)}</td>
                    </tr>
                ))}
            </tbody>
        </table>
    );
}

// The count is blind: while the shift is open the node tells a clerk no sum of cash. Who is told sees all.
function Report({of}: {of: Shift}): VNode {
    const unverified = of.tenders.reduce((sum, tender) => sum + tender.unverified_minor, 0);
    const known = (name: string, minor: number | undefined): Fact[] => (minor === undefined ? [] : [[name, money(minor, currency())]]);
    const head: Fact[] = [
        [say("shift_opened"), `${clockTime(of.opened)} · ${of.operator}`],
        ...(of.closed ? [[say("shift_ended"), `${clockTime(of.closed)} · ${of.closed_by ?? ""}`] as const] : []),
        [say("shift_sales"), of.sales],
        [say("shift_refunds"), of.refunds],
        [say("shift_tickets"), of.tickets],
    ];
    const drawer: Fact[] = [
        ...known(say("shift_float"), of.float_minor),
        ...known(say("shift_cash_sales"), of.cash_sales_minor),
        ...known(say("shift_cash_refunds"), of.cash_refunds_minor),
        ...known(say("shift_paid_in"), of.paid_in_minor),
        ...known(say("shift_paid_out"), of.paid_out_minor),
        ...known(say("shift_expected"), of.expected_minor),
        ...known(say("shift_counted"), of.counted_minor),
        ...(of.difference_minor === undefined ? [] : [[say("shift_difference"), differenceWords(of.difference_minor)] as const]),
        [say("shift_unverified_all"), money(unverified, currency())],
        [say("shift_unsent"), status.value?.journal.backlog ?? 0],
    ];
    return (
        <div class="report" data-shift={of.shift}>
            <h2>
                {of.open ? say("shift_x") : say("shift_z")} <span class="soft">{of.window}</span>
            </h2>
            <Facts rows={head} />
            <Tenders of={of.tenders} />
            <Facts rows={drawer} />
            <button type="button" onClick={() => print()}>
                {say("shift_print")}
            </button>
        </div>
    );
}

const differenceWords = (minor: number): string =>
    minor === 0 ? say("shift_even") : say(minor > 0 ? "shift_over" : "shift_short", {amount: money(Math.abs(minor), currency())});

// Up and down go from one denomination to the next.
function step(event: KeyboardEvent): void {
    const way = event.code === "ArrowDown" ? 1 : event.code === "ArrowUp" ? -1 : 0;
    if (way === 0 || event.isComposing) return;
    const here = event.currentTarget as HTMLInputElement;
    const all = [...here.closest(".pieces")!.querySelectorAll("input")];
    all[all.indexOf(here) + way]?.focus();
    event.preventDefault();
}

// Cash by denomination, added up; the second press means it. `first`: takes the keyboard.
function Count({title, sum: words, button, sure: again, first, act}: {title: string; sum: string; button: string; sure: (amount: string) => string; first?: boolean; act: (sum: number, id: string) => Promise<void>}): VNode {
    const [id] = useState(newId);
    const [counts, setCounts] = useState<Record<number, number>>({});
    const [sure, setSure] = useState(false);
    const [busy, setBusy] = useState(false);
    const sum = pieces.reduce((total, piece) => total + piece * (counts[piece] ?? 0), 0);
    const submit = async (): Promise<void> => {
        if (busy) return;
        if (!sure) return setSure(true);
        setBusy(true);
        await act(sum, id).catch(trouble);
        setBusy(false);
    };
    return (
        <form class="count" noValidate onSubmit={(event) => {
            event.preventDefault();
            void submit();
        }}>
            <h2>
                {title} <kbd>↑ ↓</kbd>
            </h2>
            <div class="pieces">
                {pieces.map((piece, index) => (
                    <label key={piece}>
                        {money(piece, currency())} {piece > 100 ? say("shift_notes") : say("shift_coins")}
                        <input name={`piece-${piece}`} inputMode="numeric" value={counts[piece] || ""} autocomplete="off" ref={first && index === 0 ? focused : null} onKeyDown={step}
                            onInput={(event) => {
                                const digits = event.currentTarget.value.replace(/\D/g, "");
                                event.currentTarget.value = digits; // what is no digit is not shown either
                                setCounts({...counts, [piece]: Math.min(9999, Number(digits))});
                                setSure(false);
                            }} />
                    </label>
                ))}
            </div>
            <div class="total">
                {words} <strong data-sum={sum}>{money(sum, currency())}</strong>
            </div>
            <button type="submit" class="main" disabled={busy}>
                {sure ? again(money(sum, currency())) : button}
            </button>
        </form>
    );
}

// What the node lists, and what this page has closed, whatever day it was opened on.
async function refreshSheets(): Promise<void> {
    const found = await get<{shifts: Shift[]}>("shifts").catch(() => undefined);
    if (!found) return;
    const listed = found.shifts.filter((one) => !one.open && one.window === windowName());
    sheets.set([...closedHere.filter((one) => listed.every((other) => other.shift !== one.shift)), ...listed]);
}

// The sheets of the shifts closed today: open again after a reload, and whenever somebody asks.
function Sheets({open}: {open: boolean}): VNode | null {
    const all = use(sheets);
    const chosen = use(chosenSheet);
    useEffect(() => void refreshSheets(), [open]);
    const shown = all.find((one) => one.shift === chosen) ?? (open ? undefined : all[0]);
    if (all.length === 0) return null;
    return (
        <>
            <h2>{say("shift_sheets")}</h2>
            <div class="kinds" role="group" aria-label={say("shift_sheets")}>
                {all.map((one) => (
                    <button key={one.shift} type="button" class="sheet" aria-pressed={one.shift === shown?.shift} onClick={() => chosenSheet.set(one.shift === chosen ? undefined : one.shift)}>
                        {clockTime(one.opened)}–{one.closed && clockTime(one.closed)} · {one.operator}
                    </button>
                ))}
            </div>
            {shown && <Report of={shown} />}
        </>
    );
}

export function ShiftPane(): VNode {
    const now = use(shift);
    const open = async (amount: number, id: string): Promise<void> => {
        shift.set(await insist<Shift>("POST", "shifts", {id, window: windowName(), float_minor: amount}));
        chosenSheet.set(undefined);
        good(say("shift_is_open"));
    };
    // The clerk counts before the till says what it expects.
    const close = async (counted: number, id: string): Promise<void> => {
        const sheet = await insist<Shift>("POST", `shifts/${now!.shift}/close`, {id, counted});
        const difference = sheet.difference_minor ?? 0;
        closedHere.unshift({...sheet, closed: stampOf(clock()), ...(session.value ? {closed_by: session.value.operator} : {})});
        chosenSheet.set(sheet.shift);
        (difference === 0 ? good : warn)(`${say("shift_closed")} · ${differenceWords(difference)}`);
        await refreshSheets();
        await refreshShift();
    };
    const move = (way: "pay-in" | "pay-out") => async (amount: number, reason: string, id: string): Promise<void> => {
        const body = {id, amount_minor: amount, reason, ...(amount >= now!.large_move_minor ? {large: true} : {})};
        shift.set(await insist<Shift>("POST", `shifts/${now!.shift}/${way}`, body));
        good(say("shift_moved", {amount: money(amount, currency())}));
    };
    return (
        <section class="pane" aria-label={say("shift_title")} tabIndex={-1} ref={now ? focused : null}>
            {!now && <Count key="float" title={say("shift_open")} sum={say("shift_float")} button={say("shift_open")} sure={(amount) => say("shift_open_sure", {amount})} first act={open} />}
            {now && <Report of={now} />}
            {now && <AmountForm key="in" label={say("shift_paid_in")} button={say("shift_pay_in")} largeFrom={now.large_move_minor} act={move("pay-in")} />}
            {now && <AmountForm key="out" label={say("shift_paid_out")} button={say("shift_pay_out")} largeFrom={now.large_move_minor} act={move("pay-out")} />}
            <datalist id="cash-reasons">
                {(["cash_reason_change", "cash_reason_bank", "cash_reason_expense"] as const).map((key) => (
                    <option key={key} value={say(key)} />
                ))}
            </datalist>
            {now && <Count key={now.shift} title={say("shift_blind")} sum={say("shift_counted")} button={say("shift_close")} sure={() => say("shift_close_sure")} act={close} />}
            <Sheets open={now !== undefined} />
        </section>
    );
}
