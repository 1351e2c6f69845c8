import type {VNode} from "preact";
import {render} from "preact";
import {useEffect, useState} from "preact/hooks";
import {heard} from "../shared/events.ts";
import {clockTime} from "../shared/format.ts";
import {Frame, LinkStrip, session, Switches, Who} from "../shared/frame.tsx";
import type {Lane} from "../shared/node.ts";
import {use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {language, say, sayWord} from "../shared/words.ts";
import {Attendant} from "./attendant.tsx";
import type {Shown} from "./lanes.ts";
import {followLanes, lanes, muted, shown} from "./lanes.ts";
import type {Look} from "./looks.ts";
import {restingLook} from "./looks.ts";
import {Shape} from "./shape.tsx";
import "./gate.css";

const restingWord = (lane: Lane, look: Look): string => {
    if (lane.emergency) return say("gate_emergency");
    if (look === "out") return say("gate_out");
    if (look === "pass") return sayWord("mode_", lane.mode);
    return say("gate_ready");
};

function Verdict({one}: {one: Shown}): VNode {
    const {verdict, look, passed} = one;
    const all = verdict.persons + (verdict.companions ?? 0);
    return (
        <>
            <Shape look={look} />
            <p class="word">{verdict.busy ? say("gate_wait") : look === "help" ? say("gate_help") : sayWord("gate_", look)}</p>
            <p class="why">{verdict.busy ? "" : verdict.verdict === "admit" ? (all > 1 ? say("gate_group", {passed, all}) : "") : sayWord("reason_", verdict.reason)}</p>
            {verdict.notes.map((note) => (
                <p key={note} class="why">
                    ▲ {sayWord("note_", note)}
                </p>
            ))}
            {verdict.first_admission && (
                <p class="why">
                    {say("gate_first", {time: clockTime(verdict.first_admission.time), gate: verdict.first_admission.gate, lane: verdict.first_admission.lane})}
                </p>
            )}
            {verdict.verdict === "refuse" && <p class="advice">{sayWord("advice_", verdict.reason)}</p>}
        </>
    );
}

function LaneView({lane}: {lane: Lane}): VNode {
    const reached = use(heard);
    const one = use(shown)[lane.name];
    const look = one?.look ?? restingLook(lane, reached);
    const [open, setOpen] = useState(false);
    return (
        <section class="lane" data-look={look} data-lane={lane.name} aria-label={lane.name}>
            <div class="state" role="status" aria-live="assertive">
                {one ? (
                    <Verdict one={one} />
                ) : (
                    <>
                        <Shape look={look} />
                        <p class="word">{reached ? restingWord(lane, look) : say("strip_lost")}</p>
                        {lane.trouble && <p class="why">{say("gate_trouble", {trouble: lane.trouble})}</p>}
                        {lane.trouble && <p class="advice">{say("gate_trouble_advice")}</p>}
                    </>
                )}
            </div>
            <footer>
                <strong>
                    {lane.gate} · {lane.name}
                </strong>
                <span>{say("gate_mode", {mode: sayWord("mode_", lane.mode)})}</span>
                <span>{say("gate_today", {count: lane.admitted_today})}</span>
                {status.value?.clock.quality === "suspect" && <strong>▲ {say("strip_clock")}</strong>}
                <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
                    {say("gate_attendant")}
                </button>
            </footer>
            {open && <Attendant lane={lane} />}
        </section>
    );
}

function App(): VNode {
    use(language);
    use(status);
    const quiet = use(muted);
    const asked = new URLSearchParams(location.search).get("lane");
    const all = use(lanes).filter((lane) => asked === null || lane.name === asked);
    useEffect(followLanes, []);
    return (
        <div class="gate">
            <header>
                <LinkStrip />
                <nav class="bar" aria-label={say("gate_title")}>
                    <h1>{say("gate_title")}</h1>
                    <button type="button" class="quiet" aria-pressed={quiet} onClick={() => muted.set(!quiet)}>
                        {quiet ? say("gate_unmute") : say("gate_mute")}
                    </button>
                    <Switches />
                    <Who />
                </nav>
            </header>
            <main class={all.length > 1 ? "several" : "single"}>
                {all.map((lane) => (
                    <LaneView key={lane.name} lane={lane} />
                ))}
                {all.length === 0 && <p>{say("gate_no_lanes")}</p>}
            </main>
        </div>
    );
}

function Page(): VNode {
    use(session);
    return (
        <Frame>
            <App />
        </Frame>
    );
}

render(<Page />, document.getElementById("page")!);
