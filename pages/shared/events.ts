// The events of the node or of central, resumed by id after a break. A connection on which not even a heartbeat comes is given up.
import {signal} from "./state.ts";

const kinds = ["scan", "passage", "sale", "print", "lane", "link", "peer", "device", "incident", "job", "heartbeat", "snapshot_needed", "baskets", "ingest", "catalogue", "node"] as const;
export type Kind = (typeof kinds)[number];

export const heard = signal(true); // false: this page's own node does not answer

export function follow(told: (kind: Kind, data: unknown) => void): () => void {
    let last = "";
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;

    const alive = (): void => {
        heard.set(true);
        clearTimeout(silence);
        silence = setTimeout(reopen, 25_000);
    };
    const reopen = (): void => {
        heard.set(false);
        source?.close();
        clearTimeout(silence);
        clearTimeout(again);
        again = setTimeout(open, 500);
    };
    const open = (): void => {
        source = new EventSource(`/api/v1/events${last ? `?last_event_id=${encodeURIComponent(last)}` : ""}`);
        source.onopen = alive;
        source.onerror = reopen;
        for (const kind of kinds) {
            source.addEventListener(kind, (event: MessageEvent<string>) => {
                if (event.lastEventId) last = event.lastEventId;
                alive();
                told(kind, event.data ? (JSON.parse(event.data) as unknown) : {});
            });
        }
    };
    open();
    return () => {
        source?.close();
        clearTimeout(silence);
        clearTimeout(again);
    };
}
