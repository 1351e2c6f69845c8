import type {VNode} from "preact";
import {useEffect, useRef} from "preact/hooks";
import {now as clock} from "../shared/clock.ts";
import {money} from "../shared/format.ts";
import {clockTime} from "../shared/format.ts";
import {use} from "../shared/state.ts";
import {named, say, sayWord} from "../shared/words.ts";
import {isGroup, priceOn, sessionsOf, unitsLeft, unsold} from "./cart.ts";
import {addTile, keyOf, nextShelf, shelf, shelves, tiles} from "./keys.ts";
import {currency} from "./payment.ts";
import {catalogue, sending, today} from "./till.ts";

// What can be sold now, with what is left of this node's own quota.
export function Tiles(): VNode {
    const now = clock();
    const selling = sending.value !== "";
    const from = use(shelf) * 9;
    const all = tiles();
    // Those that have the keys are seen.
    const box = useRef<HTMLElement>(null);
    useEffect(() => box.current?.querySelectorAll(".tile")[from]?.scrollIntoView({block: "nearest"}), [from]);
    const next = from + 9 < all.length ? from + 9 : 0;
    return (
        <section class="tiles" aria-label={say("window_products")} ref={box}>
            {shelves() > 1 && (
                <button type="button" class="shelf" data-shelf={from / 9} disabled={selling} onClick={nextShelf}>
                    <kbd>0</kbd> {say("window_next_products", {from: next + 1, to: Math.min(next + 9, all.length)})}
                </button>
            )}
            {all.map((product, index) => {
                const sessions = catalogue.value && product.validity.kind === "session" ? sessionsOf(catalogue.value, product, now) : undefined;
                const why = sessions && unsold(sessions);
                const soonest = sessions?.find((session) => unitsLeft(session) > 0) ?? sessions?.[0];
                const left = soonest && unitsLeft(soonest);
                const others = sessions?.filter((session) => session !== soonest && unitsLeft(session) > 0).length ?? 0;
                return (
                    <button key={product.id} type="button" class="tile" disabled={why !== undefined || selling} onClick={() => addTile(index)}>
                        <span class="tile-name">
                            {keyOf(index) !== undefined && <kbd>{keyOf(index)}</kbd>} {named(product.name)}
                        </span>
                        <span class="tile-price">
                            {money(priceOn(product, today()), currency())}
                            {isGroup(product) && ` / ${say("window_person")}`}
                        </span>
                        {soonest && <span>{clockTime(soonest.starts)}–{clockTime(soonest.ends)}</span>}
                        {left !== undefined && !why && <span class={left <= 10 ? "few" : "soft"}>{say("window_units_left", {count: left})}</span>}
                        {others > 0 && <span class="soft">{say("window_other_sessions", {count: others})}</span>}
                        {why && <span class="trouble" data-unsold={why}>✕ {sayWord("window_unsold_", why)}</span>}
                        {why === "no_quota" && <span class="soft">{say("window_ask_quota")}</span>}
                        {product.check_id && <span class="soft">{say("note_check_id")}</span>}
                    </button>
                );
            })}
            {catalogue.value && all.length === 0 && <p>{say("window_no_products")}</p>}
        </section>
    );
}
