// The amount being typed, and what Enter makes of it.
import {parseMoney} from "../shared/format.ts";
import type {Tender, TenderKind, TicketLook} from "../shared/node.ts";
import {signal} from "../shared/state.ts";
import {given} from "./cart.ts";
import {catalogue, due, screen, sell, tenders} from "./till.ts";

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

// What is typed, else all that is still due. Only cash may be more than that.
export function entered(): number | undefined {
    if (entry.value === "") return remaining();
    const amount = parseMoney(entry.value, currency());
    if (amount === undefined) return undefined;
    return payKind.value === "cash" ? amount : Math.min(amount, remaining());
}

// What the window's scanner read is the number on an external terminal's slip, where one is wanted.
export function takeReference({text}: TicketLook): boolean {
    if (screen.value !== "pay" || payKind.value === "cash" || text === undefined || text.length > longestReference) return false;
    reference.set(text);
    return true;
}

// Adds the tender; sells as soon as nothing is left to pay.
export function settle(kind: TenderKind, amount: number): void {
    const one: Tender = {kind, amount_minor: amount, ...(kind !== "cash" && reference.value ? {reference: reference.value} : {})};
    const all = amount > 0 ? [...tenders.value, one] : tenders.value;
    entry.set("");
    reference.set("");
    if (given(all) >= due()) {
        void sell(all);
        return;
    }
    tenders.set(all);
}

export function settleEntry(): void {
    const amount = entered();
    if (amount !== undefined) settle(payKind.value, amount);
}
