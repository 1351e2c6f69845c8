// The emergency: always on the screen, two different presses apart, and it says which lanes it opens.
import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {call, Refused} from "../shared/api.ts";
import {useDoing} from "../shared/doing.ts";
import {focused, use} from "../shared/state.ts";
import {say} from "../shared/words.ts";
import {inEmergency, lanes, refreshLanes} from "./lanes.ts";

const patience = 30_000; // milliseconds: who asked and went away does not leave it one key from happening

export function Emergency(): VNode {
    const all = use(lanes);
    const open = inEmergency(all);
    const [asked, setAsked] = useState<boolean>(); // what is to be confirmed: to open, or to end
    const [told, setTold] = useState("");
    const [busy, run] = useDoing((problem) => setTold(problem instanceof Refused ? problem.words : say("page_no_node")));
    const names = all.map((lane) => lane.name).join(say("page_between"));
    useEffect(() => {
        if (asked === undefined) return;
        const later = setTimeout(() => setAsked(undefined), patience);
        return () => clearTimeout(later);
    }, [asked]);
    const turn = (wanted: boolean): void =>
        run(async () => {
            setTold("");
            const done = await call<{recorded?: boolean}>("POST", "emergency", {open: wanted});
            setAsked(undefined);
            if (done.recorded === false) setTold(say("gate_not_recorded"));
            void refreshLanes(); // the next press is not lost while they are on their way
        });
    return (
        <div class="emergency" data-open={open} aria-busy={busy}>
            {open && (
                <strong class="emergency-word" role="status">
                    {say("gate_emergency_now", {lanes: names})}
                </strong>
            )}
            {asked === undefined ? (
                <button type="button" class="emergency-ask" onClick={() => setAsked(!open)}>
                    {open ? say("gate_emergency_end") : say("gate_emergency_open")}
                </button>
            ) : (
                <div class="emergency-sure" role="alertdialog" aria-label={say("gate_emergency")} onKeyDown={(event) => event.key === "Escape" && setAsked(undefined)}>
                    <p>{asked ? say("gate_emergency_opens", {lanes: names}) : say("gate_emergency_ends", {lanes: names})}</p>
                    <button type="button" class="quiet" onClick={() => setAsked(undefined)}>
                        {say("page_cancel")}
                    </button>
                    <button type="button" class="emergency-yes" ref={focused} onClick={() => turn(asked)}>
                        {asked ? say("gate_emergency_open_now") : say("gate_emergency_end_now")}
                    </button>
                </div>
            )}
            {told && (
                <p role="alert" class="trouble">
                    {told}
                </p>
            )}
        </div>
    );
}
