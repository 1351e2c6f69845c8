// What happens at this window. Nothing of it is kept in the browser: what was sold is the node's, baskets are kept by
// the node, and the one thing that outlives a reload here is the id of the sale under way, in the address.
//
// How a sale is never doubled or lost: its id is put into the address before it is sent, the same id and body are sent
// again until the node answers, and the id is given up only when its sale was seen and its basket forgotten. After a
// reload the node is asked for a sale of that id; when there is none the basket is there again with the id it was kept
// with, so that an order that was still on its way could only ever be the same sale, or be refused as `id_reused` and shown.
import {call, get, insist, newId, pause, Refused, untilAnswered, wordsOf} from "../shared/api.ts";
import {dateOf, now as clock, stampOf} from "../shared/clock.ts";
import {money} from "../shared/format.ts";
import {session} from "../shared/frame.tsx";
import type {Catalogue, Print, Sale, Shift, Tender, TicketLook} from "../shared/node.ts";
import {afterPaint, coalesced, signal} from "../shared/state.ts";
import {refreshStatus, status} from "../shared/status.ts";
import {say, sayWord} from "../shared/words.ts";
import type {Cart} from "./cart.ts";
import {asHeld, asLines, empty, fromHeld, fromLines, inHandAgain, total} from "./cart.ts";
import {notAmong, unsoldOf} from "./earlier.ts";
import type {Keeper} from "./kept.ts";
import {changed, isKept, keep, keepSoon, read, whenHeardAgain} from "./kept.ts";
import type {Hand, Lists, Stamp} from "./merge.ts";
import {comesForward, givesWay, handOf, merged, same} from "./merge.ts";

export type Screen = "sell" | "pay" | "sales" | "ticket" | "shift" | "keys";
export interface Message {
    kind: "good" | "trouble";
    words: string;
}

export const catalogue = signal<Catalogue | undefined>(undefined);
export const shift = signal<Shift | undefined>(undefined);
export const screen = signal<Screen>("sell");
export const cart = signal<Cart>(empty);
export const held = signal<Cart[]>([]);
export const tenders = signal<Tender[]>([]);
export const sending = signal<"" | "sending" | "asking_again">("");
export const lastSale = signal<Sale | undefined>(undefined);
export const message = signal<Message | undefined>(undefined);
export const inHand = signal<TicketLook | undefined>(undefined); // the ticket that the scanner read, or that was looked for
export const prints = signal<Print[]>([]);
export const unprinted = signal<ReadonlySet<string>>(new Set()); // sales of which the printer said that no paper came
export const printsInDoubt = (): Print[] => prints.value.filter((print) => print.state === "ask");

export const warn = (words: string): void => message.set({kind: "trouble", words});
export const good = (words: string): void => message.set({kind: "good", words});
export function trouble(problem: unknown): void {
    warn(wordsOf(problem, refusal, say("page_no_node")));
}

// What a clerk can do about it. The node's own detail is for technicians, and is told only where there is nothing else.
function refusal(problem: Refused): string {
    const other = shift.value && shift.value.operator !== session.value?.operator ? shift.value.operator : undefined;
    if (problem.code === "shift_closed" && other) return say("window_refused_other_shift", {operator: other});
    const known = sayWord("window_refused_", problem.code);
    return known === `window_refused_${problem.code}` ? problem.words : known;
}

// What was taken for the basket in hand, on this page or on another one, is given up only by the second call.
let warned = false;
export function givesUpTaken(): boolean {
    if (sending.value !== "") return false;
    if (tenders.value.length === 0) return true;
    if (warned) {
        tenders.set([]);
        return true;
    }
    warned = true;
    warn(say("window_give_up_payment", {taken: takenWords()}));
    return false;
}
// Goes to another screen. What was said of the one before is not of this one.
export function go(to: Screen): boolean {
    if (sending.value !== "" || (screen.value === "pay" && to !== "pay" && !givesUpTaken())) return false;
    warned = false;
    message.set(undefined);
    screen.set(to);
    return true;
}
// What was taken is kept by the node with its basket; while the node does not answer this page alone knows it, and a reload
// asks first.
export function guardPayment(): () => void {
    const ask = (event: BeforeUnloadEvent): void => {
        if (tenders.value.length > 0 && (before || !isKept(baskets))) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
}
tenders.follow(() => (warned = false));

// What Escape gives up before the screen: a form that is open on it.
export const stepBack = signal<(() => void) | undefined>(undefined);

export const windowName = (): string =>
    new URLSearchParams(location.search).get("window") ?? session.value?.windows[0] ?? "window-1";
export const today = (): string => status.value?.selling_date ?? dateOf(clock());
export const due = (): number => total(cart.value, today());

const idInAddress = (): string | undefined => /^#sale=([A-Za-z0-9._-]{1,64})$/.exec(location.hash)?.[1];
function keepId(id: string | undefined): void {
    const url = new URL(location.href);
    url.hash = id ? `sale=${id}` : "";
    history.replaceState(null, "", url);
}

// What the node was asked to sell stays as it was asked until it has answered: the strip says so meanwhile. The last line
// goes as the payment goes.
export function edit(next: Cart): boolean {
    if (sending.value !== "" || (next.lines.length === 0 && !givesUpTaken())) return false;
    cart.set(next);
    return true;
}

// The id under which the basket in hand is sold: it comes with its first line and is kept with it, so that one basket is
// sold once, by whichever page and after whatever happened to the one before.
let saleId: string | undefined;
const idInHand = (): string => (saleId ??= newId());
// What was taken goes with its basket, too: the next guest's is another.
cart.follow(() => {
    warned = false;
    if (cart.value.lines.length > 0) return;
    saleId = undefined;
    if (tenders.value.length > 0) tenders.set([]);
});

async function saleOfId(id: string): Promise<Sale | undefined> {
    const {sales} = await get<{sales: Sale[]}>(`sales?id=${encodeURIComponent(id)}`);
    return sales[0];
}

const inHandNow = (): Lists => ({current: asLines(cart.value), ...(cart.value.lines.length > 0 ? {id: idInHand()} : {}), tenders: tenders.value, held: held.value.map(asHeld)});
// Another page's hand, for which this page's basket gave way: the node has that in hand, and this one's among those held.
let before: Hand | undefined;
const baskets: Keeper = {
    window: windowName,
    now: () => (before ? {...before, held: inHandNow().held} : inHandNow()),
    elsewhere(base, theirs) {
        const mine = inHandNow();
        const keeps = paying();
        const lists = merged(base, mine, theirs, keeps, stamp());
        before = keeps && givesWay(mine, theirs, lists.held) ? handOf(theirs) : undefined;
        take(lists);
        message.set({kind: "trouble", words: say("window_elsewhere")});
    },
};
function comeForward(): void {
    if (!before) return;
    const lists = comesForward(inHandNow(), before, stamp());
    before = undefined;
    take(lists);
}
// Who leaves the payment is not held up by another one, and money is known to the node.
for (const cell of [screen, sending]) cell.follow(() => paying() || comeForward());
tenders.follow(() => tenders.value.length > 0 && before?.tenders.length === 0 && comeForward());
const paying = (): boolean => cart.value.lines.length > 0 && (sending.value !== "" || screen.value === "pay");
const nothing: Lists = {current: [], tenders: [], held: []};
// What differs from what is shown is shown; the line that was chosen stays so in the rest.
function take(lists: Lists): void {
    const known = catalogue.value;
    if (!known) return;
    const now = inHandNow();
    const differs = (part: (of: Lists) => Partial<Lists>): boolean => !same({...nothing, ...part(now)}, {...nothing, ...part(lists)});
    if (differs(({current}) => ({current}))) cart.set(fromLines(known, lists.current));
    if (cart.value.lines.length > 0) saleId = lists.id;
    if (cart.value.lines.length > 0 && differs((of) => ({tenders: of.tenders}))) tenders.set(lists.tenders);
    if (differs((of) => ({held: of.held}))) held.set(lists.held.map((one) => fromHeld(known, one)));
}
// While those of before are asked for, what changes in them is looked at afterwards.
let changedTo = 0;
export function basketsChanged(to: number): void {
    if (restored) changed(baskets, to);
    else changedTo = Math.max(changedTo, to);
}

function sold(sale: Sale): void {
    const theirs = before;
    before = undefined;
    held.set(held.value.filter((one) => one.held?.id !== sale.id));
    cart.set(empty);
    if (theirs) take({...theirs, held: held.value.map(asHeld)});
    wasSold(sale);
}

// Its basket is not in hand any more.
function wasSold(sale: Sale): void {
    lastSale.set(sale);
    void keep(baskets).then(() => {
        if (idInAddress() === sale.id) keepId(undefined);
    });
    afterPaint(() => {
        void refreshStatus();
        void refreshShift();
        void refreshCatalogue();
    });
}

export async function sell(paid: Tender[]): Promise<void> {
    if (sending.value !== "" || cart.value.lines.length === 0) return;
    const id = idInHand();
    keepId(id);
    sending.set("sending");
    message.set(undefined);
    try {
        const body = {id, window: windowName(), lines: asLines(cart.value), tenders: paid};
        const sale = await insist<Sale>("POST", "sales", body, () => sending.set("asking_again"));
        screen.set("sell");
        sold(sale);
    } catch (problem) {
        await notSold(problem, id, paid);
    } finally {
        sending.set("");
    }
}

async function notSold(problem: unknown, id: string, paid: Tender[]): Promise<void> {
    const reused = problem instanceof Refused && problem.code === "id_reused";
    // Whoever cannot be told what was sold keeps the id: under another one it could be sold twice.
    const earlier = reused ? await untilAnswered(() => saleOfId(id), () => sending.set("asking_again")).catch(() => "unknown" as const) : undefined;
    if (earlier === "unknown") return trouble(problem);
    if (earlier) return soldOtherwise(earlier, paid);
    trouble(problem);
    keepId(undefined);
    if (reused) saleId = undefined;
    void refreshCatalogue();
    // What was taken stays with a payment that was refused.
    if (tenders.value.length === 0) screen.set("sell");
}

// The node has sold other lines under this basket's id, or for other tenders: another page did, or an order that was late.
// What was not sold stays, as a basket of its own, with what was taken for it; what else was taken goes back.
function soldOtherwise(earlier: Sale, paid: Tender[]): void {
    const rest = unsoldOf(asLines(cart.value), earlier.lines);
    const stays = rest.length > 0 ? notAmong(tenders.value, earlier.tenders) : [];
    const back = notAmong(notAmong(paid, earlier.tenders), stays);
    if (rest.length === 0) sold(earlier);
    else {
        comeForward();
        saleId = undefined;
        cart.set(fromLines(catalogue.value!, rest));
        tenders.set(stays);
        wasSold(earlier);
    }
    if (stays.length === 0) screen.set("sell");
    const words = [rest.length > 0 ? say("window_part_sold", {sale: earlier.sale}) : say("window_sold_before", {sale: earlier.sale}), ...(back.length > 0 ? [say("window_hand_back", {taken: takenWords(back)})] : [])];
    warn(words.join(" "));
}

let restored = false;

// Follows the baskets; the first time gives back those of before a reload, and tells what became of the sale that was
// under way.
export async function followBaskets(): Promise<() => void> {
    if (!restored) await restore();
    restored = true;
    basketsChanged(changedTo);
    const told = (): void => keepSoon(baskets);
    told();
    // Money is told at once.
    const ends = [cart.follow(told), held.follow(told), tenders.follow(() => void keep(baskets)), whenHeardAgain(told)];
    return () => ends.forEach((end) => end());
}

async function restore(): Promise<void> {
    const id = idInAddress(); // of before the reload: keys work already, and a sale puts its own there
    while (!catalogue.value) {
        await refreshCatalogue();
        if (!catalogue.value) await pause(700);
    }
    const kept = await read(baskets);
    // What was sold by a page that died before it could forget the basket is not sold again.
    const sale = (await insistSaleOfId(kept?.id)) ?? (await insistSaleOfId(id));
    const gone = sale !== undefined && (kept?.id === undefined || kept.id === sale.id);
    // What was rung up while the page was still asking comes on top, and stays where what was kept is sold already.
    if (kept) take(merged(nothing, inHandNow(), gone ? {...nothing, held: kept.held} : kept, paying(), stamp()));
    if (sale) {
        if (gone) wasSold(sale);
        else {
            lastSale.set(sale); // the basket is the next one already
            if (idInAddress() === sale.id) keepId(undefined);
        }
        return good(say("window_was_sold"));
    }
    if (sending.value !== "") return;
    const paid = inMidPayment();
    if (paid) screen.set("pay");
    if (id) warn(say("window_was_not_sold"));
    else if (paid) warn(say("window_payment_again", {taken: takenWords()}));
    void showLastSale();
}

// Something was taken for the basket in hand.
export const inMidPayment = (): boolean => tenders.value.length > 0 && cart.value.lines.length > 0;
const takenWords = (taken = tenders.value): string =>
    taken.map((tender) => `${sayWord("tender_", tender.kind)} ${money(tender.amount_minor, catalogue.value?.currency ?? "CNY")}`).join(say("page_between"));

// After a reload: what was sold last in this window's shift, with its change, and how safe it is.
async function showLastSale(): Promise<void> {
    await refreshShift();
    const open = shift.value;
    if (!open || lastSale.value) return;
    const found = await get<{sales: Sale[]}>("sales?limit=30").catch(() => undefined);
    const last = found?.sales.find((sale) => sale.window === windowName() && Date.parse(sale.time) >= Date.parse(open.opened));
    if (last && !lastSale.value) lastSale.set(last);
}

async function insistSaleOfId(id: string | undefined): Promise<Sale | undefined> {
    while (id !== undefined) {
        try {
            return await saleOfId(id);
        } catch (problem) {
            if (problem instanceof Refused && problem.status !== 503) return undefined;
            await pause(700);
        }
    }
    return undefined;
}

const forgotten = 10_000; // milliseconds: who showed a ticket longer ago does not wait for it to be looked at

// The scanner of this window read a ticket. In the middle of a sale it is only announced; what was read while this page
// was away is nobody's any more.
export function ticketRead(look: TicketLook): void {
    if (look.time !== undefined && clock() - Date.parse(look.time) > forgotten) return;
    inHand.set(look);
    const free = cart.value.lines.length === 0 && sending.value === "" && (screen.value === "sell" || screen.value === "sales" || screen.value === "ticket");
    if (free) screen.set("ticket");
    else good(say("window_ticket_read", {ticket: look.ticket?.id ?? sayWord("reason_", look.fault)}));
}

// When and by whom a basket is put aside: kept with it.
const stamp = (): Stamp => ({held_at: stampOf(clock()), ...(session.value ? {operator: session.value.operator} : {})});
const putAside = (basket: Cart): Cart => ({...basket, held: {...stamp(), id: idInHand()}});
export function hold(): void {
    if (cart.value.lines.length === 0 || !givesUpTaken() || !go("sell")) return;
    held.set([...held.value, putAside(cart.value)]);
    cart.set(empty);
}
export function recall(at = held.value.length - 1): void {
    const back = held.value[at];
    if (!back || !givesUpTaken() || !go("sell")) return;
    // Leaving a payment may have changed those held.
    const id = back.held?.id;
    const found = id === undefined ? at : held.value.findIndex((one) => one.held?.id === id);
    if (found < 0) return;
    held.set([...held.value.filter((_, index) => index !== found), ...(cart.value.lines.length ? [putAside(cart.value)] : [])]);
    saleId = back.held?.id;
    cart.set(inHandAgain(back));
}

export const refreshCatalogue = coalesced(async () => {
    const found = await get<Catalogue>("catalogue").catch(() => undefined);
    // A node that starts has none yet: version 0 is no news.
    if (found && found.version > 0 && found.version >= (catalogue.value?.version ?? 0)) catalogue.set(found);
});
export async function refreshShift(): Promise<void> {
    try {
        shift.set(await get<Shift>(`shifts/current?window=${encodeURIComponent(windowName())}`));
    } catch (problem) {
        if (problem instanceof Refused && problem.status === 404) shift.set(undefined);
    }
}
export function printEnded({job, outcome}: {job: string; outcome: string}): void {
    const next = new Set(unprinted.value);
    if (outcome === "not_printed") next.add(job);
    else next.delete(job);
    unprinted.set(next);
}
export const refreshPrints = coalesced(async () => {
    prints.set(await get<{prints: Print[]}>("prints").then((found) => found.prints, () => prints.value));
});
// Somebody has looked whether the paper came out.
export const resolvePrint = (job: string, printed: boolean): void => void call("POST", `prints/${job}/resolve`, {printed}).then(refreshPrints, trouble);
// `changed`: the sale that something was done to.
export async function refreshLastSale(changed?: string): Promise<void> {
    const sale = lastSale.value;
    if (!sale || (changed === undefined ? sale.safety === "central" : sale.sale !== changed)) return;
    const now = await get<Sale>(`sales/${sale.sale}`).catch(() => sale);
    if (lastSale.value === sale) lastSale.set(now);
}
