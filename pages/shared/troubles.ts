// What troubles a device, in words. A word of the API that is missing here, or has no text, does not compile; a test of
// the node's compares them with the drivers' (tests/edge/api/troubles_test.cpp).
import type {Key} from "./words.ts";
import {say} from "./words.ts";

// What somebody beside the device can do about it.
const fixes = {
    absent: "fix_cable",
    denied: "fix_call",
    busy: "fix_call",
    unreachable: "fix_cable",
    refused: "fix_call",
    lost: "fix_cable",
    link_down: "fix_cable",
    silent: "fix_cable",
    no_answer: "fix_cable",
    no_ack: "fix_cable",
    not_reachable: "fix_cable",
    not_seen: "fix_cable",
    unknown: "fix_cable",
    not_trusted: "fix_call",
    unplugged: "fix_cable",
    sensor_stuck: "fix_sensor",
    tampered: "fix_mounting",
    power_failed: "fix_supply",
    alarm: "fix_alarm",
    paper_low: "fix_paper_low",
    paper_out: "fix_paper",
    cover_open: "fix_cover",
    cutter: "fix_cutter",
    fault: "fix_call",
} as const satisfies Record<string, Key>;

export type Trouble = keyof typeof fixes;

// A device that is off without a word for it has lost its link.
export const troubleWord = (trouble: Trouble | null | undefined): string => say(`trouble_${trouble ?? "lost"}`);
export const troubleFix = (trouble: Trouble | null | undefined): string => say(fixes[trouble ?? "lost"]);
