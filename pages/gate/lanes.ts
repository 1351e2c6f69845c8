// What each lane shows now. A verdict pre-empts the one before; when its time is over the lane rests.
import {get} from "../shared/api.ts";
import {now} from "../shared/clock.ts";
import type {Kind} from "../shared/events.ts";
import {follow} from "../shared/events.ts";
import type {Catalogue, Lane, Product, UnknownPassage, Verdict} from "../shared/node.ts";
import {coalesced, signal} from "../shared/state.ts";
import {refreshStatus, status} from "../shared/status.ts";
import type {Aloud} from "./aloud.ts";
import {aloudOf, changeAloud} from "./aloud.ts";
import type {Look} from "./looks.ts";
import {lookOf, shownFor} from "./looks.ts";
import {sound, speak} from "./sound.ts";

export interface Shown {
    verdict: Verdict;
    look: Look;
    passed: number; // persons that the turnstile has counted since
}

export const lanes = signal<Lane[]>([]);
export const shown = signal<Record<string, Shown>>({});
export const muted = signal(false);
export const products = signal<Product[]>([]);
let known = 0; // the catalogue's version that they are of
export const unknown = signal<UnknownPassage[]>([]); // passages of today that an attendant should resolve

const letIn = new Map<string, Shown>(); // by lane, who was let in last
const timers = new Map<string, ReturnType<typeof setTimeout>>();

// `?lane=NAME` shows one lane: what becomes of the others is not heard beside it.
const asked = new URLSearchParams(location.search).get("lane");
export const isShown = (lane: Lane): boolean => asked === null || lane.name === asked;

function hear(aloud: Aloud): void {
    if (muted.value) return;
    sound(aloud.sound);
    speak(aloud.say("zh-CN"), aloud.say("en"));
}

// One after the other: an answer that was overtaken would tell of an emergency that is over.
export const refreshLanes = coalesced(async () => {
    const found = await get<{lanes: Lane[]}>("lanes").then((answer) => answer.lanes, () => undefined);
    if (!found) return;
    const change = changeAloud(lanes.value.filter(isShown), found.filter(isShown));
    lanes.set(found);
    if (change) hear(change);
});

export async function refreshPassages(): Promise<void> {
    unknown.set(await get<{passages: UnknownPassage[]}>("passages").then((found) => found.passages, () => unknown.value));
}

export const inEmergency = (all: Lane[]): boolean => all.some((lane) => lane.emergency);

export const refreshProducts = coalesced(async () => {
    const found = await get<Catalogue>("catalogue").catch(() => undefined);
    if (found && found.version > 0) products.set(found.products);
    if (found) known = found.version;
});

const underWay = (name: string): boolean => lanes.value.some((lane) => lane.name === name && ["recording", "opening", "open"].includes(lane.state));

// Who is walking through is shown until the lane has done with them, also after somebody else was refused meanwhile.
function restLater(lane: string, after: number): void {
    clearTimeout(timers.get(lane));
    timers.set(lane, setTimeout(() => rest(lane), after));
}

function rest(lane: string): void {
    const {[lane]: _, ...others} = shown.value;
    const walking = underWay(lane) ? letIn.get(lane) : undefined;
    if (!walking) letIn.delete(lane);
    shown.set(walking ? {...others, [lane]: walking} : others);
    if (walking) restLater(lane, shownFor(walking.look) / 3);
}

export function show(verdict: Verdict): void {
    if (verdict.hint === "emergency") return; // everybody walks: a ticket that is shown all the same is no news
    const look = lookOf(verdict);
    // Resumed events tell of guests who are long gone.
    if (now() - Date.parse(verdict.time) > shownFor(look)) return;
    const before = letIn.get(verdict.lane);
    const again = before?.verdict.record !== undefined && before.verdict.record === verdict.record;
    const one = {verdict, look, passed: again ? before.passed : 0};
    if (look === "pass") letIn.set(verdict.lane, one);
    shown.set({...shown.value, [verdict.lane]: one});
    restLater(verdict.lane, shownFor(look));
    if (verdict.product && !products.value.some(({id}) => id === verdict.product)) void refreshProducts();
    hear(aloudOf(verdict, look, products.value.find(({id}) => id === verdict.product)));
}

interface Passage {
    verdict?: string;
    outcome?: string;
    persons?: number;
    companions?: number;
    lane?: string;
    cause?: string;
    time: string;
}

// An attendant's word opens as a ticket does, and is seen as one is.
function letThrough({lane, cause, persons, time}: Passage): void {
    if (cause !== "let_through" || lane === undefined) return;
    show({lane, time, verdict: "admit", reason: "none", notes: [], persons: persons ?? 1, signal: "welcome", hint: "let_through"});
}

function passed(data: Passage): void {
    if (data.verdict === undefined || data.outcome !== "turned") return;
    for (const [lane, one] of letIn) {
        if (one.verdict.record !== data.verdict) continue;
        const next = {...one, passed: one.passed + (data.persons ?? 0) + (data.companions ?? 0)};
        letIn.set(lane, next);
        if (shown.value[lane] !== one) continue;
        shown.set({...shown.value, [lane]: next});
        restLater(lane, shownFor(next.look));
    }
}

function told(kind: Kind, data: unknown): void {
    // Windows have scanners, too: what they read is no lane's verdict.
    if (kind === "scan" && (data as {lane?: string}).lane !== undefined) show(data as Verdict);
    if (kind === "passage") passed(data as Passage);
    if (kind === "passage") letThrough(data as Passage);
    if ((kind === "passage" && (data as {outcome?: string}).outcome === "unknown") || kind === "snapshot_needed") void refreshPassages();
    if (kind === "lane" || kind === "passage" || kind === "snapshot_needed") void refreshLanes();
    if (kind === "link" || kind === "peer" || kind === "device") void refreshStatus();
}

export function followLanes(): () => void {
    void refreshProducts();
    const every = setInterval(() => {
        void refreshLanes();
        void refreshPassages();
        if (status.value?.catalogue_version !== known) void refreshProducts();
    }, 5_000);
    const end = follow(told, {own: true}); // lanes are shown when this page is told of verdicts: the first is `snapshot_needed`
    return () => {
        clearInterval(every);
        end();
    };
}
