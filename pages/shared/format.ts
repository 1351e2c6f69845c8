import {language} from "./words.ts";

const digits = (currency: string): number =>
    new Intl.NumberFormat("en", {style: "currency", currency}).resolvedOptions().maximumFractionDigits ?? 2;

export const money = (minor: number, currency: string): string =>
    new Intl.NumberFormat(language.value, {style: "currency", currency, currencyDisplay: "narrowSymbol"}).format(minor / 10 ** digits(currency));

// "80", "80.5" -> 8000, 8050; undefined for anything else. Whole arithmetic: no amount passes through a fraction.
export function parseMoney(text: string, currency: string): number | undefined {
    const places = digits(currency);
    const found = /^(\d{1,9})(?:\.(\d*))?$/.exec(text.trim());
    if (!found || (found[2] ?? "").length > places) return undefined;
    return Number(found[1]) * 10 ** places + Number((found[2] ?? "").padEnd(places, "0") || "0");
}

// The venue's own hour, as the node wrote it; the browser's time zone does not matter.
export const clockTime = (time: string): string => time.slice(11, 16);
export const dayAndTime = (time: string): string => `${time.slice(5, 10)} ${time.slice(11, 16)}`;

export function age(seconds: number): string {
    const minutes = Math.floor(seconds / 60);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
