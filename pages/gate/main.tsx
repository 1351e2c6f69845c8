import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {now, timeOf} from "../shared/clock.ts";
import {heard, listening} from "../shared/events.ts";
import {begin, LinkStrip, Switches, Who} from "../shared/frame.tsx";
import type {Lane} from "../shared/node.ts";
import {use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {troubleWord} from "../shared/troubles.ts";
import {unheard} from "../shared/unheard.ts";
import {language, named, say, sayWord} from "../shared/words.ts";
import {Attendant} from "./attendant.tsx";
import {Emergency} from "./emergency.tsx";
import type {Shown} from "./lanes.ts";
import {followLanes, isShown, lanes, muted, products, shown, unknown} from "./lanes.ts";
import type {Look} from "./looks.ts";
import {lettersOf, restingLook, tooMany} from "./looks.ts";
import type {Line} from "./reading.ts";
import {linesOf, restingLines} from "./reading.ts";
import {Shape} from "./shape.tsx";
import {openSound, silence} from "./sound.ts";
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

const wordOf = ({verdict, look}: Shown): string => {
    if (verdict.busy) return say("gate_wait");
    if (tooMany(verdict)) return say("gate_left", {left: verdict.left!});
    return sayWord("gate_", look);
};

// Below the word, each as large as all of them have room for.
const Lines = ({lines}: {lines: Line[]}): VNode => (
    <div class="lines" style={{"--rows": lines.length}}>
        {lines.map(({text, advice}) => (
            <p key={text} class={advice ? "advice" : "why"} style={{"--letters": lettersOf(text)}}>
                {text}
            </p>
        ))}
    </div>
);

const arrows = {entry: "→", exit: "←", both: "↔"};

// The venue's hour, and whether it can be trusted.
function VenueTime(): VNode {
    const [, again] = useState(0);
    useEffect(() => {
        const every = setInterval(() => again((count) => count + 1), 1_000);
        return () => clearInterval(every);
    }, []);
    const suspect = use(status)?.clock.quality === "suspect";
    return (
        <span data-fact="clock">
            {timeOf(now()).slice(0, 5)}
            {suspect && <strong> ▲ {say("strip_clock")}</strong>}
        </span>
    );
}

function LaneView({lane}: {lane: Lane}): VNode {
    const [answered, told, silent] = [use(heard), use(listening), use(unheard)];
    const reached = answered && told && silent === 0;
    const verdict = use(shown)[lane.name];
    const known = use(products);
    const one = lane.emergency ? undefined : verdict;
    const look = one?.look ?? restingLook(lane, reached);
    const doubts = use(unknown).filter((passage) => passage.lane === lane.name).length;
    const [open, setOpen] = useState(false);
    const product = known.find(({id}) => id === one?.verdict.product);
    const lines = one ? linesOf(one.verdict, one.passed, product && named(product.name)) : reached || lane.emergency ? restingLines(lane) : [];
    return (
        <section class={open ? "lane with-panel" : "lane"} data-look={look} data-lane={lane.name} data-emergency={lane.emergency} aria-label={lane.name}>
            <div class="state" role="status" aria-live="assertive">
                <div class={lines.length ? "state-inner with-lines" : "state-inner"}>
                    <Shape look={look} />
                    <Word text={one ? wordOf(one) : reached || lane.emergency ? restingWord(lane, look) : say("strip_lost")} />
                    {lines.length > 0 && <Lines lines={lines} />}
                </div>
            </div>
            {open && <Attendant lane={lane} />}
            <footer>
                <div class="facts">
                    <strong>
                        {lane.gate} · {lane.name}
                    </strong>
                    <span data-fact="direction">
                        <span aria-hidden="true">{arrows[lane.direction]}</span> {sayWord("direction_", lane.direction)}
                    </span>
                    <span class="together">
                        <span data-fact="mode">{lane.emergency ? say("gate_emergency") : sayWord("mode_", lane.mode)}</span>
                        <VenueTime />
                    </span>
                    <span data-fact="count">
                        {say("gate_today", {count: lane.admitted_today})}
                        {lane.let_through_today > 0 && <small> + {say("gate_today_through", {count: lane.let_through_today})}</small>}
                    </span>
                    {lane.emergency && lane.trouble && <strong>▲ {say("gate_trouble", {trouble: troubleWord(lane.trouble)})}</strong>}
                    {doubts > 0 && <strong>▲ {say("gate_doubts", {count: doubts})}</strong>}
                </div>
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
    const all = use(lanes).filter(isShown);
    useEffect(followLanes, []);
    useEffect(openSound, []);
    const mute = use(silence);
    return (
        <div class="gate">
            <header>
                <LinkStrip />
                <nav class="bar" aria-label={say("gate_title")}>
                    <h1>{say("gate_title")}</h1>
                    <button type="button" class="quiet" aria-pressed={quiet} onClick={() => muted.set(!quiet)}>
                        {quiet ? say("gate_unmute") : say("gate_mute")}
                    </button>
                    {!quiet && mute && (
                        <strong class="trouble" data-sound={mute}>
                            ▲ {say(mute)}
                        </strong>
                    )}
                    <Switches />
                    <Who />
                    <Emergency />
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

begin("gate_title", App);
