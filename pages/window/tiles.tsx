import type {VNode} from "preact";
import {now as clock} from "../shared/clock.ts";
import {money} from "../shared/format.ts";
import {clockTime} from "../shared/format.ts";
import {named, say, sayWord} from "../shared/words.ts";
import {isGroup, priceOn, sessionsOf, unitsLeft, unsold} from "./cart.ts";
import {addTile, tiles} from "./keys.ts";
import {currency} from "./payment.ts";
import {catalogue, sending, today} from "./till.ts";

// What can be sold now, with what is left of this node's own quota.
export function Tiles(): VNode {
    const now = clock();
    const selling = sending.value !== "";
    return (
        <section class="tiles" aria-label={say("window_products")}>
            {tiles().map((product, index) => {
                const sessions = catalogue.value && product.validity.kind === "session" ? sessionsOf(catalogue.value, product, now) : undefined;
                const why = sessions && unsold(sessions);
                const next = sessions?.find((session) => unitsLeft(session) > 0) ?? sessions?.[0];
                const left = next && unitsLeft(next);
                const others = sessions?.filter((session) => session !== next && unitsLeft(session) > 0).length ?? 0;
                return (
                    <button key={product.id} type="button" class="tile" disabled={why !== undefined || selling} onClick={() => addTile(index)}>
                        <span class="tile-name">
                            {index < 9 && <kbd>{index + 1}</kbd>} {named(product.name)}
                        </span>
                        <span class="tile-price">
                            {money(priceOn(product, today()), currency())}
                            {isGroup(product) && ` / ${say("window_person")}`}
                        </span>
                        {next && <span>{clockTime(next.starts)}–{clockTime(next.ends)}</span>}
                        {left !== undefined && !why && <span class={left <= 10 ? "few" : "soft"}>{say("window_units_left", {count: left})}</span>}
                        {others > 0 && <span class="soft">{say("window_other_sessions", {count: others})}</span>}
                        {why && <span class="trouble" data-unsold={why}>✕ {sayWord("window_unsold_", why)}</span>}
                        {why === "no_quota" && <span class="soft">{say("window_ask_quota")}</span>}
                        {product.check_id && <span class="soft">{say("note_check_id")}</span>}
                    </button>
                );
            })}
            {catalogue.value && tiles().length === 0 && <p>{say("window_no_products")}</p>}
        </section>
    );
}
