// The shift: float, cash in and out, the X report, the blind count and the report of the closed shift.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {insist, newId} from "../shared/api.ts";
import type {Fact} from "../shared/facts.tsx";
import {Facts} from "../shared/facts.tsx";
import {clockTime, money, parseMoney} from "../shared/format.ts";
import type {Shift} from "../shared/node.ts";
import {focused, signal, use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {say, sayWord} from "../shared/words.ts";
import {currency} from "./payment.ts";
import {good, refreshShift, shift, trouble, windowName} from "./till.ts";

const closed = signal<Shift | undefined>(undefined); // the report of the shift closed last, until the next one opens
const pieces = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10];

function AmountForm({label, button, withReason, first, act}: {label: string; button: string; withReason?: boolean; first?: boolean; act: (amount: number, reason: string, id: string) => Promise<void>}): VNode {
    const [id, setId] = useState(newId);
    const [busy, setBusy] = useState(false);
    const submit = async (event: SubmitEvent): Promise<void> => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const fields = new FormData(form);
        const amount = parseMoney(String(fields.get("amount")), currency());
        if (amount === undefined || busy) return;
        setBusy(true);
        try {
            await act(amount, String(fields.get("reason") ?? ""), id);
            setId(newId());
            form.reset();
        } catch (problem) {
            trouble(problem);
        }
        setBusy(false);
    };
    return (
        <form class="inline" onSubmit={(event) => void submit(event)}>
            <label>
                {label}
                <input name="amount" inputMode="decimal" pattern="[0-9]+(\.[0-9]{0,2})?" required autocomplete="off" ref={first ? focused : null} />
            </label>
            {withReason && (
                <label>
                    {say("window_reason")}
                    <input name="reason" maxLength={100} autocomplete="off" />
                </label>
            )}
            <button type="submit" disabled={busy}>
                {button}
            </button>
        </form>
    );
}

function Report({of}: {of: Shift}): VNode {
    const rows: Fact[] = [
        [say("shift_opened"), `${clockTime(of.opened)} · ${of.operator}`],
        [say("shift_sales"), of.sales],
        [say("shift_refunds"), of.refunds],
        [say("shift_tickets"), of.tickets],
        [say("shift_float"), money(of.float_minor, currency())],
        [say("shift_cash_sales"), money(of.cash_sales_minor, currency())],
        [say("shift_cash_refunds"), money(of.cash_refunds_minor, currency())],
        [say("shift_paid_in"), money(of.paid_in_minor, currency())],
        [say("shift_paid_out"), money(of.paid_out_minor, currency())],
        ...of.tenders.filter((tender) => tender.kind !== "cash").map((tender): Fact => [sayWord("tender_", tender.kind), money(tender.amount_minor, currency())]),
        ...(of.expected_minor === undefined ? [] : [[say("shift_expected"), money(of.expected_minor, currency())] as const]),
        ...(of.counted_minor === undefined ? [] : [[say("shift_counted"), money(of.counted_minor, currency())] as const]),
        ...(of.difference_minor === undefined ? [] : [[say("shift_difference"), money(of.difference_minor, currency())] as const]),
        [say("shift_unsent"), status.value?.journal.backlog ?? 0],
    ];
    return (
        <div class="report">
            <h2>
                {of.open ? say("shift_x") : say("shift_z")} <span class="soft">{of.window}</span>
            </h2>
            <Facts rows={rows} />
            <button type="button" onClick={() => print()}>
                {say("shift_print")}
            </button>
        </div>
    );
}

// The clerk counts before the till says what it expects.
function BlindCount({of}: {of: Shift}): VNode {
    const [id] = useState(newId);
    const [counts, setCounts] = useState<Record<number, number>>({});
    const [sure, setSure] = useState(false);
    const sum = pieces.reduce((total, piece) => total + piece * (counts[piece] ?? 0), 0);
    const close = async (): Promise<void> => {
        try {
            closed.set(await insist<Shift>("POST", `shifts/${of.shift}/close`, {id, counted: sum}));
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
                        {money(piece, currency())}
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
        const body = {id, amount_minor: amount, ...(reason ? {reason} : {})};
        shift.set(await insist<Shift>("POST", `shifts/${now!.shift}/${way}`, body));
        good(say("shift_moved", {amount: money(amount, currency())}));
    };
    return (
        <section class="pane" aria-label={say("shift_title")}>
            {!now && <AmountForm label={say("shift_float")} button={say("shift_open")} first act={open} />}
            {now && <Report of={now} />}
            {now && <AmountForm key="in" label={say("shift_paid_in")} button={say("shift_pay_in")} withReason act={move("pay-in")} />}
            {now && <AmountForm key="out" label={say("shift_paid_out")} button={say("shift_pay_out")} withReason act={move("pay-out")} />}
            {now && <BlindCount key={now.shift} of={now} />}
            {!now && last && <Report of={last} />}
        </section>
    );
}
