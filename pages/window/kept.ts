// Baskets that are not sold yet are kept by the node for its window's pages, so that the browser keeps nothing and
// neither a reload nor a restart loses any. One call after the other, the latest last. They have a version: a page that
// has not seen another page's change is refused, takes it over, and tells again.
import {call, get, newId, pause, Refused} from "../shared/api.ts";
import {heard} from "../shared/events.ts";
import type {Baskets} from "../shared/node.ts";
import type {Lists} from "./merge.ts";
import {listsOf, same} from "./merge.ts";

export interface Keeper {
    window: () => string;
    now: () => Lists;
    // Another page has made `theirs` of `base`; `now` is asked again after it.
    elsewhere: (base: Lists, theirs: Lists) => void;
}

const most = 20; // that the node keeps
const page = newId();
let version = 0; // of what was seen last
let base: Lists = {current: [], tenders: [], held: []}; // and what that was
let last: Promise<void> = Promise.resolve();
let soon: ReturnType<typeof setTimeout> | undefined;

const path = (keeper: Keeper): string => `windows/${keeper.window()}/baskets`;

function saw(baskets: Baskets): void {
    version = baskets.version;
    base = listsOf(baskets);
}

async function look(keeper: Keeper): Promise<boolean> {
    const theirs = await get<Baskets>(path(keeper)).catch(() => undefined);
    if (!theirs) return false;
    const before = base;
    saw(theirs);
    if (theirs.page !== page && !same(before, base)) keeper.elsewhere(before, base);
    return true;
}

async function send(keeper: Keeper): Promise<void> {
    for (;;) {
        const now = keeper.now();
        const mine = {...now, held: now.held.slice(-most)};
        if (same(mine, base)) return;
        const body: Baskets = {version, page, current: {lines: mine.current, ...(mine.id === undefined ? {} : {id: mine.id}), ...(mine.tenders.length ? {tenders: mine.tenders} : {})}, held: mine.held};
        try {
            return saw(await call<Baskets>("PUT", path(keeper), body));
        } catch (problem) {
            // While the node does not answer the page has them; it tells them again when it is heard.
            if (!(problem instanceof Refused && problem.code === "version_conflict") || !(await look(keeper))) return;
        }
    }
}

export function keep(keeper: Keeper): Promise<void> {
    clearTimeout(soon);
    soon = undefined;
    last = last.then(() => send(keeper));
    return last;
}

// The node has what this page would tell it.
export const isKept = (keeper: Keeper): boolean => same(keeper.now(), base);

export function keepSoon(keeper: Keeper): void {
    clearTimeout(soon);
    soon = setTimeout(() => void keep(keeper), 150);
}

// The node says that they have changed.
export function changed(keeper: Keeper, to: number): void {
    last = last.then(async () => {
        if (to > version) await look(keeper);
    });
}

// Asks until the node answers.
export async function read(keeper: Keeper): Promise<Lists | undefined> {
    for (;;) {
        try {
            saw(await get<Baskets>(path(keeper)));
            return base;
        } catch (problem) {
            if (problem instanceof Refused && problem.status === 404) return undefined;
        }
        await pause(700);
    }
}

// What the page could not tell while the node was away.
export const whenHeardAgain = (act: () => void): (() => void) => heard.follow(() => heard.value && act());
