// What each lane shows now. A verdict pre-empts the one before; when its time is over the lane rests.
import {get} from "../shared/api.ts";
import type {Kind} from "../shared/events.ts";
import {follow} from "../shared/events.ts";
import type {Lane, UnknownPassage, Verdict} from "../shared/node.ts";
import {signal} from "../shared/state.ts";
import {refreshStatus} from "../shared/status.ts";
import type {Key} from "../shared/words.ts";
import {sayIn} from "../shared/words.ts";
import type {Look} from "./looks.ts";
import {lookOf, shownFor, sound, speak} from "./looks.ts";

export interface Shown {
    verdict: Verdict;
    look: Look;
    passed: number; // persons that the turnstile has counted since
}

export const lanes = signal<Lane[]>([]);
export const shown = signal<Record<string, Shown>>({});
export const muted = signal(false);
export const unknown = signal<UnknownPassage[]>([]); // passages of today that an attendant should resolve

const timers = new Map<string, ReturnType<typeof setTimeout>>();

export async function refreshLanes(): Promise<void> {
    lanes.set(await get<{lanes: Lane[]}>("lanes").then((found) => found.lanes, () => lanes.value));
}

export async function refreshPassages(): Promise<void> {
    unknown.set(await get<{passages: UnknownPassage[]}>("passages").then((found) => found.passages, () => unknown.value));
}

function rest(lane: string): void {
    const {[lane]: _, ...others} = shown.value;
    shown.set(others);
}

export function show(verdict: Verdict): void {
    const look = lookOf(verdict);
    shown.set({...shown.value, [verdict.lane]: {verdict, look, passed: 0}});
    clearTimeout(timers.get(verdict.lane));
    timers.set(verdict.lane, setTimeout(() => rest(verdict.lane), shownFor(look)));
    if (!muted.value) {
        sound(look);
        const key: Key = verdict.busy ? "gate_wait" : (`reason_${verdict.reason}` as Key);
        speak(sayIn("zh-CN", key), sayIn("en", key));
    }
}

function passed(data: {verdict?: string; outcome?: string; persons?: number}): void {
    for (const [lane, one] of Object.entries(shown.value)) {
        if (one.verdict.record === undefined || one.verdict.record !== data.verdict || data.outcome !== "turned") continue;
        shown.set({...shown.value, [lane]: {...one, passed: one.passed + (data.persons ?? 0)}});
    }
}

function told(kind: Kind, data: unknown): void {
    // Windows have scanners, too: what they read is no lane's verdict.
    if (kind === "scan" && (data as {lane?: string}).lane !== undefined) show(data as Verdict);
    if (kind === "passage") passed(data as {verdict?: string});
    if ((kind === "passage" && (data as {outcome?: string}).outcome === "unknown") || kind === "snapshot_needed") void refreshPassages();
    if (kind === "lane" || kind === "passage" || kind === "snapshot_needed") void refreshLanes();
    if (kind === "link" || kind === "peer" || kind === "device") void refreshStatus();
}

export function followLanes(): () => void {
    void refreshLanes();
    void refreshPassages();
    const every = setInterval(() => void Promise.all([refreshLanes(), refreshPassages()]), 5_000);
    const end = follow(told);
    return () => {
        clearInterval(every);
        end();
    };
}
