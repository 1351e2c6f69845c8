// Units of sessions that were handed to nodes (离线配额).
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {insist, newId, Refused, Told} from "../shared/api.ts";
import {now as clock} from "../shared/clock.ts";
import {Badge, Card, List, trouble, useAnswer, useDoing} from "../shared/console.tsx";
import {dayAndTime} from "../shared/format.ts";
import {use} from "../shared/state.ts";
import {say} from "../shared/words.ts";
import type {Leases} from "./central.ts";
import {catalogue, may, nodes} from "./known.ts";
import {sessionName} from "./names.ts";

export function LeasesTab(): VNode {
    const answer = useAnswer<Leases>("leases", 10_000);
    const all = use(nodes.cell);
    const listed = use(catalogue.cell)?.sessions ?? [];
    const ends = new Map(listed.map((session) => [session.id, Date.parse(session.ends)]));
    const over = (session: string): boolean => (ends.get(session) ?? Infinity) <= clock();
    const nameOf = (node: number): string => all.find((one) => one.node === node)?.name ?? String(node);
    const [busy, run] = useDoing();
    const leases = answer.value;
    // Those that are over come last: nothing of them can be sold any more.
    const sessions = [...(leases?.sessions ?? [])].sort((a, b) => Number(over(a.session)) - Number(over(b.session)) || (ends.get(a.session) ?? 0) - (ends.get(b.session) ?? 0));
    const [picked, setPicked] = useState("");
    const session = sessions.find((one) => one.session === picked) ?? sessions[0];
    const grant = async (fields: FormData): Promise<string> => {
        const units = Number(fields.get("units"));
        try {
            const lease = {id: newId(), node: Number(fields.get("node")), session: String(fields.get("session")), units};
            await insist("POST", "leases", lease, () => trouble(new Told(say("console_asking_again"))));
        } catch (problem) {
            if (problem instanceof Refused && problem.code === "no_units_left") throw new Told(say("leases_too_many", {left: session?.pool ?? 0}));
            throw problem;
        } finally {
            answer.again();
        }
        return say("leases_done", {units});
    };
    return (
        <div class="grid roomy">
            <Card title={say("leases_sessions")}>
                <List
                    name={say("leases_sessions")}
                    rows={sessions}
                    keyOf={(session) => session.session}
                    empty={say("leases_no_sessions")}
                    columns={[
                        {name: say("window_session"), cell: (session) => <span title={session.session}>{sessionName(session.session)}{over(session.session) && <Badge state="idle"> {say("leases_over")}</Badge>}</span>},
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
                            const form = event.currentTarget as HTMLFormElement;
                            run(async () => {
                                const said = await grant(new FormData(form));
                                (form.elements.namedItem("units") as HTMLInputElement).value = ""; // a second Enter grants nothing
                                return said;
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
                            <select name="session" required value={session?.session ?? ""} onChange={(event) => setPicked(event.currentTarget.value)}>
                                {sessions.map((one) => (
                                    <option key={one.session} value={one.session}>{`${sessionName(one.session)} · ${say("leases_pool")} ${one.pool}${over(one.session) ? ` · ${say("leases_over")}` : ""}`}</option>
                                ))}
                            </select>
                        </label>
                        <label>
                            {say("leases_units")}
                            <input name="units" type="number" min="1" max="1000000" required class="short" />
                        </label>
                        <button type="submit" class="main" disabled={busy}>
                            {session && over(session.session) ? say("leases_grant_still") : say("leases_grant")}
                        </button>
                        {session && over(session.session) && <p class="trouble">▲ {say("leases_over_hint")}</p>}
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
                        {name: say("window_session"), cell: (lease) => sessionName(lease.session)},
                        {name: say("leases_units"), right: true, cell: (lease) => lease.units},
                        {name: say("ops_state"), cell: (lease) => <Badge state={lease.received ? "good" : "warn"}>{lease.received ? say("leases_received") : say("leases_on_the_way")}</Badge>},
                        {name: say("page_operator"), cell: (lease) => lease.operator},
                    ]}
                />
            </Card>
        </div>
    );
}
