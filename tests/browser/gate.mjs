// A gate's day: verdicts that everybody can read, and what an attendant does.
import {apart, close, contrast, enter, expect, fits, foreign, idlePaint, judge, open, outside, press, say, seen, shot} from "./chromium.mjs";

const shows = (page, look) => page.locator(`.lane[data-look="${look}"]`).waitFor();
const scan = (code) => outside("scan", {scanner: "scan-1", code});

// A bad code that is shown again within 5 s is the same try to the gate, and changes nothing on its page.
let codes = 0;
const unknown = () => `HELLO ${++codes}`;
let strangers = 0;
const stranger = () => foreign[strangers++ % foreign.length];

const told = (page) => page.locator(".attendant .told:not(:empty)").waitFor();

// A ticket that nobody has used.
async function fresh() {
    await outside("idle");
    return outside("fresh");
}

async function watch(page) {
    await page.evaluate(() => {
        const seen = (globalThis.seen = []);
        globalThis.listening = new Promise((next) => {
            const source = new EventSource("/api/v1/events");
            source.onopen = next;
            source.addEventListener("scan", () => seen.push(["told", performance.now()]));
        });
        new MutationObserver(() => requestAnimationFrame(() => seen.push(["painted", performance.now(), document.querySelector(".lane").dataset.look]))).observe(document.querySelector(".lane"), {attributes: true, attributeFilter: ["data-look"]});
    });
    await page.evaluate(() => globalThis.listening);
}

const products = {"zh-CN": {adult: "成人票", group: "团队票"}, en: {adult: "Adult", group: "Group"}};
const greenWord = {"zh-CN": "常开检票", en: "Green channel"};
const used = {"zh-CN": "已使用", en: "Used"};

async function verdicts(page, lang) {
    const code = await fresh();
    const looks = [["pass", code], ["deny", unknown()], ["help", stranger()], ["used", code]];
    for (const [look, text] of looks) {
        await outside("idle");
        await scan(text);
        await shows(page, look);
        await judge(page, `gate ${look}`);
        await fits(page, `gate ${look}`, ".word", ".lines p", ".shape", ".lane footer");
        if (look === "pass") await page.locator(".lines", {hasText: products[lang].adult}).waitFor();
        if (look === "used") {
            const said = await page.locator(".state").innerText();
            expect(said.split(used[lang]).length === 2, `that it is used is said once: ${said}`);
            expect(/\d\d:\d\d.*south.*lane-1/.test(said.replace(/\s+/g, " ")), `when and where it was used: ${said}`);
        }
        await shot(page, `gate-${look}-${lang}`);
    }
    const seen = await page.evaluate(() => globalThis.seen);
    const events = seen.filter(([kind]) => kind === "told");
    // The least of four: other programs of the machine are not the page's time.
    const times = looks.map(([look], index) => Math.max(0, seen.find(([kind, , to]) => kind === "painted" && to === look)[1] - events[index][1]));
    const idle = await idlePaint(page);
    expect(Math.min(...times) <= 100 + idle, `verdicts on the page ${times.map(Math.round)} ms after their events; ${idle.toFixed(0)} ms for a letter`);
    return Math.min(...times);
}

async function attendant(page, lang) {
    await page.locator(".lane footer button").click();
    await judge(page, "attendant");
    const before = await outside("entered");
    // The answer is lost, and the attendant asks again.
    await page.route("**/let-through", async (route) => {
        await route.fetch();
        await route.abort();
    }, {times: 1});
    await page.locator("input[name=reason]").first().fill("pram");
    await page.locator("input[name=reason]").first().press("Enter");
    await told(page);
    const again = page.waitForResponse((answer) => answer.url().endsWith("/let-through") && answer.ok());
    await page.locator("input[name=reason]").first().press("Enter");
    await again;
    expect((await outside("entered")) === before + 1, "a person without a ticket is let through once, by name and reason");
    await shows(page, "pass");
    await page.locator(".lane footer span", {hasText: /\+ .*\d/}).waitFor();
    await shot(page, `gate-through-${lang}`);
    await outside("idle");
    const offered = await page.locator("form:has(select) datalist option").count();
    expect(offered >= 3, "reasons for another mode are offered");
    await page.locator("select[name=mode]").selectOption("green");
    await page.locator("form:has(select) input[name=reason]").fill("rush");
    await page.locator("form:has(select) input[name=reason]").press("Enter");
    await outside("mode", {mode: "green"});
    await page.locator(".lane footer", {hasText: greenWord[lang]}).waitFor(); // the form begins anew with the mode
    await shot(page, `gate-attendant-${lang}`);
    await page.locator("select[name=mode]").selectOption("normal");
    await page.locator("form:has(select) input[name=reason]").fill("over");
    await page.locator("form:has(select) input[name=reason]").press("Enter");
    await outside("mode", {mode: "normal"});
}

// A group comes in in parts: the screen says how many of how many, and how many its ticket has left.
async function group(page, lang) {
    const check = async (persons) => {
        await page.locator("input[name=code]").fill(code);
        await page.locator("form:has(input[name=code]) input[name=persons]").fill(String(persons));
        await page.locator("input[name=code]").press("Enter");
    };
    const code = await outside("group", {persons: 25});
    await outside("idle");
    await check(3);
    await page.locator(".lines", {hasText: "3/3"}).or(page.locator(".lines", {hasText: "3 of 3"})).waitFor();
    const said = await page.locator(".lines").innerText();
    expect(said.includes("22") && said.includes(products[lang].group), `three of 25 are in: ${said}`);
    await fits(page, "a group", ".word", ".lines p", ".lane footer");
    await shot(page, `gate-group-${lang}`);
    await outside("idle");
    await check(40);
    await shows(page, "help");
    await page.locator(".word", {hasText: "22"}).waitFor();
    expect(!(await page.locator(".state").innerText()).includes(used[lang]), "a ticket with 22 persons left is not called used");
    await judge(page, "too many persons");
    await fits(page, "too many persons", ".word", ".lines p");
    await shot(page, `gate-too-many-${lang}`);
}

// Always on the screen and never one press away; then nothing else is shown, whatever is scanned or pulled.
async function emergency(page, lang) {
    await fits(page, "the way to the emergency", ".emergency-ask");
    await page.locator(".emergency-ask").click();
    await page.locator(".emergency-sure", {hasText: "lane-1"}).waitFor();
    await judge(page, "before the emergency");
    await page.locator(".emergency-sure .quiet").click();
    await outside("emergency", {open: false});
    await page.locator(".emergency-ask").click();
    await page.locator(".emergency-yes").click();
    await outside("emergency", {open: true});
    const word = page.locator(".lane[data-emergency=true][data-look=pass] .word", {hasText: emergencyWord[lang]});
    await word.waitFor();
    await page.locator(".lane footer", {hasText: emergencyWord[lang]}).waitFor();
    await scan(unknown());
    await outside("unplug");
    await page.locator(".lane footer strong", {hasText: "▲"}).waitFor();
    await word.waitFor();
    await judge(page, "the emergency");
    await fits(page, "the emergency", ".word", ".lines p", ".emergency button");
    await shot(page, `gate-emergency-${lang}`);
    await outside("plug");
    await outside("idle");
    await page.locator(".emergency-ask").click();
    await page.locator(".emergency-yes").click();
    await outside("emergency", {open: false});
}

const emergencyWord = {"zh-CN": "紧急放行", en: "Emergency"};
const paperWord = {"zh-CN": "缺纸", en: "No paper"};
const turnstileWord = {"zh-CN": /闸机：[^a-z_]+$/, en: /Turnstile: [A-Z][a-z ]+$/};

// What is wrong with a device is told in words: the paper that is out is no loose cable.
async function troubles(page, lang) {
    await outside("paper", {out: true});
    await page.locator(".strip strong", {hasText: paperWord[lang]}).waitFor();
    await outside("paper", {out: false});
    await outside("unplug");
    await shows(page, "out");
    const why = await page.locator(".why").innerText();
    expect(turnstileWord[lang].test(why), `the turnstile's trouble in words: ${why}`);
    await outside("plug");
    await shows(page, "ready");
}

const intruderWord = {"zh-CN": "闯入", en: "Intrusion"};

// Who walks in uncalled for is never told to pass.
async function intruder(page, lang) {
    await outside("idle");
    await outside("intrude");
    await page.locator(".lane[data-look=help] .why", {hasText: intruderWord[lang]}).waitFor();
    await fits(page, "an intruder", ".word", ".lines p");
}

// The turnstile goes away while somebody may be walking: nobody knows, until the attendant says so.
async function unknownPassage(page) {
    await outside("guests", {policy: "stay"});
    await scan(await fresh());
    await outside("open");
    await outside("unplug");
    await page.locator(".doubt").waitFor();
    await judge(page, "a passage in doubt");
    await page.locator(".doubt button").first().click();
    await page.locator(".doubt").waitFor({state: "detached"});
    await outside("plug");
    await outside("guests", {policy: "turn"});
    await outside("idle");
}

export async function gate(browser, lang, theme) {
    const began = Date.now();
    const page = await open(browser, `/gate?lang=${lang}&theme=${theme}&stay=600`);
    await enter(page, "wang", "4712");
    await shows(page, "ready");
    await judge(page, "gate");
    await fits(page, "gate", ".word", ".shape", ".lane footer");
    await shot(page, `gate-ready-${lang}`);
    await troubles(page, lang);
    await watch(page);
    const took = await verdicts(page, lang);
    await attendant(page, lang);
    await group(page, lang);
    await emergency(page, lang);
    await unknownPassage(page);
    await intruder(page, lang);
    await close(page);
    say(`the gate in ${lang}; shown ${took.toFixed(0)} ms after the event; ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

// Every state is told apart by shape and word; its colours are far apart for every eyesight that sees colours, and its
// words stand out for every one.
export async function colours(browser) {
    const page = await open(browser, "/gate?lang=zh-CN&theme=light&stay=600");
    await enter(page, "wang", "4712");
    await shows(page, "ready");
    const code = await fresh();
    const looks = [];
    const found = {};
    for (const [look, text] of [["pass", code], ["deny", unknown()], ["help", stranger()], ["used", code]]) {
        await outside("idle");
        await scan(text);
        await shows(page, look);
        const box = await page.locator(".lane").boundingBox();
        const drawn = await page.locator(".shape").innerHTML();
        const word = await page.locator(".word").innerText();
        expect(!looks.some((one) => one.drawn === drawn || one.word === word), `${look} has a shape and a word of its own`);
        looks.push({look, drawn, word});
        const ink = await page.evaluate(() => getComputedStyle(document.querySelector(".lane")).color.match(/\d+/g).slice(0, 3).map(Number));
        for (const eyes of ["protanopia", "deuteranopia", "tritanopia", "achromatopsia"]) {
            const [ground] = await seen(page, eyes, [{x: box.x + 30, y: box.y + 30}]);
            const ratio = contrast(ground, ink); // black and white stay what they are
            expect(ratio >= 4.5, `${look} with ${eyes}: contrast ${ratio.toFixed(2)}`);
            for (const [other, colour] of Object.entries(found[eyes] ?? {}))
                expect(eyes === "achromatopsia" || apart(ground, colour) >= 20, `${look} and ${other} with ${eyes}: ${apart(ground, colour).toFixed(1)} apart`);
            found[eyes] = {...found[eyes], [look]: ground};
        }
    }
    await close(page);
    say("four verdicts under four kinds of colour blindness");
}

// Two lanes on a small screen: what is wrong and what to do is read from 5 m, at 4 px to the millimetre.
export async function pair(browser) {
    const page = await open(browser, "/gate?lang=zh-CN&theme=light&stay=600");
    await page.route("**/api/v1/lanes", async (route) => {
        const answer = await route.fetch();
        const {lanes} = await answer.json();
        await route.fulfill({response: answer, json: {lanes: [...lanes, {...lanes[0], name: "lane-2", state: "faulted", trouble: "not_seen"}]}});
    });
    await enter(page, "wang", "4712");
    await page.locator(".lane").nth(1).waitFor();
    await outside("idle");
    await scan(unknown());
    await shows(page, "deny");
    await fits(page, "two lanes", ".word", ".lines p", ".lane footer");
    const least = await page.evaluate(() => Math.min(...[...document.querySelectorAll(".lane[data-look=deny] .lines p")].map((one) => parseFloat(getComputedStyle(one).fontSize))));
    expect(least >= 56, `what is read at a lane is ${least.toFixed(0)} px high`);
    await shot(page, "gate-two-lanes-zh-CN");
    await close(page);
    say(`two lanes side by side, their smallest line ${least.toFixed(0)} px`);
}

export async function portrait(browser) {
    const page = await open(browser, "/gate?lang=zh-CN&theme=dark&stay=600", {viewport: {width: 1080, height: 1920}});
    await enter(page, "wang", "4712");
    await shows(page, "ready");
    await scan(unknown());
    await shows(page, "deny");
    await fits(page, "a screen on its side", ".word", ".lines p", ".lane footer", ".emergency-ask");
    const height = (await page.locator(".word").boundingBox()).height;
    expect(height >= 150, `the word is ${height} high`);
    await shot(page, "gate-portrait-zh-CN");
    await close(page);
}

export async function phone(browser) {
    const page = await open(browser, "/gate?lang=zh-CN&theme=light&stay=600", {viewport: {width: 390, height: 844}, hasTouch: true});
    await enter(page, "wang", "4712");
    await shows(page, "ready");
    await page.locator(".lane footer button").tap();
    await page.locator(".attendant").waitFor();
    await judge(page, "the attendant's phone");
    await fits(page, "the attendant's phone", ".word");
    await page.locator(".attendant button").last().scrollIntoViewIfNeeded();
    await fits(page, "the attendant's phone, scrolled", ".emergency-ask");
    const small = await page.evaluate(() => [...document.querySelectorAll(".attendant button, .emergency button")].filter((one) => one.getBoundingClientRect().height < 44).length);
    expect(small === 0, "what is touched is large enough");
    await shot(page, "gate-phone-zh-CN");
    await press(page, "Tab");
    await close(page);
    say("the gate on a screen on its side and on a phone");
}
