// Calls to the node, or to central, that served this page. The session is a cookie that scripts cannot read; what we hold in memory is
// the token that proves that a call comes from our own page.
import {heardTime} from "./clock.ts";
import type {ProblemBody} from "./refusal.ts";
import {refusalOf, remarked} from "./refusal.ts";
import {signal} from "./state.ts";
import {answered} from "./unheard.ts";
import {say} from "./words.ts";

export interface Session {
    operator: string;
    roles: string[];
    csrf_token: string;
    node: string; // at central empty, as the windows are
    windows: string[];
    venue?: string; // at central
    currency?: string;
    sync?: string; // where nodes enrol
    time?: string;
    business_date?: string;
    cut_over_hour?: number; // a business day begins in this hour
}

// The node answered, and said no.
export class Refused extends Error {
    constructor(
        readonly status: number,
        readonly body: ProblemBody,
    ) {
        super(body.code ?? String(status));
    }
    get code(): string {
        return this.body.code ?? "internal";
    }
    // What clerks, attendants and guests read.
    get words(): string {
        return refusalOf(this.body).words;
    }
    // The same for those who look after the machines: the server's English remark behind it, where it says more.
    get told(): string {
        return remarked(refusalOf(this.body));
    }
}

// What the page itself has to say, in its language.
export class Told extends Error {}

// What a person reads of anything that went wrong: `refused` says how much of a refusal, `unheard` what silence means.
export function wordsOf(problem: unknown, refused: (problem: Refused) => string, unheard: string): string {
    if (problem instanceof Refused) return refused(problem);
    if (problem instanceof Unreachable) return unheard;
    return problem instanceof Told ? problem.message : remarked({words: say("page_fault"), remark: String(problem)});
}

// Nobody answered: whether the node acted is not known.
export class Unreachable extends Error {}

let csrf = "";

export const session = signal<Session | undefined>(undefined);
export const sessionOver = signal(false); // nobody logged out: it ended by itself

// What it showed last would stay on the screen as if it were now.
function ended(of: string): void {
    if (session.value === undefined || of !== csrf) return; // another one has begun meanwhile
    sessionOver.set(true);
    session.set(undefined);
}

export interface CallOptions {
    headers?: Record<string, string>;
    within?: number; // milliseconds
}

// The answer's text. A `body` that is text goes as it is, as `headers` say what it is.
export async function text(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<string> {
    const headers: Record<string, string> = {};
    const by = csrf;
    if (body !== undefined && typeof body !== "string") headers["Content-Type"] = "application/json";
    if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
    Object.assign(headers, options.headers);
    let answer: Response;
    let said: string;
    try {
        answer = await fetch(`/api/v1/${path}`, {
            method,
            headers,
            credentials: "same-origin",
            cache: "no-store",
            signal: AbortSignal.timeout(options.within ?? 15_000),
            ...(body === undefined ? {} : {body: typeof body === "string" ? body : JSON.stringify(body)}),
        });
        said = await answer.text();
        answered();
    } catch {
        throw new Unreachable("no answer");
    }
    if (answer.status === 401) ended(by);
    if (!answer.ok) throw new Refused(answer.status, (said === "" ? {} : JSON.parse(said)) as ProblemBody);
    return said;
}

export async function call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    const said = await text(method, path, body, options);
    return (said === "" ? {} : JSON.parse(said)) as T;
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);

export const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

// A command that carries its own id may be asked again until it is answered: the node acts on it once.
export const insist = <T>(method: string, path: string, body: {id: string; [more: string]: unknown}, waiting?: () => void): Promise<T> =>
    untilAnswered(() => call<T>(method, path, body), waiting);

// `ask` again and again until it is answered; it must be of the kind that is acted on once.
export async function untilAnswered<T>(ask: () => Promise<T>, waiting?: () => void): Promise<T> {
    let starting = 0; // answers left in which a node that came back may say that its journal is not open yet
    for (;;) {
        try {
            return await ask();
        } catch (problem) {
            if (problem instanceof Unreachable) starting = 20;
            else if (!(problem instanceof Refused && problem.status === 503 && starting-- > 0)) throw problem;
            waiting?.();
            await pause(700);
        }
    }
}

export function newId(): string {
    const octets = crypto.getRandomValues(new Uint8Array(16));
    return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("");
}

function entered(session: Session): Session {
    csrf = session.csrf_token;
    if (session.time !== undefined) heardTime(session.time);
    return {...session, node: session.node ?? "", windows: session.windows ?? []};
}

export async function login(operator: string, pin: string): Promise<Session> {
    csrf = "";
    return entered(await call<Session>("POST", "session", {operator, pin}));
}

// The session that the browser still has after a reload; nothing when it must log in. `waiting`: nobody answers yet.
export async function resume(waiting: () => void): Promise<Session | undefined> {
    for (;;) {
        try {
            return entered(await get<Session>("session"));
        } catch (problem) {
            if (problem instanceof Refused && problem.status === 401) return undefined;
            waiting();
            await pause(700);
        }
    }
}

export async function logout(): Promise<void> {
    await call("DELETE", "session");
    csrf = "";
}
