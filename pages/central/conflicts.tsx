// The work list: what replay brought to light, its evidence, who looks at it, and what was decided.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {call} from "../shared/api.ts";
import {Badge, Card, go, List, place, useDoing} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {dayAndTime, money} from "../shared/format.ts";
import {session} from "../shared/frame.tsx";
import {signal, use} from "../shared/state.ts";
import {say, sayWord} from "../shared/words.ts";
import type {Conflict, Evidence} from "./central.ts";
import {catalogue, conflicts, may} from "./known.ts";
import {WholeRecord} from "./records.tsx";
import {findingOf, subjectOf} from "./said.ts";

const outcomes = ["accepted", "written_off", "collected", "staff_error", "technical", "fraud"] as const;
type Filter = "open" | "mine" | "resolved" | "all";
const filter = signal<{which: Filter; kind: string}>({which: "open", kind: ""});

function put(now: Conflict): void {
    conflicts.cell.set(conflicts.cell.value.map((one) => (one.id === now.id ? now : one)));
}

// What it rests on, in the order of time.
const recordsOf = (conflict: Conflict): Evidence[] => [...conflict.evidence, ...conflict.related].sort((a, b) => ((a.time ?? "") < (b.time ?? "") ? -1 : 1));
// The same figure on the list and above its records: of very many only the first are listed.
const countOf = (conflict: Conflict): number => conflict.evidence_count + conflict.related.length;
const kindWords = (one: Evidence): string => [sayWord("kind_", one.kind ?? ""), one.role && one.role !== "sold" ? sayWord("conflict_role_", one.role) : ""].filter(Boolean).join(" · ");
const howMuch = (one: Evidence, currency: string): string => (one.amount_minor !== undefined ? money(one.amount_minor, currency) : one.persons ? say("conflict_persons", {count: one.persons}) : "");

function EvidenceList({conflict}: {conflict: Conflict}): VNode {
    const [chosen, setPicked] = useState<string>();
    const evidence = recordsOf(conflict);
    const uses = evidence.filter((one) => one.kind === "verdict");
    // What went in twice is compared side by side: who, where, when, how many.
    const paired = conflict.kind === "duplicate_admission" && uses.length > 1;
    const picked = chosen ?? (paired ? undefined : conflict.evidence[0]?.record);
    return (
        <>
            {paired && (
                <div class="pair">
                    {uses.slice(0, 4).map((one) => (
                        <WholeRecord key={one.record} record={one.record} />
                    ))}
                </div>
            )}
            <h2 data-count={countOf(conflict)}>{say("conflict_evidence", {count: countOf(conflict)})}</h2>
            <List<Evidence>
                name={say("conflict_evidence", {count: countOf(conflict)})}
                rows={evidence}
                keyOf={(one) => one.record}
                height={260}
                picked={picked}
                pick={(one) => setPicked(one.record)}
                columns={[
                    {name: say("records_record"), cell: (one) => one.record},
                    {name: say("records_kind"), cell: kindWords},
                    {name: say("ops_time"), cell: (one) => (one.time ? dayAndTime(one.time) + one.time.slice(16, 19) : "–")},
                    {name: say("ops_gate"), cell: (one) => [one.gate, one.lane].filter(Boolean).join(" · ")},
                    {name: say("conflict_how_much"), right: true, cell: (one) => howMuch(one, conflict.currency)},
                ]}
            />
            {picked && <WholeRecord key={picked} record={picked} />}
        </>
    );
}

function Decide({conflict}: {conflict: Conflict}): VNode {
    const [busy, run] = useDoing();
    const people = (use(catalogue.cell)?.operators ?? []).filter((person) => person.roles.some((role) => ["manager", "auditor", "administrator"].includes(role)));
    return (
        <>
            <form
                class="row"
                onSubmit={(event) => {
                    event.preventDefault();
                    const operator = String(new FormData(event.currentTarget as HTMLFormElement).get("operator"));
                    run(async () => {
                        put(await call<Conflict>("POST", `conflicts/${encodeURIComponent(conflict.id)}/assign`, {operator}));
                        return say("conflict_assigned", {operator});
                    });
                }}
            >
                <label>
                    {say("conflict_assign_to")}
                    <select name="operator">
                        {people.map((person) => (
                            <option key={person.name} value={person.name} selected={person.name === (conflict.assigned ?? session.value?.operator)}>
                                {person.name}
                            </option>
                        ))}
                    </select>
                </label>
                <button type="submit" disabled={busy}>
                    {say("conflict_assign")}
                </button>
            </form>
            <form
                class="settle"
                onSubmit={(event) => {
                    event.preventDefault();
                    const fields = new FormData(event.currentTarget as HTMLFormElement);
                    run(async () => {
                        put(await call<Conflict>("POST", `conflicts/${encodeURIComponent(conflict.id)}/resolve`, {outcome: String(fields.get("outcome")), note: String(fields.get("note"))}));
                        return say("conflict_settled");
                    });
                }}
            >
                <label>
                    {say("conflict_outcome")}
                    <select name="outcome">
                        {outcomes.map((outcome) => (
                            <option key={outcome} value={outcome}>
                                {sayWord("outcome_", outcome)}
                            </option>
                        ))}
                    </select>
                </label>
                <label>
                    {say("conflict_note")}
                    <textarea name="note" maxLength={400} required />
                </label>
                <button type="submit" class="main" disabled={busy}>
                    {say("conflict_settle")}
                </button>
            </form>
        </>
    );
}

function Detail({conflict}: {conflict: Conflict}): VNode {
    const settled = conflict.state === "resolved";
    const finding = findingOf(conflict);
    return (
        <Card title={sayWord("conflict_kind_", conflict.kind)} aside={<Badge state={settled ? "good" : "warn"}>{settled ? say("conflict_resolved") : say("conflict_open")}</Badge>}>
            <p>{sayWord("conflict_about_", conflict.kind)}</p>
            <Facts
                rows={[
                    [say("conflict_subject"), subjectOf(conflict)],
                    [say("conflict_money"), money(conflict.money_minor, conflict.currency)],
                    ...(finding ? [[say("conflict_detail"), finding] as const] : []),
                    ...(conflict.assigned ? [[say("conflict_assign_to"), conflict.assigned] as const] : []),
                    ...(settled ? [[say("conflict_outcome"), sayWord("outcome_", conflict.outcome ?? "")] as const, [say("conflict_note"), conflict.note ?? ""] as const, [say("page_operator"), `${conflict.operator} · ${conflict.time ? dayAndTime(conflict.time) : ""}`] as const] : []),
                ]}
            />
            <EvidenceList conflict={conflict} />
            {!settled && may("resolve_conflicts") && <Decide conflict={conflict} />}
        </Card>
    );
}

export function ConflictsTab(): VNode {
    const all = use(conflicts.cell);
    const {which, kind} = use(filter);
    const me = session.value?.operator;
    const holds: Record<Filter, (one: Conflict) => boolean> = {
        open: (one) => one.state === "open", mine: (one) => one.state === "open" && one.assigned === me, resolved: (one) => one.state === "resolved", all: () => true,
    };
    const rows = all.filter((one) => holds[which](one) && (kind === "" || one.kind === kind)).sort((a, b) => b.money_minor - a.money_minor);
    const at = use(place)[1];
    const picked = all.find((one) => one.id === at);
    const sum = rows.reduce((total, one) => total + one.money_minor, 0);
    return (
        <div class="split">
            <Card
                title={say("conflicts_title")}
                aside={
                    <span class="row">
                        <select aria-label={say("ops_state")} value={which} onChange={(event) => filter.set({...filter.value, which: event.currentTarget.value as Filter})}>
                            {(["open", "mine", "resolved", "all"] as const).map((one) => (
                                <option key={one} value={one}>{`${sayWord("conflicts_", one)} (${all.filter(holds[one]).length})`}</option>
                            ))}
                        </select>
                        <select aria-label={say("records_kind")} value={kind} onChange={(event) => filter.set({...filter.value, kind: event.currentTarget.value})}>
                            <option value="">{say("conflicts_every_kind")}</option>
                            {[...new Set(all.map((one) => one.kind))].sort().map((one) => (
                                <option key={one} value={one}>
                                    {sayWord("conflict_kind_", one)}
                                </option>
                            ))}
                        </select>
                    </span>
                }
            >
                <p class="soft">{say("conflicts_sum", {count: rows.length, amount: money(sum, all[0]?.currency ?? session.value?.currency ?? "CNY")})}</p>
                <List<Conflict>
                    name={say("conflicts_title")}
                    rows={rows}
                    keyOf={(one) => one.id}
                    height={540}
                    picked={picked?.id}
                    pick={(one) => go("conflicts", one.id)}
                    empty={say("conflicts_none")}
                    columns={[
                        {name: say("records_kind"), cell: (one) => sayWord("conflict_kind_", one.kind)},
                        {name: say("conflict_subject"), cell: subjectOf},
                        {name: say("conflict_money"), right: true, cell: (one) => money(one.money_minor, one.currency)},
                        {name: say("conflict_evidence_short"), right: true, cell: (one) => countOf(one)},
                        {name: say("conflict_assign_to"), cell: (one) => one.assigned ?? "–"},
                        {name: say("ops_state"), cell: (one) => <Badge state={one.state === "open" ? "warn" : "good"}>{one.state === "open" ? say("conflict_open") : say("conflict_resolved")}</Badge>},
                    ]}
                />
            </Card>
            {picked ? <Detail key={picked.id} conflict={picked} /> : <Card title={say("conflict_evidence_short")}><p class="soft">{say("conflict_pick")}</p></Card>}
        </div>
    );
}
