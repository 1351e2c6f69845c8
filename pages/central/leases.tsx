// Units of sessions that were handed to nodes (离线配额).
import type {VNode} from "preact";
import {call} from "../shared/api.ts";
import {Badge, Card, List, useAnswer, useDoing} from "../shared/console.tsx";
import {dayAndTime} from "../shared/format.ts";
import {use} from "../shared/state.ts";
import {say} from "../shared/words.ts";
import type {Leases} from "./central.ts";
import {catalogue, may, nodes} from "./known.ts";

export function LeasesTab(): VNode {
    const answer = useAnswer<Leases>("leases", 10_000);
    const all = use(nodes.cell);
    const starts = new Map((use(catalogue.cell)?.sessions ?? []).map((session) => [session.id, session.starts]));
    const nameOf = (node: number): string => all.find((one) => one.node === node)?.name ?? String(node);
    const [busy, run] = useDoing();
    const leases = answer.value;
    return (
        <div class="grid">
            <Card title={say("leases_sessions")}>
                <List
                    name={say("leases_sessions")}
                    rows={leases?.sessions ?? []}
                    keyOf={(session) => session.session}
                    empty={say("leases_no_sessions")}
                    columns={[
                        {name: say("window_session"), cell: (session) => session.session},
                        {name: say("field_starts"), cell: (session) => (starts.has(session.session) ? dayAndTime(starts.get(session.session)!) : "")},
                        {name: say("field_capacity"), right: true, cell: (session) => session.capacity},
                        {name: say("field_paper_slice"), right: true, cell: (session) => session.paper_slice},
                        {name: say("leases_granted"), right: true, cell: (session) => session.granted},
                        {name: say("leases_returned"), right: true, cell: (session) => session.returned},
                        {name: say("leases_pool"), right: true, cell: (session) => (session.pool === 0 ? <Badge state="warn">0</Badge> : <strong>{session.pool}</strong>)},
                    ]}
                />
            </Card>
            <Card title={say("leases_title")}>
                {may("grant_leases") && (
                    <form
                        class="row"
                        onSubmit={(event) => {
                            event.preventDefault();
                            const fields = new FormData(event.currentTarget as HTMLFormElement);
                            run(async () => {
                                await call("POST", "leases", {node: Number(fields.get("node")), session: String(fields.get("session")), units: Number(fields.get("units"))});
                                answer.again();
                                return say("leases_done", {units: Number(fields.get("units"))});
                            });
                        }}
                    >
                        <label>
                            {say("ops_node")}
                            <select name="node" required>
                                {all.filter((node) => !node.revoked).map((node) => (
                                    <option key={node.node} value={node.node}>
                                        {node.name}
                                    </option>
                                ))}
                            </select>
                        </label>
                        <label>
                            {say("window_session")}
                            <select name="session" required>
                                {leases?.sessions.map((session) => (
                                    <option key={session.session} value={session.session}>{`${session.session} (${session.pool})`}</option>
                                ))}
                            </select>
                        </label>
                        <label>
                            {say("leases_units")}
                            <input name="units" type="number" min="1" max="1000000" required class="short" />
                        </label>
                        <button type="submit" class="main" disabled={busy}>
                            {say("leases_grant")}
                        </button>
                    </form>
                )}
                <List
                    name={say("leases_title")}
                    rows={[...(leases?.leases ?? [])].reverse()}
                    keyOf={(lease) => lease.lease}
                    empty={say("leases_none")}
                    columns={[
                        {name: say("ops_time"), cell: (lease) => dayAndTime(lease.time)},
                        {name: say("ops_node"), cell: (lease) => nameOf(lease.node)},
                        {name: say("window_session"), cell: (lease) => lease.session},
                        {name: say("leases_units"), right: true, cell: (lease) => lease.units},
                        {name: say("ops_state"), cell: (lease) => <Badge state={lease.received ? "good" : "warn"}>{lease.received ? say("leases_received") : say("leases_on_the_way")}</Badge>},
                        {name: say("page_operator"), cell: (lease) => lease.operator},
                    ]}
                />
            </Card>
        </div>
    );
}
