// "Ready to open the doors": every check with what it found, what to do about it, and when that was known. Values only.
import type {Catalogue, Device, Lane, Print, Status, VenueSession} from "../shared/node.ts";
import type {State} from "../shared/console.tsx";
import {age, clockTime, money} from "../shared/format.ts";
import {remarked} from "../shared/refusal.ts";
import type {Trouble} from "../shared/troubles.ts";
import {troubleWord} from "../shared/troubles.ts";
import type {Key} from "../shared/words.ts";
import {listed, named, say, sayWord} from "../shared/words.ts";

export interface Check {
    key: string;
    name: string;
    state: State;
    found: string;
    fix: string;
    at: number; // when this was last known, milliseconds since 1970
}
export interface Known {
    status: Status;
    statusAt: number;
    catalogue: Catalogue | undefined;
    catalogueAt: number;
    prints: Print[];
    printsAt: number;
    windows: number; // of this node
    silent: number; // seconds since anything was heard of it; 0 while it answers
}
const order: State[] = ["idle", "good", "warn", "bad"];
export const worst = (states: readonly State[]): State => states.reduce((most, state) => (order.indexOf(state) > order.indexOf(most) ? state : most), "good" as State);

export const bytes = (count: number): string => {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let size = count;
    let unit = 0;
    for (; size >= 1000 && unit < units.length - 1; ++unit) size /= 1000;
    return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
};

const secondsSince = (time: string | null, now: number): number => (time === null ? 0 : Math.max(0, (now - Date.parse(time)) / 1000));

// What a person does about a device's present trouble: the words of schemas/words, as `gatehouse devices` says them.
const advice = {
    absent: "device_absent",
    denied: "device_denied",
    busy: "device_busy",
    unreachable: "device_unreachable",
    refused: "device_refused",
    lost: "device_lost",
    link_down: "device_lost",
    unplugged: "device_absent",
    silent: "device_silent",
    no_answer: "device_silent",
    no_ack: "device_silent",
    not_reachable: "device_silent",
    not_seen: "device_silent",
    unknown: "device_silent",
    not_trusted: "device_not_trusted",
    sensor_stuck: "device_sensor_stuck",
    tampered: "device_tampered",
    power_failed: "device_power_failed",
    alarm: "device_alarm",
    paper_low: "device_paper_low",
    paper_out: "device_paper_out",
    cover_open: "device_cover_open",
    cutter: "device_cutter",
    fault: "device_other",
} as const satisfies Record<Trouble, Key>;
export function deviceAdvice(trouble: Trouble | null): string {
    return say(advice[trouble ?? "fault"]);
}

// One that works may have a trouble all the same: little paper.
export const deviceState = (device: Device): State => (device.state !== "online" ? "bad" : device.trouble === null ? "good" : "warn");
export const deviceFix = (device: Device): string => (deviceState(device) === "good" ? "" : deviceAdvice(device.trouble));

// What of a lane's own is not well: a lane stays "normal" and "idle" while nobody can be scanned at it.
export const brokenOf = (lane: Lane, devices: readonly Device[]): Device[] => devices.filter((device) => device.lane === lane.name && device.state !== "online");
const hasTurnstile = (lane: Lane, devices: readonly Device[]): boolean => devices.some((device) => device.lane === lane.name && device.family === "turnstile");

export interface LaneJudged {
    state: State;
    found: string;
    fix: string;
}
export function judgeLane(lane: Lane, devices: readonly Device[]): LaneJudged {
    const broken = brokenOf(lane, devices);
    const trouble = lane.trouble && hasTurnstile(lane, devices) ? lane.trouble : "";
    const bad = lane.state === "faulted" || broken.length > 0 || trouble !== "";
    const said = broken.length > 0 ? broken.map((device) => `${sayWord("family_", device.family)} ${device.name} ${sayWord("device_is_", device.state)}`) : trouble ? [say("check_lane_turnstile")] : [];
    return {
        state: bad ? "bad" : lane.mode === "normal" ? "good" : "warn",
        found: [sayWord("mode_", lane.mode), sayWord("lane_", lane.state), ...said].join(" · "),
        fix: bad ? deviceAdvice(broken[0]?.trouble ?? (trouble || null)) : lane.mode === "normal" ? "" : say("check_lane_fix"),
    };
}

// Sessions of today that are not over and of which a window here has nothing to sell.
function withoutUnits(status: Status, at: number, catalogue: Catalogue | undefined): VenueSession[] {
    return (catalogue?.sessions ?? []).filter((session) => session.units_left === 0 && session.starts.slice(0, 10) === status.business_date && Date.parse(session.ends) > at);
}
function sessionName(session: VenueSession, catalogue: Catalogue | undefined): string {
    const product = catalogue?.products.find((one) => one.id === session.product);
    return `${product ? named(product.name) : session.product} ${clockTime(session.starts)}`;
}

function journalChecks({status, statusAt: at}: Known): Check[] {
    const open = status.journal.open !== false;
    const clock = status.clock.quality;
    return [
        {key: "journal", name: say("check_journal"), state: open ? "good" : "bad", at, fix: open ? "" : say("check_journal_fix"),
            found: open ? say("check_journal_open", {head: status.journal.head}) : remarked({words: say("strip_journal_closed"), remark: status.journal.closed_why ?? ""})},
        chainCheck(status, at),
        {key: "disk", name: say("check_disk"), state: status.disk.reserve_ok ? "good" : "bad", at, found: say("check_disk_free", {size: bytes(status.disk.free_bytes)}),
            fix: status.disk.reserve_ok ? "" : say("check_disk_fix")},
        {key: "clock", name: say("check_clock"), state: {synced: "good", holdover: "warn", suspect: "bad"}[clock] as State, at,
            found: `${sayWord("clock_", clock)}${status.clock.offset_ms === null ? "" : ` · ${say("check_clock_offset", {ms: status.clock.offset_ms})}`}`,
            fix: clock === "synced" ? "" : say("check_clock_fix")},
        certificateCheck(status, at),
    ];
}

function chainCheck({journal: {verified}}: Status, at: number): Check {
    const fault = verified?.fault;
    const found = !verified ? say("check_chain_under_way") : fault ? remarked({words: say("ops_not_whole"), remark: fault}) : verified.records === null ? say("check_chain_at_start") : say("check_chain_good", {count: verified.records});
    return {key: "chain", name: say("check_chain"), state: !verified ? "warn" : fault ? "bad" : "good", at: verified ? Date.parse(verified.time) : at, found, fix: fault ? say("check_chain_fix") : ""};
}

function certificateCheck(status: Status, at: number): Check {
    const until = status.certificate?.not_after ?? null;
    const days = until === null ? undefined : Math.floor((Date.parse(until) - at) / 86_400_000);
    const state: State = days === undefined ? "idle" : days > 30 ? "good" : days > 7 ? "warn" : "bad";
    return {key: "certificate", name: say("check_certificate"), state, at, found: days === undefined ? say("check_not_known") : say("check_certificate_days", {days, date: until!.slice(0, 10)}),
        fix: state === "warn" || state === "bad" ? say("check_certificate_fix") : ""};
}

// Which of them were given no quota, and which are sold out.
function unitsFound(short: VenueSession[], catalogue: Catalogue | undefined): string {
    const names = (some: VenueSession[]): {sessions: string} => ({sessions: listed(some.map((session) => sessionName(session, catalogue)))});
    const [none, sold] = [short.filter((session) => session.units_received === 0), short.filter((session) => session.units_received !== 0)];
    const found = [...(none.length ? [say("check_units_none", names(none))] : []), ...(sold.length ? [say("check_units_out", names(sold))] : [])];
    return found.join(" · ") || say("check_units_left");
}
function centralChecks({status, statusAt: at, catalogue, catalogueAt, windows}: Known): Check[] {
    const {central, journal} = status;
    const oldest = journal.oldest_unacked_age_s ?? 0;
    const version = status.catalogue_version ?? 0;
    const limit = catalogue?.limits.unverified_total_minor ?? 0;
    const spent = status.unverified_total_minor ?? 0;
    const near = limit > 0 && spent > limit * 0.8;
    const soldOut = withoutUnits(status, at, catalogue);
    return [
        {key: "central", name: say("check_central"), state: central.connected ? "good" : "warn", at: central.last_contact ? Math.max(Date.parse(central.last_contact), central.connected ? at : 0) : at,
            found: central.connected ? say("check_central_there", {url: central.url ?? ""}) : central.last_contact ? say("strip_offline", {since: age(secondsSince(central.last_contact, at))}) : say("strip_offline_yet"),
            fix: central.connected ? "" : say("check_central_fix")},
        {key: "backlog", name: say("check_backlog"), state: journal.backlog > 0 && oldest > 300 ? "warn" : "good", at, found: journal.backlog === 0 ? say("check_backlog_none") : say("check_backlog_some", {count: journal.backlog, age: age(oldest)}),
            fix: journal.backlog > 0 && oldest > 300 ? say("check_backlog_fix") : ""},
        {key: "catalogue", name: say("check_catalogue"), state: version === 0 ? "bad" : "good", at: catalogueAt || at, found: say("check_catalogue_version", {version, products: catalogue?.products.length ?? 0}),
            fix: version === 0 ? say("check_catalogue_fix") : ""},
        ...(windows === 0 ? [] : [{key: "units", name: say("check_units"), state: soldOut.length > 0 ? "warn" : "good", at: catalogueAt || at,
            found: unitsFound(soldOut, catalogue), fix: soldOut.length > 0 ? say("check_units_fix") : ""} as Check]),
        {key: "unverified", name: say("check_unverified"), state: near ? "warn" : "good", at,
            found: catalogue ? say("check_unverified_of", {spent: money(spent, catalogue.currency), limit: money(limit, catalogue.currency)}) : say("check_not_known"), fix: near ? say("check_unverified_fix") : ""},
    ];
}

function placeChecks({status, statusAt: at, prints, printsAt}: Known): Check[] {
    const away = status.peers.filter((peer) => !peer.connected).map((peer) => peer.name);
    const asked = prints.filter((print) => print.state === "ask").length;
    return [
        {key: "peers", name: say("check_peers"), state: status.peers.length === 0 ? "idle" : away.length ? "warn" : "good", at,
            found: status.peers.length === 0 ? say("check_peers_none") : away.length ? say("check_peers_away", {names: listed(away)}) : say("check_peers_all", {count: status.peers.length}),
            fix: away.length ? say("check_peers_fix") : ""},
        {key: "prints", name: say("check_prints"), state: asked ? "warn" : "good", at: printsAt || at, found: asked ? say("check_prints_asked", {count: asked}) : say("check_prints_none"), fix: asked ? say("check_prints_fix") : ""},
        {key: "emergency", name: say("check_emergency"), state: status.emergency ? "bad" : "good", at, found: status.emergency ? say("check_emergency_on") : say("check_emergency_off"), fix: status.emergency ? say("check_emergency_fix") : ""},
        ...status.lanes.map((lane): Check => ({key: `lane ${lane.name}`, name: say("check_lane", {name: lane.name}), at, ...judgeLane(lane, status.devices)})),
        ...status.devices.map((device): Check => ({key: `device ${device.name}`, name: say("check_device", {name: device.name}), state: deviceState(device), at,
            found: [sayWord("family_", device.family), sayWord("device_is_", device.state), ...(device.trouble === null ? [] : [troubleWord(device.trouble)])].join(" · "), fix: deviceFix(device)})),
    ];
}

// A node that does not answer is neither well nor ill: what it said last is old.
export function checksOf(known: Known): Check[] {
    const all = [...journalChecks(known), ...centralChecks(known), ...placeChecks(known)];
    return known.silent === 0 ? all : all.map((check) => ({...check, state: "idle", found: say("unknown_since", {count: known.silent}), fix: ""}));
}
