// What the page has seen of the node since it was opened: backlog, how fast it drains, each way to another.
import {now as clock} from "../shared/clock.ts";
import {signal} from "../shared/state.ts";
import {refreshStatus, status} from "../shared/status.ts";
import {figureOf, waysOf} from "./ways.ts";

export interface Sample {
    at: number;
    backlog: number;
    acked: number;
    ways: ReadonlyMap<string, number | null>;
}
const kept = 1_800;

export const samples = signal<readonly Sample[]>([]);
export const statusAt = signal(0);
export const peak = signal(0); // the largest backlog since it was last empty

function seen(): void {
    const now = status.value;
    if (!now) return;
    statusAt.set(clock());
    const {backlog, acked} = now.journal;
    samples.set([...samples.value.slice(1 - kept), {at: clock(), backlog, acked, ways: new Map(waysOf(now).map((way) => [way.key, figureOf(way)]))}]);
    peak.set(backlog === 0 ? 0 : Math.max(peak.value, backlog));
}

// Records a second that central acknowledged over the last seconds; 0 while nothing moves.
export function rate(): number {
    const last = samples.value.at(-1);
    if (!last || !status.value?.central.connected) return 0;
    const first = samples.value.find((sample) => sample.at >= last.at - 6_000);
    if (!first || last.at - first.at < 300) return 0;
    return Math.max(0, (last.acked - first.acked) / ((last.at - first.at) / 1000));
}

// While something waits and central is there the node is asked often: ten thousand records go in a second, and a person
// should see them go.
export function watch(): () => void {
    const end = status.follow(seen);
    seen();
    let over = false;
    const often = async (): Promise<void> => {
        const now = status.value;
        if (now && now.journal.backlog > 0) await refreshStatus();
        if (!over) setTimeout(() => void often(), now?.central.connected || !now ? 100 : 500);
    };
    void often();
    return () => {
        over = true;
        end();
    };
}
