// The journals held here and whether they are whole; the people who work here.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {call, Told} from "../shared/api.ts";
import {stampOf} from "../shared/clock.ts";
import {Badge, Card, List, useAnswer, useDoing} from "../shared/console.tsx";
import {remarked} from "../shared/refusal.ts";
import {use} from "../shared/state.ts";
import {refreshStatus, status} from "../shared/status.ts";
import {say, sayWord} from "../shared/words.ts";
import {catalogue, checks} from "./known.ts";

interface Journal {
    node: number;
    epoch: number;
    head: number;
    hash: string;
    acked: number;
    forked: boolean;
}
interface Judged {
    journal: string;
    head: number;
    verified: number;
    signatures: number;
    ok: boolean;
    fault?: string;
}

export function JournalTab(): VNode {
    const held = useAnswer<{journals: Journal[]}>("journals", 10_000);
    const [judged, setJudged] = useState<Judged[]>([]);
    const [busy, run] = useDoing();
    const own = use(status)?.node;
    const chain = use(checks).find((check) => check.key === "chain"); // what the node remembers of the last time, also after a reload
    const judge = async (): Promise<string> => {
        const {journals} = await call<{journals: Judged[]}>("POST", "journals/verify", {}, {within: 600_000});
        setJudged(journals);
        const broken = journals.filter((one) => !one.ok);
        const records = journals.reduce((sum, one) => sum + one.verified, 0);
        const faults = broken.map((one) => remarked({words: say("ops_broken", {journal: one.journal}), remark: one.fault ?? ""}));
        void refreshStatus();
        if (broken.length) throw new Told(faults[0]);
        held.again();
        return say("ops_verified", {count: records});
    };
    const all = held.value?.journals ?? [];
    const result = (journal: Journal): Judged | undefined => judged.find((one) => one.journal === `${journal.node}-${journal.epoch}`);
    return (
        <Card
            title={say("ops_journals")}
            aside={
                <button type="button" class="main" disabled={busy} onClick={() => run(judge)}>
                    {busy ? say("ops_verifying") : say("ops_verify")}
                </button>
            }
        >
            <p class="soft">{say("ops_verify_hint")}</p>
            {chain && (
                <p data-chain={chain.state}>
                    <Badge state={chain.state}>{chain.name}</Badge> {chain.found} · <span class="soft">{stampOf(chain.at).slice(5, 16).replace("T", " ")}</span>
                </p>
            )}
            <List<Journal>
                name={say("ops_journals")}
                rows={all}
                keyOf={(journal) => `${journal.node}-${journal.epoch}`}
                columns={[
                    {name: say("ops_journal"), cell: (journal) => `${journal.node === 0 ? say("ops_of_central") : journal.node === own ? say("ops_own") : say("ops_of_node", {node: journal.node})} · ${journal.epoch}`},
                    {name: say("ops_head"), right: true, cell: (journal) => journal.head},
                    {name: say("ops_acked"), right: true, cell: (journal) => journal.acked},
                    {name: say("ops_hash"), cell: (journal) => <code>{journal.hash.slice(0, 16)}</code>},
                    // What each came to is this page's own knowledge; before it has any, the line above says what the node remembers of all.
                    ...(judged.length === 0 && !all.some((journal) => journal.forked) ? [] : [{name: say("ops_state"), cell: (journal: Journal) => (journal.forked ? <Badge state="bad">{say("ops_forked")}</Badge> : result(journal) ? <Badge state={result(journal)!.ok ? "good" : "bad"}>{result(journal)!.ok ? say("check_chain_good", {count: result(journal)!.verified}) : say("ops_not_whole")}</Badge> : judged.length === 0 ? "" : <span class="soft">{say("ops_not_verified")}</span>)}]),
                    ...(judged.length === 0 ? [] : [{name: say("ops_signatures"), right: true, cell: (journal: Journal) => result(journal)?.signatures ?? ""}]),
                ]}
            />
        </Card>
    );
}

export function PeopleTab(): VNode {
    const now = use(catalogue);
    return (
        <Card title={say("ops_people")}>
            <p class="soft">{say("ops_people_hint")}</p>
            <List
                name={say("ops_people")}
                rows={now?.operators ?? []}
                keyOf={(person) => person.name}
                columns={[
                    {name: say("page_operator"), cell: (person) => person.name},
                    {name: say("ops_roles"), cell: (person) => person.roles.map((role) => sayWord("role_", role)).join(" · ")},
                ]}
            />
        </Card>
    );
}
