// How pages of one browser hear what happens: which of them have streams, and what becomes of the others when one stops.
import {enter, expect, open, outside, say} from "./chromium.mjs";
import {attend, fresh, scan, shows, stranger, unknown} from "./gate.mjs";

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
    await attend(first);
    const others = [];
    for (let more = 0; more < 7; ++more) {
        const page = await beside(first, first.url());
        await shows(page, "ready");
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
    for (const page of others) await page.locator('.lane:not([data-look="out"])').waitFor();
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
    await shows(gate, "ready");
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
    await shows(second, "ready");
    const third = await beside(gate, gate.url());
    began = Date.now();
    await shows(third, "ready");
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
    const told = office.waitForResponse((answer) => answer.url().endsWith("/status"));
    await scan(stranger());
    for (const page of [gate, second, third]) await shows(page, "help");
    await told;
    expect(streams.opened === before, `nobody takes the stream from the page that has it: ${streams.opened - before}`);
    await office.context().close();
    say(`beside a page in a dialog a gate shows a verdict after ${own} ms; pages that share are told after ${over} ms`);
}
