// What central found about a conflict, in the page's language.
import {money} from "../shared/format.ts";
import {say, sayWord} from "../shared/words.ts";
import type {Conflict} from "./central.ts";
import {nodeName, productName, sessionName} from "./names.ts";

// What it is about, as people call it.
export function subjectOf({facts, key}: Conflict): string {
    const {session, node} = facts;
    if (session !== undefined) return [sessionName(session), node === undefined ? "" : nodeName(node)].filter(Boolean).join(" · ");
    return node === undefined ? key : nodeName(node);
}

const kindOf = ({related, evidence}: Conflict, record: string): string => {
    const kind = [...related, ...evidence].find((one) => one.record === record)?.kind;
    return kind === undefined ? "" : sayWord("kind_", kind);
};

// Nothing where the kind says it all.
export function findingOf(conflict: Conflict): string | undefined {
    const {facts, currency} = conflict;
    switch (conflict.kind) {
        case "duplicate_admission":
            return say("conflict_said_persons", {persons: facts.persons ?? 0, record: facts.first_use ?? ""});
        case "duplicate_refund":
            return say("conflict_said_refund", {record: facts.first_refund ?? ""});
        case "admitted_after_refund":
            return undefined;
        case "admitted_after_revocation":
            return say("conflict_said_revoked", {what: kindOf(conflict, facts.revoked_by ?? ""), record: facts.revoked_by ?? ""});
        case "oversold":
            return facts.limit === "lease" ? say("conflict_said_lease", {units: facts.units ?? 0}) : say("conflict_said_capacity", {units: facts.units ?? 0});
        case "unknown_product":
            return say("conflict_said_product", {product: facts.product ?? ""});
        case "price_differs":
            return say("conflict_said_price", {product: productName(facts.product ?? ""), sold: money(facts.charged_minor ?? 0, currency), due: money(facts.due_minor ?? 0, currency)});
        case "clock_suspect":
            return say("conflict_said_clock");
        case "journal_fork":
            return say("conflict_said_fork");
        case "parked_record":
            return say("conflict_said_parked", {reason: facts.reason ?? ""});
        default:
            return conflict.detail; // of a later release
    }
}
