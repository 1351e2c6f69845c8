import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {heard} from "../shared/events.ts";
import {clockTime} from "../shared/format.ts";
import {begin, LinkStrip, Switches, Who} from "../shared/frame.tsx";
import type {Lane} from "../shared/node.ts";
import {use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {language, say, sayWord} from "../shared/words.ts";
import {Attendant} from "./attendant.tsx";
import type {Shown} from "./lanes.ts";
import {followLanes, lanes, muted, shown, unknown} from "./lanes.ts";
import type {Look} from "./looks.ts";
import {lettersOf, restingLook} from "./looks.ts";
import {Shape} from "./shape.tsx";
import "./gate.css";

const restingWord = (lane: Lane, look: Look): string => {
    if (lane.emergency) return say("gate_emergency");
    if (look === "out") return say("gate_out");
    if (look === "pass") return sayWord("mode_", lane.mode);
    return say("gate_ready");
};

// As large as the lane is wide, whatever the language.
const Word = ({text}: {text: string}): VNode => (
    <p class="word" style={{"--letters": Math.max(4, lettersOf(text))}}>
        {text}
    </p>
);

function Verdict({one}: {one: Shown}): VNode {
    const {verdict, look, passed} = one;
    const all = verdict.persons + (verdict.companions ?? 0);
    const admitted = all > 1 ? say("gate_group", {passed, all}) : "";
    const why = verdict.busy ? "" : verdict.verdict === "admit" ? admitted : sayWord("reason_", verdict.reason);
    return (
        <>
            <Shape look={look} />
            <Word text={verdict.busy ? say("gate_wait") : look === "help" ? say("gate_help") : sayWord("gate_", look)} />
            {why && <p class="why">{why}</p>}
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
    const doubts = use(unknown).filter((passage) => passage.lane === lane.name).length;
    const [open, setOpen] = useState(false);
    return (
        <section class={open ? "lane with-panel" : "lane"} data-look={look} data-lane={lane.name} aria-label={lane.name}>
            <div class="state" role="status" aria-live="assertive">
                <div class="state-inner">
                    {one ? (
                        <Verdict one={one} />
                    ) : (
                        <>
                            <Shape look={look} />
                            <Word text={reached ? restingWord(lane, look) : say("strip_lost")} />
                            {lane.trouble && <p class="why">{say("gate_trouble", {trouble: lane.trouble})}</p>}
                            {lane.trouble && <p class="advice">{say("gate_trouble_advice")}</p>}
                        </>
                    )}
                </div>
            </div>
            {open && <Attendant lane={lane} />}
            <footer>
                <strong>
                    {lane.gate} · {lane.name}
                </strong>
                <span>{say("gate_mode", {mode: sayWord("mode_", lane.mode)})}</span>
                <span>{say("gate_today", {count: lane.admitted_today})}</span>
                {status.value?.clock.quality === "suspect" && <strong>▲ {say("strip_clock")}</strong>}
                {doubts > 0 && <strong>▲ {say("gate_doubts", {count: doubts})}</strong>}
                <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
                    {say("gate_attendant")}
                </button>
            </footer>
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

begin(App);
