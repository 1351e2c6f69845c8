// Debian's Chromium through playwright-core, axe, and a line to the Python side that owns daemons and devices.
import {readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const require = createRequire(new URL("../../pages/package.json", import.meta.url));
const {chromium} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const {origin, shots, foreign} = JSON.parse(process.argv[2]);

const answers = createInterface({input: process.stdin})[Symbol.asyncIterator]();
export async function outside(what, more = {}) {
    process.stdout.write(`${JSON.stringify({do: what, ...more})}\n`);
    const {value} = await answers.next();
    return JSON.parse(value);
}
// Of an odd or even number of them.
export function median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

export const say = (words) => process.stdout.write(`${JSON.stringify({say: words})}\n`);

export function expect(holds, what) {
    if (!holds) throw new Error(what);
}

export const launch = () =>
    chromium.launch({
        executablePath: "/usr/bin/chromium",
        args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--autoplay-policy=no-user-gesture-required"],
    });

const address = (path) => (origin ? new URL(path, origin).href : path);

// The machine that runs the tests has neither loudspeaker nor voice: what would be heard is noted instead.
function heard({voices}) {
    globalThis.spoken = [];
    globalThis.tones = 0;
    Object.assign(SpeechSynthesis.prototype, {
        getVoices: () => voices.map((lang) => ({lang})),
        speak: ({lang, text}) => globalThis.spoken.push(`${lang}: ${text}`),
    });
    const Source = globalThis.EventSource;
    globalThis.EventSource = class extends Source {
        constructor(...given) {
            super(...given);
            this.addEventListener("open", () => (globalThis.listens = true));
            this.addEventListener("error", () => (globalThis.listens = false));
        }
    };
    const made = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
        ++globalThis.tones;
        return made.call(this);
    };
}

// A page of which every complaint of the browser is a fault: policy violations, unknown errors. `path`: an address, or what
// comes after the origin.
export async function open(browser, path, {voices = ["zh-CN", "en"], ...options} = {}) {
    const context = await browser.newContext({viewport: {width: 1366, height: 768}, ...options});
    context.setDefaultTimeout(20_000);
    await context.addInitScript(heard, {voices});
    const page = await context.newPage();
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("console", (line) => {
        if (line.type() === "error" && !/Failed to load resource|ERR_/.test(line.text())) page.complaints.push(line.text());
    });
    await page.goto(address(path));
    return page;
}

// Until then what happens is not told to a page that was just opened. Of a browser's pages one has the stream for all.
export async function listens(page) {
    for (const end = Date.now() + 20_000; Date.now() < end; await page.waitForTimeout(20))
        for (const one of page.context().pages()) if (await one.evaluate(() => globalThis.listens === true)) return;
    throw new Error("no page has the stream of events");
}

export async function close(page) {
    expect(page.complaints.length === 0, `the browser complained: ${page.complaints.join("; ")}`);
    await page.context().close();
}

// The form takes the keyboard by itself: the name's field, or that of the PIN after a wrong one.
export async function enter(page, operator, pin, until = "header") {
    await page.waitForFunction(() => ["operator", "pin"].includes(document.activeElement?.name));
    if (await page.evaluate(() => document.activeElement.name === "pin")) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Control+A"); // of an attempt before
    await page.keyboard.type(operator);
    await page.keyboard.press("Tab");
    await page.keyboard.type(pin);
    await page.keyboard.press("Enter");
    await page.locator(until).first().waitFor();
}

export const press = async (page, ...keys) => {
    for (const key of keys) await page.keyboard.press(key);
};

// Goes on by Tab until what has the keyboard fits `selector` and shows `words`, as somebody without a mouse does. `back`: by
// Shift+Tab. What has it already is passed over.
export async function tabTo(page, selector, words = "", {back = false, most = 60} = {}) {
    for (let pressed = 1; pressed <= most; ++pressed) {
        await page.keyboard.press(back ? "Shift+Tab" : "Tab");
        const there = await page.evaluate(([wanted, text]) => document.activeElement.matches(wanted) && document.activeElement.innerText.includes(text), [selector, words]);
        if (there) return;
    }
    throw new Error(`the keyboard does not come to ${selector} ${words}`);
}

// WCAG 2.2 AA by axe; anything serious or critical is a fault. The test's own eval is what the page's policy forbids,
// so axe comes in by the debugger.
export async function judge(page, where) {
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
    const {violations} = await page.evaluate(() => globalThis.axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]}));
    const bad = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
    expect(bad.length === 0, `axe at ${where}: ${bad.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 90)).join(" | ")}`).join("; ")}`);
}

// What the machine takes at this moment to paint a change of one letter.
export const idlePaint = (page) =>
    page.evaluate(
        () =>
            new Promise((done) => {
                const letter = document.body.appendChild(document.createElement("i"));
                const began = performance.now();
                letter.textContent = ".";
                requestAnimationFrame(() => {
                    const after = new MessageChannel();
                    after.port1.onmessage = () => {
                        letter.remove();
                        done(performance.now() - began);
                    };
                    after.port2.postMessage(0);
                });
            }),
    );

// Nothing is wider than its window, and what must be seen is inside it.
export async function fits(page, where, ...selectors) {
    const faults = await page.evaluate((wanted) => {
        const found = [];
        if (document.documentElement.scrollWidth > innerWidth) found.push(`wider than the window by ${document.documentElement.scrollWidth - innerWidth}`);
        for (const selector of wanted)
            for (const element of document.querySelectorAll(selector)) {
                const box = element.getBoundingClientRect();
                if (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1)
                    found.push(`${selector} is cut off: ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
            }
        return found;
    }, selectors);
    expect(faults.length === 0, `${where}: ${faults.join("; ")}`);
}

// A picture as the documents want it: WebP by the browser itself, small.
export async function shot(page, name) {
    if (!shots) return;
    await page.evaluate(() => scrollTo(0, 0));
    const debug = await page.context().newCDPSession(page);
    const {data} = await debug.send("Page.captureScreenshot", {format: "webp", quality: 82});
    await debug.detach();
    const octets = Buffer.from(data, "base64");
    expect(octets.length <= 150_000, `${name}: ${octets.length} octets`);
    writeFileSync(`${shots}/${name}.webp`, octets);
}

// And the same in the other theme, as NAME-dark or NAME-light.
export async function shotInBoth(page, name) {
    await shot(page, name);
    const turn = () =>
        page.evaluate(() => {
            const root = document.documentElement;
            const other = root.dataset.theme === "dark" ? "light" : "dark";
            const button = document.querySelectorAll(".switches button")[1];
            if (button) button.click();
            else root.dataset.theme = other; // a guest's screen has no buttons
            return other;
        });
    if (shots) await shot(page, `${name}-${await turn()}`);
    if (shots) await turn();
}

// `command`: the path of one that the page may give.
export async function nothingKept(page, command) {
    const kept = await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]);
    expect(String(kept) === ",0,0,0,0", `nothing of the business is in the browser: ${kept}`);
    const forged = await page.evaluate(async (path) => (await fetch(path, {method: "POST", body: "{}"})).status, command);
    expect(forged === 403, `a command without the page's token is refused: ${forged}`);
    const cookie = (await page.context().cookies()).find((one) => one.name.startsWith("gatehouse"));
    expect(cookie?.httpOnly && cookie.sameSite === "Strict", "the session's cookie is HttpOnly and SameSite=Strict");
}

// Milliseconds to the first picture with what is waited for, by the clock and of the page's own processor time.
async function firstPaint(browser, path, ready) {
    const page = await open(browser, "about:blank");
    const debug = await page.context().newCDPSession(page);
    await debug.send("Performance.enable");
    await page.goto(address(path));
    await page.locator(ready).first().waitFor();
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    const took = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    const {metrics} = await debug.send("Performance.getMetrics");
    await close(page);
    return {took, own: 1000 * metrics.find(({name}) => name === "ThreadTime").value};
}

// 300 ms. Where other programs leave the machine no time even for a bare text, what counts is the page's own processor
// time, of its whole thread. `bare`: the address of a text of the same server.
export async function firstLoad(browser, bare, ...paths) {
    const told = {};
    for (const path of paths) {
        const pages = [];
        const texts = [];
        do {
            texts.push((await firstPaint(browser, bare, "body")).took);
            pages.push(await firstPaint(browser, path, "form, h1"));
        } while (pages.length < 8 && pages.every(({took}) => took > 300));
        const [took, own, text] = [pages.map((one) => one.took), pages.map((one) => one.own), texts].map((times) => Math.round(Math.min(...times)));
        const name = path.startsWith("/") ? path : new URL(path).pathname;
        told[name] = took;
        expect(took <= 300 || (text > 40 && own <= 200), `first load of ${name}: ${took} ms, ${own} ms of the processor; a bare text ${text} ms`);
    }
    say(`first load, ms: ${JSON.stringify(told)}`);
}

// Red, green and blue of some places of what is on the screen, as somebody with that eyesight sees them.
export async function seen(page, deficiency, places) {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setEmulatedVisionDeficiency", {type: deficiency});
    const png = await page.screenshot();
    await session.send("Emulation.setEmulatedVisionDeficiency", {type: "none"});
    const blank = await page.context().browser().newPage();
    const colours = await blank.evaluate(
        async ([data, wanted]) => {
            const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
            const canvas = new OffscreenCanvas(picture.width, picture.height);
            const context = canvas.getContext("2d");
            context.drawImage(picture, 0, 0);
            return wanted.map(({x, y}) => [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data].slice(0, 3));
        },
        [png.toString("base64"), places],
    );
    await blank.close();
    return colours;
}

const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
// WCAG 2.2, "contrast ratio".
export function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}
// CIE 1976: how far apart two colours are for the eye.
export function apart(one, other) {
    const lab = (colour) => {
        const [r, g, b] = colour.map(linear);
        const root = (t) => (t > 216 / 24389 ? Math.cbrt(t) : (841 / 108) * t + 4 / 29);
        const [x, y, z] = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089].map(root);
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
    };
    const [a, b] = [lab(one), lab(other)];
    return Math.hypot(...a.map((value, index) => value - b[index]));
}
