// Lines or bars over a common axis, drawn by uPlot in the colours of the theme. Series differ by dash as well as colour.
import type {VNode} from "preact";
import {useEffect, useRef} from "preact/hooks";
import uPlot from "uplot";
import {now, timeOf} from "./clock.ts";
import {use} from "./state.ts";
import {theme} from "./theme.ts";
import {written} from "./words.ts";
import "uplot/dist/uPlot.min.css";

export interface Series {
    name: string;
    values: (number | null)[];
}
const light = ["#0b4fb3", "#b3430b", "#0a6b46", "#8b0012", "#5b2a9d", "#6b5a00"];
const dark = ["#8ab8ff", "#ffb07a", "#6fd6a8", "#ff9aa5", "#cbb0ff", "#ffe08a"];
const dashes: number[][] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [1, 4]];

// What there is, and at least half a minute: uPlot itself spreads a single point over a day.
function lastHalfMinute(plot: uPlot): [number, number] {
    const at = plot.data[0];
    const last = at.at(-1) ?? now() / 1000;
    return [Math.min(at[0] ?? last, last - 30), last];
}
// Records, persons and milliseconds are counted: there is no half of one.
const whole = Array.from({length: 10}, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const clock = (seconds: number): string => timeOf(seconds * 1000);

export function Chart({name, at, series, label, height = 220, bars, time}: {name: string; at: number[]; series: Series[]; label?: (value: number) => string; height?: number; bars?: boolean; time?: boolean}): VNode {
    const box = useRef<HTMLDivElement>(null);
    const key = JSON.stringify([name, bars, series.map((one) => one.name)]);
    const colour = use(theme);
    const plot = useRef<uPlot>();
    const data: uPlot.AlignedData = [at, ...series.map((one) => one.values)];
    useEffect(() => {
        const element = box.current!;
        const css = getComputedStyle(document.documentElement);
        const ink = css.getPropertyValue("--ink").trim();
        const grid = {stroke: css.getPropertyValue("--line").trim() + "55", width: 1};
        const colours = colour === "dark" ? dark : light;
        const font = "12px system-ui";
        const made = new uPlot(
            {
                width: Math.max(200, element.clientWidth),
                height,
                legend: {show: true, live: false},
                cursor: {show: true, drag: {x: false, y: false}},
                scales: {x: {time: time ?? false, ...(time ? {range: lastHalfMinute} : {}), ...(bars && at.length ? {range: [at[0]! - 0.6, at.at(-1)! + 0.6]} : {})}, y: {range: (_: uPlot, __: number, most: number) => [0, Math.max(1, most * 1.08)]}},
                axes: [
                    {stroke: ink, grid, font, ticks: grid, ...(label || time ? {values: (_: uPlot, ticks: number[]) => ticks.map(label ?? clock), ...(time ? {space: 90} : {})} : {}), ...(bars ? {incrs: [1, 2, 3, 6]} : {})},
                    {stroke: ink, grid, font, ticks: grid, size: 56, incrs: whole, values: (_: uPlot, ticks: number[]) => ticks.map(written)},
                ],
                series: [
                    {},
                    ...series.map((one, index) => ({
                        label: one.name,
                        stroke: colours[index % colours.length]!,
                        width: 2,
                        dash: dashes[index % dashes.length]!,
                        points: {show: !!bars && series.length > 1},
                        ...(bars && series.length === 1 ? {fill: colours[0]! + "66", paths: uPlot.paths.bars!({size: [0.7, 60]})} : {}),
                    })),
                ],
            },
            data,
            element,
        );
        plot.current = made;
        const resized = new ResizeObserver(() => made.setSize({width: Math.max(200, element.clientWidth), height}));
        resized.observe(element);
        return () => {
            resized.disconnect();
            made.destroy();
            plot.current = undefined;
        };
    }, [key, height, colour]);
    useEffect(() => plot.current?.setData(data), [JSON.stringify(data)]);
    return <div class="chart" ref={box} role="img" aria-label={name} />;
}
