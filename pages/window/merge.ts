// Two pages of one window changed its baskets at once. Values only: nothing that somebody rang up is lost, and nothing
// that somebody took away comes back.
import type {Baskets, HeldBasket, SaleLine} from "../shared/node.ts";

export interface Lists {
    current: SaleLine[];
    held: HeldBasket[];
}
// Who put a basket aside, and when.
export type Stamp = Omit<HeldBasket, "lines">;
export const stampOf = ({held_at, operator}: Stamp): Stamp => ({...(held_at === undefined ? {} : {held_at}), ...(operator === undefined ? {} : {operator})});
export const listsOf = (baskets: Pick<Baskets, "current" | "held">): Lists => ({current: baskets.current.lines, held: baskets.held.map((one) => ({lines: one.lines, ...stampOf(one)}))});

const text = (value: unknown): string => JSON.stringify(value);
export const same = (one: Lists, other: Lists): boolean => text([one.current, one.held]) === text([other.current, other.held]);

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
    const changed = keeps || text(mine.current) !== text(base.current);
    if (!changed) return {current: theirs.current, held};
    const other = text(theirs.current) !== text(base.current) && text(theirs.current) !== text(mine.current) && theirs.current.length > 0;
    return {current: mine.current, held: other ? [...held, {lines: theirs.current, ...aside}] : held};
}
