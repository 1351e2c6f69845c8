import type {VNode} from "preact";
import {useEffect} from "preact/hooks";
import {Console, place} from "../shared/console.tsx";
import {follow} from "../shared/events.ts";
import {begin, LinkStrip} from "../shared/frame.tsx";
import {use} from "../shared/state.ts";
import {refreshStatus} from "../shared/status.ts";
import {language, say} from "../shared/words.ts";
import {DevicesTab} from "./devices.tsx";
import {JournalTab, PeopleTab} from "./journal.tsx";
import {checks, gather} from "./known.ts";
import {LinksTab} from "./links.tsx";
import {Overview} from "./overview.tsx";
import {watch} from "./watch.ts";
import "./operations.css";

function useNode(): void {
    useEffect(() => {
        const ends = [
            watch(),
            gather(),
            follow((kind) => {
                if (kind === "link" || kind === "peer" || kind === "device" || kind === "lane" || kind === "snapshot_needed") void refreshStatus();
            }),
        ];
        return () => {
            for (const end of ends) end();
        };
    }, []);
}

function App(): VNode {
    useNode();
    use(language);
    const attention = use(checks).filter((check) => check.state === "bad").length;
    const tab = use(place)[0] || "overview";
    return (
        <Console
            title={say("ops_title")}
            strip={<LinkStrip />}
            tabs={[
                ["overview", say("ops_tab_overview"), attention],
                ["links", say("ops_tab_links")],
                ["devices", say("ops_tab_devices")],
                ["journal", say("ops_tab_journal")],
                ["people", say("ops_tab_people")],
            ]}
        >
            {tab === "links" ? <LinksTab /> : tab === "devices" ? <DevicesTab /> : tab === "journal" ? <JournalTab /> : tab === "people" ? <PeopleTab /> : <Overview />}
        </Console>
    );
}

begin("ops_title", App);
