// What every page has: login, the strip that says how the links are, language and theme.
import type {VNode} from "preact";
import {render} from "preact";
import {useEffect, useState} from "preact/hooks";
import {login, logout, Refused, resume, session, sessionOver} from "./api.ts";
import {now as clock} from "./clock.ts";
import {heard} from "./events.ts";
import {age, money} from "./format.ts";
import {focused, use} from "./state.ts";
import {refreshStatus, status} from "./status.ts";
import {theme} from "./theme.ts";
import {troubleFix, troubleWord} from "./troubles.ts";
import {unheard} from "./unheard.ts";
import type {Plain} from "./words.ts";
import {choose, language, say} from "./words.ts";
import "./frame.css";

export {session};

function changeTheme(): void {
    theme.set(theme.value === "dark" ? "light" : "dark");
    const url = new URL(location.href);
    url.searchParams.set("theme", theme.value);
    history.replaceState(null, "", url);
}

export function Switches(): VNode {
    use(theme);
    const now = use(language);
    return (
        <span class="switches">
            <button type="button" class="quiet" onClick={() => choose(now === "en" ? "zh-CN" : "en")} lang={now === "en" ? "zh-CN" : "en"}>
                {say("page_other_language")}
            </button>
            <button type="button" class="quiet" onClick={changeTheme}>
                {theme.value === "dark" ? say("page_light") : say("page_dark")}
            </button>
        </span>
    );
}

// Which page it is, and of which window or lane where the address says so: several stand open on one desk.
function titleOf(page: Plain): string {
    const asked = new URLSearchParams(location.search);
    return [say(page), asked.get("window") ?? asked.get("lane")].filter(Boolean).join(" · ");
}

function Login({page}: {page: Plain}): VNode {
    use(language);
    const over = use(sessionOver);
    const [trouble, setTrouble] = useState("");
    const [busy, setBusy] = useState(false);
    const enter = async (event: SubmitEvent): Promise<void> => {
        event.preventDefault();
        if (busy) return;
        const fields = event.currentTarget as HTMLFormElement;
        const form = new FormData(fields);
        setBusy(true);
        try {
            session.set(await login(String(form.get("operator")).trim(), String(form.get("pin"))));
            sessionOver.set(false);
        } catch (problem) {
            const wrong = problem instanceof Refused && problem.status === 401;
            // The next PIN is not typed behind a wrong one.
            const pin = fields.elements.namedItem("pin") as HTMLInputElement;
            if (problem instanceof Refused) pin.value = "";
            pin.focus();
            setTrouble(wrong ? say("page_login_wrong") : problem instanceof Refused ? problem.words : say("page_no_node"));
        }
        setBusy(false);
    };
    return (
        <main class="login">
            <form onSubmit={(event) => void enter(event)}>
                <h1>{titleOf(page)}</h1>
                <label>
                    {say("page_operator")}
                    <input name="operator" autocomplete="off" autocapitalize="none" spellcheck={false} required ref={focused} />
                </label>
                <label>
                    {say("page_pin")}
                    <input name="pin" type="password" inputMode="numeric" pattern="[0-9]{4,12}" autocomplete="off" required />
                </label>
                <p role="alert" class="trouble">
                    {trouble || (over && say("page_session_over"))}
                </p>
                <button type="submit" class="main" disabled={busy}>
                    {say("page_log_in")}
                </button>
                <Switches />
            </form>
        </main>
    );
}

// Shape, word and colour; never in the way. `currency` shows what unverified tenders may still reach.
export function LinkStrip({limit, currency}: {limit?: number; currency?: string}): VNode {
    const now = use(status);
    const reached = use(heard);
    const silent = use(unheard);
    use(language);
    const since = (time: string | null): string => (time === null ? "" : age(Math.max(0, (clock() - Date.parse(time)) / 1000)));
    const deaf = (now?.peers.length ?? 0) > 0 && !now?.peers.some((peer) => peer.connected);
    const state = !reached || !now ? "lost" : silent ? "unknown" : !now.central.connected ? "offline" : deaf || now.journal.backlog > 50 ? "weak" : "online";
    const shape = {lost: "✕", unknown: "?", offline: "■", weak: "▲", online: "●"}[state];
    const word = {
        lost: say("strip_lost"),
        unknown: say("strip_unknown", {count: silent}),
        offline: now?.central.last_contact ? say("strip_offline", {since: since(now.central.last_contact)}) : say("strip_offline_yet"),
        weak: say("strip_weak"),
        online: say("strip_online"),
    }[state];
    return (
        <div class="strip" role="status" data-state={state}>
            <span class="strip-state">
                <span aria-hidden="true">{shape}</span> {word}
            </span>
            {now && <span>{say("strip_unsent", {count: now.journal.backlog})}</span>}
            {now && now.peers.length > 0 && (
                <span>{say("strip_peers", {heard: now.peers.filter((peer) => peer.connected).length, all: now.peers.length})}</span>
            )}
            {now && limit !== undefined && currency && (
                <span>{say("strip_limit", {amount: money(Math.max(0, limit - (now.unverified_total_minor ?? 0)), currency)})}</span>
            )}
            {now && now.journal.open === false && <strong>▲ {say("strip_journal_closed")}</strong>}
            {now && !now.disk.reserve_ok && <strong>▲ {say("strip_disk")}</strong>}
            {now?.clock.quality === "suspect" && <strong>▲ {say("strip_clock")}</strong>}
            {now?.devices
                .filter((device) => device.state !== "online" || device.trouble !== null)
                .map((device) => {
                    const words = say("strip_device", {name: device.name, trouble: troubleWord(device.trouble), fix: troubleFix(device.trouble)});
                    // One that still works is no alarm.
                    return device.state === "online" ? <span key={device.name} class="strip-soon">△ {words}</span> : <strong key={device.name}>▲ {words}</strong>;
                })}
        </div>
    );
}

export function Who(): VNode {
    const who = use(session);
    return (
        <span class="who">
            {who && (
                <span class="who-name" title={`${who.operator} · ${who.venue ?? who.node}`}>
                    {who.operator} · {who.venue ?? who.node}
                </span>
            )}
            <button type="button" class="quiet" onClick={() => void logout().catch(() => undefined).then(() => session.set(undefined))}>
                {say("page_log_out")}
            </button>
        </span>
    );
}

// Shows `App` to whom is logged in.
function Frame({page, App, entered}: {page: Plain; App: () => VNode; entered: () => void}): VNode | null {
    const who = use(session);
    document.title = titleOf(page);
    use(language);
    const [asked, setAsked] = useState(false);
    const [silent, setSilent] = useState(false);
    useEffect(() => {
        void resume(() => setSilent(true)).then((found) => {
            session.set(found);
            setAsked(true);
        });
    }, []);
    useEffect(() => {
        if (who) entered();
    }, [who]);
    if (!asked) return silent ? <main class="login"><p role="alert" class="trouble">{say("page_no_node")}</p></main> : null;
    return who ? <App /> : <Login page={page} />;
}

// Begins the page. `entered` is what it asks for when somebody came in: on a node's pages how the node is.
export function begin(page: Plain, App: () => VNode, entered: () => void = () => void refreshStatus()): void {
    render(<Frame page={page} App={App} entered={entered} />, document.getElementById("page")!);
}
