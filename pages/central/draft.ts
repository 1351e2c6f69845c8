// A catalogue that is being changed, and how it differs from the one in force. Values only.
import type {Words} from "../shared/node.ts";
import {money} from "../shared/format.ts";
import type {Why} from "../shared/refusal.ts";
import {reasonOf, remarked} from "../shared/refusal.ts";
import {listed, named, say, sayWord} from "../shared/words.ts";
import type {Catalogue, Product} from "./central.ts";

export type SectionKey = "zones" | "products" | "concessions" | "sessions" | "operators";
export const sectionKeys: SectionKey[] = ["products", "sessions", "zones", "concessions", "operators"];
export type Item = Record<string, unknown>;
const idKey = (section: SectionKey): string => ({zones: "id", products: "id", concessions: "class", sessions: "id", operators: "name"})[section];
export const idOf = (section: SectionKey, item: Item): string => String(item[idKey(section)] ?? "");
export const itemsOf = (catalogue: Catalogue, section: SectionKey): Item[] => catalogue[section] as unknown as Item[];

export interface Change {
    section: SectionKey | "limits";
    id: string;
    kind: "added" | "removed" | "changed";
    fields: {name: string; before: string; after: string}[];
}

// A range needs both ends; from or to a day like these nobody means one (sync/central/example_catalogue.cpp).
const [firstDay, lastDay] = ["1970-01-01", "2069-12-31"];
function rangeWords(from: string, to: string): string {
    const [since, until] = [from > firstDay, to !== "" && to < lastDay];
    if (since && until) return `${say("validity_range")} ${from} – ${to}`;
    return since ? say("validity_since", {from}) : until ? say("validity_until", {to}) : say("validity_always");
}

const isWords = (value: unknown): value is Words => typeof value === "object" && value !== null && "zh-CN" in value;

export function shown(field: string, value: unknown, currency: string): string {
    if (value === undefined || value === null) return "–";
    if (field === "pin") return "••••";
    if (typeof value === "number" && field.endsWith("_minor")) return money(value, currency);
    if (typeof value === "boolean") return value ? say("yes") : say("no");
    if (isWords(value)) return `${value["zh-CN"]} / ${value.en}`;
    if (field === "prices" && Array.isArray(value)) return listed(value.map((price: {from: string; price_minor: number}) => `${price.from} ${money(price.price_minor, currency)}`)) || "–";
    if (field === "roles" && Array.isArray(value)) return listed(value.map((role: string) => sayWord("role_", role)));
    if (Array.isArray(value)) return listed(value.map(String)) || "–";
    if (field === "isolated") return sayWord("isolated_", String(value));
    if (field === "validity") {
        const validity = value as {kind: string; from?: string; to?: string};
        return validity.kind === "range" ? rangeWords(validity.from ?? "", validity.to ?? "") : sayWord("validity_", validity.kind);
    }
    if (typeof value === "object") return JSON.stringify(value);
    return String(value);
}

function fieldChanges(before: Item, after: Item, currency: string): Change["fields"] {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys
        .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
        .map((key) => ({name: sayWord("field_", key), before: shown(key, before[key], currency), after: shown(key, after[key], currency)}));
}

export function changesOf(before: Catalogue, after: Catalogue): Change[] {
    const {currency} = before;
    const changes: Change[] = [];
    for (const section of sectionKeys) {
        const former = new Map(itemsOf(before, section).map((item) => [idOf(section, item), item]));
        const latter = new Map(itemsOf(after, section).map((item) => [idOf(section, item), item]));
        for (const [id, item] of latter) {
            const was = former.get(id);
            const fields = fieldChanges(was ?? {}, item, currency);
            if (fields.length) changes.push({section, id, kind: was ? "changed" : "added", fields});
        }
        for (const id of former.keys()) if (!latter.has(id)) changes.push({section, id, kind: "removed", fields: []});
    }
    const limits = fieldChanges(before.limits as unknown as Item, after.limits as unknown as Item, currency);
    if (limits.length) changes.push({section: "limits", id: say("field_limits"), kind: "changed", fields: limits});
    return changes;
}

// What a slip of the hand would look like: a price of nothing, or one that is more than half off the former.
export function cautionsOf(before: Catalogue, after: Catalogue): string[] {
    const {currency} = after;
    const cautions: string[] = [];
    const judge = (product: Product, price: number, former: number | undefined, from: string): void => {
        const name = `${named(product.name)}${from ? ` (${from})` : ""}`;
        if (price === former) return;
        if (price === 0) cautions.push(say("catalogue_price_none", {name}));
        else if (former !== undefined && former > 0 && Math.abs(price - former) * 2 > former) cautions.push(say("catalogue_price_far", {name, before: money(former, currency), after: money(price, currency)}));
    };
    for (const product of after.products) {
        const was = before.products.find((one) => one.id === product.id);
        judge(product, product.price_minor, was?.price_minor, "");
        for (const {from, price_minor} of product.prices) {
            const same = was?.prices.some((one) => one.from === from && one.price_minor === price_minor);
            if (!same) judge(product, price_minor, was?.prices.find((one) => one.from === from)?.price_minor ?? product.price_minor, from);
        }
    }
    return cautions;
}

const partsOf = /^([a-z]+)\[(\d+)\](?:\.([a-z_]+))?/;
export interface Fault {
    section: SectionKey;
    at: number;
    words: string;
}
// Which thing of the catalogue central refused, as people know it: "sessions[15].id" is too short.
export function faultOf(refused: Why, catalogue: Catalogue): Fault | undefined {
    const [, section, index, field] = partsOf.exec(refused.path ?? "") ?? [];
    if (section === undefined || !(sectionKeys as string[]).includes(section)) return undefined;
    const key = section as SectionKey;
    const item = itemsOf(catalogue, key)[Number(index)];
    if (!item) return undefined;
    const session = key === "sessions" ? (catalogue.products.find((one) => one.id === item["product"]) ?? undefined) : undefined;
    const title = session ? `${named(session.name)} ${String(item["starts"]).slice(5, 16).replace("T", " ")}` : titleOf(item) || idOf(key, item);
    const why = reasonOf(refused);
    const words = say("catalogue_fault", {where: [sayWord("field_", key), title || `#${Number(index) + 1}`, field ? sayWord("field_", field) : ""].filter(Boolean).join(" · "), why: why ?? say("fault_other")});
    return {section: key, at: Number(index), words: remarked(why === undefined && refused.detail ? {words, remark: refused.detail} : {words})};
}

// The item with one field set; a field that is empty is left out where it may be.
export function withField(item: Item, key: string, value: unknown): Item {
    const {[key]: _, ...rest} = item;
    return value === undefined || value === "" ? rest : Object.fromEntries(key in item ? Object.entries(item).map(([name, was]) => [name, name === key ? value : was]) : [...Object.entries(item), [key, value]]);
}

export function withItem(catalogue: Catalogue, section: SectionKey, at: number, item: Item | undefined): Catalogue {
    const items = [...itemsOf(catalogue, section)];
    if (item === undefined) items.splice(at, 1);
    else items[at] = item;
    return {...catalogue, [section]: items};
}

export function freshItem(section: SectionKey, catalogue: Catalogue, offset: string, date: string): Item {
    const name: Words = {"zh-CN": "新", en: "New"};
    const zone = catalogue.zones[0]?.id ?? "park";
    switch (section) {
        case "zones":
            return {id: "", name};
        case "products":
            return {id: "", name, price_minor: 0, prices: [], persons: 1, entries: 1, reentry: false, companions: 0, validity: {kind: "day"}, zones: [zone], check_id: false, isolated: "admit"};
        case "concessions":
            return {class: "", name};
        case "sessions":
            return {id: "", product: catalogue.products.find((product) => product.validity.kind === "session")?.id ?? "", starts: `${date}T10:00:00${offset}`, ends: `${date}T11:00:00${offset}`, capacity: 100, paper_slice: 0};
        case "operators":
            return {name: "", roles: ["clerk"]};
    }
}

export const titleOf = (item: Item): string => (isWords(item["name"]) ? named(item["name"]) : "");
