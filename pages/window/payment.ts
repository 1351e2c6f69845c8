// The amount being typed, and what Enter makes of it.
import {money, parseMoney} from "../shared/format.ts";
import type {Tender, TenderKind, TicketLook} from "../shared/node.ts";
import {signal} from "../shared/state.ts";
import {isCardNumber} from "./card_number.ts";
import {given} from "./cart.ts";
import {say} from "../shared/words.ts";
import {catalogue, due, message, screen, sell, tenders, warn} from "./till.ts";

export const kinds: {kind: TenderKind; code: string; key: string}[] = [
    {kind: "cash", code: "KeyC", key: "C"},
    {kind: "wechat", code: "KeyW", key: "W"},
    {kind: "alipay", code: "KeyA", key: "A"},
    {kind: "card", code: "KeyK", key: "K"},
    {kind: "agency", code: "KeyG", key: "G"},
    {kind: "voucher", code: "KeyV", key: "V"},
];
export const payKind = signal<TenderKind>("cash");
export const entry = signal("");
export const reference = signal("");
export const longestReference = 100;

export const currency = (): string => catalogue.value?.currency ?? "CNY";
export const remaining = (): number => Math.max(0, due() - given(tenders.value));

// What is typed, else all that is still due.
export const entered = (): number | undefined => (entry.value === "" ? remaining() : parseMoney(entry.value, currency()));

// A key of the keyboard or of the pad.
export function typeKey(key: string): void {
    const typed = entry.value;
    if (key === "⌫") entry.set(typed.slice(0, -1));
    else if (key === ".") entry.set(typed.includes(".") ? typed : `${typed || "0"}.`);
    else entry.set((typed + key).slice(0, 9));
}

// The first tender is cash; what was taken already stays.
export function beginPayment(): void {
    entry.set("");
    reference.set("");
    payKind.set("cash");
}

export function chooseKind(kind: TenderKind): void {
    if (kind === "cash") reference.set("");
    payKind.set(kind);
}

// What the window's scanner read is the number on an external terminal's slip, where one is wanted.
export function takeReference({text}: TicketLook): boolean {
    if (screen.value !== "pay" || payKind.value === "cash" || text === undefined || text.length > longestReference) return false;
    reference.set(text);
    return true;
}

// Adds the tender; sells as soon as nothing is left to pay.
export function settle(kind: TenderKind, amount: number): void {
    const one: Tender = {kind, amount_minor: amount, ...(kind !== "cash" && reference.value.trim() ? {reference: reference.value.trim()} : {})};
    const all = amount > 0 ? [...tenders.value, one] : tenders.value;
    message.set(undefined);
    if (given(all) >= due()) {
        void sell(all);
        return;
    }
    beginPayment();
    tenders.set(all);
}

// Only cash may be more than what is due: of anything else nothing can be handed back from the drawer.
export function settleEntry(): void {
    const amount = entered();
    if (amount === undefined) return warn(say("window_no_amount"));
    if (payKind.value !== "cash" && amount > remaining()) return warn(say("window_too_much", {due: money(remaining(), currency())}));
    if (payKind.value === "agency" && reference.value.trim() === "") return warn(say("window_agency_reference"));
    if (payKind.value === "card" && isCardNumber(reference.value)) return warn(say("window_card_number"));
    settle(payKind.value, amount);
}

// The rest in cash, exactly, whatever was taken before.
export function exactCash(): void {
    const rest = remaining();
    void sell(rest === 0 ? tenders.value : [...tenders.value, {kind: "cash", amount_minor: rest}]);
}
