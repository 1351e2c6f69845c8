import type {VNode} from "preact";
import {useEffect} from "preact/hooks";
import {Console, place} from "../shared/console.tsx";
import {heard} from "../shared/events.ts";
import {begin} from "../shared/frame.tsx";
import {use} from "../shared/state.ts";
import {unheard} from "../shared/unheard.ts";
import {language, listed, say} from "../shared/words.ts";
import {CatalogueTab} from "./catalogue.tsx";
import {ConflictsTab} from "./conflicts.tsx";
import {Fleet, fresh, lagOf, standing} from "./fleet.tsx";
import {catalogue, conflicts, gather, may, nodes} from "./known.ts";
import {LeasesTab} from "./leases.tsx";
import {OrdersTab, RevokeTab, TendersTab} from "./more.tsx";
import {Audit} from "./records.tsx";
import {ReportsTab} from "./reports.tsx";
import "./central.css";

// How the venue is, in a line: as the link strip of a node's pages, with shape, word and colour.
function Strip(): VNode {
    const reached = use(heard);
    const silent = use(unheard);
    const live = use(nodes.cell).filter((node) => !node.revoked && !fresh(node));
    const on = live.filter((node) => node.connected).length;
    const behind = live.reduce((sum, node) => sum + lagOf(node), 0);
    const open = use(conflicts.cell).filter((one) => one.state === "open").length;
    const version = use(catalogue.cell)?.version;
    if (!may("oversee")) return <div class="strip" role="status" data-state={silent ? "unknown" : "online"}>{silent ? say("central_unknown", {count: silent}) : say("central_no_oversight")}</div>;
    const forked = live.filter((node) => standing(node) === "forked").map((node) => node.name);
    const state = !reached ? "lost" : silent ? "unknown" : forked.length > 0 || on < live.length || behind > 0 ? "weak" : "online";
    return (
        <div class="strip" role="status" data-state={state}>
            <span class="strip-state">
                <span aria-hidden="true">{{lost: "✕", unknown: "?", weak: "▲", online: "●"}[state]}</span> {silent && reached ? say("central_unknown", {count: silent}) : reached ? say("central_nodes_on", {on, all: live.length}) : say("central_lost")}
            </span>
            {forked.length > 0 && <strong>✕ {say("central_forked", {names: listed(forked)})}</strong>}
            <span>{say("central_behind", {count: behind})}</span>
            <span>{say("central_open", {count: open})}</span>
            {version !== undefined && <span>{say("ops_catalogue_version", {version})}</span>}
        </div>
    );
}

function App(): VNode {
    useEffect(gather, []);
    use(language);
    const open = use(conflicts.cell).filter((one) => one.state === "open").length;
    const oversees = may("oversee");
    const tab = use(place)[0] || (oversees ? "fleet" : "catalogue");
    return (
        <Console
            title={say("central_title")}
            strip={<Strip />}
            tabs={
                oversees
                    ? [
                          ["fleet", say("central_tab_fleet")],
                          ["reports", say("central_tab_reports")],
                          ["conflicts", say("central_tab_conflicts"), open],
                          ["catalogue", say("central_tab_catalogue")],
                          ["leases", say("central_tab_leases")],
                          ["tenders", say("central_tab_tenders")],
                          ["orders", say("central_tab_orders")],
                          ["revoke", say("central_tab_revoke")],
                          ["audit", say("central_tab_audit")],
                      ]
                    : [["catalogue", say("central_tab_catalogue")]]
            }
        >
            {tab === "reports" ? <ReportsTab /> : tab === "conflicts" ? <ConflictsTab /> : tab === "catalogue" ? <CatalogueTab /> : tab === "leases" ? <LeasesTab /> : tab === "tenders" ? <TendersTab /> : tab === "orders" ? <OrdersTab /> : tab === "revoke" ? <RevokeTab /> : tab === "audit" ? <Audit /> : <Fleet />}
        </Console>
    );
}

begin("central_title", App, () => undefined);
