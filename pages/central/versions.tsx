// What the catalogue was: its versions, and how two of them differ.
import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {get} from "../shared/api.ts";
import {Badge, go, List, place, trouble, useAnswer} from "../shared/console.tsx";
import {dayAndTime} from "../shared/format.ts";
import {use} from "../shared/state.ts";
import {say, sayWord} from "../shared/words.ts";
import type {Catalogue} from "./central.ts";
import type {Change} from "./draft.ts";
import {changesOf} from "./draft.ts";

export function Changes({changes}: {changes: Change[]}): VNode {
    const sign = {added: "+", removed: "−", changed: "→"};
    return (
        <ul class="changes">
            {changes.map((change) => (
                <li key={`${change.section}/${change.id}`} data-change={change.kind}>
                    <strong>
                        {sign[change.kind]} {sayWord("field_", change.section)} · {change.id}
                    </strong>{" "}
                    {sayWord("change_", change.kind)}
                    <dl>
                        {change.fields.map((field) => (
                            <div key={field.name}>
                                <dt>{field.name}</dt>
                                <dd>
                                    {change.kind === "changed" && <del>{field.before}</del>} <ins>{field.after}</ins>
                                </dd>
                            </div>
                        ))}
                    </dl>
                </li>
            ))}
        </ul>
    );
}

interface Version {
    version: number;
    record: string;
    time: string;
    operator: string;
}
interface Some {
    versions: Version[];
    next: number | null;
}

// Newest first; `more` asks for older ones. A version that comes while somebody reads is put on top.
function useVersions(latest: number): {versions: Version[]; more: () => void} {
    const [known, setKnown] = useState<Some>({versions: [], next: null});
    const [asking, setAsking] = useState(false);
    const ask = (before: number, take: (found: Some) => Some): void => {
        if (asking) return;
        setAsking(true);
        get<Some>(`catalogue/versions?before=${before}`)
            .then((found) => setKnown(take(found)), trouble)
            .finally(() => setAsking(false));
    };
    useEffect(() => ask(latest + 1, (found) => found), [latest]);
    const more = (): void => {
        if (known.next !== null) ask(known.next, (found) => ({versions: [...known.versions, ...found.versions], next: found.next}));
    };
    return {versions: known.versions, more};
}

function Comparison({version, all}: {version: number; all: Version[]}): VNode {
    const [against, setAgainst] = useState(version - 1);
    const after = useAnswer<Catalogue>(`catalogue/versions/${version}`);
    const before = useAnswer<Catalogue>(against > 0 ? `catalogue/versions/${against}` : undefined);
    const changes = after.value && before.value ? changesOf(before.value, after.value) : undefined;
    return (
        <div class="stack" data-version={version} data-against={against}>
            <label>
                {say("catalogue_compare", {version})}
                <select value={against} onChange={(event) => setAgainst(Number(event.currentTarget.value))}>
                    {against < 1 && <option value={against}>–</option>}
                    {all.filter((one) => one.version !== version).map((one) => (
                        <option key={one.version} value={one.version}>
                            {`${one.version} · ${dayAndTime(one.time)}`}
                        </option>
                    ))}
                </select>
            </label>
            {changes && (changes.length ? <Changes changes={changes} /> : <p class="soft">{say("catalogue_same")}</p>)}
        </div>
    );
}

export function Versions({version}: {version: number}): VNode {
    const {versions, more} = useVersions(version);
    const at = Number(use(place)[2] ?? 0);
    const picked = versions.find((one) => one.version === at);
    return (
        <div class={picked ? "split" : "stack"}>
            <List<Version>
                name={say("catalogue_versions")}
                rows={versions}
                keyOf={(one) => String(one.version)}
                height={440}
                picked={picked ? String(picked.version) : undefined}
                pick={(one) => go("catalogue", "versions", String(one.version))}
                nearEnd={more}
                columns={[
                    {name: say("catalogue_version"), cell: (one) => one.version},
                    {name: say("ops_state"), cell: (one) => one.version === version && <Badge state="good">{say("catalogue_in_force")}</Badge>},
                    {name: say("ops_time"), cell: (one) => `${one.time.slice(0, 10)} ${one.time.slice(11, 19)}`},
                    {name: say("page_operator"), cell: (one) => one.operator || "–"},
                    {name: say("records_record"), cell: (one) => one.record},
                ]}
            />
            {picked && <Comparison key={picked.version} version={picked.version} all={versions} />}
        </div>
    );
}
