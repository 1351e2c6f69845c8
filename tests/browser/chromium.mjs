// Debian's Chromium through playwright-core, axe, and a line to the Python side that owns daemons and devices.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const require = createRequire(new URL("../../pages/package.json", import.meta.url));
const {chromium} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const answers = createInterface({input: process.stdin})[Symbol.asyncIterator]();
export async function outside(what, more = {}) {
    process.stdout.write(`${JSON.stringify({do: what, ...more})}\n`);
    const {value} = await answers.next();
    return JSON.parse(value);
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

// A page of which every complaint of the browser is a fault: policy violations, unknown errors.
export async function open(browser, url, options = {}) {
    const context = await browser.newContext({viewport: {width: 1366, height: 768}, ...options});
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("console", (line) => {
        if (line.type() === "error" && !/Failed to load resource|ERR_/.test(line.text())) page.complaints.push(line.text());
    });
    await page.goto(url);
    return page;
}

// WCAG 2.2 AA by axe; anything serious or critical is a fault. The test's own eval is what the page's policy forbids,
// so axe comes in by the debugger.
export async function judge(page, where) {
    await page.evaluate(axe);
    const {violations} = await page.evaluate(() => globalThis.axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}));
    const bad = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
    expect(bad.length === 0, `axe at ${where}: ${bad.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 90)).join(" | ")}`).join("; ")}`);
}
