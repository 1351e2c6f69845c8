// Every way to another: to central, and to each peer; what is known of each since the node was started. Values only.
import type {Status} from "../shared/node.ts";

export interface Change {
    time: string;
    state: "up" | "down";
}
export interface Way {
    key: string;
    name: string;
    peer: boolean;
    up: boolean;
    rttMs: number | null;
    behind: number | null; // records that the peer has not copied
    lastContact: string | null;
    history: readonly Change[];
}

export function waysOf(status: Status): Way[] {
    const links = status.links.map((link): Way => ({
        key: `link ${link.name}`, name: link.name, peer: false, up: link.state === "up", rttMs: link.rtt_ms, behind: null, lastContact: status.central.last_contact, history: link.history ?? [],
    }));
    const peers = status.peers.map((peer): Way => ({
        key: `peer ${peer.node ?? peer.name}`, name: peer.name, peer: true, up: peer.connected, rttMs: null, behind: peer.lag, lastContact: peer.last_contact ?? null, history: peer.history ?? [],
    }));
    return [...links, ...peers];
}

// What its chart shows: the round trip to central, or how much a peer has not copied yet.
export const figureOf = (way: Way): number | null => (way.peer ? way.behind : way.rttMs);

export interface Stretch {
    from: number; // milliseconds since 1970
    to: number;
    up: boolean;
}
// Up and down without a gap until `to`, from `from` or from what is known first: what was before that, nobody knows.
export function stretchesOf({history, up}: Way, from: number, to: number): Stretch[] {
    if (history.length === 0) return [{from, to, up}];
    // A page's clock may be a little behind the node's: what has changed has changed.
    const changes = history.map(({time, state}) => ({at: Math.min(to, Math.max(from, Date.parse(time))), up: state === "up"}));
    const stretches: Stretch[] = [];
    for (const [index, change] of changes.entries()) {
        const end = Math.min(changes[index + 1]?.at ?? to, to);
        const last = stretches.at(-1);
        if (last?.up === change.up) last.to = end;
        else if (end > change.at || index === changes.length - 1) stretches.push({from: change.at, to: end, up: change.up});
    }
    return stretches;
}

export interface Outages {
    count: number;
    seconds: number;
}
export function outagesOf(stretches: readonly Stretch[]): Outages {
    const down = stretches.filter((stretch) => !stretch.up);
    return {count: down.length, seconds: down.reduce((sum, {from, to}) => sum + (to - from) / 1000, 0)};
}

const shortest = 60_000;
// From when the lines of time are drawn: the first change of any, at least a minute ago.
export const beginOf = (ways: readonly Way[], now: number): number =>
    Math.min(now - shortest, ...ways.map((way) => (way.history[0] ? Date.parse(way.history[0].time) : now)));
