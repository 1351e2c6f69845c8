// A sale with a finger, in a browser of its own at the clerk's window.
import {close, enter, expect, open, outside} from "./chromium.mjs";

export async function byTouch(browser, path) {
    const before = (await outside("sales")).length;
    const page = await open(browser, path, {hasTouch: true});
    await enter(page, "li", "4711");
    const last = await page.locator(".done").getAttribute("data-sale"); // of before, which is shown when the baskets are known
    await page.locator(".tile").first().tap();
    await page.locator(".line-count button").last().tap();
    await page.locator(".actions button").nth(3).tap();
    await page.locator(".pay .quick button").first().waitFor();
    const small = await page.evaluate(() => [...document.querySelectorAll(".pay button, .basket button")].filter((one) => one.getBoundingClientRect().height < 44).length);
    expect(small === 0, "what is touched is large enough");
    await page.locator(".pay .quick button").first().tap();
    await page.locator(`.done:not([data-sale="${last}"])`).waitFor();
    await page.waitForFunction(() => location.hash === ""); // the basket is forgotten
    const all = await outside("sales");
    expect(all.length === before + 1 && all[0].tickets.length === 2 && all[0].change_minor > 0, "a whole sale by touch");
    await close(page);
}
