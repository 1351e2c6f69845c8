import type {VNode} from "preact";
import {useEffect, useRef} from "preact/hooks";
import {dateOf, now as clock} from "../shared/clock.ts";
import {clockTime, dayAndTime, money} from "../shared/format.ts";
import type {VenueSession} from "../shared/node.ts";
import {use} from "../shared/state.ts";
import {named, say, sayWord} from "../shared/words.ts";
import {amountOf, beyondUnits, changed, documents, isGroup, sessionsOf, ticketPrice, total, unitsLeft, unsold} from "./cart.ts";
import {count, countTo, exactCash, pay, pickConcession, pickDocument, pickHeld, recallOne, waiting} from "./keys.ts";
import {currency} from "./payment.ts";
import {cart, catalogue, due, edit, held, hold, sending, shift, today} from "./till.ts";

function Line({at}: {at: number}): VNode {
    const line = cart.value.lines[at]!;
    const amount = amountOf(line);
    const here = useRef<HTMLLIElement>(null);
    const chosen = at === cart.value.chosen;
    useEffect(() => {
        if (chosen) here.current?.scrollIntoView({block: "nearest"});
    }, [chosen, amount]);
    const beyond = beyondUnits(cart.value, line);
    const sessions = line.session && catalogue.value ? sessionsOf(catalogue.value, line.product, clock()) : [];
    return (
        <li ref={here} aria-current={chosen} onClick={() => edit({...cart.value, chosen: at})}>
            <div class="line-head">
                <strong>{named(line.product.name)}</strong>
                <span class="line-count">
                    <button type="button" aria-label={say("window_less")} onClick={() => countTo(at, amount - 1)}>
                        −
                    </button>
                    <span class="amount">
                        {chosen && waiting.value === "count" ? `×${count.value}_` : isGroup(line.product) ? say("window_of_persons", {count: amount}) : `×${amount}`}
                    </span>
                    <button type="button" aria-label={say("window_more")} onClick={() => countTo(at, amount + 1)}>
                        ＋
                    </button>
                </span>
                <span class="line-price">{money(ticketPrice(line, today()) * line.quantity, currency())}</span>
            </div>
            {(line.session || line.concession) && (
                <div class="line-more">
                    {line.session && (
                        <select aria-label={say("window_session")} value={line.session.id}
                            onChange={(event) => {
                                const session = sessions.find((one) => one.id === event.currentTarget.value);
                                if (session) edit(changed(cart.value, at, {session}));
                                event.currentTarget.blur();
                            }}>
                            {sessions.map((session) => (
                                <option key={session.id} value={session.id}>
                                    {dayAndTime(session.starts)}–{clockTime(session.ends)} · {unitsWords(session)}
                                </option>
                            ))}
                        </select>
                    )}
                    {beyond !== undefined && <span class="few">▲ {say("window_beyond_units", {left: beyond})}</span>}
                    {line.concession && (
                        <>
                            <span class="chip">{named(line.concession.name)}</span>
                            <select aria-label={say("window_document")} value={line.document}
                                onChange={(event) => {
                                    edit(changed(cart.value, at, {document: event.currentTarget.value}));
                                    event.currentTarget.blur();
                                }}>
                                {line.document === "" && <option value="">▲ {say("window_document_which")}</option>}
                                {documents.map((one) => (
                                    <option key={one} value={one}>
                                        {sayWord("document_", one)}
                                    </option>
                                ))}
                            </select>
                        </>
                    )}
                </div>
            )}
        </li>
    );
}

function unitsWords(session: VenueSession): string {
    const why = unsold([session]);
    return why ? sayWord("window_unsold_", why) : say("window_units_left", {count: unitsLeft(session)});
}

function Concessions(): VNode {
    return (
        <div class="concessions" role="group" aria-label={say("window_concession")}>
            {catalogue.value?.concessions.map((kind, index) => (
                <button key={kind.class} type="button" onClick={() => pickConcession(index)}>
                    <kbd>{index + 1}</kbd> {named(kind.name)} {kind.percent === undefined ? say("tender_free") : `${kind.percent}%`}
                </button>
            ))}
            <button type="button" onClick={() => pickConcession(-1)}>
                <kbd>0</kbd> {say("window_no_concession")}
            </button>
        </div>
    );
}

function Documents(): VNode {
    return (
        <div class="concessions" role="group" aria-label={say("window_document")}>
            {documents.map((one, index) => (
                <button key={one} type="button" onClick={() => pickDocument(index)}>
                    <kbd>{index + 1}</kbd> {sayWord("document_", one)}
                </button>
            ))}
        </div>
    );
}

const heldWhen = (time: string): string => (time.slice(0, 10) === dateOf(clock()) ? clockTime(time) : dayAndTime(time));

// Those held, the oldest first.
function Held(): VNode {
    return (
        <div class="concessions" role="group" aria-label={say("window_recall")}>
            {held.value.map((one, index) => (
                <button key={index} type="button" class="held" onClick={() => pickHeld(index)}>
                    {index < 9 && <kbd>{index + 1}</kbd>} {one.held?.held_at && <span class="soft">{heldWhen(one.held.held_at)}{one.held.operator && ` · ${one.held.operator}`}</span>} {one.lines.map((line) => `${named(line.product.name)} ×${amountOf(line)}`).join(" · ")} <strong>{money(total(one, today()), currency())}</strong>
                </button>
            ))}
        </div>
    );
}

export function Basket(): VNode {
    use(waiting);
    use(count);
    const lines = cart.value.lines;
    const idle = sending.value === "" && lines.length > 0;
    return (
        <section class="basket" aria-label={say("window_basket")}>
            {lines.length === 0 && <p class="soft">{say("window_basket_empty")}</p>}
            <ol>
                {lines.map((line, at) => (
                    <Line key={`${line.product.id}-${at}`} at={at} />
                ))}
            </ol>
            {waiting.value === "concession" && <Concessions />}
            {waiting.value === "document" && <Documents />}
            {waiting.value === "held" && <Held />}
            <div class="total">
                {say("window_total")} <strong data-total={due()}>{money(due(), currency())}</strong>
            </div>
            <div class="actions">
                <button type="button" disabled={!idle} onClick={hold}>
                    {say("window_hold")}
                    <kbd>F4</kbd>
                </button>
                <button type="button" disabled={held.value.length === 0} onClick={recallOne}>
                    {say("window_recall")} {held.value.length > 0 && `(${held.value.length})`}
                    <kbd>F5</kbd>
                </button>
                <button type="button" disabled={!idle} onClick={() => waiting.set("concession")}>
                    {say("window_concession")}
                    <kbd>F6</kbd>
                </button>
                <button type="button" disabled={!idle || !shift.value} onClick={pay}>
                    {say("window_pay")}
                    <kbd>F9</kbd>
                </button>
                <button type="button" class="main" disabled={!idle || !shift.value} onClick={exactCash}>
                    {say("window_exact_cash")}
                    <kbd>F10</kbd>
                </button>
            </div>
        </section>
    );
}
