// What the window decides without a browser: baskets, prices, and two pages at once. Run by node alone.
import assert from "node:assert/strict";
import {createRequire} from "node:module";
import {fileURLToPath} from "node:url";
import test from "node:test";

const pages = new URL("../../pages/", import.meta.url);
const {build} = createRequire(new URL("package.json", pages))("esbuild");

async function load(entry) {
    const {outputFiles} = await build({entryPoints: [fileURLToPath(new URL(entry, pages))], bundle: true, write: false, format: "esm", target: "es2022"});
    return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}
const {added, asLines, counted, empty, fromLines, priceOn, quickCash, ticketPrice, withConcession} = await load("window/cart.ts");
const {handBack} = await load("window/handback.ts");
const {merged} = await load("window/merge.ts");

const product = (id, more = {}) => ({id, name: {"zh-CN": id, en: id}, price_minor: 8000, persons: 1, entries: 1, companions: 0, validity: {kind: "day"}, check_id: false, ...more});
const adult = product("adult");
const group = product("group", {persons: 0, price_minor: 6000});
const show = product("show", {validity: {kind: "session"}});
const session = (id, hour, units_left) => ({id, product: "show", starts: `2026-05-01T${hour}:00:00+08:00`, ends: `2026-05-01T${hour}:50:00+08:00`, units_left});
const catalogue = {products: [adult, group, show], concessions: [{class: "senior", name: {}, percent: 50}, {class: "disabled", name: {}}], sessions: [session("late", 14, 5), session("early", 10, 0), session("over", "08", 9)]};
const nine = Date.parse("2026-05-01T09:00:00+08:00");
const line = (name, quantity = 1) => ({product: name, quantity});
const lists = (current, ...held) => ({current, held});

test("the same product again is one more of it; a group is counted in persons", () => {
    let cart = added(added(empty, catalogue, adult, nine), catalogue, adult, nine);
    cart = counted(added(cart, catalogue, group, nine), 1, 25);
    assert.deepEqual(asLines(cart), [{product: "adult", quantity: 2}, {product: "group", quantity: 1, persons: 25}]);
    assert.equal(ticketPrice(cart.lines[1], "2026-05-01"), 150_000);
    assert.deepEqual(asLines(counted(cart, 0, 0)), [{product: "group", quantity: 1, persons: 25}]);
});

test("a session's ticket takes the soonest that has units and is not over", () => {
    assert.equal(added(empty, catalogue, show, nine).lines[0].session.id, "late");
});

test("a price holds from its date; a concession is a part of it, or nothing", () => {
    const dear = {...adult, prices: [{from: "2026-10-01", price_minor: 12_000}, {from: "2026-05-01", price_minor: 9_000}]};
    assert.deepEqual(["2026-04-30", "2026-05-01", "2026-12-31"].map((date) => priceOn(dear, date)), [8_000, 9_000, 12_000]);
    const cart = added(empty, catalogue, adult, nine);
    assert.equal(ticketPrice(withConcession(cart, 0, catalogue.concessions[0]).lines[0], "2026-05-01"), 4_000);
    assert.equal(ticketPrice(withConcession(cart, 0, catalogue.concessions[1]).lines[0], "2026-05-01"), 0);
});

test("a kept basket comes back as it was; what is not sold any more is left out", () => {
    const lines = [{product: "show", quantity: 2, session: "late", concession: {class: "senior", document: "passport"}}];
    assert.deepEqual(asLines(fromLines(catalogue, [...lines, line("gone")])), lines);
});

test("a refund goes back by its own way first, what never came in is not handed out, and cash comes last", () => {
    const tickets = (...refunded) => [1, 2, 3].map((at) => ({id: `1-1-9-${at}`, refunded: refunded.includes(at)}));
    const sale = (tenders, change_minor, ...refunded) => ({lines: [{quantity: 3, unit_price_minor: 8_000}], tenders, change_minor, tickets: tickets(...refunded)});
    const of = (kind, amount_minor, state = "confirmed") => ({kind, amount_minor, state});
    const parts = (...given) => handBack(...given).map((part) => `${part.kind} ${part.amount_minor}${part.failed ? " failed" : ""}`);
    const mixed = [of("cash", 15_000), of("wechat", 14_000, "unverified")];
    assert.deepEqual(parts(sale(mixed, 5_000), ["1-1-9-1", "1-1-9-2"]), ["wechat 14000", "cash 2000"]);
    assert.deepEqual(parts(sale(mixed, 5_000, 1, 2), ["1-1-9-3"]), ["cash 8000"]);
    assert.deepEqual(parts(sale([of("wechat", 8_000, "failed"), of("card", 16_000)], 0), ["1-1-9-1", "1-1-9-2"]), ["wechat 8000 failed", "card 8000"]);
});

test("quick cash: the next full notes, without repeats", () => {
    assert.deepEqual(quickCash(8_000, [1_000, 2_000, 5_000, 10_000]), [10_000]);
    assert.deepEqual(quickCash(8_500, [1_000, 2_000, 5_000, 10_000]), [9_000, 10_000]);
});

test("two pages: what only one of them changed is as it left it", () => {
    const base = lists([line("adult")], [line("show")]);
    const other = lists([line("adult", 2)]);
    assert.deepEqual(merged(base, base, other, false), other);
    assert.deepEqual(merged(base, other, base, false), other);
});

test("two pages: both changed the basket in hand: mine stays, theirs is held", () => {
    const base = lists([line("adult")]);
    assert.deepEqual(merged(base, lists([line("adult", 2)]), lists([line("show")]), false), lists([line("adult", 2)], [line("show")]));
    assert.deepEqual(merged(base, lists([]), lists([line("show")]), false), lists([], [line("show")]));
    assert.deepEqual(merged(base, lists([line("show")]), lists([line("show")]), false), lists([line("show")]));
});

test("two pages: who is paying keeps the basket", () => {
    const base = lists([line("adult")]);
    assert.deepEqual(merged(base, base, lists([line("show")]), true), lists([line("adult")], [line("show")]));
    assert.deepEqual(merged(base, base, lists([]), true), base);
});

test("two pages: what one took from those held does not come back, what one held is not lost", () => {
    const base = lists([], [line("adult")], [line("adult")], [line("show")]);
    const mine = lists([line("adult")], [line("adult")], [line("show")]);
    const theirs = lists([], [line("adult")], [line("adult")], [line("show")], [line("group")]);
    assert.deepEqual(merged(base, mine, theirs, false), lists([line("adult")], [line("adult")], [line("show")], [line("group")]));
});
