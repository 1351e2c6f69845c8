// What a refusal says in the page's language: by its stable code, and where that does not say it all by the stable word of its
// `reason` with what that names, and by the field (schemas/base/why.hpp). The server's `detail` is English, for logs: where
// the words do not say it all it may follow, set apart, as the technical remark.
import {table} from "../generated/words.ts";
import type {Key} from "./words.ts";
import {language, say, sayIn, sayWord} from "./words.ts";

export interface Why {
    path?: string;
    reason?: string;
    reason_values?: Record<string, string>;
    detail?: string;
}
export interface ProblemBody extends Why {
    code?: string;
    retry_after_s?: number;
    units_left?: number;
}

export interface Said {
    words: string;
    remark?: string; // English
}

// Their words say all that helps: what the server adds is an id or a figure for the log.
const whole = new Set(["unauthenticated", "locked_out", "id_reused", "no_units_left", "shift_closed", "tender_short", "unverified_limit", "sale_unknown", "already_refunded", "ticket_used", "not_the_seller", "version_conflict"]);

// "attendant, supervisor" as people are called.
function called(values: Record<string, string> | undefined): Record<string, string> | undefined {
    if (values?.roles === undefined) return values;
    return {...values, roles: values.roles.split(", ").map((role) => sayWord("role_", role)).join(say("page_between"))};
}
function worded(prefix: string, {reason, reason_values}: Why): string | undefined {
    const key = prefix + reason;
    return reason !== undefined && key in table ? sayIn(language.value, key as Key, called(reason_values)) : undefined;
}
// Why a value is not taken; nothing when the reason has no words of its own here.
export const reasonOf = (why: Why): string | undefined => worded("fault_", why);

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

// Of a body, a line of a file, or a field of the page.
export function saidOf(why: Why): Said {
    const {path, detail = ""} = why;
    const known = reasonOf(why);
    if (path === undefined) return known === undefined ? {words: say("error_invalid_body"), ...(detail === "" ? {} : {remark: detail})} : {words: known};
    const words = say("catalogue_fault", {where: whereOf(path), why: known ?? say("fault_other")});
    return known === undefined && detail !== path ? {words, remark: detail} : {words};
}

export function refusalOf(body: ProblemBody): Said {
    const {code = "internal", detail = ""} = body;
    if (code === "invalid_body") return saidOf(body);
    const better = worded("refused_", body);
    if (better !== undefined) return {words: better};
    const key = `error_${code}`;
    const words = key in table ? sayIn(language.value, key as Key, {retry_after_s: body.retry_after_s ?? 60}) : say("refused_other", {code});
    return whole.has(code) || detail === "" ? {words} : {words, remark: detail};
}

// Both, the remark set apart.
export const remarked = ({words, remark}: Said): string => (remark ? say("technical_remark", {said: words, detail: remark}) : words);
