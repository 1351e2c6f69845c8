// Two pages of one window changed its baskets at once. Values only: nothing that somebody rang up is lost, and nothing
// that somebody took away comes back.
import type {Baskets, HeldBasket, SaleLine, Tender} from "../shared/node.ts";

export interface Lists {
    current: SaleLine[];
    id?: string; // under which it is sold, by whichever page: once
    tenders: Tender[]; // taken for it already
    held: HeldBasket[];
}
// Who put a basket aside, and when.
export type Stamp = Omit<HeldBasket, "lines">;
export const stampOf = ({held_at, operator}: Stamp): Stamp => ({...(held_at === undefined ? {} : {held_at}), ...(operator === undefined ? {} : {operator})});
export const listsOf = (baskets: Pick<Baskets, "current" | "held">): Lists => ({...handOf({...baskets.current, current: baskets.current.lines, tenders: baskets.current.tenders ?? []}), held: baskets.held.map((one) => ({lines: one.lines, ...stampOf(one)}))});

// The basket in hand, and what goes with it.
const handOf = ({current, id, tenders}: Omit<Lists, "held">): Omit<Lists, "held"> => ({current, ...(id === undefined ? {} : {id}), tenders});

const text = (value: unknown): string => JSON.stringify(value);
export const same = (one: Lists, other: Lists): boolean => text([handOf(one), one.held]) === text([handOf(other), other.held]);

// `all` without those of `gone`, each taken away once.
function without(all: readonly HeldBasket[], gone: readonly HeldBasket[]): HeldBasket[] {
    const left = gone.map(text);
    return all.filter((one) => {
        const at = left.indexOf(text(one));
        if (at >= 0) left.splice(at, 1);
        return at < 0;
    });
}

// `base`: what both began with. `keeps`: the basket in hand is in the middle of a payment. `aside`: for what this puts
// aside.
export function merged(base: Lists, mine: Lists, theirs: Lists, keeps: boolean, aside: Stamp = {}): Lists {
    const held = [...without(theirs.held, without(base.held, mine.held)), ...without(mine.held, base.held)];
    const changed = keeps || text(mine.current) !== text(base.current) || text(mine.tenders) !== text(base.tenders);
    if (!changed) return {...handOf(theirs), held};
    const other = text(theirs.current) !== text(base.current) && text(theirs.current) !== text(mine.current) && theirs.current.length > 0;
    // What was paid for already stays in hand.
    if (!keeps && mine.tenders.length === 0 && theirs.tenders.length > 0 && text(theirs.tenders) !== text(base.tenders))
        return {...handOf(theirs), held: mine.current.length > 0 ? [...held, {lines: mine.current, ...aside}] : held};
    return {...handOf(mine), held: other ? [...held, {lines: theirs.current, ...aside}] : held};
}
