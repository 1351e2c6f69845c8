// A report as a person's spreadsheet wants it: the page's words, amounts in whole units of the currency; and below it, as in
// the CSV for machines, how whole it is: a sheet that left the page says so too.
import {get} from "../shared/api.ts";
import {dayAndTime, plainMoney} from "../shared/format.ts";
import {say, sayWord} from "../shared/words.ts";
import type {AdmissionsReport, Completeness, SalesReport, ShiftsReport} from "./central.ts";
import {concessionName, productName, zoneName} from "./names.ts";

export type Sheet = (string | number)[][];

export const allKinds = (sums: Record<string, number>): number => Object.values(sums).reduce((sum, minor) => sum + minor, 0);

// A table of its own: an empty line stands before it.
const table = (name: string, head: string[], rows: Sheet): Sheet => (rows.length ? [[], [name], head, ...rows] : []);

function completeness(of: Completeness): Sheet {
    const rows = of.expected.map((node) => {
        const known = of.nodes.find((one) => one.node === node);
        const missing = of.missing.find((one) => one.node === node);
        const unused = missing !== undefined && missing.last_known === null && missing.missing_records === 0;
        const last = known?.last_record ?? missing?.last_known;
        const state = unused ? say("node_is_new") : missing ? say("report_state_missing") : say("report_state_complete");
        return [of.business_date, known?.name ?? missing?.name ?? node, state, known?.received ?? "", known?.head ?? "", missing?.missing_records ?? 0, last ? dayAndTime(last) : ""];
    });
    return table(say("report_completeness"), [say("ops_business_date"), say("ops_node"), say("ops_state"), say("node_received"), say("node_known"), say("report_missing_records"), say("node_last_record")], rows);
}

async function sales(path: string): Promise<Sheet> {
    const report = await get<SalesReport>(path);
    const amount = (minor: number): string => plainMoney(minor, report.currency);
    return [
        [say("ops_node"), say("report_window"), say("shift_title"), say("field_product"), say("window_concession"), say("shift_tickets"), say("window_persons"), say("report_amount"), say("report_refunded")],
        ...report.rows.map((row) => [row.node_name, row.window, row.shift ?? "", productName(row.product), row.concession ? concessionName(row.concession) : "", row.tickets, row.persons, amount(row.amount_minor), amount(row.refunded_minor)]),
        ...completeness(report.completeness),
    ];
}

async function shifts(path: string): Promise<Sheet> {
    const report = await get<ShiftsReport>(path);
    const amount = (minor: number | null): string => (minor === null ? "" : plainMoney(minor, report.currency));
    return [
        [say("shift_title"), say("ops_node"), say("report_window"), say("page_operator"), say("shift_opened"), say("shift_closed"), say("shift_sales"), say("shift_refunds"), say("shift_tickets"), say("shift_float"), say("shift_cash_sales"), say("shift_cash_refunds"), say("shift_paid_in"), say("shift_paid_out"), say("shift_expected"), say("shift_counted"), say("shift_difference"), say("report_refunded"), say("shift_unverified_all")],
        ...report.shifts.map((shift) => [
            shift.shift, shift.node_name, shift.window, shift.operator, dayAndTime(shift.opened), shift.closed ? dayAndTime(shift.closed) : "", shift.sales, shift.refunds, shift.tickets,
            amount(shift.float_minor), amount(shift.cash_sales_minor), amount(shift.cash_refunds_minor), amount(shift.paid_in_minor), amount(shift.paid_out_minor), amount(shift.expected_minor), amount(shift.counted_minor), amount(shift.difference_minor), amount(allKinds(shift.refunded)), amount(allKinds(shift.unverified)),
        ]),
        ...completeness(report.completeness),
    ];
}

async function admissions(path: string): Promise<Sheet> {
    const report = await get<AdmissionsReport>(path);
    return [
        [say("ops_node"), say("ops_gate"), say("ops_lane"), say("field_zones"), say("report_direction"), say("report_hour"), say("field_product"), say("shift_tickets"), say("report_persons"), say("report_reentries"), say("report_uncertain")],
        ...report.rows.map((row) => [row.node_name, row.gate, row.lane, zoneName(row.zone), sayWord("direction_", row.direction), `${String(row.hour).padStart(2, "0")}:00`, productName(row.product), row.tickets, row.persons, row.reentries, row.uncertain]),
        ...table(say("report_refused"), [say("ops_node"), say("ops_gate"), say("ops_lane"), say("window_reason"), say("report_count")],
            report.refusals.map((row) => [row.node_name, row.gate, row.lane, sayWord("reason_", row.reason), row.count])),
        ...table(say("report_counts"), [say("ops_node"), say("ops_gate"), say("ops_lane"), say("report_direction"), say("body_cause"), say("report_persons")],
            report.counts.map((row) => [row.node_name, row.gate, row.lane, sayWord("direction_", row.direction), sayWord("cause_", row.cause), row.persons])),
        ...completeness(report.completeness),
    ];
}

const sheets = {sales, shifts, admissions};
export const sheetOf = (kind: keyof typeof sheets, path: string): Promise<Sheet> => sheets[kind](path);
