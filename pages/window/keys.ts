// The keyboard, by place and not by letter: a Chinese input method that is switched on changes nothing. Keys typed into
// a field are the field's, but for the function keys and Escape.
import {now as clock} from "../shared/clock.ts";
import {added, amountOf, changed, counted, documents, mostOf, sessionsOf, soldOn, unitsLeft, unsold, withConcession} from "./cart.ts";
import type {Unsold} from "./cart.ts";
import {cart, catalogue, edit, givesUpTaken, go, good, held, hold, message, recall, printsInDoubt, resolvePrint, screen, sending, stepBack, today, warn} from "./till.ts";
import {beginPayment, chooseKind, exactCash as restInCash, kinds, payKind, settleEntry, typeKey} from "./payment.ts";
import type {Product} from "../shared/node.ts";
import type {Screen} from "./till.ts";
import {signal} from "../shared/state.ts";
import {named, say, sayWord} from "../shared/words.ts";

// "*", F6, F8 and F5 wait for what follows them: a count and Enter, or the digit of a concession, a document, a basket.
export const waiting = signal<"" | "count" | "concession" | "document" | "held">("");
export const count = signal("");
// What waited for a line is not of the next guest's.
cart.follow(() => cart.value.lines.length === 0 && waiting.value !== "held" && waiting.set(""));

const digitOf = (code: string): number | undefined => {
    const found = /^(?:Digit|Numpad)(\d)$/.exec(code);
    return found ? Number(found[1]) : undefined;
};

export const tiles = (): Product[] => (catalogue.value?.products ?? []).filter((product) => soldOn(product, today()));

// 1 to 9 are of nine products at a time; 0 takes them to the next nine. After a product they are of the first again: the
// most common ticket has the same key at each sale.
const nine = 9;
export const shelf = signal(0);
export const shelves = (): number => Math.max(1, Math.ceil(tiles().length / nine));
export const keyOf = (index: number): number | undefined => (Math.floor(index / nine) === Math.min(shelf.value, shelves() - 1) ? (index % nine) + 1 : undefined);
export const nextShelf = (): void => shelf.set((shelf.value + 1) % shelves());
screen.follow(() => shelf.set(0));

// Why a product cannot be sold now, by its sessions.
const whyNot = (product: Product): Unsold | undefined =>
    catalogue.value && product.validity.kind === "session" ? unsold(sessionsOf(catalogue.value, product, clock())) : undefined;

// Something on the tiles waits for units.
export const cannotSell = (): boolean => tiles().some((product) => whyNot(product) !== undefined);

export function addTile(index: number): void {
    const product = tiles()[index];
    shelf.set(0);
    if (!product || !catalogue.value || sending.value !== "") return;
    const why = whyNot(product);
    if (why) return warn(say("window_unsold", {name: named(product.name), why: sayWord("window_unsold_", why)}));
    message.set(undefined);
    edit(added(cart.value, catalogue.value, product, clock()));
}

function nextSession(): void {
    const line = cart.value.lines[cart.value.chosen];
    if (!line?.session || !catalogue.value) return;
    const all = sessionsOf(catalogue.value, line.product, clock());
    const at = all.findIndex((session) => session.id === line.session?.id);
    // Those after it, then from the soonest on; one that is sold out is not offered.
    const next = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))].find((session) => unitsLeft(session) > 0);
    if (!next) warn(say("window_no_other_session"));
    else edit(changed(cart.value, cart.value.chosen, {session: next}));
}

export function pickConcession(index: number): void {
    const kind = index < 0 ? undefined : catalogue.value?.concessions[index];
    edit(withConcession(cart.value, cart.value.chosen, kind));
    waiting.set(kind && cart.value.lines[cart.value.chosen]?.document === "" ? "document" : "");
}

export function pickDocument(index: number): void {
    const document = documents[index];
    if (!document) return;
    edit(changed(cart.value, cart.value.chosen, {document}));
    waiting.set("");
}

function askDocument(at: number): void {
    edit({...cart.value, chosen: at});
    waiting.set("document");
}

// Nothing is sold with a concession whose document nobody named.
function documentsNamed(): boolean {
    const at = cart.value.lines.findIndex((line) => line.concession && line.document === "");
    if (at < 0) return true;
    go("sell");
    askDocument(at);
    warn(say("window_document_needed"));
    return false;
}

export function pay(): void {
    if (cart.value.lines.length === 0 || screen.value === "pay" || !documentsNamed() || !go("pay")) return;
    waiting.set("");
    beginPayment();
}

export function exactCash(): void {
    if (cart.value.lines.length === 0 || !documentsNamed()) return;
    waiting.set("");
    restInCash();
}

// One basket comes back at once; of more the clerk picks.
export function recallOne(): void {
    if (held.value.length <= 1) recall();
    else if (givesUpTaken() && go("sell")) waiting.set("held");
}
export function pickHeld(index: number): void {
    if (index < 0 || index >= held.value.length) return;
    waiting.set("");
    recall(index);
}

export function countTo(at: number, count: number): void {
    const line = cart.value.lines[at];
    if (!line) return;
    if (count > mostOf(line)) return warn(say("window_too_many", {most: mostOf(line)}));
    message.set(undefined);
    if (edit(counted(cart.value, at, count)) && count <= 0) good(say("window_line_deleted", {name: named(line.product.name)}));
}

function toggle(to: Screen): void {
    waiting.set("");
    go(screen.value === to ? "sell" : to);
}

// One step back: from a wallet to cash, from the payment to the basket.
function back(): void {
    if (waiting.value !== "") waiting.set("");
    else if (shelf.value > 0) shelf.set(0);
    else if (stepBack.value) stepBack.value();
    else if (screen.value === "pay" && payKind.value !== "cash") chooseKind("cash");
    else go("sell");
}

function everywhere(event: KeyboardEvent): boolean {
    switch (event.code) {
        case "F2": toggle("sales"); return true;
        case "F3": toggle("ticket"); return true;
        case "F4": hold(); return true;
        case "F5": recallOne(); return true;
        case "F6": if (cart.value.lines.length) waiting.set("concession"); return true;
        case "F7": nextSession(); return true;
        case "F8": if (cart.value.lines[cart.value.chosen]?.concession) waiting.set("document"); return true;
        case "F9": pay(); return true;
        case "F10": exactCash(); return true;
        case "F12": toggle("shift"); return true;
        case "Escape": back(); return true;
        default: return false;
    }
}

function whileCounting(event: KeyboardEvent): boolean {
    const digit = digitOf(event.code);
    if (digit !== undefined) count.set((count.value + digit).slice(0, 4));
    else if (event.code === "Backspace") count.set(count.value.slice(0, -1));
    else if (event.code === "Enter" || event.code === "NumpadEnter") {
        if (count.value !== "") countTo(cart.value.chosen, Number(count.value));
        waiting.set("");
    } else return false;
    return true;
}

function whileSelling(event: KeyboardEvent): boolean {
    const digit = digitOf(event.code);
    const {lines, chosen} = cart.value;
    const line = lines[chosen];
    if (event.key === "*" || event.code === "NumpadMultiply") {
        if (line) {
            count.set("");
            waiting.set("count");
        }
    } else if (event.key === "?") go("keys");
    else if (digit === 0) nextShelf();
    else if (digit !== undefined) addTile(Math.min(shelf.value, shelves() - 1) * nine + digit - 1);
    else if (event.code === "ArrowDown") edit({...cart.value, chosen: Math.min(chosen + 1, lines.length - 1)});
    else if (event.code === "ArrowUp") edit({...cart.value, chosen: Math.max(chosen - 1, 0)});
    else if (event.code === "Delete" || event.code === "Backspace") countTo(chosen, 0);
    else if ((event.code === "NumpadAdd" || event.code === "Equal") && line) countTo(chosen, amountOf(line) + 1);
    else if ((event.code === "NumpadSubtract" || event.code === "Minus") && line) countTo(chosen, amountOf(line) - 1);
    else if (event.code === "Enter" || event.code === "NumpadEnter") pay();
    else return false;
    return true;
}

function whilePaying(event: KeyboardEvent): boolean {
    const digit = digitOf(event.code);
    const kind = kinds.find((one) => one.code === event.code);
    if (digit !== undefined) typeKey(String(digit));
    else if (event.code === "Period" || event.code === "NumpadDecimal") typeKey(".");
    else if (event.code === "Backspace") typeKey("⌫");
    else if (kind) chooseKind(kind.kind);
    else if (event.code === "Enter" || event.code === "NumpadEnter") settleEntry();
    else return false;
    return true;
}

function handle(event: KeyboardEvent): boolean {
    if (everywhere(event)) return true;
    const target = event.target as HTMLElement;
    if (target.closest("input, select, textarea")) return false;
    // A button in focus is pressed by Enter and by the space bar, as everywhere.
    if (target.closest("button, a") && (event.code === "Enter" || event.code === "Space")) return false;
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (waiting.value === "count") return whileCounting(event);
    if (event.code === "KeyY" || event.code === "KeyN") {
        const [doubt] = printsInDoubt();
        if (doubt) resolvePrint(doubt.job, event.code === "KeyY");
        return doubt !== undefined;
    }
    if (waiting.value !== "") {
        const digit = digitOf(event.code);
        if (digit === undefined) return false;
        ({concession: pickConcession, document: pickDocument, held: pickHeld})[waiting.value](digit - 1);
        return true;
    }
    if (screen.value === "sell") return whileSelling(event);
    if (screen.value === "pay") return whilePaying(event);
    return false;
}

export function listen(): () => void {
    waiting.set(""); // somebody else may have been here
    shelf.set(0);
    const pressed = (event: KeyboardEvent): void => {
        if (event.isComposing || event.repeat) return;
        if (handle(event)) event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
}

