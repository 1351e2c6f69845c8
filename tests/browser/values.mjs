// What the pages decide without a browser: baskets, prices, two pages at once, and the words of a refusal. Run by node alone.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {fileURLToPath} from "node:url";
import test from "node:test";

const pages = new URL("../../pages/", import.meta.url);
const {build} = createRequire(new URL("package.json", pages))("esbuild");

// `again`: another copy of the module.
async function load(entry, again = "") {
    const {outputFiles} = await build({entryPoints: [fileURLToPath(new URL(entry, pages))], bundle: true, write: false, format: "esm", target: "es2022"});
    return import(`data:text/javascript;base64,${Buffer.from(`${outputFiles[0].text}//${again}`).toString("base64")}`);
}
const {added, asHeld, asLines, counted, empty, fromHeld, fromLines, priceOn, quickCash, ticketPrice, unsold, withConcession} = await load("window/cart.ts");
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
const lists = (current, ...held) => ({current, held: held.map((lines) => ({lines}))});

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

test("who put a basket aside, and when, comes back with it; of one kept before that nothing is known", () => {
    const held = {lines: [line("adult")], held_at: "2026-05-01T10:20:30+08:00", operator: "li"};
    assert.deepEqual(asHeld(fromHeld(catalogue, held)), held);
    assert.deepEqual(asHeld(fromHeld(catalogue, {lines: held.lines})), {lines: held.lines});
});

test("no quota for this node, sold out and no session are three things", () => {
    const given = (units_received, units_left) => ({...session("s", 10, units_left), units_received});
    assert.equal(unsold([given(0, 0), given(0, 0)]), "no_quota");
    assert.equal(unsold([given(0, 0), given(5, 0)]), "sold_out");
    assert.equal(unsold([given(0, 0), given(5, 1)]), undefined);
    assert.equal(unsold([]), "no_session");
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

test("two pages: baskets of two people stay two, and what is put aside is stamped", () => {
    const by = (operator) => ({lines: [line("adult")], held_at: "2026-05-01T10:20:30+08:00", operator});
    const [base, mine, theirs] = [lists([]), {current: [line("show")], held: [by("li")]}, {current: [line("group")], held: [by("zhao")]}];
    assert.deepEqual(merged(base, mine, theirs, false, {operator: "li"}), {current: [line("show")], held: [by("zhao"), by("li"), {lines: [line("group")], operator: "li"}]});
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

// The language of a page is in its address.
async function inLanguage(lang) {
    Object.assign(globalThis, {location: {search: `?lang=${lang}`}, document: {documentElement: {}}});
    return load("shared/refusal.ts", lang);
}
const zh = await inLanguage("zh-CN");
const en = await inLanguage("en");
// English that is no name, number or unit of the thing spoken of.
const hasEnglish = (text) => /[a-z]{3,} [a-z]{2,}/.test(text);

test("every reason that the servers' readers of bodies give has its words, in both languages", () => {
    const sources = ["schemas/json/catalogue_check.cpp", "schemas/json/catalogue_json.cpp", "schemas/json/json_reader.cpp", "sync/central/order_import.cpp"];
    const whole = sources.flatMap((file) => [...readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").matchAll(/"((?:is|has|names|needs) [^"]*[^" ])"|bad\(\w+, "([^"]+)"\)/g)].map((found) => found[1] ?? found[2]));
    const composed = ["has not 1 to 500 elements", "is not between 0 and 65535", "makes tickets that no code can carry (too long)", "1 to 500 octets", "out of range", "no such window"];
    assert.ok(whole.length > 30, String(whole.length));
    for (const reason of [...whole, ...composed]) {
        assert.ok(zh.reasonOf(reason) && !hasEnglish(zh.reasonOf(reason)), `${reason}: ${zh.reasonOf(reason)}`);
        assert.ok(en.reasonOf(reason) && !/[\u4e00-\u9fff]/.test(en.reasonOf(reason)), reason);
    }
});

test("what is not valid is told by its field and the reason, in the page's language alone", () => {
    const refused = (language, detail, code = "invalid_body") => language.remarked(language.refusalOf({code, detail}));
    for (const [detail, chinese, english] of [
        ["lines[0].quantity: out of range", "售票行 1 · 张数：超出允许的范围", "Line 1 · Quantity: is out of range"],
        ["window: ann has a shift open there", "窗口：ann 在这里的班次还没有交", "Window: ann has a shift open there"],
        ["sessions.s-1.capacity: 30 units have been granted", "时段 · s-1 · 容量：已拨出 30，不能少于此数", "Sessions · s-1 · Capacity: cannot be less: 30 units have been granted"],
        ["large: is needed from 100000 minor units on", "大额：金额较大，须再次确认", "Large: is a large amount, and to be confirmed"],
        ["persons: is not between 1 and 99", "人数：须为 1 至 99", "Persons: takes 1 to 99"],
        ["persons", "人数：不符合要求", "Persons: cannot be taken"],
        ["code: another order has it", "票码：已属于另一个订单", "Code: belongs to another order"],
        ["7 fields where 8 are named", "这一行有 7 列，应为 8 列", "The row has 7 fields; it must have 8"],
        ["units: the moon is full", "张数：不符合要求（技术说明：units: the moon is full）", "Units: cannot be taken (units: the moon is full)"],
        ["the moon is full", "提交的内容有误，请改正后再试（技术说明：the moon is full）", "The request is not valid; correct it and try again (the moon is full)"],
    ]) {
        assert.equal(refused(zh, detail), chinese);
        assert.equal(refused(en, detail), english);
    }
});

test("a refusal is told by its code first; the server's English follows only where it says more, set apart", () => {
    const told = (body) => zh.remarked(zh.refusalOf(body));
    assert.equal(told({code: "id_reused", detail: "this id was another command's"}), "此单号已用于另一笔业务，请换新单号");
    assert.equal(told({code: "id_reused", detail: "a node named gate-a is enrolled; revoke it first"}), "已有名为 gate-a 的终端：请换名称，或先吊销它");
    assert.equal(told({code: "no_units_left", detail: "session s-1: 3 left"}), "余量不足，只剩 3");
    assert.equal(told({code: "locked_out", detail: "too many wrong PINs", retry_after_s: 7}), "口令错误次数过多，请 7 秒后再试");
    assert.equal(told({code: "storage_unavailable", detail: "the disk is full"}), "不能记录，没有办理；请通知运维（技术说明：the disk is full）");
    assert.equal(told({code: "not_found"}), "没有找到，请核对名称或编号");
    assert.equal(told({code: "precondition_required", detail: "send If-Match"}), "没有办理（precondition_required）（技术说明：send If-Match）");
    assert.equal(zh.refusalOf({code: "storage_unavailable", detail: "the disk is full"}).words, "不能记录，没有办理；请通知运维");
});
