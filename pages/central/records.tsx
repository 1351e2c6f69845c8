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

// What is looked for in a record, made once.
const searched = new WeakMap<JournalRecord, string>();
function searchedText(record: JournalRecord): string {
    const made = searched.get(record) ?? `${sayWord("kind_", record.kind)} ${record.kind} ${record.operator} ${record.record} ${brief(record)}`.toLowerCase();
    searched.set(record, made);
    return made;
}
const aScreenful = 40; // rows: a search reads on until it has as many

// Which of `records` have what is `wanted`, looked through in pieces: who types is not kept waiting by 50,000 rows.
function useSearch(records: readonly JournalRecord[], wanted: string): {rows: JournalRecord[]; looked: number} {
    const [, again] = useState(0);
    const found = useRef<{wanted: string; looked: number; rows: JournalRecord[]}>({wanted: "", looked: 0, rows: []});
    if (found.current.wanted !== wanted) found.current = {wanted, looked: 0, rows: []};
    const now = found.current;
    useEffect(() => {
        if (wanted === "" || now.looked === records.length) return;
        const later = setTimeout(() => {
            const piece: JournalRecord[] = [];
            for (const end = performance.now() + 8; now.looked < records.length && performance.now() < end; ++now.looked) {
                const record = records[now.looked]!;
                if (searchedText(record).includes(wanted)) piece.push(record);
            }
            if (piece.length) now.rows = [...now.rows, ...piece];
            again((count) => count + 1); // also where this search has looked through as many as the one before
        });
        return () => clearTimeout(later);
    }, [records, wanted, now.looked]);
    return now;
}

// One journal, read on as somebody scrolls, or as far back as a search has to look.
function Journal({node, text}: {node: string; text: string}): VNode {
    const [records, setRecords] = useState<JournalRecord[]>([]);
    const [picked, setPicked] = useState<JournalRecord>();
    const next = useRef<number | null | undefined>(undefined);
    const asking = useRef(false);
    const wanted = text.trim().toLowerCase();
    const {rows, looked} = useSearch(records, wanted);
    const shown = wanted === "" ? records : rows;
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
    useEffect(() => {
        if (wanted !== "" && looked === records.length && shown.length < aScreenful) void more();
    }, [records, wanted, looked]);
    const ended = next.current === null && (wanted === "" || looked === records.length);
    return (
        <>
            {wanted !== "" && (
                <p class="soft" role="status" data-searched={ended ? "all" : looked}>
                    {ended ? say("audit_searched_all", {count: looked, found: shown.length}) : say("audit_searched", {count: looked, found: shown.length})}
                </p>
            )}
            <List<JournalRecord> name={say("audit_title")} rows={shown} keyOf={(record) => record.record} height={picked ? 330 : 560} nearEnd={() => void more()} picked={picked?.record} pick={setPicked} empty={ended ? say("records_none") : ""} columns={recordColumns(true)} />
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
