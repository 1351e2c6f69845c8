// A basket as a value, and what it costs. Prices are the node's to decide: these are shown before it does, and a sale
// for which they differ is refused, never sold at another price than the clerk said.
import type {Catalogue, ConcessionKind, HeldBasket, Product, SaleLine, Tender, VenueSession} from "../shared/node.ts";
import type {Stamp} from "./merge.ts";
import {stampOf} from "./merge.ts";

export interface CartLine {
    product: Product;
    quantity: number;
    persons: number; // of one ticket; more than the product says only for group tickets
    session?: VenueSession;
    concession?: ConcessionKind;
    document: string;
}
export interface Cart {
    lines: CartLine[];
    chosen: number;
    held?: Stamp; // of one that was put aside
}
export const empty: Cart = {lines: [], chosen: -1};
export const documents = ["id_card", "student_card", "senior_card", "military_card", "disability_card", "passport", "other"] as const;

// The document that proves a concession, where its class says which: others are chosen by the clerk, never guessed.
const documentOf: Record<string, (typeof documents)[number]> = {
    student: "student_card", senior: "senior_card", military: "military_card", veteran: "military_card", disabled: "disability_card", disability: "disability_card",
};

export const isGroup = (product: Product): boolean => product.persons === 0;

// What a clerk counts of a line: persons of a group ticket, tickets of any other.
export const amountOf = (line: CartLine): number => (isGroup(line.product) ? line.persons : line.quantity);

export function priceOn(product: Product, date: string): number {
    const held = (product.prices ?? []).filter((price) => price.from <= date).sort((a, b) => (a.from < b.from ? -1 : 1));
    return held.at(-1)?.price_minor ?? product.price_minor;
}

export function ticketPrice(line: CartLine, date: string): number {
    const whole = priceOn(line.product, date) * (isGroup(line.product) ? line.persons : 1);
    return line.concession ? Math.floor((whole * (line.concession.percent ?? 0)) / 100) : whole;
}

export const total = (cart: Cart, date: string): number =>
    cart.lines.reduce((sum, line) => sum + ticketPrice(line, date) * line.quantity, 0);

export const soldOn = (product: Product, date: string): boolean =>
    (product.sold_from ?? date) <= date && date <= (product.sold_to ?? date);

// Those that have not ended, soonest first.
export const sessionsOf = (catalogue: Catalogue, product: Product, now: number): VenueSession[] =>
    catalogue.sessions
        .filter((session) => session.product === product.id && Date.parse(session.ends) > now)
        .sort((a, b) => Date.parse(a.starts) - Date.parse(b.starts));

export const unitsLeft = (session: VenueSession | undefined): number => session?.units_left ?? 0;

// How many units of its session are left for one line, where the basket takes more of them than there are.
export function beyondUnits(cart: Cart, line: CartLine): number | undefined {
    if (!line.session) return undefined;
    const wanted = cart.lines.filter((one) => one.session?.id === line.session?.id).reduce((sum, one) => sum + one.quantity * one.persons, 0);
    return wanted > unitsLeft(line.session) ? unitsLeft(line.session) : undefined;
}

// Why nothing of these sessions can be sold here; nothing while something can.
export type Unsold = "no_session" | "no_quota" | "sold_out";
export function unsold(sessions: VenueSession[]): Unsold | undefined {
    if (sessions.length === 0) return "no_session";
    if (sessions.some((session) => unitsLeft(session) > 0)) return undefined;
    return sessions.every((session) => session.units_received === 0) ? "no_quota" : "sold_out";
}

// The soonest session with units, else the soonest.
const firstWithUnits = (sessions: VenueSession[]): VenueSession | undefined =>
    sessions.find((session) => unitsLeft(session) > 0) ?? sessions[0];

// One more of the product. A line whose session was changed to another stays with that one: the next tile is for the
// soonest session again, so that two sessions fit into one basket.
export function added(cart: Cart, catalogue: Catalogue, product: Product, now: number): Cart {
    const session = product.validity.kind === "session" ? firstWithUnits(sessionsOf(catalogue, product, now)) : undefined;
    const same = cart.lines.findIndex((line) => line.product.id === product.id && line.session?.id === session?.id && !line.concession && !isGroup(product));
    if (same >= 0) return {...changed(cart, same, {quantity: cart.lines[same]!.quantity + 1}), chosen: same};
    const line: CartLine = {product, quantity: 1, persons: Math.max(1, product.persons), document: ""};
    if (session) line.session = session;
    return {lines: [...cart.lines, line], chosen: cart.lines.length};
}

export function changed(cart: Cart, at: number, change: Partial<CartLine>): Cart {
    return {...cart, lines: cart.lines.map((line, index) => (index === at ? {...line, ...change} : line))};
}

// What one line takes at most, counted as amountOf counts.
export const mostOf = (line: CartLine): number => (isGroup(line.product) ? 1000 : 500);

// "*n": persons of a group ticket, tickets of any other. 0 takes the line away.
export function counted(cart: Cart, at: number, count: number): Cart {
    const line = cart.lines[at];
    if (!line) return cart;
    if (count <= 0) return {lines: cart.lines.filter((_, index) => index !== at), chosen: Math.min(at, cart.lines.length - 2)};
    const some = Math.min(count, mostOf(line));
    return changed(cart, at, isGroup(line.product) ? {persons: some} : {quantity: some});
}

export function withConcession(cart: Cart, at: number, concession: ConcessionKind | undefined): Cart {
    const line = cart.lines[at];
    if (!line) return cart;
    const {concession: _, ...plain} = line;
    const next: CartLine = concession ? {...plain, concession, document: documentOf[concession.class] ?? ""} : {...plain, document: ""};
    return {...cart, lines: cart.lines.map((other, index) => (index === at ? next : other))};
}

export const asLines = (cart: Cart): SaleLine[] =>
    cart.lines.map((line) => ({
        product: line.product.id,
        quantity: line.quantity,
        ...(isGroup(line.product) ? {persons: line.persons} : {}),
        ...(line.session ? {session: line.session.id} : {}),
        ...(line.concession ? {concession: {class: line.concession.class, document: line.document}} : {}),
    }));

// A basket that was kept as lines. What the catalogue does not have any more is left out.
export function fromLines(catalogue: Catalogue, lines: SaleLine[]): Cart {
    const found = lines.flatMap((line): CartLine[] => {
        const product = catalogue.products.find((one) => one.id === line.product);
        if (!product) return [];
        const session = catalogue.sessions.find((one) => one.id === line.session);
        const concession = catalogue.concessions.find((one) => one.class === line.concession?.class);
        return [{
            product,
            quantity: line.quantity,
            persons: line.persons ?? Math.max(1, product.persons),
            document: line.concession?.document ?? "",
            ...(session ? {session} : {}),
            ...(concession ? {concession} : {}),
        }];
    });
    return {lines: found, chosen: found.length - 1};
}

export const asHeld = (cart: Cart): HeldBasket => ({lines: asLines(cart), ...stampOf(cart.held ?? {})});
export const fromHeld = (catalogue: Catalogue, one: HeldBasket): Cart => ({...fromLines(catalogue, one.lines), held: stampOf(one)});
export const inHandAgain = ({lines, chosen}: Cart): Cart => ({lines, chosen});

export const given = (tenders: Tender[]): number => tenders.reduce((sum, tender) => sum + tender.amount_minor, 0);

// What a guest is likely to hand over for `due`, ascending: the next full note of each kind, without repeats. Where the
// largest ones come to it exactly: one more of them, or the next five.
export function quickCash(due: number, notes: number[]): number[] {
    if (due <= 0) return [];
    const largest = Math.max(...notes);
    const beyond = (step: number): number => (Math.floor(due / step) + 1) * step;
    const found = due % largest === 0 ? [beyond(largest), beyond(5 * largest)] : notes.map((note) => Math.ceil(due / note) * note).filter((amount) => amount > due);
    return [...new Set(found)].sort((a, b) => a - b).slice(0, 4);
}
