// Baskets that are not sold yet are kept by the node for this page, so that the browser keeps nothing and a reload
// loses nothing. One call after the other, the latest last.
import {call, get, Refused} from "../shared/api.ts";
import {heard} from "../shared/events.ts";
import type {Baskets, Catalogue} from "../shared/node.ts";
import type {Cart} from "./cart.ts";
import {asLines, fromLines} from "./cart.ts";

const most = 20; // that the node keeps
let last: Promise<void> = Promise.resolve();
let soon: ReturnType<typeof setTimeout> | undefined;

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

export function keep(window: string, now: () => {cart: Cart; held: Cart[]}): Promise<void> {
    clearTimeout(soon);
    last = last.then(async () => {
        const {cart, held} = now();
        const body: Baskets = {current: {lines: asLines(cart)}, held: held.slice(-most).map((one) => ({lines: asLines(one)}))};
        // While the node does not answer the page has them; it tells them again when it is heard.
        await call("PUT", `windows/${window}/baskets`, body).catch(() => undefined);
    });
    return last;
}

export function keepSoon(window: string, now: () => {cart: Cart; held: Cart[]}): void {
    clearTimeout(soon);
    soon = setTimeout(() => void keep(window, now), 150);
}

// Asks until the node answers.
export async function read(window: string, catalogue: () => Promise<Catalogue | undefined>): Promise<{cart: Cart; held: Cart[]} | undefined> {
    for (;;) {
        const known = await catalogue();
        try {
            const found = await get<Baskets>(`windows/${window}/baskets`);
            if (known) return {cart: fromLines(known, found.current.lines), held: found.held.map((one) => fromLines(known, one.lines))};
        } catch (problem) {
            if (problem instanceof Refused && problem.status === 404) return undefined;
        }
        await pause(700);
    }
}

// After a restart the node knows nothing of them any more.
export const whenHeardAgain = (act: () => void): (() => void) => heard.follow(() => heard.value && act());
