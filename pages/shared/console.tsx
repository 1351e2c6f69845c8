// What the two consoles are made of: tabs that are in the address, cards, states with shape and word, lists of any
// length, charts, QR codes.
import type {ComponentChildren, VNode} from "preact";
import {options} from "preact";
import {useEffect, useRef, useState} from "preact/hooks";
import qrcode from "qrcode-generator";
import {get, wordsOf} from "./api.ts";
import {useDoing as useOne} from "./doing.ts";
import {Switches, Who} from "./frame.tsx";
import {signal, use} from "./state.ts";
import {say, written} from "./words.ts";
import "./console.css";

export type State = "good" | "warn" | "bad" | "idle";
export const shapes: Record<State, string> = {good: "●", warn: "▲", bad: "✕", idle: "○"};

export function Badge({state, children}: {state: State; children: ComponentChildren}): VNode {
    return (
        <span class="badge" data-state={state}>
            <span aria-hidden="true">{shapes[state]}</span> {children}
        </span>
    );
}

// What the last command came to, said once for the whole page.
const told = signal<{good: boolean; words: string} | undefined>(undefined);

// Where in the page somebody is: "#leases", "#fleet/gate-a".
const read = (): string[] => location.hash.slice(1).split("/").map(decodeURIComponent);
export const place = signal(read());
addEventListener("hashchange", () => {
    if (read()[0] !== place.value[0]) told.set(undefined);
    place.set(read());
});
export function go(...parts: string[]): void {
    location.hash = parts.map(encodeURIComponent).join("/");
}

function Tabs<T extends string>({tabs, name}: {tabs: readonly [T, string, number?][]; name: string}): VNode {
    const now = use(place)[0] || tabs[0]![0];
    return (
        <nav class="tabs" aria-label={name}>
            {tabs.map(([tab, words, count]) => (
                <a key={tab} href={`#${tab}`} aria-current={now === tab ? "page" : undefined}>
                    {words}
                    {count ? <span class="count">{count}</span> : null}
                </a>
            ))}
        </nav>
    );
}

// The strip that says how it all is, the tabs, what the last command came to, and the tab's own part.
export function Console<T extends string>({title, strip, tabs, children}: {title: string; strip: VNode; tabs: readonly [T, string, number?][]; children: ComponentChildren}): VNode {
    return (
        <div class="console">
            <header>
                <div class="top">
                    {strip}
                    <span class="controls">
                        <Switches />
                        <Who />
                    </span>
                </div>
                <div class="bar">
                    <h1>{title}</h1>
                    <Tabs name={title} tabs={tabs} />
                </div>
            </header>
            <main>
                <Told />
                {children}
            </main>
        </div>
    );
}

export function Card({title, aside, wide, children}: {title: string; aside?: ComponentChildren; wide?: boolean; children: ComponentChildren}): VNode {
    return (
        <section class={wide ? "card wide" : "card"} aria-label={title}>
            <header>
                <h2>{title}</h2>
                {aside}
            </header>
            {children}
        </section>
    );
}

// What a command came to is over as soon as the next one is begun.
export const forget = (): void => told.set(undefined);
export function good(words: string): void {
    told.set({good: true, words});
}
const saidOf = (problem: unknown): string => wordsOf(problem, (refused) => refused.told, say("console_no_answer"));
export function trouble(problem: unknown): void {
    told.set({good: false, words: saidOf(problem)});
}
function Told(): VNode {
    const now = use(told);
    return (
        <p class={now?.good ? "good told" : "trouble told"} role="alert">
            {now && `${now.good ? "✓" : "✕"} ${now.words}`}
        </p>
    );
}
// What a command came to that was carried out and did not succeed.
export interface Failed {
    failed: string;
}
// Runs what a button does, one at a time, and says what it came to.
export function useDoing(): [boolean, (act: () => Promise<string | Failed | void>) => void] {
    const [busy, run] = useOne(trouble);
    const tell = async (act: () => Promise<string | Failed | void>): Promise<void> => {
        forget();
        const came = await act();
        if (typeof came === "object") told.set({good: false, words: came.failed});
        else if (came) good(came);
    };
    return [busy, (act) => run(() => tell(act))];
}

export interface Answer<T> {
    value: T | undefined;
    trouble: string;
    at: number; // when it came
    again: () => void;
}
// What a path answers: asked again `every` so many milliseconds (0: never), and by `again`.
export function useAnswer<T>(path: string | undefined, every = 0): Answer<T> {
    const [now, setNow] = useState<{path: string | undefined; value: T | undefined; trouble: string; at: number}>({path, value: undefined, trouble: "", at: 0});
    const [count, setCount] = useState(0);
    useEffect(() => {
        if (path === undefined) return;
        let ended = false;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const ask = async (): Promise<void> => {
            try {
                const value = await get<T>(path);
                if (!ended) setNow({path, value, trouble: "", at: Date.now()});
            } catch (problem) {
                if (!ended) setNow((former) => ({...former, trouble: saidOf(problem)}));
            }
            if (!ended && every > 0) timer = setTimeout(() => void ask(), every);
        };
        void ask();
        return () => {
            ended = true;
            clearTimeout(timer);
        };
    }, [path, every, count]);
    return {value: now.path === path ? now.value : undefined, trouble: now.trouble, at: now.at, again: () => setCount(count + 1)};
}

export interface Column<T> {
    name: string;
    cell: (row: T) => ComponentChildren;
    right?: boolean;
    width?: string;
}
const rowHeight = 38;
const manyRows = 120;

// What is printed is the whole list: the browser takes its picture as soon as everybody who listens has returned.
const printing = signal(false);
const atOnce = (now: boolean): void => {
    const later = options.debounceRendering;
    options.debounceRendering = (render) => render();
    printing.set(now);
    if (later) options.debounceRendering = later;
    else delete options.debounceRendering;
};
addEventListener("beforeprint", () => atOnce(true));
addEventListener("afterprint", () => atOnce(false));

const shown = (cell: ComponentChildren): ComponentChildren => (typeof cell === "number" ? written(cell) : cell);

// A table of any length: beyond `manyRows` only what can be seen is in the document.
export function List<T>({name, columns, rows, keyOf, height = 460, picked, pick, nearEnd, empty}: {
    name: string;
    columns: Column<T>[];
    rows: readonly T[];
    keyOf: (row: T) => string;
    height?: number;
    picked?: string | undefined;
    pick?: ((row: T) => void) | undefined;
    nearEnd?: () => void;
    empty?: string;
}): VNode {
    const [top, setTop] = useState(0);
    const box = useRef<HTMLDivElement>(null);
    const whole = use(printing);
    const windowed = rows.length > manyRows && !whole;
    const first = windowed ? Math.max(0, Math.floor(top / rowHeight) - 8) : 0;
    const last = windowed ? Math.min(rows.length, first + Math.ceil(height / rowHeight) + 16) : rows.length;
    const scrolled = (): void => {
        const element = box.current!;
        setTop(element.scrollTop);
        if (nearEnd && element.scrollTop + element.clientHeight > element.scrollHeight - 600) nearEnd();
    };
    const pressed = (event: MouseEvent, row: T): void => {
        if (pick && !(event.target as Element).closest("button, a, input, select") && String(getSelection()) === "") pick(row);
    };
    const cell = (column: Column<T>, row: T, index: number): VNode => (
        <td key={index} class={column.right ? "right" : undefined} data-name={column.name}>
            {pick && index === 0 ? (
                <button type="button" class="link" aria-pressed={keyOf(row) === picked} onClick={() => pick(row)}>
                    {shown(column.cell(row))}
                </button>
            ) : (
                shown(column.cell(row))
            )}
        </td>
    );
    return (
        <div
            class={`list${windowed || columns.some((column) => column.width) ? " fixed" : ""}${windowed ? " long" : ""}`}
            ref={box}
            tabIndex={0}
            role="region"
            aria-label={name}
            style={{maxHeight: windowed ? `${height}px` : `max(${height}px, 70vh)`}}
            onScroll={scrolled}
        >
            <table>
                <thead>
                    <tr>
                        {columns.map((column) => (
                            <th key={column.name} scope="col" class={column.right ? "right" : undefined} style={column.width ? {width: column.width} : undefined}>
                                {column.name}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {first > 0 && <tr aria-hidden="true" style={{height: `${first * rowHeight}px`}} />}
                    {rows.slice(first, last).map((row) => (
                        <tr key={keyOf(row)} class={keyOf(row) === picked ? "picked" : pick ? "pickable" : undefined} data-key={keyOf(row)} onClick={(event) => pressed(event, row)}>
                            {columns.map((column, index) => cell(column, row, index))}
                        </tr>
                    ))}
                    {last < rows.length && <tr aria-hidden="true" style={{height: `${(rows.length - last) * rowHeight}px`}} />}
                </tbody>
            </table>
            {rows.length === 0 && empty && <p class="soft empty">{empty}</p>}
        </div>
    );
}

// A QR code as a picture of rectangles; dark on light in both themes, as readers want it.
export function Qr({text, name}: {text: string; name: string}): VNode {
    const code = qrcode(0, "M");
    code.addData(text);
    code.make();
    const size = code.getModuleCount();
    let path = "";
    for (let y = 0; y < size; ++y) for (let x = 0; x < size; ++x) if (code.isDark(y, x)) path += `M${x + 4} ${y + 4}h1v1h-1z`;
    return (
        <svg class="qr" viewBox={`0 0 ${size + 8} ${size + 8}`} role="img" aria-label={name} shape-rendering="crispEdges">
            <rect width={size + 8} height={size + 8} fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    );
}

// Hands a text to the browser as a file.
export function download(name: string, kind: string, contents: string): void {
    const url = URL.createObjectURL(new Blob([contents], {type: kind}));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
// A table for a person's spreadsheet: with the mark that tells it that the text is UTF-8.
export function downloadTable(name: string, lines: readonly (readonly (string | number)[])[]): void {
    download(name, "text/csv;charset=utf-8", `\ufeff${lines.map(csvLine).join("")}`);
}
export const csvLine = (cells: readonly (string | number)[]): string =>
    `${cells.map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell))).join(",")}\r\n`;
