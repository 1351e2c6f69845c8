// The keyboard, by place and not by letter: a Chinese input method that is switched on changes nothing. Keys typed into
// a field are the field's, but for the function keys and Escape.
import {now as clock} from "../shared/clock.ts";
import {added, amountOf, changed, counted, sessionsOf, soldOn, withConcession} from "./cart.ts";
import {cart, catalogue, due, hold, message, recall, screen, sell, tenders, today} from "./till.ts";
import {entry, kinds, payKind, settleEntry} from "./payment.ts";
import type {Product} from "../shared/node.ts";
import {signal} from "../shared/state.ts";

// "*" and F6 wait for what follows them: a count and Enter, or the concession's digit.
export const waiting = signal<"" | "count" | "concession">("");
export const count = signal("");

const digitOf = (code: string): number | undefined => {
    const found = /^(?:Digit|Numpad)(\d)$/.exec(code);
    return found ? Number(found[1]) : undefined;
};

export const tiles = (): Product[] => (catalogue.value?.products ?? []).filter((product) => soldOn(product, today()));

export function addTile(index: number): void {
    const product = tiles()[index];
    message.set(undefined);
    if (product && catalogue.value) cart.set(added(cart.value, catalogue.value, product, clock()));
}

function nextSession(): void {
    const line = cart.value.lines[cart.value.chosen];
    if (!line?.session || !catalogue.value) return;
    const all = sessionsOf(catalogue.value, line.product, clock());
    const at = all.findIndex((session) => session.id === line.session?.id);
    const next = all[(at + 1) % all.length];
    if (next) cart.set(changed(cart.value, cart.value.chosen, {session: next}));
}

export function pickConcession(index: number): void {
    const kind = index < 0 ? undefined : catalogue.value?.concessions[index];
    cart.set(withConcession(cart.value, cart.value.chosen, kind));
    waiting.set("");
}

export function pay(): void {
    if (cart.value.lines.length === 0) return;
    tenders.set([]);
    entry.set("");
    payKind.set("cash");
    screen.set("pay");
}

export function exactCash(): void {
    const amount = due();
    void sell(amount === 0 ? [] : [{kind: "cash", amount_minor: amount}]);
}

function everywhere(event: KeyboardEvent): boolean {
    switch (event.code) {
        case "F2": screen.set(screen.value === "sales" ? "sell" : "sales"); return true;
        case "F3": screen.set(screen.value === "ticket" ? "sell" : "ticket"); return true;
        case "F4": hold(); return true;
        case "F5": recall(); return true;
        case "F6": if (cart.value.lines.length) waiting.set("concession"); return true;
        case "F7": nextSession(); return true;
        case "F9": pay(); return true;
        case "F10": if (cart.value.lines.length) exactCash(); return true;
        case "F12": screen.set(screen.value === "shift" ? "sell" : "shift"); return true;
        case "Escape":
            if (waiting.value !== "") waiting.set("");
            else screen.set("sell");
            return true;
        default: return false;
    }
}

function whileCounting(event: KeyboardEvent): boolean {
    const digit = digitOf(event.code);
    if (digit !== undefined) count.set((count.value + digit).slice(0, 4));
    else if (event.code === "Backspace") count.set(count.value.slice(0, -1));
    else if (event.code === "Enter" || event.code === "NumpadEnter") {
        if (count.value !== "") cart.set(counted(cart.value, cart.value.chosen, Number(count.value)));
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
    } else if (event.key === "?") screen.set("keys");
    else if (digit !== undefined && digit > 0) addTile(digit - 1);
    else if (event.code === "ArrowDown") cart.set({...cart.value, chosen: Math.min(chosen + 1, lines.length - 1)});
    else if (event.code === "ArrowUp") cart.set({...cart.value, chosen: Math.max(chosen - 1, 0)});
    else if (event.code === "Delete" || event.code === "Backspace") cart.set(counted(cart.value, chosen, 0));
    else if ((event.code === "NumpadAdd" || event.code === "Equal") && line) cart.set(counted(cart.value, chosen, amountOf(line) + 1));
    else if ((event.code === "NumpadSubtract" || event.code === "Minus") && line) cart.set(counted(cart.value, chosen, amountOf(line) - 1));
    else if (event.code === "Enter" || event.code === "NumpadEnter") pay();
    else return false;
    return true;
}

function whilePaying(event: KeyboardEvent): boolean {
    const digit = digitOf(event.code);
    const kind = kinds.find((one) => one.code === event.code);
    if (digit !== undefined) entry.set((entry.value + digit).slice(0, 9));
    else if (event.code === "Period" || event.code === "NumpadDecimal") entry.set(entry.value.includes(".") ? entry.value : `${entry.value || "0"}.`);
    else if (event.code === "Backspace") entry.set(entry.value.slice(0, -1));
    else if (kind) payKind.set(kind.kind);
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
    if (waiting.value === "concession") {
        const digit = digitOf(event.code);
        if (digit === undefined) return false;
        pickConcession(digit - 1);
        return true;
    }
    if (screen.value === "sell") return whileSelling(event);
    if (screen.value === "pay") return whilePaying(event);
    return false;
}

export function listen(): () => void {
    const pressed = (event: KeyboardEvent): void => {
        if (event.isComposing || event.repeat) return;
        if (handle(event)) event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
}

