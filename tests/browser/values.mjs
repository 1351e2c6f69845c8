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
const {added, asHeld, asLines, beyondUnits, changed, counted, empty, fromHeld, fromLines, priceOn, quickCash, ticketPrice, unsold, withConcession} = await load("window/cart.ts");
const {handBack} = await load("window/handback.ts");
const {comesForward, givesWay, handOf, merged, same} = await load("window/merge.ts");
const {notAmong, unsoldOf} = await load("window/earlier.ts");
const {isCardNumber} = await load("window/card_number.ts");

const product = (id, more = {}) => ({id, name: {"zh-CN": id, en: id}, price_minor: 8000, persons: 1, entries: 1, companions: 0, validity: {kind: "day"}, check_id: false, ...more});
const adult = product("adult");
const group = product("group", {persons: 0, price_minor: 6000});
const show = product("show", {validity: {kind: "session"}});
const session = (id, hour, units_left) => ({id, product: "show", starts: `2026-05-01T${hour}:00:00+08:00`, ends: `2026-05-01T${hour}:50:00+08:00`, units_left});
const catalogue = {products: [adult, group, show], concessions: [{class: "senior", name: {}, percent: 50}, {class: "disabled", name: {}}], sessions: [session("late", 14, 5), session("early", 10, 0), session("over", "08", 9)]};
const nine = Date.parse("2026-05-01T09:00:00+08:00");
const line = (name, quantity = 1) => ({product: name, quantity});
const lists = (current, ...held) => ({current, tenders: [], held: held.map((lines) => ({lines}))});

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

test("two sessions of one product are two lines; each says when it takes more than is left", () => {
    const later = {...session("later", 16, 3), units_left: 3};
    const both = {...catalogue, sessions: [...catalogue.sessions, later]};
    let cart = added(empty, both, show, nine);
    cart = changed(cart, 0, {session: later});
    cart = added(added(cart, both, show, nine), both, show, nine);
    assert.deepEqual(asLines(cart), [{product: "show", quantity: 1, session: "later"}, {product: "show", quantity: 2, session: "late"}]);
    assert.equal(beyondUnits(cart, cart.lines[0]), undefined);
    cart = counted(cart, 0, 4);
    assert.equal(beyondUnits(cart, cart.lines[0]), 3);
    assert.equal(beyondUnits(cart, cart.lines[1]), undefined);
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
    assert.deepEqual(quickCash(20_000, [1_000, 2_000, 5_000, 10_000]), [30_000, 50_000]);
    assert.deepEqual(quickCash(50_000, [1_000, 2_000, 5_000, 10_000]), [60_000, 100_000]);
    assert.deepEqual(quickCash(0, [1_000, 2_000, 5_000, 10_000]), []);
});

test("a card's number is no reference, by the same examples as at the node", () => {
    const source = readFileSync(new URL("../edge/ticketing/tenders_test.cpp", import.meta.url), "utf8");
    const [, numbers, references] = /const char\* number :\s*\{([^}]*)\}.*?const char\* reference :\s*\{([^}]*)\}/s.exec(source);
    const texts = (list) => [...list.matchAll(/"([^"]*)"/g)].map((found) => found[1]);
    assert.ok(texts(numbers).length >= 8 && texts(references).length >= 8);
    for (const text of texts(numbers)) assert.ok(isCardNumber(text), text);
    for (const text of texts(references)) assert.ok(!isCardNumber(text), text);
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
    const [base, mine, theirs] = [lists([]), {...lists([line("show")]), held: [by("li")]}, {...lists([line("group")]), held: [by("zhao")]}];
    assert.deepEqual(merged(base, mine, theirs, false, {operator: "li"}), {...lists([line("show")]), held: [by("zhao"), by("li"), {lines: [line("group")], operator: "li"}]});
});

test("two pages: who is paying keeps the basket", () => {
    const base = lists([line("adult")]);
    assert.deepEqual(merged(base, base, lists([line("show")]), true), lists([line("adult")], [line("show")]));
    assert.deepEqual(merged(base, base, lists([]), true), base);
    // Of one basket that became two, the one in hand is sold under the id: the other must not go with it.
    const paying = {...base, id: "a"};
    const grown = {...lists([line("adult"), line("show")]), id: "a"};
    assert.deepEqual(merged(paying, paying, grown, true), {...paying, held: [{lines: grown.current}]});
    assert.equal(merged(paying, paying, {...grown, id: "b"}, true).held[0].id, "b");
});

test("two pages: what was taken stays with the basket that it was taken for, and that basket in hand", () => {
    const [base, cash] = [lists([line("adult")]), [{kind: "cash", amount_minor: 5_000}]];
    const paid = {...base, tenders: cash};
    assert.deepEqual(merged(base, base, paid, false), paid);
    assert.deepEqual(merged(base, paid, base, false), paid);
    assert.deepEqual(merged(base, lists([line("show")]), paid, false), {...paid, held: [{lines: [line("show")]}]});
    assert.deepEqual(merged(lists([]), lists([]), paid, false), paid);
    assert.deepEqual(merged(paid, paid, lists([]), false), lists([]));
    const [mine, theirs] = ["a", "b"].map((id) => ({...lists([line(id)]), id}));
    assert.equal(merged(lists([]), mine, theirs, false).id, "a");
    assert.equal(merged(lists([]), lists([]), theirs, false).id, "b");
});

test("two pages: what one took from those held does not come back, what one held is not lost", () => {
    const base = lists([], [line("adult")], [line("adult")], [line("show")]);
    const mine = lists([line("adult")], [line("adult")], [line("show")]);
    const theirs = lists([], [line("adult")], [line("adult")], [line("show")], [line("group")]);
    assert.deepEqual(merged(base, mine, theirs, false), lists([line("adult")], [line("adult")], [line("show")], [line("group")]));
});

// Two pages at their payments and the node between them, as till.ts and kept.ts have it: each puts what the node has not,
// and looks first when the other one was faster. Returns how often something was put.
function exchanged(node, pages) {
    let puts = 0;
    for (let quiet = 0; quiet < 2 && puts < 30; ) {
        for (const page of pages) {
            if (page.base !== node) {
                const lists = merged(page.base, page.mine, node, true);
                page.before = givesWay(page.mine, node, lists.held) ? handOf(node) : undefined;
                [page.mine, page.base] = [lists, node];
            }
            const now = {...page.mine, ...(page.before ?? {})};
            quiet = same(now, node) ? quiet + 1 : 0;
            if (quiet === 0 && ++puts) page.base = node = now;
        }
    }
    return {puts, node};
}
test("two pages, both at the payment with baskets of their own: they come to rest, and nothing is there twice", () => {
    const cash = [{kind: "cash", amount_minor: 5_000}];
    for (const [first, second] of [[[], []], [cash, []], [[], cash], [cash, cash]]) {
        const base = lists([], [line("group")]);
        const pages = [["a", first], ["b", second]].map(([id, tenders]) => ({base, mine: {...base, current: [line(id)], id, tenders}}));
        const {puts, node} = exchanged(base, pages);
        assert.ok(puts <= 4, `${puts} times`);
        assert.deepEqual([node.id, ...node.held.map((one) => one.id)].sort(), ["a", "b", undefined]);
        assert.deepEqual(pages.map((page) => page.mine.id), ["a", "b"]);
        if (first.length + second.length > 0) assert.deepEqual(node.tenders, cash);
    }
});

test("two pages: who gave way and leaves the payment is in hand again, and the other is held", () => {
    const [mine, theirs] = ["a", "b"].map((id) => ({...lists([line(id)]), id}));
    mine.held = [{lines: [line("a")], id: "a"}, {lines: [line("b")], id: "b"}, {lines: [line("group")]}];
    assert.deepEqual(comesForward(mine, theirs, {operator: "li"}), {...mine, held: [{lines: [line("group")]}, {lines: [line("b")], operator: "li", id: "b"}]});
});

test("of a basket that was sold with other lines the rest is left, and of what was taken what was not for that sale", () => {
    const seniors = {...line("adult", 2), concession: {class: "senior", document: "id_card"}};
    assert.deepEqual(unsoldOf([line("adult", 3), seniors, line("show")], [{...line("adult"), persons: 1, unit_price_minor: 8_000}, line("show")]), [line("adult", 2), seniors]);
    assert.deepEqual(unsoldOf([{...line("group"), persons: 30}], [{...line("group"), persons: 25}]), [{...line("group"), persons: 30}]);
    assert.deepEqual(unsoldOf([line("adult")], [line("adult"), line("show")]), []);
    const [cash, wechat] = [{kind: "cash", amount_minor: 5_000}, {kind: "wechat", amount_minor: 300, reference: "42"}];
    assert.deepEqual(notAmong([cash, cash, wechat], [{...cash, state: "confirmed"}]), [cash, wechat]);
    assert.deepEqual(notAmong([wechat], [{...wechat, state: "unverified"}]), []);
});

// The language of a page is in its address.
async function inLanguage(lang) {
    Object.assign(globalThis, {location: {search: `?lang=${lang}`}, document: {documentElement: {}}});
    return load("shared/refusal.ts", lang);
}
const zh = await inLanguage("zh-CN");
const en = await inLanguage("en");

test("what is heard at a gate: a document to look at, the emergency and its end, a lane that goes out of service; no news of what was not known", async () => {
    const {aloudOf, changeAloud} = await load("gate/aloud.ts");
    const verdict = (...notes) => ({verdict: "admit", reason: "none", signal: "welcome", notes});
    const named = {...adult, name: {"zh-CN": "成人票", en: "Adult"}};
    const heard = (aloud) => aloud && [aloud.sound, aloud.say("zh-CN"), aloud.say("en")];
    assert.deepEqual(heard(aloudOf(verdict("group"), "pass", named)), ["pass", "请通行，成人票", "Please pass, Adult"]);
    assert.deepEqual(heard(aloudOf(verdict("check_id", "concession"), "pass", named)), ["check", "请通行，成人票，优惠票，请核对证件", "Please pass, Adult, Concession: check the document"]);
    assert.deepEqual(heard(aloudOf(verdict("check_id"), "pass", undefined)), ["check", "请通行，请核对证件", "Please pass, Check the identity document"]);
    const lane = (more = {}) => ({name: "a", mode: "normal", state: "idle", emergency: false, ...more});
    const change = (before, after) => heard(changeAloud(before, after))?.[0];
    assert.equal(change([], [lane({emergency: true})]), undefined);
    assert.equal(change([lane()], [lane()]), undefined);
    assert.equal(change([lane()], [lane({emergency: true, state: "faulted"})]), "emergency");
    assert.equal(change([lane({emergency: true})], [lane({state: "faulted"})]), "over");
    assert.equal(change([lane()], [lane({state: "faulted"})]), "out");
    assert.equal(change([lane()], [lane({mode: "closed"})]), "out");
    assert.equal(change([lane({state: "faulted"})], [lane({mode: "closed"})]), undefined);
});

test("a range without an end of its own is said to be open; several things are joined as the language joins them; numbers are in thousands", async () => {
    for (const [lang, always, since, roles, waiting] of [["zh-CN", "长期有效", "2026-05-01 起有效", "售票员、系统管理员", "未上传 18,442 条"], ["en", "Open-ended", "From 2026-05-01 on", "Clerk, Operator", "18,442 unsent"]]) {
        await inLanguage(lang);
        const {shown} = await load("central/draft.ts", lang);
        const {say} = await load("shared/words.ts", lang);
        const range = (from, to) => shown("validity", {kind: "range", from, to}, "CNY");
        assert.equal(range("1970-01-01", "2069-12-31"), always);
        assert.equal(range("2026-05-01", "2069-12-31"), since);
        assert.match(range("2026-05-01", "2026-12-31"), /2026-05-01 – 2026-12-31$/);
        assert.equal(shown("roles", ["clerk", "operator"], "CNY"), roles);
        assert.equal(say("strip_unsent", {count: 18_442}), waiting);
    }
});

test("what is not valid is told by its field and the reason, in the page's language alone", () => {
    const refused = (language, body) => language.remarked(language.refusalOf({code: "invalid_body", ...body}));
    const why = (path, reason, reason_values) => ({path, reason, reason_values, detail: `${path}: some English`});
    for (const [body, chinese, english] of [
        [why("lines[0].quantity", "range"), "售票行 1 · 张数：超出允许的范围", "Line 1 · Quantity: is out of range"],
        [why("window", "open_shift", {operator: "ann"}), "窗口：还有 ann 的班次没有交", "Window: still has a shift of ann open"],
        [why("sessions.s-1.capacity", "granted_units", {units: "30"}), "时段 · s-1 · 容量：已拨出 30，不能少于此数", "Sessions · s-1 · Capacity: cannot be less: 30 units have been granted"],
        [why("persons", "between", {least: "1", most: "99"}), "人数：须为 1 至 99", "Persons: takes 1 to 99"],
        [{path: "persons", detail: "persons"}, "人数：不符合要求", "Persons: cannot be taken"],
        [{reason: "fields", reason_values: {count: "7"}, detail: "7 fields where 8 are named"}, "这一行有 7 列，应为 8 列", "The row has 7 fields; it must have 8"],
        [{path: "units", detail: "units: the moon is full"}, "张数：不符合要求（技术说明：units: the moon is full）", "Units: cannot be taken (units: the moon is full)"],
        [{path: "units", reason: "of_a_later_release", detail: "units: blue"}, "张数：不符合要求（技术说明：units: blue）", "Units: cannot be taken (units: blue)"],
        [{detail: "the moon is full"}, "提交的内容有误，请改正后再试（技术说明：the moon is full）", "The request is not valid; correct it and try again (the moon is full)"],
    ]) {
        assert.equal(refused(zh, body), chinese);
        assert.equal(refused(en, body), english);
    }
});

test("a refusal is told by its code and reason; the server's English follows only where it says more, set apart", () => {
    const told = (body) => zh.remarked(zh.refusalOf(body));
    assert.equal(told({code: "id_reused", detail: "this id was another command's"}), "此单号已用于另一笔业务，请换新单号");
    assert.equal(told({code: "id_reused", reason: "node_name", reason_values: {name: "gate-a"}, detail: "a node named gate-a is enrolled"}), "已有名为 gate-a 的终端：请换名称，或先吊销它");
    assert.equal(told({code: "forbidden", reason: "roles", reason_values: {roles: "attendant, supervisor"}, detail: "this is for attendant, supervisor"}), "没有此操作的权限：须由检票员、票务班长办理");
    assert.equal(told({code: "no_units_left", reason: "units_left", reason_values: {units: "3"}}), "余量不足，只剩 3");
    assert.equal(told({code: "locked_out", detail: "too many wrong PINs", retry_after_s: 7}), "口令错误次数过多，请 7 秒后再试");
    assert.equal(told({code: "storage_unavailable", detail: "the disk is full"}), "不能记录，没有办理；请通知运维（技术说明：the disk is full）");
    assert.equal(told({code: "not_found"}), "没有找到，请核对名称或编号");
    assert.equal(told({code: "precondition_required", detail: "send If-Match"}), "没有办理（precondition_required）（技术说明：send If-Match）");
    assert.equal(zh.refusalOf({code: "storage_unavailable", detail: "the disk is full"}).words, "不能记录，没有办理；请通知运维");
});

// The ways to central and to the peers.
const {beginOf, outagesOf, stretchesOf, waysOf} = await load("operations/ways.ts");
const clock = (time) => Date.parse(`2026-05-01T10:${time}:00+08:00`);
const change = (time, state) => ({time: `2026-05-01T10:${time}:00+08:00`, state});

test("central and every peer have a history of their own; nothing of a way is left out or told twice", () => {
    const peer = (node, connected, history) => ({node, name: `gate-${node}`, connected, copied_seq: 5, lag: node, history});
    const ways = waysOf({central: {last_contact: null}, links: [{name: "default", state: "up", rtt_ms: 3, history: [change("05", "up")]}], peers: [peer(2, true, [change("02", "up"), change("10", "down"), change("12", "up")]), peer(3, false, [])]});
    assert.deepEqual(ways.map((way) => [way.key, way.up, way.behind, way.rttMs]), [["link default", true, null, 3], ["peer 2", true, 2, null], ["peer 3", false, 3, null]]);
    const told = (way) => stretchesOf(way, clock("00"), clock("20")).map(({from, to, up}) => `${(from - clock("00")) / 60_000}-${(to - clock("00")) / 60_000} ${up ? "up" : "down"}`);
    assert.deepEqual(told(ways[0]), ["5-20 up"]);
    assert.deepEqual(told(ways[1]), ["2-10 up", "10-12 down", "12-20 up"]);
    assert.deepEqual(told(ways[2]), ["0-20 down"]);
    assert.deepEqual(outagesOf(stretchesOf(ways[1], clock("01"), clock("20"))), {count: 1, seconds: 120});
    const cut = {...ways[1], history: [change("02", "up"), change("20", "down")]};
    for (const now of ["19", "20"]) assert.deepEqual(outagesOf(stretchesOf(cut, clock("00"), clock(now))), {count: 1, seconds: 0}); // a page's clock that is behind
    assert.deepEqual(told({...ways[1], history: [change("02", "up"), change("04", "up")]}), ["2-20 up"]);
    assert.equal(beginOf(ways, clock("20")), clock("02"));
    assert.equal(beginOf([ways[2]], clock("05")), clock("05") - 60_000);
});

const {flowOf} = await load("central/flows.ts");
test("the hours of a business day rise over midnight, and those to come are not empty", () => {
    const row = (gate, hour, persons, direction = "entry") => ({gate, hour, persons, direction});
    const {at, hours, gates} = flowOf([row("north", 23, 3), row("north", 2, 4), row("south", 23, 1), row("north", 2, 5), row("south", 9, 9, "exit")], "entry", 4, 3);
    assert.deepEqual(hours, [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1, 2]);
    assert.ok(at.every((hour, index) => index === 0 || hour === at[index - 1] + 1), String(at));
    assert.deepEqual(gates.map(({name, values}) => [name, values[hours.indexOf(23)], values[hours.indexOf(2)], values[0]]), [["north", 3, 9, 0], ["south", 1, 0, 0]]);
    const morning = flowOf([row("north", 5, 2)], "entry", 4, 5);
    assert.deepEqual([morning.hours[0], morning.gates[0].values[0], morning.gates[0].values[1]], [5, 2, null]);
    assert.deepEqual(flowOf([], "entry", 4).gates, []);
});

test("a printer with little paper left works and is told all the same: a warning with its advice, and nothing of it is over", async () => {
    for (const [lang, word, fix, beside] of [["zh-CN", "纸将用尽", "纸快用完：备好新纸", "请备好新纸"], ["en", "Little paper left", "Little paper is left: have a new roll at hand", "have a new roll at hand"]]) {
        await inLanguage(lang);
        const {checksOf} = await load("operations/checks.ts", lang);
        const {troubleFix} = await load("shared/troubles.ts", lang);
        const printer = (state, trouble) => ({name: "printer-1", family: "printer", driver: "escpos", state, trouble});
        const status = {journal: {head: 1, backlog: 0}, disk: {reserve_ok: true, free_bytes: 1}, clock: {quality: "synced", offset_ms: null}, central: {connected: true, last_contact: null}, peers: [], lanes: []};
        const check = (device) => checksOf({status: {...status, devices: [device]}, statusAt: 0, prints: [], printsAt: 0, windows: 0, silent: 0}).find(({key}) => key === "device printer-1");
        const low = check(printer("online", "paper_low"));
        assert.deepEqual([low.state, low.fix], ["warn", fix]);
        assert.ok(low.found.endsWith(` · ${word}`), low.found);
        assert.deepEqual([check(printer("online", null)).state, check(printer("online", null)).fix], ["good", ""]);
        assert.equal(check(printer("fault", "paper_out")).state, "bad");
        assert.equal(troubleFix("paper_low"), beside);
    }
});
