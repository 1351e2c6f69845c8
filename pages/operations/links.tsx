// The way to central: links with their history, what waits, and sending it again.
import type {VNode} from "preact";
import {Badge, Card, List} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {age, dayAndTime} from "../shared/format.ts";
import {Chart} from "../shared/chart.tsx";
import {use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {say} from "../shared/words.ts";
import {bytes} from "./checks.ts";
import {tick} from "./known.ts";
import {Resync} from "./resync.tsx";
import {peak, rate, samples} from "./watch.ts";

function Links(): VNode {
    const now = use(status);
    const seen = use(samples);
    const recent = seen.filter((_, index) => index % Math.ceil(seen.length / 300) === 0);
    const history = now?.links.flatMap((link) => (link.history ?? []).map((change) => ({...change, name: link.name}))).reverse() ?? [];
    return (
        <Card title={say("ops_links")}>
            {now?.links.map((link) => (
                <div class="row between" key={link.name}>
                    <Badge state={link.state === "up" ? "good" : "warn"}>
                        {link.name === "default" ? say("ops_link_default") : link.name} · {link.state === "up" ? say("ops_up") : say("ops_down")}
                    </Badge>
                    <span class="soft">{link.rtt_ms === null ? "" : say("ops_rtt", {ms: link.rtt_ms})}</span>
                </div>
            ))}
            {now?.central.url && <code>{now.central.url}</code>}
            {!now?.central.connected && now?.central.last_error && (
                <details>
                    <summary>{say("ops_link_why")}</summary>
                    <code lang="en">{now.central.last_error}</code>
                </details>
            )}
            <Chart name={say("ops_rtt_chart")} height={150} time at={recent.map((sample) => sample.at / 1000)} series={[{name: say("ops_rtt_chart"), values: recent.map((sample) => sample.rtt)}]} />
            <List
                name={say("ops_history")}
                rows={history}
                keyOf={(change) => `${change.name}${change.time}${change.state}`}
                height={170}
                empty={say("ops_history_none")}
                columns={[
                    {name: say("ops_time"), cell: (change) => dayAndTime(change.time) + change.time.slice(16, 19)},
                    {name: say("ops_link"), cell: (change) => (change.name === "default" ? say("ops_link_default") : change.name)},
                    {name: say("ops_state"), cell: (change) => <Badge state={change.state === "up" ? "good" : "warn"}>{change.state === "up" ? say("ops_up") : say("ops_down")}</Badge>},
                ]}
            />
        </Card>
    );
}

function Backlog(): VNode {
    const now = use(status);
    const seen = use(samples);
    const most = use(peak);
    use(tick);
    const left = now?.journal.backlog ?? 0;
    const speed = rate();
    const recent = seen.filter((_, index) => index % Math.ceil(seen.length / 300) === 0);
    return (
        <Card title={say("ops_backlog")}>
            <div class="figures">
                <div>
                    <strong data-backlog={left}>{left.toLocaleString("en")}</strong>
                    <span>{say("ops_records_waiting")}</span>
                </div>
                <div>
                    <strong>{bytes(now?.journal.backlog_bytes ?? 0)}</strong>
                    <span>{say("ops_size")}</span>
                </div>
                <div>
                    <strong>{left ? age(now?.journal.oldest_unacked_age_s ?? 0) : "–"}</strong>
                    <span>{say("ops_oldest")}</span>
                </div>
                <div>
                    <strong>{speed ? say("ops_per_second", {count: Math.round(speed).toLocaleString("en")}) : "–"}</strong>
                    <span>{say("ops_rate")}</span>
                </div>
                <div>
                    <strong>{left && speed ? age(left / speed) : "–"}</strong>
                    <span>{say("ops_time_left")}</span>
                </div>
            </div>
            {left > 0 ? (
                <progress max={most} value={most - left} aria-label={say("ops_backlog")} data-drained={most - left} data-peak={most} />
            ) : (
                <p class="good">✓ {say("check_backlog_none")}</p>
            )}
            <Chart name={say("ops_records_waiting")} height={170} time at={recent.map((sample) => sample.at / 1000)} series={[{name: say("ops_records_waiting"), values: recent.map((sample) => sample.backlog)}]} />
            <Facts
                rows={[
                    [say("ops_head"), now?.journal.head ?? 0],
                    [say("ops_acked"), now?.journal.acked ?? 0],
                    [say("ops_last_contact"), now?.central.last_contact ? dayAndTime(now.central.last_contact) : "–"],
                ]}
            />
        </Card>
    );
}

export function LinksTab(): VNode {
    return (
        <div class="grid">
            <Links />
            <Backlog />
            <Resync />
        </div>
    );
}
