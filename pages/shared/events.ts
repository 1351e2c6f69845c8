// The events of the node or of central, resumed by id after a break. A browser has six connections to a host for all its pages,
// and each stream takes one. So pages share one stream: the page with the lock has it and tells the others. When that page
// goes, or does not answer (it may stand in a dialog), the next one goes on where it was. Who shows verdicts waits for no other
// page: up to two such pages of a browser have streams of their own. Two, the shared one, and one or two more that pages in
// dialogs still hold: there is always a connection left for calls.
import {signal} from "./state.ts";

const kinds = ["scan", "passage", "sale", "print", "lane", "link", "peer", "device", "incident", "job", "heartbeat", "snapshot_needed", "baskets", "ingest", "catalogue", "node"] as const;
export type Kind = (typeof kinds)[number];

export const heard = signal(true); // false: this page's own node does not answer
export const listening = signal(false); // false: what happens now is not told to this page

const name = "gatehouse-events"; // of the lock, and of the channel between the pages
const seats = [`${name}-1`, `${name}-2`]; // locks of the pages with streams of their own
const patience = 25_000; // milliseconds in which at least a heartbeat comes
const quiet = 700; // after which the page that has the stream is asked whether it is there
const answer = 1_000; // in which it says so
const seating = 200; // in which a seat that is free is had

// Between pages: an event, how the stream is, and the question whether somebody has it.
type Said = {event: Kind; id: string; data: string} | {heard: boolean; last: string} | "ask";

// Ids are RUN-NUMBER. Of another run than before: later.
function isLater(id: string, last: string): boolean {
    const [at, before] = [id.lastIndexOf("-"), last.lastIndexOf("-")];
    return id.slice(0, at) !== last.slice(0, before) || Number(id.slice(at + 1)) > Number(last.slice(before + 1));
}

// What a page knows of the events, however it hears them.
interface Ear {
    last: string;
    hear: (kind: Kind, id: string, data: string) => void;
}
interface Way {
    end: () => void;
}

function reached(alive: boolean): void {
    heard.set(alive);
    listening.set(alive);
}

// Opens the stream after the last event, again and again, until it is ended. A stream that goes on after none tells that what
// was asked before may be old.
function stream(ear: Ear, told: Ear["hear"], state: (alive: boolean) => void): Way {
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
        source?.close();
        clearTimeout(silence);
        clearTimeout(again);
    };
    const wait = (): void => {
        clearTimeout(silence);
        silence = setTimeout(reopen, patience);
    };
    const alive = (): void => {
        wait();
        state(true);
    };
    const reopen = (): void => {
        end();
        state(false);
        again = setTimeout(open, 500);
    };
    const open = (): void => {
        const after = ear.last;
        source = new EventSource(`/api/v1/events${after ? `?last_event_id=${encodeURIComponent(after)}` : ""}`);
        wait(); // also for a connection that is not to be had
        source.onopen = () => {
            alive();
            if (!after) told("snapshot_needed", "", "");
        };
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

// One stream for all pages of the browser that share.
function share(ear: Ear): Way {
    let ended = false;
    let release: (() => void) | undefined; // gives up the stream, where this page has it
    let queued = false;
    let joined = false;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const pages = new BroadcastChannel(name);
    const leaving = new AbortController();

    const tell = (said: Said): void => pages.postMessage(said);
    const tellState = (): void => tell({heard: listening.value, last: ear.last});
    const lead = (): Promise<void> =>
        new Promise((done) => {
            if (ended) return done();
            clearTimeout(silence);
            joined = true;
            const one = stream(ear, (kind, id, data) => {
                tell({event: kind, id, data});
                ear.hear(kind, id, data);
            }, (alive) => {
                const changes = listening.value !== alive;
                reached(alive);
                if (changes) tellState();
            });
            release = () => {
                release = undefined;
                one.end();
                done();
            };
            tellState(); // nobody else takes it
        });
    const taken = (): void => {
        release?.(); // another page has taken it
        if (ended) return;
        listen();
        wait();
    };
    const wait = (): void => {
        if (queued) return;
        queued = true;
        navigator.locks.request(name, {signal: leaving.signal}, () => {
            queued = false;
            return lead();
        }).catch(taken);
    };
    // A page that has the stream and does not even answer has stopped: this one takes it.
    const steal = (): void => {
        listening.set(false);
        navigator.locks.request(name, {steal: true}, lead).catch(taken);
    };
    // Not all at once; and what one of them is answered all of them hear.
    const listen = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => {
            tell("ask");
            silence = setTimeout(steal, answer);
        }, quiet + 300 * Math.random());
    };
    pages.onmessage = ({data}: MessageEvent<Said>): void => {
        if (data === "ask") return release && tellState();
        // A page that stood in a dialog may have the stream no longer, and not know it yet: what the other one tells counts.
        if ("event" in data) ear.hear(data.event, data.id, data.data);
        if (release) return;
        listen();
        if ("event" in data) reached(true);
        else {
            reached(data.heard);
            if (ear.last === "") ear.last = data.last;
        }
        if (joined) return;
        joined = true;
        ear.hear("snapshot_needed", "", ""); // nothing was told before
    };
    listen();
    wait();
    tell("ask");
    return {
        end: () => {
            ended = true;
            clearTimeout(silence);
            leaving.abort();
            release?.();
            pages.close();
        },
    };
}

// Tells `told` what happens until it is ended. The first that is told is `snapshot_needed`, and whoever asks then misses nothing.
// `own`: a page that must not wait for another one.
export function follow(told: (kind: Kind, data: unknown) => void, {own = false} = {}): () => void {
    const ear: Ear = {
        last: "",
        hear: (kind, id, data) => {
            if (id && !isLater(id, ear.last)) return;
            if (id) ear.last = id;
            told(kind, data ? (JSON.parse(data) as unknown) : {});
        },
    };
    const alone = (): Way => stream(ear, ear.hear, reached);
    let way: Way | undefined;
    let soon: ReturnType<typeof setTimeout> | undefined;
    let leave: (() => void) | undefined; // the seat
    const leaving = new AbortController();
    const sit = (): Promise<void> | undefined => {
        if (leave || leaving.signal.aborted) return undefined; // one is enough
        clearTimeout(soon);
        way?.end();
        way = alone();
        return new Promise((done) => (leave = done));
    };
    // Without a secure context there are no locks: each page has a stream of its own, and tells nobody.
    if (!navigator.locks) way = alone();
    else if (!own) way = share(ear);
    else {
        // Until a seat is free this page shares.
        soon = setTimeout(() => (way = share(ear)), seating);
        for (const seat of seats) navigator.locks.request(seat, {signal: leaving.signal}, sit).catch(() => undefined);
    }
    return () => {
        clearTimeout(soon);
        leaving.abort();
        way?.end();
        leave?.();
        listening.set(false);
    };
}
