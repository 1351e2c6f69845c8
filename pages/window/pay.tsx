import type {VNode} from "preact";
import {money} from "../shared/format.ts";
import {focused, use} from "../shared/state.ts";
import {say, sayWord} from "../shared/words.ts";
import {quickCash} from "./cart.ts";
import {chooseKind, currency, entered, entry, kinds, longestReference, payKind, reference, remaining, settle, settleEntry, typeKey} from "./payment.ts";
import {sending, tenders} from "./till.ts";

const notes = [1_000, 2_000, 5_000, 10_000];

export function Pay(): VNode {
    const kind = use(payKind);
    const typed = use(entry);
    const taken = use(tenders);
    use(reference);
    const left = remaining();
    const amount = entered();
    const change = kind === "cash" && amount !== undefined ? Math.max(0, amount - left) : 0;
    const busy = sending.value !== "";
    return (
        <section class="pay" aria-label={say("window_pay")}>
            <div class="pay-what">
                {taken.map((tender, index) => (
                    <div key={index} class="line-head">
                        <span>{sayWord("tender_", tender.kind)}</span>
                        <span>{money(tender.amount_minor, currency())}</span>
                    </div>
                ))}
                <div class="kinds" role="group" aria-label={say("window_tender")}>
                    {kinds.map((one) => (
                        <button key={one.kind} type="button" aria-pressed={one.kind === kind} onClick={() => chooseKind(one.kind)}>
                            {sayWord("tender_", one.kind)}
                            <kbd>{one.key}</kbd>
                        </button>
                    ))}
                </div>
                {kind !== "cash" && (
                    <label key={kind}>
                        {say("window_reference")}
                        <input name="reference" ref={focused} value={reference.value} maxLength={longestReference} autocomplete="off" onInput={(event) => reference.set(event.currentTarget.value)}
                            onKeyDown={(event) => {
                                if (event.isComposing || (event.code !== "Enter" && event.code !== "NumpadEnter")) return;
                                event.preventDefault();
                                settleEntry();
                            }} />
                        {kind !== "agency" && reference.value.trim() === "" && <span class="soft">▲ {say("window_unverified_hint")}</span>}
                        <span class="soft">{say("window_amount_hint")}</span>
                    </label>
                )}
                <div class="line-head big">
                    <span>{typed === "" ? say("window_due") : say("window_received")}</span>
                    <strong>{typed === "" ? money(left, currency()) : typed}</strong>
                </div>
                <div class="line-head big">
                    <span>{say("window_change")}</span>
                    <strong>{money(change, currency())}</strong>
                </div>
                {kind === "cash" && (
                    <div class="kinds quick">
                        {quickCash(left, notes).map((sum) => (
                            <button key={sum} type="button" disabled={busy} onClick={() => settle("cash", sum)}>
                                {money(sum, currency())}
                            </button>
                        ))}
                    </div>
                )}
            </div>
            <div class="pay-keys">
                <div class="pad">
                    {["7", "8", "9", "4", "5", "6", "1", "2", "3", ".", "0", "⌫"].map((key) => (
                        <button key={key} type="button" aria-label={key === "⌫" ? say("keys_delete") : key}
                            onClick={() => typeKey(key)}>
                            {key}
                        </button>
                    ))}
                </div>
                <button type="button" class="main" disabled={busy || amount === undefined} onClick={settleEntry}>
                    {busy ? say("window_sending") : say("window_take")}
                    <kbd>Enter</kbd>
                </button>
            </div>
        </section>
    );
}
