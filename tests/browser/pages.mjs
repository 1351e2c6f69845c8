// Run by pages.py. Each step is a sentence that holds, or the script ends with it.
import {expect, judge, launch, open, outside, say} from "./chromium.mjs";

const {origin, shots} = JSON.parse(process.argv[2]);
const shot = async (page, name) => shots && page.screenshot({path: `${shots}/${name}.png`});
const count = async () => (await outside("sales")).length;

async function enter(page, operator, pin) {
    await page.locator("input[name=operator]").waitFor();
    await page.keyboard.type(operator);
    await page.keyboard.press("Tab");
    await page.keyboard.type(pin);
    await page.keyboard.press("Enter");
    await page.locator("header").waitFor();
}

const press = async (page, ...keys) => {
    for (const key of keys) await page.keyboard.press(key);
};
const soldAs = (page, words) => page.locator(".done", {hasText: words}).waitFor();
const newSale = async (page, act) => {
    const before = await page.locator(".done").getAttribute("data-sale", {timeout: 500}).catch(() => "");
    await act();
    await page.waitForFunction((old) => (document.querySelector(".done")?.dataset.sale ?? "") !== old, before);
};

async function openShift(page, float) {
    await press(page, "F12");
    await page.locator("input[name=amount]").waitFor();
    await page.keyboard.type(float);
    await press(page, "Enter");
    await page.locator(".report").waitFor();
    await press(page, "Escape");
}

async function sellByKeyboard(page, words) {
    let before = await count();
    await newSale(page, () => press(page, "1", "F10"));
    expect((await count()) === before + 1, "the most common ticket is two keys");
    await soldAs(page, words.sold);

    before = await count();
    await newSale(page, () => press(page, "1", "*", "3", "Enter", "Enter", "3", "0", "0", "Enter"));
    const [three] = await outside("sales");
    expect(three.tickets.length === 3 && three.change_minor === 30000 - three.total_minor, `three tickets and change of 300: ${JSON.stringify(three)}`);

    await newSale(page, () => press(page, "1", "Enter", "5", "0", "Enter", "w", "Enter"));
    const [mixed] = await outside("sales");
    expect(mixed.tenders.map((tender) => tender.kind).join() === "cash,wechat", "two tenders");
    expect(mixed.tenders[1].state === "unverified", "nothing says paid on a clerk's word");

    await newSale(page, () => press(page, "1", "F6", "1", "F10"));
    const [reduced] = await outside("sales");
    expect(reduced.lines[0].concession?.class, "a concession in two keys");

    await press(page, "1", "F4", "2", "F5", "F4", "F5");
    expect((await page.locator(".basket li").count()) === 1, "held and recalled");
    await press(page, "Delete", "F5", "Delete");
}

async function doubleEnter(page) {
    const before = await count();
    await newSale(page, () => press(page, "1", "Enter", "Enter", "Enter", "Enter"));
    await press(page, "F10", "Enter");
    expect((await count()) === before + 1, "double Enter sells once");
}

async function answerLost(page) {
    const before = await count();
    await page.route("**/api/v1/sales", async (route) => {
        await route.fetch();
        await route.abort();
    }, {times: 1});
    await newSale(page, () => press(page, "1", "F10"));
    expect((await count()) === before + 1, "an answer that was lost: asked again, sold once");
}

async function killedInMidSale(page, shown, name) {
    const before = await count();
    await outside("kill");
    await press(page, "1", "F10");
    await page.locator(".told", {hasText: shown}).waitFor();
    await page.locator('.strip[data-state="lost"]').waitFor();
    await shot(page, name);
    await newSale(page, () => outside("start"));
    expect((await count()) === before + 1, "the daemon killed in mid-sale: sold once");
}

async function reloadInMidPayment(page, words) {
    let before = await count();
    await page.route("**/api/v1/sales", (route) => route.fetch(), {times: 1}); // done, and never answered
    const done = page.waitForEvent("request", (request) => request.method() === "POST" && request.url().endsWith("/sales"));
    await press(page, "1", "F10");
    await done;
    for (let tries = 0; tries < 100 && (await count()) === before; ++tries) await new Promise((next) => setTimeout(next, 50));
    await page.reload();
    await page.locator(".told", {hasText: words.wasSold}).waitFor();
    expect((await count()) === before + 1, "reload after the sale was recorded: shown, not sold again");

    before = await count();
    await page.route("**/api/v1/sales", () => undefined, {times: 1}); // never sent
    await press(page, "1", "F10");
    await page.reload();
    await page.locator(".told", {hasText: words.wasNotSold}).waitFor();
    expect((await count()) === before, "reload before the sale was recorded: nothing was sold, and it says so");
    await newSale(page, () => press(page, "1", "F10"));
    expect(!page.url().includes("#sale="), "the id is given up when its sale was seen");
}

async function inputMethod(page) {
    await page.evaluate(() => dispatchEvent(new KeyboardEvent("keydown", {code: "Digit1", key: "1", isComposing: true, bubbles: true})));
    expect((await page.locator(".basket li").count()) === 0, "what is composed is the input method's");
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", {code: "Digit1", key: "Process", bubbles: true})));
    expect((await page.locator(".basket li").count()) === 1, "keys go by place, not by letter");
    await press(page, "Delete");
}

async function refundAndReprint(page, words) {
    await press(page, "F2");
    await page.getByRole("button", {name: words.reprint}).first().click();
    await press(page, "Enter");
    await page.locator(".told", {hasText: words.reprinted}).waitFor();
    await page.getByRole("button", {name: words.refund}).first().click();
    await press(page, "Enter");
    await page.locator(".told", {hasText: words.refunded}).waitFor();
    await judge(page, "sales");
    await shot(page, `window-sales-${words.name}`);
    await press(page, "Escape");
}

async function linksCut(page, words) {
    await page.locator('.strip[data-state="online"]').waitFor();
    await outside("cut");
    await page.locator('.strip[data-state="offline"]', {hasText: words.offline}).waitFor({timeout: 40_000});
    await newSale(page, () => press(page, "1", "F10"));
    await page.locator('.done [data-safety="disk"]').waitFor();
    await press(page, "1", "1", "3", "Enter", "5", "0", "0");
    await shot(page, `window-offline-${words.name}`);
    await press(page, "Escape", "Delete", "Delete", "Delete");
    await outside("mend");
    await page.locator('.done [data-safety="central"]').waitFor({timeout: 40_000});
    await page.locator('.strip[data-state="online"]').waitFor({timeout: 20_000});
}

async function closeShift(page, words) {
    await press(page, "F12");
    await judge(page, "shift");
    await page.locator(".pieces input").first().fill("5");
    await press(page, "Enter", "Enter");
    await page.locator(".report", {hasText: words.z}).waitFor();
    await shot(page, `window-shift-${words.name}`);
    await press(page, "Escape");
}

async function nothingKept(page) {
    const kept = await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]);
    expect(String(kept) === ",0,0,0,0", `nothing of the business is in the browser: ${kept}`);
    const forged = await page.evaluate(async () => (await fetch("/api/v1/sales", {method: "POST", body: "{}"})).status);
    expect(forged === 403, `a command without the page's token is refused: ${forged}`);
    const cookie = (await page.context().cookies()).find((one) => one.name.startsWith("gatehouse_"));
    expect(cookie?.httpOnly && cookie.sameSite === "Strict", "the session's cookie is HttpOnly and SameSite=Strict");
}

const zh = {name: "zh", sold: "已售 1 张", wasSold: "已经售出", wasNotSold: "没有售出", offline: "离线", refund: "退票", refunded: "已退", reprint: "补打", reprinted: "补打 ", z: "交班表", again: "同一单号"};
const en = {name: "en", sold: "Sold: 1", wasSold: "was sold", wasNotSold: "was not sold", offline: "Offline", refund: "Refund", refunded: "refunded", reprint: "Reprint", reprinted: "to be reprinted", z: "Shift report", again: "same id"};

async function clerk(browser, words, lang, theme) {
    const page = await open(browser, `${origin}/window?lang=${lang}&theme=${theme}`);
    await page.locator("form").waitFor();
    await judge(page, "login");
    await enter(page, "li", "4711");
    await page.locator(".tile").first().waitFor();
    await openShift(page, "500");
    await judge(page, "window");
    await sellByKeyboard(page, words);
    await inputMethod(page);
    await doubleEnter(page);
    await answerLost(page);
    await killedInMidSale(page, words.again, `window-restart-${words.name}`);
    await reloadInMidPayment(page, words);
    await refundAndReprint(page, words);
    if (words === zh) await linksCut(page, words);
    await press(page, "1", "2", "Enter");
    await judge(page, "payment");
    await shot(page, `window-${words.name}`);
    await press(page, "Escape", "Delete", "Delete");
    await closeShift(page, words);
    await nothingKept(page);
    expect(page.complaints.length === 0, `the browser complained: ${page.complaints.join("; ")}`);
    await page.context().close();
    say(`a clerk's day by keyboard alone in ${lang}`);
}

async function gate(browser, lang, theme, codes) {
    const page = await open(browser, `${origin}/gate?lang=${lang}&theme=${theme}`);
    await enter(page, "wang", "4712");
    const lane = page.locator(".lane");
    const shows = (look) => page.locator(`.lane[data-look="${look}"]`).waitFor();
    await shows("ready");
    await judge(page, "gate");
    await shot(page, `gate-ready-${lang}`);
    await page.evaluate(() => {
        const seen = (globalThis.seen = []);
        const source = new EventSource("/api/v1/events");
        source.addEventListener("scan", () => seen.push(["told", performance.now()]));
        new MutationObserver(() => requestAnimationFrame(() => seen.push(["painted", performance.now(), document.querySelector(".lane").dataset.look]))).observe(document.querySelector(".lane"), {attributes: true, attributeFilter: ["data-look"]});
    });
    await new Promise((next) => setTimeout(next, 300));
    const looks = [["pass", codes.good], ["used", codes.good], ["deny", "HELLO"]];
    const pictures = [];
    for (const [look, code] of looks) {
        await outside("scan", {code});
        await shows(look);
        await judge(page, `gate ${look}`);
        await shot(page, `gate-${look}-${lang}`);
        if (shots && lang === "zh-CN" && look !== "ready") pictures.push(look);
        await page.locator('.lane[data-look="ready"]').waitFor({timeout: 20_000});
    }
    const seen = await page.evaluate(() => globalThis.seen);
    const told = seen.find(([kind]) => kind === "told");
    const painted = seen.find(([kind, , look]) => kind === "painted" && look === "pass");
    const took = Math.max(0, painted[1] - told[1]);
    expect(took <= 100, `verdict on the page ${took.toFixed(0)} ms after its event`);
    await lane.locator("footer button").click();
    await judge(page, "attendant");
    await page.locator("select[name=mode]").selectOption("green");
    await page.locator("input[name=reason]").fill("rush");
    await page.locator("input[name=reason]").press("Enter");
    await shows("pass");
    await shot(page, `gate-attendant-${lang}`);
    await page.locator("select[name=mode]").selectOption("normal");
    await page.locator("input[name=reason]").fill("over");
    await page.locator("input[name=reason]").press("Enter");
    await shows("ready");
    await page.locator(".emergency").click();
    await page.locator(".emergency").click();
    await shows("pass");
    await page.locator(".emergency").click();
    await page.locator(".emergency").click();
    await shows("ready");
    expect(page.complaints.length === 0, `the browser complained: ${page.complaints.join("; ")}`);
    await page.context().close();
    say(`the gate in ${lang}: admitted, used and refused; shown ${took.toFixed(0)} ms after the event`);
}

const browser = await launch();
try {
    await clerk(browser, zh, "zh-CN", "light");
    await clerk(browser, en, "en", "dark");
    const codes = (await outside("sales")).filter((sale) => !sale.lines[0].concession).flatMap((sale) => sale.tickets).map((ticket) => ticket.code);
    await gate(browser, "zh-CN", "light", {good: codes[4]});
    await gate(browser, "en", "dark", {good: codes[5]});
} catch (fault) {
    for (const page of browser.contexts().flatMap((context) => context.pages())) say(`the page said: ${(await page.locator("body").innerText()).replace(/\s+/g, " ")}`);
    throw fault;
} finally {
    await browser.close();
}
process.exit(0);
