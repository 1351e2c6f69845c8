// What an attendant may do at a lane. The node decides whether the role allows it, and records who did it.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {call, newId, Refused} from "../shared/api.ts";
import type {Lane, LaneMode} from "../shared/node.ts";
import {say, sayWord} from "../shared/words.ts";
import {refreshLanes} from "./lanes.ts";

const modes: LaneMode[] = ["normal", "green", "free", "closed"];

export function Attendant({lane}: {lane: Lane}): VNode {
    const [told, setTold] = useState("");
    const [sure, setSure] = useState(false);
    const act = (work: Promise<{recorded?: boolean}>): void => {
        work.then(
            (done) => setTold(done.recorded === false ? say("gate_not_recorded") : say("gate_done")),
            (problem: unknown) => setTold(problem instanceof Refused ? problem.words : say("page_no_node")),
        ).then(refreshLanes);
    };
    const check = (event: SubmitEvent): void => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const fields = new FormData(form);
        const persons = Number(fields.get("persons"));
        act(
            call("POST", "scans", {
                id: newId(),
                lane: lane.name,
                code: String(fields.get("code")).trim(),
                ...(persons > 0 ? {persons} : {}),
                let_through: fields.get("let_through") !== null,
            }),
        );
        form.reset();
    };
    const setMode = (event: SubmitEvent): void => {
        event.preventDefault();
        const fields = new FormData(event.currentTarget as HTMLFormElement);
        act(call("PUT", `lanes/${lane.name}/mode`, {mode: fields.get("mode"), reason: fields.get("reason")}));
    };
    const emergency = (): void => {
        if (!sure) return setSure(true);
        setSure(false);
        act(call("POST", "emergency", {open: !lane.emergency}));
    };
    return (
        <div class="attendant">
            <p role="alert">{told}</p>
            <form onSubmit={check}>
                <label>
                    {say("gate_code")}
                    <input name="code" required maxLength={1024} autocomplete="off" spellcheck={false} />
                </label>
                <label>
                    {say("window_persons")}
                    <input name="persons" inputMode="numeric" pattern="[0-9]{0,4}" autocomplete="off" />
                </label>
                <label class="check">
                    <input type="checkbox" name="let_through" /> {say("gate_let_through")}
                </label>
                <button type="submit">{say("gate_check")}</button>
            </form>
            <form onSubmit={setMode}>
                <label>
                    {say("gate_change_mode")}
                    <select name="mode" value={lane.mode}>
                        {modes.map((mode) => (
                            <option key={mode} value={mode}>
                                {sayWord("mode_", mode)}
                            </option>
                        ))}
                    </select>
                </label>
                <label>
                    {say("window_reason")}
                    <input name="reason" required maxLength={100} autocomplete="off" />
                </label>
                <button type="submit">{say("gate_switch")}</button>
            </form>
            <button type="button" class="emergency" onClick={emergency}>
                {sure ? say("gate_emergency_sure") : lane.emergency ? say("gate_emergency_end") : say("gate_emergency_open")}
            </button>
        </div>
    );
}
