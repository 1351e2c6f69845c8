// The shift: float, cash in and out, the X report, the blind count and the report of the closed shift.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {insist, newId} from "../shared/api.ts";
import {now as clock, timeOf} from "../shared/clock.ts";
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

const closed = signal<{report: Shift; ended: string} | undefined>(undefined); // the report of the shift closed last, until the next one opens
const pieces = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10];

function AmountForm({label, button, largeFrom, first, act}: {label: string; button: string; largeFrom?: number; first?: boolean; act: (amount: number, reason: string, id: string) => Promise<void>}): VNode {
    const withReason = largeFrom !== undefined;
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
        if (amount === undefined || (withReason && amount === 0)) return warn(say("window_no_amount"));
        if (withReason && reason === "") return warn(say("shift_reason_needed"));
        if (withReason && amount >= largeFrom && sure !== amount) {
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
                <input name="amount" inputMode="decimal" maxLength={12} autocomplete="off" ref={first ? focused : null} />
            </label>
            {withReason && (
                <label>
                    {say("window_reason")}
                    <input name="reason" maxLength={100} autocomplete="off" list="cash-reasons" />
                </label>
            )}
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
function Report({of, ended}: {of: Shift; ended?: string}): VNode {
    const unverified = of.tenders.reduce((sum, tender) => sum + tender.unverified_minor, 0);
    const known = (name: string, minor: number | undefined): Fact[] => (minor === undefined ? [] : [[name, money(minor, currency())]]);
    const head: Fact[] = [
        [say("shift_opened"), `${clockTime(of.opened)} · ${of.operator}`],
        ...(ended ? [[say("shift_ended"), ended] as const] : []),
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
        <div class="report">
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

// The clerk counts before the till says what it expects.
function BlindCount({of}: {of: Shift}): VNode {
    const [id] = useState(newId);
    const [counts, setCounts] = useState<Record<number, number>>({});
    const [sure, setSure] = useState(false);
    const sum = pieces.reduce((total, piece) => total + piece * (counts[piece] ?? 0), 0);
    const close = async (): Promise<void> => {
        try {
            const report = await insist<Shift>("POST", `shifts/${of.shift}/close`, {id, counted: sum});
            closed.set({report, ended: `${timeOf(clock()).slice(0, 5)} · ${session.value?.operator ?? ""}`});
            good(say("shift_closed"));
            await refreshShift();
        } catch (problem) {
            trouble(problem);
        }
    };
    return (
        <form class="count" onSubmit={(event) => {
            event.preventDefault();
            if (sure) void close();
            else setSure(true);
        }}>
            <h2>{say("shift_blind")}</h2>
            <div class="pieces">
                {pieces.map((piece) => (
                    <label key={piece}>
                        {money(piece, currency())} {piece > 100 ? say("shift_notes") : say("shift_coins")}
                        <input inputMode="numeric" pattern="[0-9]{0,4}" value={counts[piece] ?? ""} autocomplete="off"
                            onInput={(event) => {
                                setCounts({...counts, [piece]: Math.min(9999, Number(event.currentTarget.value.replace(/\D/g, "")))});
                                setSure(false);
                            }} />
                    </label>
                ))}
            </div>
            <div class="total">
                {say("shift_counted")} <strong>{money(sum, currency())}</strong>
            </div>
            <button type="submit" class="main">
                {sure ? say("shift_close_sure") : say("shift_close")}
            </button>
        </form>
    );
}

export function ShiftPane(): VNode {
    const now = use(shift);
    const last = use(closed);
    const open = async (amount: number, _: string, id: string): Promise<void> => {
        shift.set(await insist<Shift>("POST", "shifts", {id, window: windowName(), float_minor: amount}));
        closed.set(undefined);
        good(say("shift_is_open"));
    };
    const move = (way: "pay-in" | "pay-out") => async (amount: number, reason: string, id: string): Promise<void> => {
        const body = {id, amount_minor: amount, reason, ...(amount >= now!.large_move_minor ? {large: true} : {})};
        shift.set(await insist<Shift>("POST", `shifts/${now!.shift}/${way}`, body));
        good(say("shift_moved", {amount: money(amount, currency())}));
    };
    return (
        <section class="pane" aria-label={say("shift_title")}>
            {!now && <AmountForm label={say("shift_float")} button={say("shift_open")} first act={open} />}
            {now && <Report of={now} />}
            {now && <AmountForm key="in" label={say("shift_paid_in")} button={say("shift_pay_in")} largeFrom={now.large_move_minor} act={move("pay-in")} />}
            {now && <AmountForm key="out" label={say("shift_paid_out")} button={say("shift_pay_out")} largeFrom={now.large_move_minor} act={move("pay-out")} />}
            <datalist id="cash-reasons">
                {(["cash_reason_change", "cash_reason_bank", "cash_reason_expense"] as const).map((key) => (
                    <option key={key} value={say(key)} />
                ))}
            </datalist>
            {now && <BlindCount key={now.shift} of={now} />}
            {!now && last && <Report of={last.report} ended={last.ended} />}
        </section>
    );
}
