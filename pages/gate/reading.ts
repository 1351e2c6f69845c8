// What a lane's screen says below its large word, as a value: the most important first.
import {clockTime, dayAndTime} from "../shared/format.ts";
import type {Lane, Verdict} from "../shared/node.ts";
import {troubleFix, troubleWord} from "../shared/troubles.ts";
import {say, sayWord} from "../shared/words.ts";
import {tooMany} from "./looks.ts";

export interface Line {
    text: string;
    advice?: boolean; // what to do about it
}

const firstOf = (verdict: Verdict): Line[] => {
    const first = verdict.first_admission;
    if (!first) return [];
    const time = first.time.slice(0, 10) === verdict.time.slice(0, 10) ? clockTime(first.time) : dayAndTime(first.time);
    return [{text: say("gate_first", {time, gate: first.gate, lane: first.lane})}];
};

function admitted(verdict: Verdict, passed: number, product: string | undefined): Line[] {
    const all = verdict.persons + (verdict.companions ?? 0);
    const left = verdict.left ?? 0;
    if (verdict.hint === "let_through") return [{text: say("gate_through_persons", {persons: all})}];
    return [
        ...(product ? [{text: product}] : []),
        ...(all > 1 ? [{text: say("gate_group", {passed, all})}] : []),
        ...(left > 0 ? [{text: say("gate_still", {left})}] : []),
        // Who reads how many of how many knows that it is a group.
        ...verdict.notes.filter((note) => note !== "group" || (all <= 1 && left === 0)).map((note) => ({text: `▲ ${sayWord("note_", note)}`})),
    ];
}

export function linesOf(verdict: Verdict, passed: number, product: string | undefined): Line[] {
    if (verdict.busy) return [];
    if (verdict.signal === "alarm") return [{text: sayWord("cause_", verdict.hint ?? "intrusion")}];
    if (verdict.verdict === "admit") return admitted(verdict, passed, product);
    if (tooMany(verdict)) return [{text: say("gate_too_many")}, {text: say("gate_too_many_advice"), advice: true}];
    return [
        // The large word has said it already.
        ...(verdict.reason === "already_used" ? [] : [{text: sayWord("reason_", verdict.reason)}]),
        ...firstOf(verdict),
        {text: sayWord("advice_", verdict.reason), advice: true},
    ];
}

export const restingLines = (lane: Lane): Line[] =>
    lane.emergency
        ? [{text: say("gate_emergency_walk")}]
        : lane.trouble
          ? [{text: say("gate_trouble", {trouble: troubleWord(lane.trouble)})}, {text: say("gate_trouble_advice", {fix: troubleFix(lane.trouble)}), advice: true}]
          : [];
