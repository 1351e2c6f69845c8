// The catalogue: changed here as a draft, previewed, judged by central, published on top of the version it came from.
import type {VNode} from "preact";
import {call, Refused, Told, untilAnswered} from "../shared/api.ts";
import {Badge, Card, forget, go, List, place, trouble, useDoing} from "../shared/console.tsx";
import {dayAndTime} from "../shared/format.ts";
import {signal, use} from "../shared/state.ts";
import {named, say, sayWord} from "../shared/words.ts";
import type {Catalogue, Limits} from "./central.ts";
import type {Change, Item, SectionKey} from "./draft.ts";
import {cautionsOf, changesOf, faultOf, freshItem, idOf, itemsOf, sectionKeys, shown, titleOf, withItem} from "./draft.ts";
import {Amount, Field, fieldsOf, wrong} from "./fields.tsx";
import {catalogue, may, nodes} from "./known.ts";
import {Changes, Versions} from "./versions.tsx";
import {today} from "./venue.ts";

const draft = signal<{base: Catalogue; now: Catalogue} | undefined>(undefined);
const preview = signal<Change[] | undefined>(undefined);

function edit(next: Catalogue): void {
    const base = draft.value?.base ?? catalogue.cell.value!;
    draft.set(changesOf(base, next).length === 0 && base === catalogue.cell.value ? undefined : {base, now: next});
    preview.set(undefined);
    forget();
}

// A draft is only here: leaving the page asks before it is lost.
addEventListener("beforeunload", (event) => {
    if (draft.value) event.preventDefault();
});

// The venue's offset from UTC, as central writes it.
const offset = (): string => (catalogue.cell.value?.sessions[0]?.starts ?? nodes.cell.value[0]?.enrolled_at ?? "+08:00").slice(-6);

function cellOf(key: string, item: Item, now: Catalogue): string {
    if (key === "starts") return dayAndTime(String(item[key]));
    const product = key === "product" && now.products.find((one) => one.id === item[key]);
    return product ? named(product.name) : shown(key, item[key], now.currency);
}

function Section({section, now}: {section: SectionKey; now: Catalogue}): VNode {
    const items = itemsOf(now, section);
    const at = use(place)[2];
    const picked = at === undefined ? -1 : Number(at);
    const item = items[picked];
    const writable = may("write_catalogue") && (section !== "operators" || may("write_operators"));
    const columns = {
        zones: ["name"], products: ["price_minor", "persons", "validity", "isolated"], concessions: ["percent"], sessions: ["product", "starts", "capacity", "paper_slice"], operators: ["roles"],
    }[section];
    return (
        <div class="split">
            <div class="stack">
                <List<Item>
                    name={sayWord("field_", section)}
                    rows={items}
                    keyOf={(one) => String(items.indexOf(one))}
                    height={440}
                    picked={item ? String(picked) : undefined}
                    pick={(one) => go("catalogue", section, String(items.indexOf(one)))}
                    columns={[
                        {name: say("field_id"), cell: (one) => idOf(section, one) || "?"},
                        ...(section === "sessions" || section === "operators" || section === "zones" ? [] : [{name: say("field_name"), cell: (one: Item) => titleOf(one)}]),
                        ...columns.map((key) => ({name: key === "persons" ? say("window_persons") : sayWord("field_", key), cell: (one: Item) => cellOf(key, one, now), right: key.endsWith("_minor")})),
                    ]}
                />
                {writable && (
                    <div class="row">
                        <button type="button" onClick={() => {
                            edit({...now, [section]: [...items, freshItem(section, now, offset(), today())]});
                            go("catalogue", section, String(items.length));
                        }}>
                            + {say("catalogue_add")}
                        </button>
                    </div>
                )}
            </div>
            {item && (
                <form class="fields" onSubmit={(event) => event.preventDefault()}>
                    <fieldset disabled={!writable}>
                        {fieldsOf[section].map(([name, kind]) => (
                            <Field key={name} section={section} name={name} kind={kind} item={item} catalogue={now} set={(next) => edit(withItem(now, section, picked, next))} />
                        ))}
                        <button type="button" class="danger" onClick={() => {
                            edit(withItem(now, section, picked, undefined));
                            go("catalogue", section);
                        }}>
                            {say("catalogue_remove")}
                        </button>
                    </fieldset>
                </form>
            )}
        </div>
    );
}

function Policies({now}: {now: Catalogue}): VNode {
    const set = (part: Partial<Limits>): void => edit({...now, limits: {...now.limits, ...part}});
    const amount = (key: "unverified_total_minor" | "refund_supervisor_minor"): VNode => (
        <Amount name={sayWord("field_", key)} value={now.limits[key]} currency={now.currency} set={(next) => set({[key]: next})} />
    );
    return (
        <form class="fields" onSubmit={(event) => event.preventDefault()}>
            <fieldset disabled={!may("write_catalogue")}>
                {amount("unverified_total_minor")}
                {amount("refund_supervisor_minor")}
                <label>
                    {say("field_session_grace_min")}
                    <input type="number" min="0" max="10080" value={now.limits.session_grace_min} onInput={(event) => set({session_grace_min: Number(event.currentTarget.value)})} />
                </label>
                <p class="soft">{say("catalogue_policies_hint")}</p>
            </fieldset>
        </form>
    );
}

// What central refuses is shown where it is.
async function judged<T>(ask: () => Promise<T>, now: Catalogue): Promise<T> {
    try {
        return await ask();
    } catch (problem) {
        const fault = problem instanceof Refused ? faultOf(problem.body, now) : undefined;
        if (!fault) throw problem;
        go("catalogue", fault.section, String(fault.at));
        throw new Told(fault.words);
    }
}

// What stands above the editor while there is something to publish.
function Publish(): VNode | null {
    const now = use(draft);
    const seen = use(preview);
    const bad = use(wrong).size > 0;
    const [busy, run] = useDoing();
    if (!now) return null;
    const changes = changesOf(now.base, now.now);
    const cautions = cautionsOf(now.base, now.now);
    const condition = {headers: {"If-Match": `"${now.base.version}"`}};
    return (
        <section class="publish" aria-label={say("catalogue_draft")}>
            <div class="row">
                <Badge state="warn">{say("catalogue_changes", {count: changes.length, version: now.base.version})}</Badge>
                <button type="button" class={seen ? "" : "main"} disabled={busy || changes.length === 0} onClick={() => run(async () => {
                    preview.set(undefined);
                    if (bad) throw new Told(say("catalogue_wrong_amounts", {count: wrong.value.size}));
                    await judged(() => call("POST", "catalogue/check", now.now, condition), now.now);
                    preview.set(changes);
                })}>
                    {say("catalogue_preview")}
                </button>
                {seen && !bad && (
                    <button type="button" class="main" disabled={busy} onClick={() => run(async () => {
                        // Asked again when its answer was lost: central knows it again.
                        const publish = (): Promise<Catalogue> => call<Catalogue>("PUT", "catalogue", now.now, condition);
                        const published = await judged(() => untilAnswered(publish, () => trouble(new Told(say("console_asking_again")))), now.now);
                        forget();
                        draft.set(undefined);
                        preview.set(undefined);
                        catalogue.cell.set(published);
                        return say("catalogue_published", {version: published.version});
                    })}>
                        {say("catalogue_publish", {version: now.base.version + 1})}
                    </button>
                )}
                <button type="button" onClick={() => {
                    draft.set(undefined);
                    preview.set(undefined);
                    catalogue.again();
                }}>
                    {say("catalogue_discard")}
                </button>
            </div>
            {seen && cautions.length > 0 && (
                <ul class="cautions">
                    {cautions.map((caution) => (
                        <li key={caution}>{caution}</li>
                    ))}
                </ul>
            )}
            {seen && <Changes changes={seen} />}
            {seen && <p class="good">✓ {say("catalogue_judged")}</p>}
        </section>
    );
}

export function CatalogueTab(): VNode {
    const current = use(catalogue.cell);
    const changed = use(draft);
    const part = use(place)[1] || "products";
    const now = changed?.now ?? current;
    if (!now) return <p class="soft">…</p>;
    const sections = [...sectionKeys, "limits", "versions"] as const;
    return (
        <Card
            title={say("catalogue_title")}
            aside={
                <nav class="tabs" aria-label={say("catalogue_title")}>
                    {sections.map((section) => (
                        <a key={section} href={`#catalogue/${section}`} onClick={forget} aria-current={part === section ? "page" : undefined}>
                            {sayWord("field_", section)}
                        </a>
                    ))}
                </nav>
            }
        >
            <p class="soft">{say("ops_catalogue_version", {version: current?.version ?? 0})}{changed && current && changed.base.version !== current.version && <strong class="trouble"> ▲ {say("catalogue_overtaken", {version: current.version})}</strong>}</p>
            <Publish />
            {part === "versions" ? <Versions version={current?.version ?? 0} /> : part === "limits" ? <Policies now={now} /> : <Section key={part} section={part as SectionKey} now={now} />}
        </Card>
    );
}

