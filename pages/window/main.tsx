import type {VNode} from "preact";
import {useLayoutEffect} from "preact/hooks";
import {now as clock} from "../shared/clock.ts";
import {follow} from "../shared/events.ts";
import {begin, LinkStrip, Switches, Who} from "../shared/frame.tsx";
import {clockTime, dayAndTime, money} from "../shared/format.ts";
import {focused, use} from "../shared/state.ts";
import type {Sale, TicketLook} from "../shared/node.ts";
import {Facts} from "../shared/facts.tsx";
import {refreshStatus, status} from "../shared/status.ts";
import {theme} from "../shared/theme.ts";
import {language, named, say, sayWord} from "../shared/words.ts";
import {amountOf, given, isGroup, ticketPrice} from "./cart.ts";
import {Basket} from "./basket.tsx";
import {cannotSell, listen} from "./keys.ts";
import {Pay} from "./pay.tsx";
import {currency, takeReference} from "./payment.ts";
import {Sales} from "./sales.tsx";
import {ShiftPane} from "./shift.tsx";
import {TicketPane} from "./ticket.tsx";
import {Tiles} from "./tiles.tsx";
import {basketsChanged, cart, catalogue, due, followBaskets, go, guardPayment, held, inHand, inMidPayment, lastSale, message, printEnded, prints, printsInDoubt, refreshCatalogue, refreshLastSale, refreshPrints, refreshShift, screen, sending, shift, tenders, ticketRead, today, unprinted, windowName} from "./till.ts";
import {PrintsInDoubt, refundedOf, SaleChip} from "./sales.tsx";
import "./window.css";

const goodbye = 20_000; // milliseconds after a sale: the next guest is welcome

// What the guest sees, in a window of its own: told over a channel of this browser, kept nowhere.
function tellGuest(channel: BroadcastChannel): void {
    const sale = cart.value.lines.length === 0 ? lastSale.value : undefined;
    const done = sale && clock() - Date.parse(sale.time) < goodbye ? sale : undefined;
    const taken = given(tenders.value);
    channel.postMessage({
        lines: cart.value.lines.map((line) => ({
            name: named(line.product.name),
            count: isGroup(line.product) ? say("window_of_persons", {count: amountOf(line)}) : `×${amountOf(line)}`,
            session: line.session ? `${dayAndTime(line.session.starts)}–${clockTime(line.session.ends)}` : "",
            amount: money(ticketPrice(line, today()) * line.quantity, currency()),
        })),
        total: cart.value.lines.length ? money(due(), currency()) : "",
        received: taken > 0 ? money(taken, currency()) : "",
        left: taken > 0 ? money(Math.max(0, due() - taken), currency()) : "",
        change: done ? money(done.change_minor, currency()) : "",
        printed: done !== undefined && paperTrouble(done) === "",
        language: language.value,
        theme: theme.value,
    });
}

function follows(): () => void {
    const channel = new BroadcastChannel(`gatehouse-display-${windowName()}`);
    const tell = (): void => tellGuest(channel);
    channel.onmessage = (event: MessageEvent<unknown>) => event.data === "hello" && tell();
    const ends = [cart, tenders, lastSale, prints, unprinted, language, theme].map((cell) => cell.follow(tell));
    const every = setInterval(() => lastSale.value && tell(), 5_000);
    return () => {
        clearInterval(every);
        for (const end of ends) end();
        channel.close();
    };
}

function useNode(): void {
    // Before the first picture: a key that follows it at once is heard, and what it opens stays open.
    useLayoutEffect(() => {
        inHand.set(undefined); // somebody else may have been here
        message.set(undefined);
        screen.set(inMidPayment() ? "pay" : "sell");
        let ended = false;
        let endKeeping = (): void => undefined;
        void refreshCatalogue()
            .then(followBaskets)
            .then((end) => (ended ? end() : (endKeeping = end)));
        void refreshShift();
        void refreshPrints();
        const every = setInterval(() => void refreshLastSale(), 1_500);
        // A lease that comes is no event: what cannot be sold is asked about again.
        const everyLease = setInterval(() => cannotSell() && void refreshCatalogue(), 5_000);
        const endKeys = listen();
        const endGuest = follows();
        const endGuard = guardPayment();
        const end = follow((kind, data) => {
            const look = data as TicketLook;
            if (kind === "scan" && look.window === windowName() && !takeReference(look)) ticketRead(look);
            if (kind === "sale" || kind === "snapshot_needed") void refreshCatalogue();
            if (kind === "baskets" && (data as {window: string}).window === windowName()) basketsChanged((data as {version: number}).version);
            if (kind === "snapshot_needed") basketsChanged(Infinity);
            if (kind === "print") printEnded(data as {job: string; outcome: string});
            if (kind === "print" || kind === "sale" || kind === "snapshot_needed") void refreshPrints();
            if (kind === "snapshot_needed") void refreshShift();
            if (kind === "link" || kind === "peer" || kind === "device") void refreshStatus();
        });
        return () => {
            ended = true;
            endKeeping();
            clearInterval(every);
            clearInterval(everyLease);
            endKeys();
            endGuest();
            endGuard();
            end();
        };
    }, []);
}

function Keys(): VNode {
    const keys: [string, string][] = [
        ["1 – 9", say("keys_tile")], ["0", say("keys_shelf")], ["*", say("keys_count")], ["+ −", say("keys_more")], ["↑ ↓", say("keys_line")], ["Delete", say("keys_delete")],
        ["F2", say("window_sales")], ["F3", say("window_screen_ticket")], ["F4", say("window_hold")], ["F5", say("window_recall")], ["F6 1 – 9", say("window_concession")], ["F8 1 – 7", say("window_document")],
        ["F7", say("window_session")], ["F9 / Enter", say("window_pay")], ["F10", say("window_exact_cash")], ["F12", say("shift_title")], ["F2 R", say("window_refund")], ["F2 P", say("window_reprint")], ["Y N", say("window_prints")], ["Esc", say("keys_back")],
    ];
    return (
        <section class="pane" aria-label={say("window_keys")} tabIndex={-1} ref={focused}>
            <h2>{say("window_keys")}</h2>
            <Facts rows={keys.map(([key, words]) => [<kbd>{key}</kbd>, words])} kind="keys" />
        </section>
    );
}

// Why the paper of a sale does not come; empty while it comes, or has.
function paperTrouble(sale: Sale): string {
    const count = sale.tickets.length;
    if (unprinted.value.has(sale.sale)) return say("window_paper_failed", {count});
    const waits = prints.value.find((print) => print.job === sale.sale && print.state === "printing");
    const printer = waits && status.value?.devices.find((device) => device.name === waits.printer && device.state !== "online");
    if (!printer) return "";
    const trouble = printer.trouble ?? "";
    const stopped = ["paper_out", "cover_open", "cutter"].includes(trouble);
    return say("window_paper_waits", {count, trouble: sayWord("trouble_", trouble || "fault"), fix: sayWord("device_", stopped ? trouble : "lost")});
}

function Done(): VNode | null {
    const sale = use(lastSale);
    for (const cell of [prints, status, unprinted]) use(cell as typeof prints);
    if (!sale) return null;
    const refunded = sale.tickets.every((ticket) => ticket.refunded);
    const paper = refunded ? "" : paperTrouble(sale);
    return (
        <section class={paper ? "done waits" : "done"} role="status" aria-label={say("window_last_sale")} data-sale={sale.id}>
            <div>
                {paper ? <span class="few">▲ {say("window_sold_without_paper", {count: sale.tickets.length})}</span> : <span class={refunded ? "soft" : "good"}>{refunded ? `↩ ${say("window_is_refunded")}` : `✓ ${say("window_sold", {count: sale.tickets.length})}`}</span>} <SaleChip sale={sale} />
                {paper && <div class="few paper">{paper}</div>}
                {refundedOf(sale)}
                <div class="soft">
                    {say("window_sale_number", {number: sale.sale})} · {money(sale.total_minor, currency())}
                    {sale.tenders.some((tender) => tender.state === "unverified") && ` · ▲ ${say("window_unverified")}`}
                </div>
            </div>
            <div class="change" data-refunded={refunded}>
                {refunded ? say("shift_refunded") : say("window_change")} <strong>{money(refunded ? sale.total_minor : sale.change_minor, currency())}</strong>
            </div>
        </section>
    );
}

function App(): VNode {
    useNode();
    for (const cell of [language, cart, catalogue, status, shift, held, message, sending, prints]) use(cell as typeof language);
    const now = use(screen);
    const told = message.value;
    return (
        <div class="window">
            <header>
                <LinkStrip {...(catalogue.value ? {limit: catalogue.value.limits.unverified_total_minor, currency: currency()} : {})} />
                <nav class="bar" aria-label={say("window_title")}>
                    <h1>
                        {say("window_title")} <span class="soft">{windowName()}</span>
                    </h1>
                    <span class={shift.value ? "soft" : "trouble"}>
                        {shift.value ? say("shift_of", {operator: shift.value.operator}) : `▲ ${say("shift_none")}`}
                    </span>
                    {(["sell", "sales", "ticket", "shift", "keys"] as const).map((one) => (
                        <button key={one} type="button" class="quiet" aria-current={now === one ? "page" : undefined} onClick={() => go(one)}>
                            {sayWord("window_screen_", one)}
                            <kbd>{{sell: "Esc", sales: "F2", ticket: "F3", shift: "F12", keys: "?"}[one]}</kbd>
                        </button>
                    ))}
                    <a href={`/display?window=${windowName()}`} target="_blank">
                        {say("window_display")}
                    </a>
                    <span class="space" />
                    <Switches />
                    <Who />
                </nav>
            </header>
            <main>
                <div class="left">
                    {printsInDoubt().length > 0 && <PrintsInDoubt />}
                    <p class={told?.kind === "good" ? "good told" : "trouble told"} role="alert">
                        {sending.value === "asking_again" ? say("window_asking_again") : (told?.words ?? "")}
                    </p>
                    {now === "pay" ? <Pay /> : now === "sales" ? <Sales /> : now === "ticket" ? <TicketPane /> : now === "shift" ? <ShiftPane /> : now === "keys" ? <Keys /> : <Tiles />}
                </div>
                <div class="right">
                    <Basket />
                    <Done />
                </div>
            </main>
        </div>
    );
}

begin("window_title", App);
