// Records as people read them, and the audit: what was done, by whom, newest first.
import type {VNode} from "preact";
import {useEffect, useRef, useState} from "preact/hooks";
import {get} from "../shared/api.ts";
import type {Column} from "../shared/console.tsx";
import {Badge, Card, List, trouble, useAnswer} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {dayAndTime} from "../shared/format.ts";
import {use} from "../shared/state.ts";
import {say, sayWord} from "../shared/words.ts";
import {bodyWords, brief} from "./body.ts";
import type {JournalRecord, Records} from "./central.ts";
import {nodes} from "./known.ts";
import {nodeName} from "./names.ts";

const nodeOf = (record: JournalRecord): string => (record.node === 0 ? say("ops_of_central") : nodeName(record.node));

export function recordColumns(withNode: boolean): Column<JournalRecord>[] {
    return [
        {name: say("ops_time"), width: withNode ? "10rem" : "6rem", cell: (record) => (withNode ? dayAndTime(record.time) : record.time.slice(11, 16)) + record.time.slice(16, 19)},
        {name: say("records_kind"), width: withNode ? "12rem" : "7rem", cell: (record) => sayWord("kind_", record.kind)},
        ...(withNode ? [{name: say("page_operator"), width: "8rem", cell: (record: JournalRecord) => record.operator || "–"}] : []),
        {name: say("records_record"), width: "7rem", cell: (record) => record.record},
        {name: say("records_body"), cell: (record) => <span class="soft">{brief(record)}</span>},
    ];
}

export function WholeRecord({record: id}: {record: string}): VNode {
    const record = useAnswer<JournalRecord>(`records/${id}`);
    const now = record.value;
    const said = now && bodyWords(now);
    return (
        <div class="record" data-record={id}>
            {now && (
                <>
                    <p>
                        <strong>{sayWord("kind_", now.kind)}</strong> · {dayAndTime(now.time) + now.time.slice(16, 19)} · {nodeOf(now)}
                        {now.operator && ` · ${now.operator}`} · {now.record}{" "}
                        <Badge state={now.clock === "synced" ? "good" : now.clock === "holdover" ? "idle" : "warn"}>{sayWord("clock_", now.clock)}</Badge>
                    </p>
                    {said ? <Facts rows={said} /> : <p class="soft">{say("records_undecodable")}</p>}
                </>
            )}
            {record.trouble && <p class="trouble">{record.trouble}</p>}
        </div>
    );
}

// One journal, read on as somebody scrolls.
function Journal({node, text}: {node: string; text: string}): VNode {
    const [records, setRecords] = useState<JournalRecord[]>([]);
    const [picked, setPicked] = useState<JournalRecord>();
    const next = useRef<number | null | undefined>(undefined);
    const asking = useRef(false);
    const more = async (): Promise<void> => {
        if (asking.current || next.current === null) return;
        asking.current = true;
        try {
            const answer = await get<Records>(`records?node=${node}${next.current ? `&before=${next.current}` : ""}`);
            next.current = answer.next;
            setRecords((former) => [...former, ...answer.records]);
        } catch (problem) {
            next.current = null;
            trouble(problem);
        }
        asking.current = false;
    };
    useEffect(() => void more(), []);
    const shown = text === "" ? records : records.filter((record) => `${sayWord("kind_", record.kind)} ${record.kind} ${record.operator} ${record.record} ${brief(record)}`.toLowerCase().includes(text.toLowerCase()));
    return (
        <>
            <List<JournalRecord> name={say("audit_title")} rows={shown} keyOf={(record) => record.record} height={picked ? 330 : 560} nearEnd={() => void more()} picked={picked?.record} pick={setPicked} empty={say("records_none")} columns={recordColumns(true)} />
            {picked && <WholeRecord key={picked.record} record={picked.record} />}
        </>
    );
}

export function Audit(): VNode {
    const [node, setNode] = useState("0");
    const [text, setText] = useState("");
    const all = use(nodes.cell);
    return (
        <Card
            title={say("audit_title")}
            aside={
                <span class="row">
                    <input type="search" aria-label={say("audit_search")} placeholder={say("audit_search")} value={text} onInput={(event) => setText(event.currentTarget.value)} />
                    <select aria-label={say("audit_journal")} value={node} onChange={(event) => setNode(event.currentTarget.value)}>
                        <option value="0">{say("ops_of_central")}</option>
                        {all.map((one) => (
                            <option key={one.node} value={String(one.node)}>
                                {one.name}
                            </option>
                        ))}
                    </select>
                </span>
            }
        >
            <Journal key={node} node={node} text={text} />
        </Card>
    );
}
