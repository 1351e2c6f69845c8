import {language} from "./words.ts";

interface Format {
    write: Intl.NumberFormat;
    digits: number;
}
// Kept: one takes longer to make than a hundred amounts to write.
const formats = new Map<string, Format>();
function formatOf(currency: string): Format {
    const key = `${language.value} ${currency}`;
    let known = formats.get(key);
    if (!known) {
        const write = new Intl.NumberFormat(language.value, {style: "currency", currency, currencyDisplay: "narrowSymbol"});
        known = {write, digits: write.resolvedOptions().maximumFractionDigits ?? 2};
        formats.set(key, known);
    }
    return known;
}

export function money(minor: number, currency: string): string {
    const {write, digits} = formatOf(currency);
    return write.format(minor / 10 ** digits);
}

// As a field wants it, and parseMoney reads it: "80.50".
export function plainMoney(minor: number, currency: string): string {
    const {digits} = formatOf(currency);
    return (minor / 10 ** digits).toFixed(digits);
}

// "80", "80.5" -> 8000, 8050; undefined for anything else. Whole arithmetic: no amount passes through a fraction.
export function parseMoney(text: string, currency: string): number | undefined {
    const places = formatOf(currency).digits;
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
