// The events of the node or of central, resumed by id after a break. A browser has six connections for all its pages, so
// that one page has the stream, the one with the lock, and tells the others. When it goes, or when nothing comes from it,
// the next one goes on where it was.
import {signal} from "./state.ts";

const kinds = ["scan", "passage", "sale", "print", "lane", "link", "peer", "device", "incident", "job", "heartbeat", "snapshot_needed", "baskets", "ingest", "catalogue", "node"] as const;
export type Kind = (typeof kinds)[number];

export const heard = signal(true); // false: this page's own node does not answer

const name = "gatehouse-events"; // of the lock, and of the channel between the pages
const patience = 25_000; // milliseconds in which at least a heartbeat comes

// Between pages: an event, how the stream is, and the question of a page that has just been opened.
type Said = {event: Kind; id: string; data: string} | {heard: boolean; last: string} | "ask";

// Ids are RUN-NUMBER. Of another run than before: later.
function isLater(id: string, last: string): boolean {
    const [at, before] = [id.lastIndexOf("-"), last.lastIndexOf("-")];
    return id.slice(0, at) !== last.slice(0, before) || Number(id.slice(at + 1)) > Number(last.slice(before + 1));
}

// Opens the stream after `last()`, again and again, until it is ended.
function stream(last: () => string, told: (kind: Kind, id: string, data: string) => void, state: (heard: boolean) => void): {end: () => void} {
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
        source?.close();
        clearTimeout(silence);
        clearTimeout(again);
    };
    const alive = (): void => {
        clearTimeout(silence);
        silence = setTimeout(reopen, patience);
        state(true);
    };
    const reopen = (): void => {
        end();
        state(false);
        again = setTimeout(open, 500);
    };
    const open = (): void => {
        source = new EventSource(`/api/v1/events${last() ? `?last_event_id=${encodeURIComponent(last())}` : ""}`);
        source.onopen = alive;
        source.onerror = reopen;
        for (const kind of kinds) {
            source.addEventListener(kind, (event: MessageEvent<string>) => {
                alive();
                told(kind, event.lastEventId, event.data);
            });
        }
    };
    open();
    return {end};
}

export function follow(told: (kind: Kind, data: unknown) => void): () => void {
    let last = "";
    let ended = false;
    let release: (() => void) | undefined; // gives up the stream, where this page has it
    let silence: ReturnType<typeof setTimeout> | undefined;
    const pages = new BroadcastChannel(name);
    const leaving = new AbortController();

    const hear = (kind: Kind, id: string, data: string): void => {
        if (id && !isLater(id, last)) return;
        if (id) last = id;
        told(kind, data ? (JSON.parse(data) as unknown) : {});
    };
    const tell = (said: Said): void => pages.postMessage(said);
    const lead = (): Promise<void> =>
        new Promise((done) => {
            if (ended) return done();
            clearTimeout(silence);
            const one = stream(() => last, (kind, id, data) => {
                tell({event: kind, id, data});
                hear(kind, id, data);
            }, (alive) => {
                if (heard.value !== alive) tell({heard: alive, last});
                heard.set(alive);
            });
            release = () => {
                release = undefined;
                one.end();
                done();
            };
        });
    const wait = (steal: boolean): void => {
        navigator.locks.request(name, steal ? {steal} : {signal: leaving.signal}, lead).catch(() => {
            release?.(); // another page has taken it
            if (!ended) wait(false);
        });
    };
    // A page that has the stream and says nothing has stopped: this one takes it.
    const listen = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => !release && wait(true), patience + 5_000);
    };
    pages.onmessage = ({data}: MessageEvent<Said>): void => {
        if (data === "ask") return release && tell({heard: heard.value, last});
        if (release) return;
        listen();
        if ("event" in data) {
            heard.set(true);
            return hear(data.event, data.id, data.data);
        }
        heard.set(data.heard);
        if (last === "") last = data.last;
    };
    // Without a secure context there are no locks: each page has a stream of its own, and tells nobody.
    if (navigator.locks) {
        listen();
        wait(false);
        tell("ask");
    } else {
        pages.close();
        const one = stream(() => last, hear, (alive) => heard.set(alive));
        release = () => one.end();
    }
    return () => {
        ended = true;
        clearTimeout(silence);
        leaving.abort();
        release?.();
        pages.close();
    };
}
