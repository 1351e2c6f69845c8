// The ways to central and to the peers with their history, what waits for central, and sending it again.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {timeOf} from "../shared/clock.ts";
import {Badge, Card, List} from "../shared/console.tsx";
import {age, dayAndTime} from "../shared/format.ts";
import {Chart} from "../shared/chart.tsx";
import {use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {unheard} from "../shared/unheard.ts";
import {say, written} from "../shared/words.ts";
import {bytes} from "./checks.ts";
import {tick} from "./known.ts";
import {Resync} from "./resync.tsx";
import {peak, rate, samples, statusAt} from "./watch.ts";
import type {Way} from "./ways.ts";
import {beginOf, outagesOf, stretchesOf, waysOf} from "./ways.ts";

// A line over the time since the start: high while the way was there, low and hatched in colour while it was not.
function Timeline({way, from, to}: {way: Way; from: number; to: number}): VNode {
    const stretches = stretchesOf(way, from, to);
    const {count, seconds} = outagesOf(stretches);
    const words = say("ops_timeline", {from: timeOf(from).slice(0, 5), count, age: age(seconds)});
    const place = (at: number): number => ((at - from) * 100) / (to - from);
    return (
        <svg class="timeline" viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label={words} data-outages={count}>
            <title>{words}</title>
            {stretches.map((stretch) => (
                <rect key={stretch.from} data-up={stretch.up} x={place(stretch.from)} width={Math.max(0.6, place(stretch.to) - place(stretch.from))} y={stretch.up ? 2 : 11} height={stretch.up ? 12 : 3} />
            ))}
        </svg>
    );
}

const nameOf = (way: Way): string => (way.peer ? say("ops_way_peer", {name: way.name}) : say("ops_way_central", {name: way.name === "default" ? say("ops_link_default") : way.name}));
function figureWords(way: Way): string {
    if (way.peer) return way.behind ? say("ops_way_behind", {count: way.behind}) : way.up ? say("ops_way_copied") : "";
    return way.up && way.rttMs !== null ? say("ops_rtt", {ms: way.rttMs}) : "";
}

// What is known of one of them: its figure over time, and when it came and went.
function OneWay({way}: {way: Way}): VNode {
    const seen = use(samples);
    const recent = seen.filter((_, index) => index % Math.ceil(seen.length / 300) === 0);
    const title = way.peer ? say("ops_lag_chart", {name: way.name}) : say("ops_rtt_chart");
    return (
        <div class="stack" data-way={way.key}>
            <Chart name={title} height={130} time at={recent.map((sample) => sample.at / 1000)} series={[{name: title, values: recent.map((sample) => sample.ways.get(way.key) ?? null)}]} />
            <List
                name={say("ops_history")}
                rows={[...way.history].reverse()}
                keyOf={(change) => `${change.time}${change.state}`}
                height={170}
                empty={say("ops_history_none")}
                columns={[
                    {name: say("ops_time"), cell: (change) => dayAndTime(change.time) + change.time.slice(16, 19)},
                    {name: say("ops_link"), cell: () => nameOf(way)},
                    {name: say("ops_state"), cell: (change) => <Badge state={change.state === "up" ? "good" : "warn"}>{change.state === "up" ? say("ops_up") : say("ops_down")}</Badge>},
                ]}
            />
        </div>
    );
}

function Links(): VNode {
    const now = use(status);
    const at = Math.max(use(tick), use(statusAt));
    const silent = use(unheard);
    const [chosen, setChosen] = useState("");
    const ways = now ? waysOf(now) : [];
    const picked = ways.find((way) => way.key === chosen) ?? ways[0];
    const from = beginOf(ways, at);
    return (
        <Card title={say("ops_links")}>
            <List<Way>
                name={say("ops_links")}
                rows={ways}
                keyOf={(way) => way.key}
                height={300}
                picked={picked?.key}
                pick={(way) => setChosen(way.key)}
                columns={[
                    {name: say("ops_link"), cell: (way) => <Badge state={silent ? "idle" : way.up ? "good" : "warn"}>{nameOf(way)}</Badge>},
                    {name: say("ops_state"), cell: (way) => (silent ? say("unknown_since", {count: silent}) : way.up ? say("ops_up") : say("ops_down"))},
                    {name: say("ops_history"), cell: (way) => <Timeline way={way} from={from} to={at} />},
                    {name: say("ops_figure"), right: true, cell: (way) => <span class="soft">{figureWords(way)}</span>},
                ]}
            />
            {!picked?.peer && now?.central.url && <code data-central>{now.central.url}</code>}
            {!picked?.peer && !now?.central.connected && now?.central.last_error && (
                <details>
                    <summary>{say("ops_link_why")}</summary>
                    <code lang="en">{now.central.last_error}</code>
                </details>
            )}
            {picked && <OneWay key={picked.key} way={picked} />}
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
                    <strong data-backlog={left}>{written(left)}</strong>
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
                    <strong>{speed ? say("ops_per_second", {count: Math.round(speed)}) : "–"}</strong>
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
            <Chart name={say("ops_records_waiting")} height={130} time at={recent.map((sample) => sample.at / 1000)} series={[{name: say("ops_records_waiting"), values: recent.map((sample) => sample.backlog)}]} />
        </Card>
    );
}

export function LinksTab(): VNode {
    return (
        <div class="grid">
            <Links />
            <div class="stack">
                <Backlog />
                <Resync />
            </div>
        </div>
    );
}
