// Reports of a business date with how whole they are, flows by gate and hour, and who is inside now.
import type {ComponentChildren, VNode} from "preact";
import {text} from "../shared/api.ts";
import {Badge, Card, download, downloadTable, go, List, place, useAnswer, useDoing} from "../shared/console.tsx";
import {Chart} from "../shared/chart.tsx";
import {now as clock, timeOf} from "../shared/clock.ts";
import {clockTime, dayAndTime, money} from "../shared/format.ts";
import {session} from "../shared/frame.tsx";
import {signal, use} from "../shared/state.ts";
import {listed, say, sayWord, written} from "../shared/words.ts";
import type {AdmissionsReport, Completeness, Occupancy, SalesReport, ShiftsReport} from "./central.ts";
import {fresh} from "./fleet.tsx";
import {flowOf} from "./flows.ts";
import {catalogue, nodes} from "./known.ts";
import {concessionName, productName, zoneName} from "./names.ts";
import {allKinds, sheetOf} from "./sheet.ts";
import {today} from "./venue.ts";

const date = signal(""); // "": today, whatever day that is by now
const chosen = (): string => date.value || today();

// A node of which nothing ever came is not in service yet: it keeps no report from being whole, and is named all the same.
function Whole({of}: {of: Completeness}): VNode {
    const fresh = of.missing.filter((node) => node.last_known === null && node.missing_records === 0);
    const missing = of.missing.filter((node) => !fresh.includes(node));
    const expected = of.expected.length - fresh.length;
    const whole = missing.length === 0;
    const share = expected ? Math.round((of.complete.length * 1000) / expected) / 10 : 100;
    const words = expected === 0 ? say("report_no_nodes") : whole ? say("report_whole", {count: expected}) : say("report_not_whole", {complete: of.complete.length, expected, share});
    return (
        <div class="whole" role="status" data-whole={whole}>
            <Badge state={expected === 0 ? "idle" : whole ? "good" : "warn"}>{words}</Badge>
            {missing.map((node) => (
                <span key={node.node}>
                    {node.missing_records > 0
                        ? say("report_missing", {name: node.name, count: node.missing_records, time: node.last_known ? dayAndTime(node.last_known) : "–"})
                        : say("report_silent", {name: node.name, time: node.last_known ? dayAndTime(node.last_known) : "–"})}
                </span>
            ))}
            {fresh.map((node) => (
                <span key={node.node} class="soft">
                    {say("report_not_in_service", {name: node.name})}
                </span>
            ))}
        </div>
    );
}

function Figures({figures}: {figures: [string, ComponentChildren][]}): VNode {
    return (
        <div class="figures">
            {figures.map(([name, value]) => (
                <div key={name}>
                    <strong>{typeof value === "number" ? written(value) : value}</strong>
                    <span>{name}</span>
                </div>
            ))}
        </div>
    );
}

// Rows with one key added up.
function summed<T, K extends string>(rows: readonly T[], keyOf: (row: T) => K, figures: (row: T) => Record<string, number>): {key: K; sums: Record<string, number>}[] {
    const found = new Map<K, Record<string, number>>();
    for (const row of rows) {
        const sums = found.get(keyOf(row)) ?? {};
        for (const [name, value] of Object.entries(figures(row))) sums[name] = (sums[name] ?? 0) + value;
        found.set(keyOf(row), sums);
    }
    return [...found].map(([key, sums]) => ({key, sums}));
}

function Sales(): VNode {
    const {value: report} = useAnswer<SalesReport>(`reports/sales?business_date=${chosen()}`, 15_000);
    if (!report) return <p class="soft">…</p>;
    const amount = (minor: number): string => money(minor, report.currency);
    const byProduct = summed(report.rows, (row) => row.product, (row) => ({tickets: row.tickets, persons: row.persons, amount: row.amount_minor, refunded: row.refunded_minor}));
    const byTender = summed(report.tenders, (row) => `${row.kind}/${row.state}`, (row) => ({taken: row.taken_minor, refunded: row.refunded_minor, amount: row.amount_minor}));
    return (
        <>
            <Whole of={report.completeness} />
            <Figures
                figures={[
                    [say("shift_sales"), report.totals.sales], [say("shift_tickets"), report.totals.tickets], [say("window_persons"), report.totals.persons], [say("report_gross"), amount(report.totals.gross_minor)],
                    [say("report_refunded"), amount(report.totals.refunded_minor)], [say("report_net"), amount(report.totals.net_minor)],
                ]}
            />
            <div class="grid">
                <List name={say("report_by_product")} rows={byProduct} keyOf={(row) => row.key} empty={say("report_nothing")} columns={[
                    {name: say("field_product"), cell: (row) => productName(row.key)}, {name: say("shift_tickets"), right: true, cell: (row) => row.sums["tickets"]}, {name: say("window_persons"), right: true, cell: (row) => row.sums["persons"]},
                    {name: say("report_amount"), right: true, cell: (row) => amount(row.sums["amount"]!)}, {name: say("report_refunded"), right: true, cell: (row) => amount(row.sums["refunded"]!)},
                ]} />
                <List name={say("report_by_tender")} rows={byTender} keyOf={(row) => row.key} empty={say("report_nothing")} columns={[
                    {name: say("window_tender"), cell: (row) => `${sayWord("tender_", row.key.split("/")[0]!)} · ${sayWord("tender_is_", row.key.split("/")[1]!)}`},
                    {name: say("report_taken"), right: true, cell: (row) => amount(row.sums["taken"]!)}, {name: say("report_refunded"), right: true, cell: (row) => amount(row.sums["refunded"]!)}, {name: say("report_amount"), right: true, cell: (row) => amount(row.sums["amount"]!)},
                ]} />
            </div>
            <List name={say("report_rows")} rows={report.rows} keyOf={(row) => `${row.node}/${row.window}/${row.shift}/${row.product}/${row.concession}`} empty={say("report_nothing")} columns={[
                {name: say("ops_node"), cell: (row) => row.node_name}, {name: say("report_window"), cell: (row) => row.window}, {name: say("shift_title"), cell: (row) => row.shift ?? "–"}, {name: say("field_product"), cell: (row) => productName(row.product)},
                {name: say("window_concession"), cell: (row) => (row.concession ? concessionName(row.concession) : "–")}, {name: say("shift_tickets"), right: true, cell: (row) => row.tickets}, {name: say("window_persons"), right: true, cell: (row) => row.persons}, {name: say("report_amount"), right: true, cell: (row) => amount(row.amount_minor)},
                {name: say("report_refunded"), right: true, cell: (row) => amount(row.refunded_minor)},
            ]} />
        </>
    );
}

function Flows({report, direction}: {report: AdmissionsReport; direction: "entry" | "exit"}): VNode | null {
    const cutOver = session.value?.cut_over_hour ?? 0;
    const now = today() === report.business_date ? Number(timeOf(clock()).slice(0, 2)) : undefined;
    const {at, hours, gates} = flowOf(report.rows, direction, cutOver, now);
    if (gates.length === 0) return null;
    const title = direction === "entry" ? say("report_flow_in") : say("report_flow_out");
    return (
        <Card title={title} wide>
            <Chart name={title} bars at={at} series={gates} label={(hour) => (Number.isInteger(hour) ? `${String((hour + cutOver + 24) % 24).padStart(2, "0")}:00` : "")} />
            <List name={title} rows={gates} keyOf={(gate) => gate.name} columns={[
                {name: say("ops_gate"), cell: (gate) => gate.name},
                ...hours.map((hour, index) => ({name: String(hour).padStart(2, "0"), right: true, cell: (gate: {values: (number | null)[]}) => gate.values[index] || ""})),
                {name: say("report_total"), right: true, cell: (gate) => <strong>{gate.values.reduce<number>((sum, value) => sum + (value ?? 0), 0)}</strong>},
            ]} />
        </Card>
    );
}

function Admissions(): VNode {
    const {value: report} = useAnswer<AdmissionsReport>(`reports/admissions?business_date=${chosen()}`, 15_000);
    if (!report) return <p class="soft">…</p>;
    return (
        <>
            <Whole of={report.completeness} />
            <Figures figures={[[say("report_persons"), report.totals.persons], [say("shift_tickets"), report.totals.tickets], [say("report_reentries"), report.totals.reentries], [say("report_uncertain"), report.totals.uncertain], [say("report_refused"), report.totals.refused]]} />
            <div class="grid">
                <Flows report={report} direction="entry" />
                <Flows report={report} direction="exit" />
                <List name={say("report_refused")} rows={report.refusals} keyOf={(row) => `${row.node}/${row.gate}/${row.lane}/${row.reason}`} empty={say("report_nothing")} columns={[
                    {name: say("report_refused"), cell: (row) => sayWord("reason_", row.reason)}, {name: say("ops_gate"), cell: (row) => `${row.gate} · ${row.lane}`}, {name: say("ops_node"), cell: (row) => row.node_name}, {name: say("report_count"), right: true, cell: (row) => row.count},
                ]} />
                <List name={say("report_counts")} rows={report.counts} keyOf={(row) => `${row.node}/${row.lane}/${row.direction}/${row.cause}`} empty={say("report_nothing")} columns={[
                    {name: say("report_counts"), cell: (row) => sayWord("cause_", row.cause)}, {name: say("ops_gate"), cell: (row) => `${row.gate} · ${row.lane}`}, {name: say("report_direction"), cell: (row) => sayWord("direction_", row.direction)}, {name: say("report_persons"), right: true, cell: (row) => row.persons},
                ]} />
            </div>
        </>
    );
}

function Shifts(): VNode {
    const {value: report} = useAnswer<ShiftsReport>(`reports/shifts?business_date=${chosen()}`, 15_000);
    if (!report) return <p class="soft">…</p>;
    const amount = (minor: number | null): string => (minor === null ? "–" : money(minor, report.currency));
    return (
        <>
            <Whole of={report.completeness} />
            <List name={say("report_shifts")} rows={report.shifts} keyOf={(shift) => shift.shift} empty={say("report_nothing")} columns={[
                {name: say("shift_title"), cell: (shift) => shift.shift}, {name: say("ops_node"), cell: (shift) => `${shift.node_name} · ${shift.window}`}, {name: say("page_operator"), cell: (shift) => shift.operator}, {name: say("shift_opened"), cell: (shift) => clockTime(shift.opened)},
                {name: say("shift_closed"), cell: (shift) => (shift.closed ? clockTime(shift.closed) : <Badge state="idle">{say("report_open")}</Badge>)}, {name: say("shift_sales"), right: true, cell: (shift) => shift.sales}, {name: say("shift_tickets"), right: true, cell: (shift) => shift.tickets},
                {name: say("report_refunded"), right: true, cell: (shift) => amount(allKinds(shift.refunded))}, {name: say("shift_unverified_all"), right: true, cell: (shift) => (allKinds(shift.unverified) ? <Badge state="warn">{amount(allKinds(shift.unverified))}</Badge> : amount(0))},
                {name: say("shift_expected"), right: true, cell: (shift) => amount(shift.expected_minor)}, {name: say("shift_counted"), right: true, cell: (shift) => amount(shift.counted_minor)},
                {name: say("shift_difference"), right: true, cell: (shift) => (shift.difference_minor ? <Badge state="warn">{amount(shift.difference_minor)}</Badge> : amount(shift.difference_minor))},
            ]} />
        </>
    );
}

// Both bounds: what is known to be inside, and what it may be when open passages went through.
function Inside(): VNode {
    const {value: now, at} = useAnswer<Occupancy>("occupancy", 5_000);
    // Of a node that is not in service yet nobody is missed.
    const unused = new Set(use(nodes.cell).filter(fresh).map((node) => node.name));
    const silent = (now?.silent ?? []).filter((name) => !unused.has(name));
    return (
        <Card title={say("inside_title")} aside={<span class="soft">{now ? say("inside_as_of", {time: clockTime(now.time)}) : ""}</span>}>
            {now?.zones.map((zone) => (
                <div class="zone" key={zone.zone} data-zone={zone.zone}>
                    <div class="row between">
                        <strong>{zoneName(zone.zone)}</strong>
                        <span class="inside">{zone.inside_at_least === zone.inside_at_most ? zone.inside : `${zone.inside_at_least} – ${zone.inside_at_most}`}</span>
                    </div>
                    <span class="soft">{say("inside_flow", {entered: zone.entered, left: zone.left})}</span>
                </div>
            ))}
            {now && now.zones.length === 0 && <p class="soft">{say("inside_nobody")}</p>}
            {silent.length > 0 ? <Badge state="warn">{say("inside_silent", {names: listed(silent)})}</Badge> : at > 0 && <Badge state="good">{say("inside_all_heard")}</Badge>}
        </Card>
    );
}

// Who is inside is of this moment: that one has no date.
const kinds = ["sales", "admissions", "shifts", "inside"] as const;

export function ReportsTab(): VNode {
    use(date);
    use(session);
    use(catalogue.cell);
    const kind = (use(place)[1] || "sales") as (typeof kinds)[number];
    const [busy, run] = useDoing();
    return (
        <Card
            title={kind === "inside" ? say("reports_title") : `${say("reports_title")} ${chosen()}`}
            aside={
                <span class="row no-print">
                    <nav class="tabs" aria-label={say("reports_title")}>
                        {kinds.map((one) => (
                            <a key={one} href={`#reports/${one}`} aria-current={kind === one ? "page" : undefined}>
                                {sayWord("report_", one)}
                            </a>
                        ))}
                    </nav>
                    {kind !== "inside" && (
                        <>
                            <input type="date" aria-label={say("ops_business_date")} value={chosen()} max={today()} onChange={(event) => {
                                date.set(event.currentTarget.value === today() ? "" : event.currentTarget.value);
                                go("reports", kind);
                            }} />
                            <button type="button" disabled={busy} onClick={() => run(async () => {
                                const path = `reports/${kind}?business_date=${chosen()}`;
                                downloadTable(`${sayWord("report_", kind)}-${chosen()}.csv`, await sheetOf(kind, path));
                            })}>
                                {say("report_table")}
                            </button>
                            <button type="button" disabled={busy} title={say("report_csv_hint")} onClick={() => run(async () => {
                                const csv = await text("GET", `reports/${kind}?business_date=${chosen()}&format=csv`);
                                download(`${kind}-${chosen()}.csv`, "text/csv", csv);
                            })}>
                                {say("report_csv")}
                            </button>
                        </>
                    )}
                    <button type="button" onClick={() => print()}>
                        {say("shift_print")}
                    </button>
                </span>
            }
        >
            {kind === "admissions" ? <Admissions /> : kind === "shifts" ? <Shifts /> : kind === "inside" ? <Inside /> : <Sales />}
        </Card>
    );
}
