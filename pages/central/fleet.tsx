// The venue's nodes: which are heard, how far their journals have come, and what may be done about one.
import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {call} from "../shared/api.ts";
import type {State} from "../shared/console.tsx";
import {now as clock} from "../shared/clock.ts";
import {Badge, Card, go, List, place, Qr, useAnswer, useDoing} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {age, dayAndTime} from "../shared/format.ts";
import {session} from "../shared/frame.tsx";
import {signal, use} from "../shared/state.ts";
import {unheard} from "../shared/unheard.ts";
import {say, sayWord} from "../shared/words.ts";
import type {Records, VenueNode} from "./central.ts";
import {recordColumns} from "./records.tsx";
import {may, nodes} from "./known.ts";

export const lagOf = (node: VenueNode): number => node.epochs.reduce((sum, epoch) => sum + Math.max(0, epoch.head - epoch.received), 0);
const lastRecord = (node: VenueNode): string | undefined => node.epochs.at(-1)?.last_record;

// Enrolled, and never heard since.
export const fresh = (node: VenueNode): boolean => !node.connected && node.last_contact === null && node.epochs.every((epoch) => epoch.received === 0);

type Stand = "online" | "behind" | "offline" | "new" | "forked" | "revoked";
export function standing(node: VenueNode): Stand {
    if (node.revoked) return "revoked";
    if (node.epochs.some((epoch) => epoch.forked)) return "forked";
    if (!node.connected) return fresh(node) ? "new" : "offline";
    return lagOf(node) > 0 ? "behind" : "online";
}
const stateOf: Record<Stand, State> = {online: "good", behind: "warn", offline: "warn", new: "idle", forked: "bad", revoked: "idle"};
const standings: Stand[] = ["online", "behind", "offline", "new", "forked", "revoked"];

// What central said last is old when it does not answer any more.
function Standing({node}: {node: VenueNode}): VNode {
    const silent = use(unheard);
    const now = standing(node);
    return silent ? <Badge state="idle">{say("unknown_since", {count: silent})}</Badge> : <Badge state={stateOf[now]}>{sayWord("node_is_", now)}</Badge>;
}

// By what it acknowledged: one that is away may have heard of a newer one from its peers.
function HeldCatalogue({node}: {node: VenueNode}): VNode {
    const held = node.catalogue;
    if (!held) return <span class="soft">{say("node_catalogue_unknown")}</span>;
    const {version, behind} = held;
    return behind > 0 && !node.revoked ? <Badge state="warn">{say("node_catalogue_behind", {version, count: behind})}</Badge> : <span>{say("node_catalogue_is", {version})}</span>;
}

function Enrol(): VNode {
    const [token, setToken] = useState<{token: string; name: string; expires_at: string}>();
    const [busy, run] = useDoing();
    const enrolled = use(nodes.cell).some((node) => node.name === token?.name && !node.revoked);
    const [over, setOver] = useState<string>(); // the token that nobody used in its time
    const expired = token !== undefined && over === token.token && !enrolled;
    // Whoever stands beside the new node waits for it to be listed, as long as the token holds.
    useEffect(() => {
        if (!token || enrolled || expired) return;
        const every = setInterval(() => {
            nodes.again();
            if (clock() > Date.parse(token.expires_at)) setOver(token.token);
        }, 1_000);
        return () => clearInterval(every);
    }, [token, enrolled, expired]);
    const command = token && `gatehouse enrol --central https://${location.hostname}:${(session.value?.sync ?? ":8443").split(":").at(-1)} --token ${token.token} --config /etc/gatehouse/node.toml`;
    return (
        <Card title={say("enrol_title")}>
            <form
                class="row"
                onSubmit={(event) => {
                    event.preventDefault();
                    const name = String(new FormData(event.currentTarget as HTMLFormElement).get("node")).trim();
                    run(async () => setToken(await call("POST", "enrolment-tokens", {name})));
                }}
            >
                <label>
                    {say("enrol_name")}
                    <input name="node" pattern="[a-z0-9][a-z0-9._\-]{0,31}" placeholder="gate-a" required autocomplete="off" autocapitalize="none" />
                </label>
                <button type="submit" class="main" disabled={busy}>
                    {say("enrol_issue")}
                </button>
            </form>
            {token && enrolled && <p class="good" role="status">✓ {say("enrol_done", {name: token.name})}</p>}
            {token && expired && <p class="trouble" role="status">▲ {say("enrol_expired", {name: token.name, time: dayAndTime(token.expires_at)})}</p>}
            {token && !enrolled && !expired && (
                <div class="token">
                    <Qr text={token.token} name={say("enrol_qr", {name: token.name})} />
                    <div>
                        <p>{say("enrol_once", {name: token.name, time: dayAndTime(token.expires_at)})}</p>
                        <code data-token>{token.token}</code>
                        <p class="soft">{say("enrol_command")}</p>
                        <code>{command}</code>
                    </div>
                </div>
            )}
        </Card>
    );
}

function ResyncForm({node}: {node: VenueNode}): VNode {
    const [busy, run] = useDoing();
    return (
        <form
            class="row"
            onSubmit={(event) => {
                event.preventDefault();
                const fields = new FormData(event.currentTarget as HTMLFormElement);
                const body = Object.fromEntries([...fields].filter(([, value]) => value !== "").map(([key, value]) => [key, Number(value)]));
                run(async () => {
                    await call("POST", `nodes/${node.node}/resync`, body);
                    return say("node_resync_ordered", {name: node.name});
                });
            }}
        >
            <label>
                {say("resync_from")}
                <input name="from" type="number" min="1" class="short" />
            </label>
            <label>
                {say("resync_to")}
                <input name="to" type="number" min="1" class="short" />
            </label>
            <button type="submit" disabled={busy}>
                {say("resync_title")}
            </button>
        </form>
    );
}

export function RevokeNode({node}: {node: VenueNode}): VNode {
    const [busy, run] = useDoing();
    const [sure, setSure] = useState(false);
    const last = node.epochs.at(-1);
    return (
        <form
            class="row"
            onInput={() => setSure(false)} // what was confirmed was something else
            onSubmit={(event) => {
                event.preventDefault();
                if (!sure) return setSure(true);
                const fields = new FormData(event.currentTarget as HTMLFormElement);
                run(async () => {
                    await call("POST", `nodes/${node.node}/revoke`, {last_seq: Number(fields.get("last")), reason: String(fields.get("reason"))});
                    setSure(false);
                    nodes.again();
                    return say("node_revoked", {name: node.name});
                });
            }}
        >
            <label>
                {say("node_last_trusted")}
                <input name="last" type="number" min="0" required class="short" defaultValue={String(last?.received ?? 0)} />
            </label>
            <label>
                {say("window_reason")}
                <input name="reason" maxLength={200} required />
            </label>
            <button type="submit" class="danger" disabled={busy}>
                {sure ? say("node_revoke_sure") : say("node_revoke")}
            </button>
        </form>
    );
}

function Detail({node}: {node: VenueNode}): VNode {
    const records = useAnswer<Records>(`records?node=${node.node}&count=50`, 10_000);
    return (
        <Card title={`${node.name} (${node.node})`} aside={<Standing node={node} />}>
            <Facts
                rows={[
                    [say("node_enrolled"), dayAndTime(node.enrolled_at)],
                    [say("ops_last_contact"), node.last_contact ? dayAndTime(node.last_contact) : "–"],
                    [say("node_address"), node.address ?? "–"],
                    [say("node_software"), node.software ?? "–"],
                    [say("node_catalogue"), <HeldCatalogue node={node} />],
                    ...(node.catalogue ? [[say("node_catalogue_since"), dayAndTime(node.catalogue.since)] as const] : []),
                ]}
            />
            {node.catalogue && node.catalogue.behind > 0 && !node.revoked && <p class="soft">{say("node_catalogue_hint")}</p>}
            <List
                name={say("node_epochs")}
                rows={node.epochs}
                keyOf={(epoch) => String(epoch.epoch)}
                columns={[
                    {name: say("ops_epoch"), cell: (epoch) => epoch.epoch},
                    {name: say("node_received"), right: true, cell: (epoch) => epoch.received},
                    {name: say("node_known"), right: true, cell: (epoch) => epoch.head},
                    {name: say("ops_lag"), right: true, cell: (epoch) => Math.max(0, epoch.head - epoch.received)},
                    {name: say("node_last_record"), cell: (epoch) => (epoch.last_record ? dayAndTime(epoch.last_record) : "–")},
                ]}
            />
            {may("order_resync") && !node.revoked && <ResyncForm node={node} />}
            {may("revoke_nodes") && !node.revoked && <RevokeNode key={node.node} node={node} />}
            <h2>{say("node_records")}</h2>
            <List name={say("node_records")} rows={records.value?.records ?? []} keyOf={(record) => record.record} height={240} empty={say("records_none")} columns={recordColumns(false)} />
        </Card>
    );
}

const filter = signal<{text: string; standing: Stand | ""}>({text: "", standing: ""});

export function Fleet(): VNode {
    const all = use(nodes.cell);
    const {text, standing: wanted} = use(filter);
    const at = use(place)[1];
    const picked = all.find((node) => node.name === at || String(node.node) === at);
    const rows = all.filter((node) => node.name.includes(text.trim()) && (wanted === "" || standing(node) === wanted));
    const now = clock();
    const count = (which: Stand): number => all.filter((node) => standing(node) === which).length;
    return (
        <div class={picked ? "split" : "stack"}>
            <div class="stack">
            <Card
                title={say("fleet_title")}
                aside={
                    <form class="row" onSubmit={(event) => event.preventDefault()}>
                        <input type="search" aria-label={say("fleet_search")} placeholder={say("fleet_search")} value={text} onInput={(event) => filter.set({...filter.value, text: event.currentTarget.value})} />
                        <select aria-label={say("ops_state")} value={wanted} onChange={(event) => filter.set({...filter.value, standing: event.currentTarget.value as Stand | ""})}>
                            <option value="">{say("fleet_all", {count: all.length})}</option>
                            {standings.map((one) => (
                                <option key={one} value={one}>{`${sayWord("node_is_", one)} (${count(one)})`}</option>
                            ))}
                        </select>
                    </form>
                }
            >
                <List<VenueNode>
                    name={say("fleet_title")}
                    rows={rows}
                    keyOf={(node) => String(node.node)}
                    height={420}
                    picked={picked ? String(picked.node) : undefined}
                    pick={(node) => go("fleet", node.name)}
                    empty={say("fleet_none")}
                    columns={[
                        {name: say("ops_name"), cell: (node) => node.name},
                        {name: say("ops_state"), cell: (node) => <Standing node={node} />},
                        {name: say("ops_last_contact"), cell: (node) => (node.last_contact ? dayAndTime(node.last_contact) : "–")},
                        {name: say("ops_lag"), right: true, cell: (node) => (lagOf(node) ? <Badge state="warn">{say("fleet_records", {count: lagOf(node)})}</Badge> : "0")},
                        {name: say("node_last_record"), right: true, cell: (node) => (lastRecord(node) ? say("fleet_ago", {age: age(Math.max(0, (now - Date.parse(lastRecord(node)!)) / 1000))}) : "–")},
                        {name: say("node_catalogue"), cell: (node) => <HeldCatalogue node={node} />},
                        ...(picked ? [] : [{name: say("node_software"), cell: (node: VenueNode) => <span class="soft">{(node.software ?? "").replace(/^gatehouse /, "")}</span>}]),
                    ]}
                />
            </Card>
            {may("enrol_nodes") && <Enrol />}
            </div>
            {picked && <Detail key={picked.node} node={picked} />}
        </div>
    );
}
