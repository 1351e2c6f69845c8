import type {VNode} from "preact";
import {Badge, Card, List, shapes} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {clockTime} from "../shared/format.ts";
import {use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {unheard} from "../shared/unheard.ts";
import {say} from "../shared/words.ts";
import type {Check} from "./checks.ts";
import {worst} from "./checks.ts";
import {checks, tick} from "./known.ts";

const ago = (at: number, now: number): string => {
    const seconds = Math.max(0, Math.round((now - at) / 1000));
    return seconds < 120 ? say("ago_seconds", {count: seconds}) : seconds < 7_200 ? say("ago_minutes", {count: Math.round(seconds / 60)}) : say("ago_hours", {count: Math.round(seconds / 3_600)});
};

function Worst(): VNode {
    const all = use(checks);
    const silent = use(unheard);
    const state = silent ? "idle" : worst(all.map((check) => check.state));
    const bad = all.filter((check) => check.state === "bad");
    const warn = all.filter((check) => check.state === "warn");
    return (
        <section class="worst" data-state={state} role="status" aria-label={say("ops_worst")}>
            <strong>
                <span aria-hidden="true">{shapes[state]}</span> {silent ? say("unknown_since", {count: silent}) : bad.length ? say("ops_bad", {count: bad.length}) : warn.length ? say("ops_warn", {count: warn.length}) : say("ops_good")}
            </strong>
            <span>{[...bad, ...warn].map((check) => check.name).join(" · ")}</span>
        </section>
    );
}

function Board(): VNode {
    const all = use(checks);
    const now = use(tick);
    const silent = use(unheard);
    const rank = {bad: 0, warn: 1, idle: 3, good: 2};
    const sorted = [...all].sort((a, b) => rank[a.state] - rank[b.state]);
    return (
        <Card title={say("ops_board")} aside={<span class="soft">{silent ? say("unknown_since", {count: silent}) : say("ops_board_count", {good: all.filter((check) => check.state === "good").length, all: all.filter((check) => check.state !== "idle").length})}</span>}>
            <List<Check>
                name={say("ops_board")}
                rows={sorted}
                keyOf={(check) => check.key}
                height={1_200}
                columns={[
                    {name: say("ops_check"), cell: (check) => <Badge state={check.state}>{check.name}</Badge>},
                    {name: say("ops_found"), cell: (check) => check.found},
                    {name: say("ops_fix"), cell: (check) => check.fix},
                    {name: say("ops_age"), right: true, cell: (check) => <span class="soft nowrap">{ago(check.at, now)}</span>},
                ]}
            />
        </Card>
    );
}

export function Overview(): VNode {
    const now = use(status);
    return (
        <>
            <Worst />
            <div class="split board">
                <Board />
                <Card title={say("ops_node")}>
                    {now && (
                        <Facts
                            rows={[
                                [say("ops_name"), `${now.name} (${now.node})`],
                                [say("ops_version"), now.version ?? ""],
                                [say("ops_business_date"), now.business_date ?? ""],
                                [say("ops_catalogue"), say("ops_catalogue_version", {version: now.catalogue_version ?? 0})],
                                [say("ops_epoch"), now.epoch],
                                [say("ops_head"), now.journal.head],
                                [say("ops_acked"), now.journal.acked],
                                [say("ops_last_contact"), now.central.last_contact ? clockTime(now.central.last_contact) : "–"],
                                [say("ops_admitted"), now.lanes.reduce((sum, lane) => sum + lane.admitted_today, 0)],
                            ]}
                        />
                    )}
                </Card>
            </div>
        </>
    );
}
