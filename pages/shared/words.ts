// Texts in the language of the page. Keys and parameters are checked when the page is compiled.
import {signal} from "./state.ts";
import type {Parameters} from "../generated/words.ts";
import {table} from "../generated/words.ts";
import type {Words} from "./node.ts";

export type Language = "zh-CN" | "en";
export type Key = keyof typeof table;
export type Plain = {[K in Key]: Parameters[K] extends undefined ? K : never}[Key];

const asked = new URLSearchParams(location.search).get("lang");
export const language = signal<Language>(asked === "en" || (asked === null && !navigator.language.startsWith("zh")) ? "en" : "zh-CN");

export function choose(next: Language): void {
    language.set(next);
    document.documentElement.lang = next;
    const url = new URL(location.href);
    url.searchParams.set("lang", next);
    history.replaceState(null, "", url);
}
document.documentElement.lang = language.value;

// Numbers are written one way on every page, in thousands: 18,442. Ids and what a spreadsheet reads are text of their own.
const grouped = new Intl.NumberFormat("en");
export const written = (value: unknown): string => (Number.isInteger(value) ? grouped.format(value as number) : String(value));

export function sayIn(which: Language, key: Key, parameters?: object): string {
    const text: string = table[key][which === "en" ? 1 : 0];
    if (!parameters) return text;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => written((parameters as Record<string, unknown>)[name] ?? whole));
}

export function say<K extends Plain>(key: K): string;
export function say<K extends Exclude<Key, Plain>>(key: K, parameters: Parameters[K]): string;
export function say(key: Key, parameters?: object): string {
    return sayIn(language.value, key, parameters);
}

// A text whose key has a word of the API at its end: reason_ + "expired". The word itself where there is no such text.
export function sayWord(prefix: string, word: string): string {
    const key = prefix + word;
    return key in table ? sayIn(language.value, key as Key) : word;
}

// Several of them in one line, as the language joins them.
export const listed = (words: readonly string[]): string => words.join(say("page_between"));

export const named = (words: Words): string => words[language.value];
