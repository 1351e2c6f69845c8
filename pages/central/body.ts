// What a record's body says, in the page's language: names with values, as schemas/json/record_json.cpp spells them.
import {dateOf, timeOf} from "../shared/clock.ts";
import {money} from "../shared/format.ts";
import {say, sayWord} from "../shared/words.ts";
import type {JournalRecord} from "./central.ts";
import {concessionName, nodeName, productName, sessionName, zoneName} from "./names.ts";
import {currency} from "./venue.ts";

type Value = unknown;
interface Line {
    product: string;
    quantity: number;
    session?: string | null;
    concession?: {concession_class: string} | null;
    unit_price_minor: number;
}
interface Taken {
    kind: string;
    state: string;
    amount_minor: number;
    reference?: string | null;
}

// What tells a person nothing: digests, keys, the ids of commands.
const silent = /^(id|request|certificate|token_digest|digest|code|hash|boot|confirmation|prev_.*)$/;
const amount = (minor: number): string => money(minor, currency());
const lineWords = (line: Line): string =>
    [`${productName(line.product)} × ${line.quantity}`, amount(line.unit_price_minor), line.session ? sessionName(line.session) : "", line.concession ? concessionName(line.concession.concession_class) : ""].filter(Boolean).join(" ");
const tenderWords = (tender: Taken): string => [sayWord("tender_", tender.kind), amount(tender.amount_minor), sayWord("tender_is_", tender.state), tender.reference ?? ""].filter(Boolean).join(" ");
const ticketWords = (ticket: Value): string => (typeof ticket === "object" && ticket !== null && "ticket" in ticket ? String(ticket.ticket) : String(ticket));

// Words of the API that stand for something, by the name of their field.
const worded: Record<string, string> = {
    direction: "direction_", decision: "decision_", mode: "mode_", cause: "cause_", reason: "reason_", outcome: "outcome_", evidence: "evidence_",
};
const listed: Record<string, (one: never) => string> = {lines: lineWords, tenders: tenderWords, tickets: ticketWords, notes: (note: string) => sayWord("note_", note)};

function words(key: string, value: Value): string {
    if (Array.isArray(value)) {
        const each = listed[key] ?? String;
        // A sale names its tickets by their ordinals: how many there are is what matters.
        return key === "tickets" && value.every((one) => typeof one === "number") ? String(value.length) : value.map((one) => each(one as never)).join(say("page_also"));
    }
    if (key === "succeeded") return value === true ? say("attempt_succeeded") : say("attempt_failed");
    if (key === "line" && typeof value === "number") return say("body_line_is", {line: value + 1}); // people count from one
    if (typeof value === "boolean") return value ? say("yes") : say("no");
    if (typeof value === "number") return key.endsWith("_minor") ? amount(value) : key === "node" ? nodeName(value) : String(value);
    if (typeof value !== "string") return JSON.stringify(value);
    switch (key) {
        case "product":
            return productName(value);
        case "zone":
            return zoneName(value);
        case "session":
            return sessionName(value);
        case "state": {
            const device = sayWord("device_is_", value);
            return device === value ? sayWord("tender_is_", value) : device;
        }
        case "conflict": {
            const [, kind = "", about = ""] = /^([a-z_]+)-(.*)$/.exec(value) ?? [];
            return kind ? `${sayWord("conflict_kind_", kind)} ${about}` : value;
        }
        default:
            if (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value)) return `${dateOf(Date.parse(value))} ${timeOf(Date.parse(value))}`;
            return key in worded ? sayWord(worded[key]!, value) : value;
    }
}

const empty = (key: string, value: Value): boolean =>
    value === null || value === "" || (value === false && key !== "succeeded") || (Array.isArray(value) && value.length === 0) || (key === "reason" && value === "none") || ((key === "repeats" || key === "companions" || key === "change_minor") && value === 0);

// Nothing for a body that this version cannot read.
export function bodyWords(record: JournalRecord): [string, string][] | undefined {
    if (record.body === null) return undefined;
    return Object.entries(record.body)
        .filter(([key, value]) => !silent.test(key) && !empty(key, value))
        .map(([key, value]) => [sayWord("body_", key), words(key, value)]);
}

// As much of it as fits a line.
export function brief(record: JournalRecord): string {
    const all = bodyWords(record);
    return all === undefined ? say("records_undecodable") : all.slice(0, 6).map(([name, value]) => `${name} ${value}`).join(" · ");
}
