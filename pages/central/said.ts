// What central found about a conflict, in the page's language. Its `detail` is English, one form for each kind
// (sync/ledger/conflicts.cpp, reports_conflicts.cpp); another form is shown as it is.
import {money} from "../shared/format.ts";
import {say} from "../shared/words.ts";
import type {Conflict} from "./central.ts";

type Form = [RegExp, (found: string[], currency: string) => string];
const forms: Form[] = [
    [/^persons (\d+), first use (\S+)$/, ([persons = "", record = ""]) => say("conflict_said_persons", {persons, record})],
    [/^first refund (\S+)$/, ([record = ""]) => say("conflict_said_refund", {record})],
    [/^beyond the capacity by (\d+)$/, ([units = ""]) => say("conflict_said_capacity", {units})],
    [/^beyond the lease by (\d+)$/, ([units = ""]) => say("conflict_said_lease", {units})],
    [/^(\S+): (\d+) instead of (\d+)$/, ([product = "", sold, due], currency) => say("conflict_said_price", {product, sold: money(Number(sold), currency), due: money(Number(due), currency)})],
    [/^no trusted time was learned in this boot$/, () => say("conflict_said_clock")],
    [/^other records with this number are kept$/, () => say("conflict_said_fork")],
];

export function detailOf({detail, currency}: Conflict): string {
    for (const [form, words] of forms) {
        const found = form.exec(detail);
        if (found) return words(found.slice(1), currency);
    }
    return detail;
}
