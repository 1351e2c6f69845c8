// Two pages of one window changed its baskets at once. Values only: nothing that somebody rang up is lost, and nothing
// that somebody took away comes back.
import type {Baskets, HeldBasket, SaleLine, Tender} from "../shared/node.ts";

export interface Lists {
    current: SaleLine[];
    id?: string; // under which it is sold, by whichever page: once
    tenders: Tender[]; // taken for it already
    held: HeldBasket[];
}
// Who put a basket aside, and when; and the id by which pages know it again.
export type Stamp = Omit<HeldBasket, "lines">;
export const stampOf = ({held_at, operator, id}: Stamp): Stamp => ({...(held_at === undefined ? {} : {held_at}), ...(operator === undefined ? {} : {operator}), ...(id === undefined ? {} : {id})});
export const listsOf = (baskets: Pick<Baskets, "current" | "held">): Lists => ({...handOf({...baskets.current, current: baskets.current.lines, tenders: baskets.current.tenders ?? []}), held: baskets.held.map((one) => ({lines: one.lines, ...stampOf(one)}))});

// The basket in hand, and what goes with it.
export type Hand = Omit<Lists, "held">;
export const handOf = ({current, id, tenders}: Hand): Hand => ({current, ...(id === undefined ? {} : {id}), tenders});

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

// Put aside beside `hand`. Where two pages made two baskets of one, the one in hand keeps the id: it is sold under it, and
// then every basket of that id is gone.
const heldOf = ({current, id}: Hand, aside: Stamp, hand: Hand): HeldBasket => ({lines: current, ...stampOf({...aside, ...(id === undefined || id === hand.id ? {} : {id})})});
const besides = (held: readonly HeldBasket[], id: string | undefined): HeldBasket[] => held.filter((one) => one.id === undefined || one.id !== id);

// Two payments at once, and the other page has put this one's basket aside: it stays there until it is sold, or else the
// two would take the hand from each other without end. Money goes before none.
export const givesWay = (mine: Hand, theirs: Hand, held: readonly HeldBasket[]): boolean =>
    mine.id !== undefined && theirs.current.length > 0 && theirs.id !== mine.id && held.some((one) => one.id === mine.id) &&
    (mine.tenders.length === 0 || theirs.tenders.length > 0);

// Mine in hand again, after it gave way.
export const comesForward = (mine: Lists, theirs: Hand, aside: Stamp): Lists => ({...handOf(mine), held: [...besides(besides(mine.held, mine.id), theirs.id), heldOf(theirs, aside, mine)]});

// `base`: what both began with. `keeps`: the basket in hand is in the middle of a payment. `aside`: for what this puts
// aside. Where mine gives way it stays in hand here and among those held.
export function merged(base: Lists, mine: Lists, theirs: Lists, keeps: boolean, aside: Stamp = {}): Lists {
    const held = [...without(theirs.held, without(base.held, mine.held)), ...without(mine.held, base.held)];
    const changed = keeps || text(mine.current) !== text(base.current) || text(mine.tenders) !== text(base.tenders);
    if (!changed) return {...handOf(theirs), held};
    if (keeps && givesWay(mine, theirs, held)) return {...handOf(mine), held};
    const rest = besides(held, mine.id);
    const other = text(theirs.current) !== text(base.current) && text(theirs.current) !== text(mine.current) && theirs.current.length > 0;
    // What was paid for already stays in hand.
    if (!keeps && mine.tenders.length === 0 && theirs.tenders.length > 0 && text(theirs.tenders) !== text(base.tenders))
        return {...handOf(theirs), held: mine.current.length > 0 ? [...rest, heldOf(mine, aside, theirs)] : rest};
    return {...handOf(mine), held: other ? [...besides(rest, theirs.id), heldOf(theirs, aside, mine)] : rest};
}
