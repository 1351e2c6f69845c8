// The fields of the catalogue's things, each with the control that suits it.
import type {ComponentChildren, VNode} from "preact";
import {useEffect, useId, useState} from "preact/hooks";
import {parseMoney, plainMoney} from "../shared/format.ts";
import type {Words} from "../shared/node.ts";
import {signal} from "../shared/state.ts";
import {named, say, sayWord} from "../shared/words.ts";
import type {Catalogue, Zone} from "./central.ts";
import {roles} from "./central.ts";
import type {Item, SectionKey} from "./draft.ts";
import {withField} from "./draft.ts";
import {today} from "./venue.ts";

type Kind = "id" | "words" | "money" | "number" | "flag" | "isolated" | "zones" | "roles" | "date" | "instant" | "validity" | "prices" | "product" | "pin" | "percent";
export const fieldsOf: Record<SectionKey, readonly (readonly [string, Kind])[]> = {
    zones: [["id", "id"], ["name", "words"]],
    products: [["id", "id"], ["name", "words"], ["price_minor", "money"], ["prices", "prices"], ["persons", "number"], ["entries", "number"], ["companions", "number"], ["reentry", "flag"], ["validity", "validity"], ["zones", "zones"], ["check_id", "flag"], ["isolated", "isolated"], ["sold_from", "date"], ["sold_to", "date"]],
    concessions: [["class", "id"], ["name", "words"], ["percent", "percent"]],
    sessions: [["id", "id"], ["product", "product"], ["starts", "instant"], ["ends", "instant"], ["capacity", "number"], ["paper_slice", "number"]],
    operators: [["name", "id"], ["roles", "roles"], ["pin", "pin"]],
};

function Labelled({name, children}: {name: string; children: ComponentChildren}): VNode {
    return (
        <label>
            {name}
            {children}
        </label>
    );
}

// Fields that hold what is no amount; nothing is previewed while there are any.
export const wrong = signal<ReadonlySet<string>>(new Set());
function mark(id: string, bad: boolean): void {
    if (wrong.value.has(id) === bad) return;
    const next = new Set(wrong.value);
    if (bad) next.add(id);
    else next.delete(id);
    wrong.set(next);
}

// What is typed stays as it is typed; only an amount becomes the value.
export function Amount({id, name, value, currency, set, bare}: {id?: string; name: string; value: number; currency: string; set: (next: number) => void; bare?: boolean}): VNode {
    const own = useId();
    const [text, setText] = useState(plainMoney(value, currency));
    const bad = parseMoney(text, currency) === undefined;
    useEffect(() => {
        if (!bad && parseMoney(text, currency) !== value) setText(plainMoney(value, currency));
    }, [value]);
    useEffect(() => () => mark(own, false), []);
    const typed = (next: string): void => {
        setText(next);
        const amount = parseMoney(next, currency);
        mark(own, amount === undefined);
        if (amount !== undefined) set(amount);
    };
    const field = (
        <input
            {...(id === undefined ? {} : {id})}
            inputMode="decimal"
            autocomplete="off"
            class="short"
            aria-label={name}
            aria-invalid={bad}
            value={text}
            onInput={(event) => typed(event.currentTarget.value)}
            onBlur={() => !bad && setText(plainMoney(value, currency))}
        />
    );
    const fault = bad && (
        <span class="wrong" role="alert">
            {say("catalogue_no_amount", {example: plainMoney(8050, currency)})}
        </span>
    );
    return bare ? (
        <>
            {field}
            {fault}
        </>
    ) : (
        <Labelled name={name}>
            {field}
            {fault}
        </Labelled>
    );
}

function Ticks({name, all, chosen, set}: {name: string; all: [string, string][]; chosen: string[]; set: (next: string[]) => void}): VNode {
    return (
        <fieldset>
            <legend>{name}</legend>
            {all.map(([id, words]) => (
                <label class="check" key={id}>
                    <input type="checkbox" checked={chosen.includes(id)} onChange={(event) => set(event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id))} />
                    {words}
                </label>
            ))}
        </fieldset>
    );
}

function Validity({value, set}: {value: {kind: string; from?: string; to?: string}; set: (next: unknown) => void}): VNode {
    return (
        <fieldset>
            <legend>{say("field_validity")}</legend>
            <select aria-label={say("field_validity")} value={value.kind} onChange={(event) => set(event.currentTarget.value === "range" ? {kind: "range", from: value.from ?? "", to: value.to ?? ""} : {kind: event.currentTarget.value})}>
                {["day", "session", "range"].map((kind) => (
                    <option key={kind} value={kind}>
                        {sayWord("validity_", kind)}
                    </option>
                ))}
            </select>
            {value.kind === "range" && <input type="date" aria-label={say("field_sold_from")} value={value.from ?? ""} onChange={(event) => set({...value, from: event.currentTarget.value})} />}
            {value.kind === "range" && <input type="date" aria-label={say("field_sold_to")} value={value.to ?? ""} onChange={(event) => set({...value, to: event.currentTarget.value})} />}
        </fieldset>
    );
}

function Prices({value, present, currency, set}: {value: {from: string; price_minor: number}[]; present: number; currency: string; set: (next: unknown) => void}): VNode {
    const change = (at: number, part: object): void => set(value.map((price, index) => (index === at ? {...price, ...part} : price)));
    return (
        <fieldset>
            <legend>{say("field_prices")}</legend>
            {value.map((price, index) => (
                <span class="row tight" key={index}>
                    <input type="date" aria-label={say("field_from")} value={price.from} onChange={(event) => change(index, {from: event.currentTarget.value})} />
                    <Amount bare name={say("field_price_minor")} value={price.price_minor} currency={currency} set={(next) => change(index, {price_minor: next})} />
                    <button type="button" class="quiet" aria-label={say("catalogue_remove")} onClick={() => set(value.filter((_, at) => at !== index))}>
                        −
                    </button>
                </span>
            ))}
            <button type="button" class="quiet" onClick={() => set([...value, {from: today(), price_minor: value.at(-1)?.price_minor ?? present}])}>
                + {say("field_prices")}
            </button>
        </fieldset>
    );
}

export function Field({section, name: key, kind, item, catalogue, set}: {section: SectionKey; name: string; kind: Kind; item: Item; catalogue: Catalogue; set: (next: Item) => void}): VNode {
    const name = sayWord("field_", key);
    const value = item[key];
    const put = (next: unknown): void => set(withField(item, key, next));
    const id = `${section}-${key}`;
    switch (kind) {
        case "id":
            return <Labelled name={name}><input id={id} value={String(value ?? "")} pattern="[a-z0-9][a-z0-9._\-]{0,31}" autocomplete="off" autocapitalize="none" onInput={(event) => set({...item, [key]: event.currentTarget.value})} /></Labelled>;
        case "words": {
            const words = (value ?? {"zh-CN": "", en: ""}) as Words;
            return (
                <>
                    <Labelled name={`${name} (中文)`}><input lang="zh-CN" value={words["zh-CN"]} onInput={(event) => put({...words, "zh-CN": event.currentTarget.value})} /></Labelled>
                    <Labelled name={`${name} (English)`}><input lang="en" value={words.en} onInput={(event) => put({...words, en: event.currentTarget.value})} /></Labelled>
                </>
            );
        }
        case "money":
            return <Amount id={id} name={name} value={Number(value ?? 0)} currency={catalogue.currency} set={put} />;
        case "number":
            return <Labelled name={name}><input id={id} type="number" min="0" value={String(value ?? 0)} onInput={(event) => put(Number(event.currentTarget.value))} /></Labelled>;
        case "percent":
            return <Labelled name={name}><input id={id} type="number" min="0" max="100" value={value === undefined ? "" : String(value)} onInput={(event) => put(event.currentTarget.value === "" ? undefined : Number(event.currentTarget.value))} /></Labelled>;
        case "flag":
            return <label class="check"><input type="checkbox" checked={value === true} onChange={(event) => put(event.currentTarget.checked)} />{name}</label>;
        case "date":
            return <Labelled name={name}><input type="date" value={String(value ?? "")} onChange={(event) => put(event.currentTarget.value)} /></Labelled>;
        case "instant": {
            const text = String(value ?? "");
            return <Labelled name={name}><input type="datetime-local" value={text.slice(0, 16)} onChange={(event) => event.currentTarget.value && put(`${event.currentTarget.value}:00${text.slice(19)}`)} /></Labelled>;
        }
        case "isolated":
            return <Labelled name={name}><select value={String(value)} onChange={(event) => put(event.currentTarget.value)}>{["admit", "refuse", "ask"].map((one) => <option key={one} value={one}>{sayWord("isolated_", one)}</option>)}</select></Labelled>;
        case "product":
            return <Labelled name={name}><select value={String(value)} onChange={(event) => put(event.currentTarget.value)}><option value="" />{catalogue.products.filter((product) => product.validity.kind === "session").map((product) => <option key={product.id} value={product.id}>{named(product.name)}</option>)}</select></Labelled>;
        case "pin":
            return <Labelled name={say("field_pin_new")}><input type="password" inputMode="numeric" pattern="[0-9]{4,12}" autocomplete="new-password" value={String(value ?? "")} onInput={(event) => put(event.currentTarget.value)} /></Labelled>;
        case "zones":
            return <Ticks name={name} all={catalogue.zones.map((zone: Zone) => [zone.id, named(zone.name)])} chosen={(value ?? []) as string[]} set={put} />;
        case "roles":
            return <Ticks name={name} all={roles.map((role) => [role, sayWord("role_", role)])} chosen={(value ?? []) as string[]} set={put} />;
        case "validity":
            return <Validity value={(value ?? {kind: "day"}) as {kind: string}} set={put} />;
        case "prices":
            return <Prices value={(value ?? []) as {from: string; price_minor: number}[]} present={Number(item["price_minor"] ?? 0)} currency={catalogue.currency} set={put} />;
    }
}
