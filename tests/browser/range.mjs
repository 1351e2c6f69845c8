// A venue with more products than there are digits, by keyboard alone.
import {close, enter, expect, fits, judge, open, outside, press, say, shot} from "./chromium.mjs";

const most = 12;

export async function manyProducts(browser) {
    await outside("products", {count: most});
    const page = await open(browser, "/window?lang=zh-CN&theme=light");
    await enter(page, "li", "4711");
    await page.locator(".shelf").waitFor();
    const keys = () => page.locator(".tile-name").evaluateAll((tiles) => tiles.map((tile) => Number(tile.querySelector("kbd")?.textContent ?? 0)));
    const first = [...Array.from({length: 9}, (_, at) => at + 1), ...Array(most - 9).fill(0)];
    expect(String(await keys()) === String(first), `nine of ${most} have a digit: ${await keys()}`);
    await press(page, "0");
    expect(String(await keys()) === String([...Array(9).fill(0), ...Array.from({length: most - 9}, (_, at) => at + 1)]), `then those after them: ${await keys()}`);
    await judge(page, "the products after the ninth");
    await fits(page, "the products after the ninth", ".shelf");
    await shot(page, "window-more-products-zh");
    await press(page, "9"); // there is no eighteenth
    expect((await page.locator(".basket li").count()) === 0, "a digit without a product adds none");
    await press(page, "0", "3");
    await page.locator(".basket li", {hasText: `票种 ${most}`}).waitFor();
    expect(String(await keys()) === String(first), "after a product the digits are of the first nine again");
    await press(page, "1", "0", "0", "1", "0", "Escape", "1");
    expect((await page.locator(".basket li").count()) === 2, "who goes round, or back, is at the first nine again");
    await press(page, "Delete", "0", "1");
    await page.locator(".basket li", {hasText: "票种 10"}).waitFor();
    const before = (await outside("sales")).length;
    await press(page, "F10");
    await page.locator(".done .good").waitFor();
    await page.waitForFunction(() => location.hash === "");
    const all = await outside("sales");
    expect(all.length === before + 1 && all[0].lines.map((line) => line.product).join() === `more-${most},more-10`, `the twelfth and the tenth product are sold: ${JSON.stringify(all[0].lines)}`);
    await close(page);
    say(`${most} products at a window`);
}
