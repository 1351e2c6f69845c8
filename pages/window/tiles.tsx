import type {VNode} from "preact";
import {now as clock} from "../shared/clock.ts";
import {money} from "../shared/format.ts";
import {clockTime} from "../shared/format.ts";
import {named, say} from "../shared/words.ts";
import {isGroup, priceOn, sessionsOf, unitsLeft} from "./cart.ts";
import {addTile, tiles} from "./keys.ts";
import {currency} from "./payment.ts";
import {catalogue, today} from "./till.ts";

// What can be sold now, with what is left of this node's own quota.
export function Tiles(): VNode {
    const now = clock();
    return (
        <section class="tiles" aria-label={say("window_products")}>
            {tiles().map((product, index) => {
                const sessions = catalogue.value && product.validity.kind === "session" ? sessionsOf(catalogue.value, product, now) : undefined;
                const left = sessions?.reduce((sum, session) => sum + unitsLeft(session), 0);
                const next = sessions?.find((session) => unitsLeft(session) > 0) ?? sessions?.[0];
                return (
                    <button key={product.id} type="button" class="tile" disabled={left === 0} onClick={() => addTile(index)}>
                        <span class="tile-name">
                            {index < 9 && <kbd>{index + 1}</kbd>} {named(product.name)}
                        </span>
                        <span class="tile-price">
                            {money(priceOn(product, today()), currency())}
                            {isGroup(product) && ` / ${say("window_person")}`}
                        </span>
                        {next && <span>{clockTime(next.starts)}–{clockTime(next.ends)}</span>}
                        {left !== undefined && <span class={left === 0 ? "trouble" : left <= 10 ? "few" : "soft"}>{left === 0 ? `✕ ${say("window_sold_out")}` : say("window_units_left", {count: left})}</span>}
                        {product.check_id && <span class="soft">{say("note_check_id")}</span>}
                    </button>
                );
            })}
            {catalogue.value && tiles().length === 0 && <p>{say("window_no_products")}</p>}
        </section>
    );
}
