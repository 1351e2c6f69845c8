// What an attendant may do at a lane. The node decides whether the role allows it, and records who did it.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {call, newId, Refused} from "../shared/api.ts";
import {useDoing} from "../shared/doing.ts";
import {clockTime} from "../shared/format.ts";
import type {Lane, LaneMode, UnknownPassage, Verdict} from "../shared/node.ts";
import {use} from "../shared/state.ts";
import {say, sayWord} from "../shared/words.ts";
import {refreshLanes, refreshPassages, unknown} from "./lanes.ts";
import {tooMany} from "./looks.ts";

const modes: LaneMode[] = ["normal", "green", "free", "closed"];
const reasons = ["through_phone_empty", "through_pram", "through_staff", "through_rescue"] as const;
const modeReasons = ["mode_for_rush", "mode_for_group", "mode_for_fault", "mode_for_repair", "mode_for_over"] as const;

// A reason, chosen or written.
const Reason = ({of, lane}: {of: typeof reasons | typeof modeReasons; lane: Lane}): VNode => (
    <label>
        {say("window_reason")}
        <input name="reason" list={`${of[0]}-${lane.name}`} required maxLength={100} autocomplete="off" />
        <datalist id={`${of[0]}-${lane.name}`}>
            {of.map((key) => (
                <option key={key} value={say(key)} />
            ))}
        </datalist>
    </label>
);

// What the node did; of a code that was checked its verdict.
type Checked = Pick<Verdict, "verdict" | "reason" | "left" | "busy">;
type Done = Checked | {recorded?: boolean};
function wordsOf(done: Done): string {
    if (!("reason" in done)) return done.recorded === false ? say("gate_not_recorded") : say("gate_done");
    if (done.verdict === "admit") return say("gate_done");
    if (done.busy) return say("gate_wait");
    return tooMany(done) ? `${say("gate_too_many")} · ${say("gate_too_many_advice")}` : `${sayWord("reason_", done.reason)} · ${sayWord("advice_", done.reason)}`;
}

// `answered`: the node said yes or no. Until it has, the same id is asked again: who opened once does not open twice.
type Act = (work: () => Promise<Done>, answered?: (done: boolean) => void) => void;

// The id of the command that a form is about to give, and what ends it.
function useIntent(): [string, (form: HTMLFormElement) => (done: boolean) => void] {
    const [id, setId] = useState(newId);
    const ended = (form: HTMLFormElement) => (done: boolean): void => {
        setId(newId());
        if (done) form.reset();
    };
    return [id, ended];
}

function Check({lane, act}: {lane: Lane; act: Act}): VNode {
    const [id, ended] = useIntent();
    const check = (event: SubmitEvent): void => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const fields = new FormData(form);
        const persons = Number(fields.get("persons"));
        const companions = Number(fields.get("companions"));
        const body = {
            id,
            lane: lane.name,
            code: String(fields.get("code")).trim(),
            ...(persons > 0 ? {persons} : {}),
            ...(companions > 0 ? {companions} : {}),
            let_through: fields.get("let_through") !== null,
        };
        act(() => call("POST", "scans", body), ended(form));
    };
    return (
        <form onSubmit={check}>
            <h2>{say("gate_check")}</h2>
            <label>
                {say("gate_code")}
                <input name="code" required maxLength={1024} autocomplete="off" spellcheck={false} />
            </label>
            <label>
                {say("window_persons")}
                <input name="persons" inputMode="numeric" pattern="[0-9]{0,4}" autocomplete="off" />
            </label>
            <label>
                {say("gate_companions")}
                <input name="companions" inputMode="numeric" pattern="[0-9]{0,3}" placeholder="0" autocomplete="off" />
            </label>
            <label class="check">
                <input type="checkbox" name="let_through" /> {say("gate_let_through")}
            </label>
            <button type="submit">{say("gate_check")}</button>
        </form>
    );
}

function LetThrough({lane, act}: {lane: Lane; act: Act}): VNode {
    const [id, ended] = useIntent();
    const letThrough = (event: SubmitEvent): void => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const fields = new FormData(form);
        const body = {id, persons: Number(fields.get("persons") || 1), reason: String(fields.get("reason"))};
        act(() => call("POST", `lanes/${lane.name}/let-through`, body), ended(form));
    };
    return (
        <form onSubmit={letThrough}>
            <h2>{say("gate_through")}</h2>
            <Reason of={reasons} lane={lane} />
            <label>
                {say("window_persons")}
                <input name="persons" inputMode="numeric" pattern="[1-9][0-9]{0,2}" placeholder="1" autocomplete="off" />
            </label>
            <button type="submit">{say("gate_through_open")}</button>
        </form>
    );
}

function Mode({lane, act}: {lane: Lane; act: Act}): VNode {
    const [wanted, setWanted] = useState<LaneMode>(lane.mode); // the lane is shown again while somebody chooses
    const setMode = (event: SubmitEvent): void => {
        event.preventDefault();
        const fields = new FormData(event.currentTarget as HTMLFormElement);
        act(() => call("PUT", `lanes/${lane.name}/mode`, {mode: wanted, reason: fields.get("reason")}));
    };
    return (
        <form onSubmit={setMode}>
            <h2>{say("gate_change_mode")}</h2>
            <label>
                {say("gate_change_mode")}
                <select name="mode" value={wanted} onChange={(event) => setWanted(event.currentTarget.value as LaneMode)}>
                    {modes.map((mode) => (
                        <option key={mode} value={mode}>
                            {sayWord("mode_", mode)}
                        </option>
                    ))}
                </select>
            </label>
            <Reason of={modeReasons} lane={lane} />
            <button type="submit">{say("gate_switch")}</button>
        </form>
    );
}

function Doubt({passage, act}: {passage: UnknownPassage; act: Act}): VNode {
    const resolve = (outcome: "turned" | "abandoned"): void => act(() => call("POST", `passages/${passage.verdict}/resolve`, {outcome}));
    return (
        <div class="doubt" data-verdict={passage.verdict}>
            <p>
                ▲ {say("gate_doubt", {time: clockTime(passage.time), persons: passage.persons + passage.companions})}
                {passage.ticket && <span class="soft"> {passage.ticket}</span>}
            </p>
            <button type="button" onClick={() => resolve("turned")}>
                {say("gate_doubt_turned")}
            </button>
            <button type="button" onClick={() => resolve("abandoned")}>
                {say("gate_doubt_abandoned")}
            </button>
        </div>
    );
}

export function Attendant({lane}: {lane: Lane}): VNode {
    const [told, setTold] = useState("");
    const doubts = use(unknown).filter((passage) => passage.lane === lane.name);
    const [busy, run] = useDoing((problem) => setTold(problem instanceof Refused ? problem.words : say("page_no_node")));
    const act: Act = (work, answered) =>
        run(async () => {
            setTold(""); // that was the one before
            try {
                const done = await work();
                setTold(wordsOf(done));
                answered?.(true);
            } catch (problem) {
                if (problem instanceof Refused) answered?.(false);
                throw problem;
            } finally {
                void refreshLanes();
                void refreshPassages();
            }
        });
    return (
        <div class="attendant" aria-busy={busy}>
            <p role="alert" class="told">
                {told}
            </p>
            {doubts.map((passage) => (
                <Doubt key={passage.verdict} passage={passage} act={act} />
            ))}
            <LetThrough lane={lane} act={act} />
            <Check lane={lane} act={act} />
            <Mode key={lane.mode} lane={lane} act={act} />
        </div>
    );
}
