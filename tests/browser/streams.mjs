// How pages of one browser hear what happens: which of them have streams, and what becomes of the others when one stops.
import {enter, expect, open, outside, say} from "./chromium.mjs";
import {fresh, scan, shows, stranger, unknown} from "./gate.mjs";

// A lane is shown when its page is told what happens; somebody may just be walking out of the story before.
const told = (page) => page.locator('.lane:not([data-look="out"])').waitFor();

// Another page of the same browser.
async function beside(page, path) {
    const other = await page.context().newPage();
    await other.goto(new URL(path, page.url()).href);
    return other;
}

// How many streams the pages of a browser have opened.
function countStreams(context) {
    const streams = {opened: 0};
    context.on("request", (request) => void (streams.opened += request.url().includes("/api/v1/events") ? 1 : 0));
    return streams;
}

// Eight gates of one browser, of which only six may have connections: each is told everything, two by streams of their own, the
// others by one for all. A page with a stream goes, and another one has its place.
export async function manyPages(browser) {
    const first = await open(browser, "/gate?lang=zh-CN&theme=light&stay=600");
    const context = first.context();
    const streams = countStreams(context);
    await enter(first, "wang", "4712");
    await told(first);
    const others = [];
    for (let more = 0; more < 7; ++more) {
        const page = await beside(first, first.url());
        await told(page);
        others.push(page);
    }
    expect(streams.opened === 3, `three streams for eight pages: ${streams.opened}`);
    await outside("idle");
    await scan(unknown());
    for (const page of [first, ...others]) await shows(page, "deny");
    const code = await fresh();
    await Promise.all([first.close(), scan(code)]);
    for (const page of others) await shows(page, "pass");
    await outside("idle");
    await scan(stranger());
    for (const page of others) await shows(page, "help");
    // The page that shared its stream has the place of the one that went, and the next one shares.
    expect(streams.opened === 5, `two more for those that are left: ${streams.opened}`);
    await outside("kill");
    await outside("start");
    for (const page of others) await page.locator('.strip[data-state="online"]').waitFor();
    for (const page of others) await told(page);
    await outside("idle");
    await scan(unknown());
    for (const page of others) await shows(page, "deny");
    await context.close();
    say("eight pages of one browser by three streams, also when one of them is closed and when the node starts anew");
}

// A page that stands in a dialog runs nothing. While it has the stream of all, a gate shows its verdicts as if nothing were,
// and the pages that share take the stream over.
export async function pageInDialog(browser) {
    const office = await open(browser, "/operations?lang=zh-CN&theme=light");
    const streams = countStreams(office.context());
    await enter(office, "wang", "4712");
    await office.waitForFunction(() => globalThis.listens === true); // by the stream of all
    const gate = await beside(office, "/gate?lang=zh-CN&theme=light&stay=600");
    await told(gate);
    const dialog = office.waitForEvent("dialog");
    await office.evaluate(() => void setTimeout(() => alert("?")));
    const asked = await dialog;

    await outside("idle");
    const code = await fresh();
    let began = Date.now();
    await scan(code);
    await shows(gate, "pass");
    const own = Date.now() - began;
    expect(own < 2_000, `a gate beside a page in a dialog shows a verdict after ${own} ms`);

    // A second and a third gate: the third has no place of its own, and takes the stream over.
    const second = await beside(gate, gate.url());
    await told(second);
    const third = await beside(gate, gate.url());
    began = Date.now();
    await told(third);
    const over = Date.now() - began;
    expect(over < 4_000, `a page that shares is told again after ${over} ms`);
    await outside("idle");
    began = Date.now();
    await scan(unknown());
    for (const page of [gate, second, third]) await shows(page, "deny");
    const shared = Date.now() - began;
    expect(shared < 2_000, `three gates show a verdict after ${shared} ms`);

    // The page that had the stream is told by the other one now, and the browser has no stream more than it should.
    const before = streams.opened;
    await asked.accept();
    await outside("idle");
    const asks = office.waitForResponse((answer) => answer.url().endsWith("/status"));
    await scan(stranger());
    for (const page of [gate, second, third]) await shows(page, "help");
    await asks;
    expect(streams.opened === before, `nobody takes the stream from the page that has it: ${streams.opened - before}`);
    await office.context().close();
    say(`beside a page in a dialog a gate shows a verdict after ${own} ms; pages that share are told after ${over} ms`);
}

// What happens after a page has asked and before its stream is open is told, too.
export async function lateStream(browser) {
    const late = await open(browser, "/window?lang=zh-CN&theme=light&window=window-1");
    let pass;
    const held = new Promise((done) => (pass = done));
    await late.route("**/api/v1/events*", async (route) => {
        await held;
        await route.continue();
    });
    const asked = late.waitForResponse((answer) => answer.url().endsWith("/baskets") && answer.request().method() === "GET");
    await enter(late, "li", "4711");
    await asked;
    await late.locator(".tile").first().waitFor();
    const other = await open(browser, "/window?lang=zh-CN&theme=light&window=window-1");
    await enter(other, "li", "4711");
    await other.locator(".tile").first().waitFor();
    const put = (items) => other.waitForResponse((answer) => answer.ok() && answer.request().method() === "PUT" && answer.url().endsWith("/baskets") && JSON.parse(answer.request().postData()).current.lines.length === items);
    const kept = put(1);
    await other.keyboard.press("1");
    await kept;
    expect((await late.locator(".basket li").count()) === 0, "without its stream the page is told nothing");
    pass();
    await late.locator(".basket li").waitFor();
    const empty = put(0);
    await other.keyboard.press("Delete");
    await empty;
    await late.locator(".basket li").waitFor({state: "detached"});
    for (const page of [late, other]) await page.context().close();
    say("a page whose stream opens late is told what happened meanwhile");
}
