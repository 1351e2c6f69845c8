// Run by pages.py. Each step is a sentence that holds, or the script ends with it.
import {firstLoad, launch, say} from "./chromium.mjs";
import {clerk, en, zh} from "./clerk.mjs";
import {colours, gate, guestsOfBefore, loginOver, pair, phone, portrait, unheardLane, weakLine} from "./gate.mjs";
import {manyProducts} from "./range.mjs";
import {lateStream, manyPages, pageInDialog} from "./streams.mjs";

const browser = await launch();
try {
    await firstLoad(browser, "/livez", "/window", "/gate", "/display");
    await clerk(browser, zh, "zh-CN", "light");
    await clerk(browser, en, "en", "dark");
    await manyProducts(browser);
    await gate(browser, "zh-CN", "light");
    await gate(browser, "en", "dark");
    await colours(browser);
    await guestsOfBefore(browser);
    await unheardLane(browser);
    await loginOver(browser);
    await weakLine(browser);
    await pair(browser);
    await portrait(browser);
    await phone(browser);
    await manyPages(browser);
    await pageInDialog(browser);
    await lateStream(browser);
} catch (fault) {
    for (const page of browser.contexts().flatMap((context) => context.pages())) say(`the page said: ${(await page.locator("body").innerText({timeout: 2_000}).catch(String)).replace(/\s+/g, " ")}`);
    throw fault;
} finally {
    await browser.close();
}
process.exit(0);
