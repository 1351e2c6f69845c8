// Unverified tenders, orders of other sellers, revocation.
import type {VNode} from "preact";
import {useState} from "preact/hooks";
import {call} from "../shared/api.ts";
import {Badge, Card, List, useAnswer, useDoing} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {dayAndTime, money} from "../shared/format.ts";
import type {Why} from "../shared/refusal.ts";
import {remarked, saidOf} from "../shared/refusal.ts";
import {use} from "../shared/state.ts";
import {say, sayWord} from "../shared/words.ts";
import type {SaleTender} from "./central.ts";
import {RevokeNode} from "./fleet.tsx";
import {may, nodes} from "./known.ts";
import {RevokeTicket} from "./revoke.tsx";

export function TendersTab(): VNode {
    const answer = useAnswer<{tenders: SaleTender[]; total_minor: number; currency: string; more: boolean}>("tenders/unverified", 15_000);
    const [busy, run] = useDoing();
    const now = answer.value;
    const settle = (tender: SaleTender, state: "confirmed" | "failed") => (): void =>
        run(async () => {
            await call("POST", `sales/${tender.sale}/tenders/${tender.line}/settle`, {state});
            answer.again();
            return say("tenders_settled", {sale: tender.sale, state: sayWord("tender_is_", state)});
        });
    return (
        <Card title={say("tenders_title")} aside={now && <strong>{money(now.total_minor, now.currency)}</strong>}>
            <p class="soft">{say("tenders_hint")}</p>
            <List<SaleTender>
                name={say("tenders_title")}
                rows={now?.tenders ?? []}
                keyOf={(tender) => `${tender.sale}/${tender.line}`}
                height={560}
                empty={say("tenders_none")}
                columns={[
                    {name: say("ops_time"), cell: (tender) => (tender.time ? dayAndTime(tender.time) : "–")},
                    {name: say("window_number"), cell: (tender) => tender.sale},
                    {name: say("report_window"), cell: (tender) => tender.window ?? "–"},
                    {name: say("page_operator"), cell: (tender) => tender.operator ?? "–"},
                    {name: say("window_tender"), cell: (tender) => sayWord("tender_", tender.kind)},
                    {name: say("report_amount"), right: true, cell: (tender) => money(tender.amount_minor, tender.currency)},
                    {name: say("ops_orders"), cell: (tender) => may("settle_tenders") && (
                        <span class="row tight">
                            <button type="button" class="quiet" disabled={busy} onClick={settle(tender, "confirmed")}>{say("tender_is_confirmed")}</button>
                            <button type="button" class="quiet" disabled={busy} onClick={settle(tender, "failed")}>{say("tender_is_failed")}</button>
                        </span>
                    )},
                ]}
            />
        </Card>
    );
}

interface Imported {
    imported: number;
    duplicate: number;
    refused: number;
    rows?: ({row: number; result: string} & Why)[];
}

export function OrdersTab(): VNode {
    const [result, setResult] = useState<Imported>();
    const [chosen, setChosen] = useState("");
    const [busy, run] = useDoing();
    return (
        <Card title={say("orders_title")}>
            <p class="soft">{say("orders_hint")}</p>
            <code>code,order,channel,product,persons,entries,valid_from,valid_to</code>
            <form
                class="row"
                onSubmit={(event) => {
                    event.preventDefault();
                    const file = new FormData(event.currentTarget as HTMLFormElement).get("file") as File;
                    run(async () => setResult(await call<Imported>("POST", "orders/import", await file.text(), {headers: {"Content-Type": "text/csv"}, within: 300_000})));
                }}
            >
                <label class="file">
                    {say("orders_file")}
                    <input name="file" type="file" accept=".csv,text/csv" required onChange={(event) => setChosen(event.currentTarget.files?.[0]?.name ?? "")} />
                    <span class="file-name">
                        <span class="file-choose" aria-hidden="true">{say("orders_choose")}</span> <span data-file={chosen}>{chosen || say("orders_no_file")}</span>
                    </span>
                </label>
                <button type="submit" class="main" disabled={busy || !may("import_orders")}>
                    {say("orders_import")}
                </button>
            </form>
            {result && <Facts rows={[[say("orders_imported"), result.imported], [say("resync_duplicate"), result.duplicate], [say("orders_refused"), result.refused]]} />}
            {result?.rows && (
                <List
                    name={say("orders_title")}
                    rows={result.rows.filter((row) => row.result === "refused")}
                    keyOf={(row) => String(row.row)}
                    empty={say("orders_all_taken")}
                    columns={[{name: say("orders_row"), right: true, width: "6rem", cell: (row) => row.row}, {name: say("conflict_detail"), cell: (row) => remarked(saidOf(row))}]}
                />
            )}
        </Card>
    );
}

export function RevokeTab(): VNode {
    const all = use(nodes.cell).filter((node) => !node.revoked);
    const [which, setWhich] = useState("");
    const node = all.find((one) => String(one.node) === which);
    return (
        <div class="grid">
            {may("revoke_tickets") && <RevokeTicket />}
            {may("revoke_nodes") && (
                <Card title={say("node_revoke")}>
                    <p class="soft">{say("revoke_node_hint")}</p>
                    <label>
                        {say("ops_node")}
                        <select value={which} onChange={(event) => setWhich(event.currentTarget.value)}>
                            <option value="" />
                            {all.map((one) => (
                                <option key={one.node} value={String(one.node)}>{`${one.name} (${one.node})`}</option>
                            ))}
                        </select>
                    </label>
                    {node && <RevokeNode key={node.node} node={node} />}
                </Card>
            )}
            <Card title={say("revoke_revoked")}>
                <List
                    name={say("revoke_revoked")}
                    rows={use(nodes.cell).filter((one) => one.revoked)}
                    keyOf={(one) => String(one.node)}
                    empty={say("revoke_none")}
                    columns={[{name: say("ops_name"), cell: (one) => <Badge state="idle">{`${one.name} (${one.node})`}</Badge>}, {name: say("node_received"), right: true, cell: (one) => one.epochs.at(-1)?.received ?? 0}]}
                />
            </Card>
        </div>
    );
}
