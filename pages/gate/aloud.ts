// What is heard at a lane, as values: of a verdict, and of what becomes of the lanes themselves.
import type {Lane, Product, Verdict} from "../shared/node.ts";
import type {Key, Language} from "../shared/words.ts";
import {sayIn} from "../shared/words.ts";
import type {Look} from "./looks.ts";
import {restingLook, tooMany} from "./looks.ts";

export type Sound = Look | "check" | "emergency" | "over";
export interface Aloud {
    sound: Sound;
    say: (language: Language) => string;
}

// Somebody has to look at a document: a plain pass must not sound like it. A concession's words ask for it, too.
const toCheck = (verdict: Verdict): Key | undefined =>
    verdict.notes.includes("concession") ? "note_concession" : verdict.notes.includes("check_id") ? "note_check_id" : undefined;

export function aloudOf(verdict: Verdict, look: Look, product: Product | undefined): Aloud {
    const key: Key = verdict.busy ? "gate_wait" : verdict.signal === "alarm" ? "gate_help" : (`reason_${verdict.reason}` as Key);
    const check = look === "pass" ? toCheck(verdict) : undefined;
    const say = (language: Language): string => {
        const words = tooMany(verdict) ? sayIn(language, "gate_left", {left: verdict.left}) : sayIn(language, key);
        const passing = look === "pass" ? [...(product ? [product.name[language]] : []), ...(check ? [sayIn(language, check)] : [])] : [];
        return passing.reduce((said, more) => sayIn(language, "gate_spoken", {words: said, more}), words);
    };
    return {sound: check ? "check" : look, say};
}

const emergency: Aloud = {sound: "emergency", say: (language) => sayIn(language, "gate_spoken", {words: sayIn(language, "gate_emergency"), more: sayIn(language, "gate_emergency_walk")})};
const over: Aloud = {sound: "over", say: (language) => sayIn(language, "gate_emergency_over")};
const out: Aloud = {sound: "out", say: (language) => sayIn(language, "gate_out")};

// Nothing of lanes that were not known before: a page that is opened tells no news. The emergency comes before all else.
export function changeAloud(before: readonly Lane[], after: readonly Lane[]): Aloud | undefined {
    const both = after.flatMap((lane) => before.filter((one) => one.name === lane.name).map((was) => ({was, lane})));
    if (both.some(({was, lane}) => lane.emergency && !was.emergency)) return emergency;
    if (both.some(({was, lane}) => was.emergency && !lane.emergency)) return over;
    return both.some(({was, lane}) => restingLook(lane, true) === "out" && restingLook(was, true) !== "out") ? out : undefined;
}
