// What a refusal says in the page's language: by its stable code, and of a body that is not valid by the field and the
// reason. The server's `detail` is English, for logs: where it has a form of its own it is worded here, and where the words do
// not say it all it may follow, set apart, as the technical remark.
import {table} from "../generated/words.ts";
import type {Key} from "./words.ts";
import {language, say, sayIn} from "./words.ts";

export interface ProblemBody {
    code?: string;
    detail?: string;
    retry_after_s?: number;
    units_left?: number;
    path?: string;
}

export interface Said {
    words: string;
    remark?: string; // English
}

type Form = [RegExp, Key, ...string[]]; // the text, and the names of what the form finds

const reasons: Form[] = [
    [/^(?:is )?(?:too short|empty|missing|needed)$/, "fault_missing"],
    [/^names the document that was seen$|^an agency's order is named by its reference$/, "fault_missing"],
    [/^(?:is )?too long$/, "fault_too_long"],
    [/^is there twice$|^names a (?:zone|role) twice$|^one is named twice$/, "fault_twice"],
    [/^is not a name|^1 to 32 of a-z, 0-9/, "fault_name"],
    [/^1 to (\d+) octets$/, "fault_octets", "most"],
    [/^1 to (\d+) printable ASCII characters without blanks$/, "fault_printable", "most"],
    [/^needs 1 to (\d+) octets in zh-CN and in en$/, "fault_both_languages", "most"],
    [/^has not (\d+) to (\d+) elements$/, "fault_count", "least", "most"],
    [/^is not between (\d+) and (\d+)$|^(?:is not a number from )?(\d+) to (\d+)$/, "fault_between", "least", "most", "least", "most"],
    [/^(?:is not )?a whole number$/, "fault_whole"],
    [/^is not (?:in the catalogue|known)$|^no such |^names a (?:zone|role) that |^nobody here is called /, "fault_unknown"],
    [/^(?:is )?not (?:after starts|before \w+|after the one before)$|^is (?:before \w+|after to)$|^1 or more, and not after to$/, "fault_order"],
    [/^(?:is not )?a (?:date|time)\b|^is not YYYY-MM-DD$|^is not a whole minute/, "fault_date"],
    [/^(?:is )?out of range$|^is (?:not between|more than|0)|^the price is out of range$/, "fault_range"],
    [/^is (?:not )?4 to 12 digits$/, "fault_pin"],
    [/^is not (?:an array|an object|text|true or false|1 to 64 of )|^is neither confirmed nor failed$/, "fault_form"],
    [/^is not a ticket's id$|^node, epoch, seq and ordinal/, "fault_ticket"],
    [/^is not sold by session$/, "fault_no_sessions"],
    [/^the product is sold by session$/, "fault_needs_session"],
    [/^it is over$/, "fault_over"],
    [/^not on sale today$/, "fault_not_on_sale"],
    [/^has from and to only when it is a range$/, "fault_no_range"],
    [/^is needed from \d+ minor units on$/, "fault_large"],
    [/^makes tickets that no code can carry/, "fault_no_code"],
    [/^has no administrator|^nobody with a PIN would be administrator$/, "fault_no_administrator"],
    [/^units of (\S+) have been granted; it must stay$/, "fault_granted", "session"],
    [/^(\d+) units have been granted$/, "fault_granted_units", "units"],
    [/^the venue's is (\w+)$/, "fault_currency", "currency"],
    [/^(\S+) has a shift open there$/, "fault_open_shift", "operator"],
    [/^has no printer$/, "fault_no_printer"],
    [/^the lane is for the other way$/, "fault_other_way"],
    [/^more than is due, and not in cash$/, "fault_too_much"],
    [/^another order has it$/, "fault_order_has_it"],
    [/^from here on nothing was read/, "fault_rest_unread"],
    [/^(\d+) fields where 8 are named$/, "fault_fields", "count"],
    [/^column (.+) is (?:missing|there twice|none of .+)$/, "fault_column", "column"],
];

// Details of other codes that say more than the code does.
const details: Form[] = [
    [/^a node named (\S+) is enrolled; revoke it first$/, "refused_node_name", "name"],
    [/^node (\S+) is revoked$/, "refused_node_revoked", "name"],
    [/^only an administrator /, "refused_not_administrator"],
    [/(?:^|[ :])(\d+) left$/, "refused_units_left", "units"],
    [/^the catalogue does not fit one record$/, "refused_large_catalogue"],
];

// Their words say all that helps: what the server adds is an id or a figure for the log.
const whole = new Set(["unauthenticated", "locked_out", "id_reused", "no_units_left", "shift_closed", "tender_short", "unverified_limit", "sale_unknown", "already_refunded", "ticket_used", "not_the_seller", "version_conflict"]);

function worded(forms: Form[], text: string): string | undefined {
    for (const [form, key, ...names] of forms) {
        const found = form.exec(text);
        if (!found) continue;
        const values = found.slice(1).map((value, index) => [names[index], value] as const);
        return sayIn(language.value, key, Object.fromEntries(values.filter(([, value]) => value !== undefined)));
    }
    return undefined;
}

// Why a value is not taken; nothing when the reason has no words of its own here.
export const reasonOf = (reason: string): string | undefined => worded(reasons, reason);

function label(key: string): string {
    for (const prefix of ["at_", "field_"]) if (prefix + key in table) return sayIn(language.value, (prefix + key) as Key);
    return key;
}
// "lines[0].quantity" as people know it: "Lines 1 · Quantity".
export function whereOf(path: string): string {
    return path.split(".").map((part) => {
        const [, key = part, index] = /^([^[]*)\[(\d+)\]$/.exec(part) ?? [];
        return index === undefined ? label(key) : `${label(key)} ${Number(index) + 1}`;
    }).join(" · ");
}

// "code: another order has it", of a body, a line of a file, or a field of the page.
export function saidOf(detail: string): Said {
    const [, path = "", reason = ""] = /^([a-z_][a-zA-Z0-9_.[\]-]*)(?:: (.*))?$/s.exec(detail) ?? ["", "", detail];
    const why = reasonOf(reason);
    if (path === "") return why === undefined ? {words: say("error_invalid_body"), remark: detail} : {words: why};
    const words = say("catalogue_fault", {where: whereOf(path), why: why ?? say("fault_other")});
    return why === undefined && reason !== "" ? {words, remark: detail} : {words};
}

export function refusalOf(body: ProblemBody): Said {
    const {code = "internal", detail = ""} = body;
    if (code === "invalid_body") return saidOf(detail);
    const better = worded(details, detail);
    if (better !== undefined) return {words: better};
    const key = `error_${code}`;
    const words = key in table ? sayIn(language.value, key as Key, {retry_after_s: body.retry_after_s ?? 60}) : say("refused_other", {code});
    return whole.has(code) || detail === "" ? {words} : {words, remark: detail};
}

// Both, the remark set apart.
export const remarked = ({words, remark}: Said): string => (remark ? say("technical_remark", {said: words, detail: remark}) : words);
