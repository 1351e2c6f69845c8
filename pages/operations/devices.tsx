import type {VNode} from "preact";
import {call} from "../shared/api.ts";
import {now as clock} from "../shared/clock.ts";
import {Badge, Card, List, useDoing} from "../shared/console.tsx";
import {age, dayAndTime} from "../shared/format.ts";
import type {Device, TestOutcome} from "../shared/node.ts";
import {use} from "../shared/state.ts";
import {refreshStatus, status} from "../shared/status.ts";
import {troubleWord} from "../shared/troubles.ts";
import {say, sayWord} from "../shared/words.ts";
import {unheard} from "../shared/unheard.ts";
import {deviceFix, deviceState, judgeLane} from "./checks.ts";

// As the command line judges it (edge/cli/device_verbs.cpp): a test of which nobody knows the end did not succeed either.
const failed: Record<TestOutcome, boolean> = {shown: false, answered: false, connected: false, printed: false, not_printed: true, print_unknown: true};

function Orders({device}: {device: Device}): VNode {
    const [busy, run] = useDoing();
    const recording = device.recording !== null;
    return (
        <span class="row tight">
            <button type="button" class="quiet" disabled={busy} onClick={() => run(async () => {
                const {outcome} = await call<{outcome: TestOutcome}>("POST", `devices/${device.name}/test`, {});
                void refreshStatus();
                const words = say(`test_${outcome}`, {device: device.name});
                return failed[outcome] ? {failed: words} : words;
            })}>
                {say("ops_test")}
            </button>
            <button type="button" class="quiet" disabled={busy} aria-pressed={recording} onClick={() => run(async () => {
                const {file} = await call<{file?: string}>("POST", `devices/${device.name}/record`, {on: !recording});
                await refreshStatus();
                return file && !recording ? say("ops_recording", {file}) : say("ops_recording_ended");
            })}>
                {recording ? say("ops_record_end") : say("ops_record")}
            </button>
            {device.recording && <span class="soft" title={device.recording.file}>{say("ops_recorded", {since: dayAndTime(device.recording.since), size: Math.ceil(device.recording.octets / 1024)})}</span>}
        </span>
    );
}

// What is over is told as over.
function lastTrouble(device: Device): string {
    if (device.last_trouble === null) return "";
    const word = deviceState(device) === "good" ? say("ops_recovered", {trouble: troubleWord(device.last_trouble)}) : troubleWord(device.last_trouble);
    const since = device.last_error_at === null ? undefined : Math.max(0, clock() - Date.parse(device.last_error_at)) / 1000;
    return since === undefined ? word : `${word} · ${say("fleet_ago", {age: age(since)})}`;
}

export function DevicesTab(): VNode {
    const now = use(status);
    const silent = use(unheard);
    const unknown = silent ? say("unknown_since", {count: silent}) : "";
    const counters = (device: Device): string => Object.entries(device.counters).map(([name, count]) => `${sayWord("count_", name)} ${count}`).join(" · ");
    return (
        <div class="grid">
            <Card title={say("ops_devices")} wide>
                <p class="soft">{say("ops_answers_hint")}</p>
                <List<Device>
                    name={say("ops_devices")}
                    rows={now?.devices ?? []}
                    keyOf={(device) => device.name}
                    empty={say("ops_devices_none")}
                    columns={[
                        {name: say("ops_device"), cell: (device) => <Badge state={silent ? "idle" : deviceState(device)}>{device.name}</Badge>},
                        {name: say("ops_kind"), cell: (device) => `${sayWord("family_", device.family)} · ${device.driver}`},
                        {name: say("ops_state"), cell: (device) => unknown || sayWord("device_is_", device.state)},
                        {name: say("ops_fix"), cell: (device) => deviceFix(device)},
                        {name: say("ops_last_error"), cell: (device) => <span class="soft" title={[device.last_error, device.last_error_at && dayAndTime(device.last_error_at)].filter(Boolean).join(" · ")}>{lastTrouble(device)}</span>},
                        {name: say("ops_answers"), right: true, cell: (device) => (device.answers.count ? say("ops_answer_times", {p50: device.answers.p50_ms, p99: device.answers.p99_ms}) : "")},
                        {name: say("ops_counters"), cell: (device) => <span class="soft">{counters(device)}</span>},
                        {name: say("ops_orders"), cell: (device) => <Orders device={device} />},
                    ]}
                />
            </Card>
            <Card title={say("ops_lanes")}>
                <List
                    name={say("ops_lanes")}
                    rows={now?.lanes ?? []}
                    keyOf={(lane) => lane.name}
                    empty={say("gate_no_lanes")}
                    columns={[
                        {name: say("ops_lane"), cell: (lane) => <Badge state={silent ? "idle" : judgeLane(lane, now?.devices ?? []).state}>{lane.name}</Badge>},
                        {name: say("ops_gate"), cell: (lane) => `${lane.gate} → ${lane.zone}`},
                        {name: say("ops_state"), cell: (lane) => unknown || judgeLane(lane, now?.devices ?? []).found},
                        {name: say("ops_fix"), cell: (lane) => (silent ? "" : judgeLane(lane, now?.devices ?? []).fix)},
                        {name: say("ops_admitted"), right: true, cell: (lane) => lane.admitted_today},
                    ]}
                />
            </Card>
            <Card title={say("check_peers")}>
                <List
                    name={say("check_peers")}
                    rows={now?.peers ?? []}
                    keyOf={(peer) => peer.name}
                    empty={say("check_peers_none")}
                    columns={[
                        {name: say("ops_name"), cell: (peer) => <Badge state={silent ? "idle" : peer.connected ? "good" : "warn"}>{peer.name}</Badge>},
                        {name: say("ops_state"), cell: (peer) => unknown || (peer.connected ? say("ops_up") : say("ops_down"))},
                        {name: say("ops_copied"), right: true, cell: (peer) => peer.copied_seq},
                        {name: say("ops_lag"), right: true, cell: (peer) => peer.lag},
                    ]}
                />
            </Card>
        </div>
    );
}
