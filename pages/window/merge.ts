// Two pages of one window changed its baskets at once. Values only: nothing that somebody rang up is lost, and nothing
// that somebody took away comes back.
import type {Baskets, SaleLine} from "../shared/node.ts";

export interface Lists {
    current: SaleLine[];
    held: SaleLine[][];
}
export const listsOf = (baskets: Pick<Baskets, "current" | "held">): Lists => ({current: baskets.current.lines, held: baskets.held.map((one) => one.lines)});

const text = (value: unknown): string => JSON.stringify(value);
export const same = (one: Lists, other: Lists): boolean => text([one.current, one.held]) === text([other.current, other.held]);

// `all` without those of `gone`, each taken away once.
function without(all: readonly SaleLine[][], gone: readonly SaleLine[][]): SaleLine[][] {
    const left = gone.map(text);
    return all.filter((one) => {
        const at = left.indexOf(text(one));
        if (at >= 0) left.splice(at, 1);
        return at < 0;
    });
}

// `base`: what both began with. `keeps`: the basket in hand is in the middle of a payment.
export function merged(base: Lists, mine: Lists, theirs: Lists, keeps: boolean): Lists {
    const held = [...without(theirs.held, without(base.held, mine.held)), ...without(mine.held, base.held)];
    const changed = keeps || text(mine.current) !== text(base.current);
    if (!changed) return {current: theirs.current, held};
    const other = text(theirs.current) !== text(base.current) && text(theirs.current) !== text(mine.current) && theirs.current.length > 0;
    return {current: mine.current, held: other ? [...held, theirs.current] : held};
}
