// What a verdict looks like, as a value: states that differ in shape, word, sound and colour. The colours keep 4.5:1 with
// their text and stay apart in every kind of colour blindness.
import type {Lane, Verdict} from "../shared/node.ts";

export type Look = "pass" | "used" | "deny" | "help" | "out" | "ready";

const used = new Set(["already_used", "no_entries_left"]);
const help = new Set(["policy_isolated", "storage_unavailable", "revoked_key"]);

// More persons than the ticket has left, but some: that is no used ticket.
export const tooMany = (verdict: Pick<Verdict, "reason" | "left">): boolean => verdict.reason === "no_entries_left" && (verdict.left ?? 0) > 0;

export function lookOf(verdict: Verdict): Look {
    if (verdict.busy || verdict.signal === "alarm") return "help";
    if (verdict.verdict === "admit") return "pass";
    if (tooMany(verdict)) return "help";
    if (used.has(verdict.reason)) return "used";
    if (help.has(verdict.reason) || verdict.hint !== undefined) return "help";
    return verdict.reason === "lane_closed" ? "out" : "deny";
}

// The emergency before everything: people walk, whatever a device or the line to the node does.
export function restingLook(lane: Lane, reached: boolean): Look {
    if (lane.emergency) return "pass";
    if (!reached || lane.state === "faulted" || lane.mode === "closed") return "out";
    return lane.mode === "green" || lane.mode === "free" ? "pass" : "ready";
}

// Seconds in the address (`?stay=20`) hold what must be read as long as a venue likes.
const asked = Number(new URLSearchParams(location.search).get("stay"));
const stay = asked > 0 && asked <= 600 ? asked * 1_000 : undefined;

// How long a verdict stays: what must be read stays longer.
export const shownFor = (look: Look): number => stay ?? (look === "pass" ? 3_000 : 6_000);

// How wide a text is, in heights of its letters: Chinese ones are as wide as high.
export const lettersOf = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.66), 0);
