// Replay again, by hand: what it would send, how it goes, what it came to. The job's id is in the address, so that a
// reload finds it again.
import type {VNode} from "preact";
import {useEffect, useState} from "preact/hooks";
import {call, get, Refused} from "../shared/api.ts";
import {Badge, Card, csvLine, download, go, place, trouble, useDoing} from "../shared/console.tsx";
import {Facts} from "../shared/facts.tsx";
import {use} from "../shared/state.ts";
import {status} from "../shared/status.ts";
import {say, sayWord} from "../shared/words.ts";

interface Job {
    id: string;
    state: "waiting" | "running" | "done" | "failed";
    from: number;
    to: number;
    total: number;
    sent: number;
    accepted: number;
    duplicate: number;
    parked: number;
    conflicts: number;
}
interface Preview {
    from: number;
    to: number;
    records: number;
}
interface Range {
    from?: number;
    to?: number;
    all?: boolean;
}

const ended = (job: Job): boolean => job.state === "done" || job.state === "failed";

function useJob(id: string | undefined): Job | undefined {
    const [job, setJob] = useState<Job>();
    useEffect(() => {
        if (!id) return;
        let over = false;
        const ask = async (): Promise<void> => {
            try {
                const now = await get<Job>(`jobs/${id}`);
                if (over) return;
                setJob(now);
                if (ended(now)) return;
            } catch (problem) {
                if (problem instanceof Refused) return trouble(problem);
            }
            if (!over) setTimeout(() => void ask(), 250);
        };
        void ask();
        return () => {
            over = true;
        };
    }, [id]);
    return job?.id === id ? job : undefined;
}

function Progress({job}: {job: Job}): VNode {
    const rows: [string, number][] = [
        [say("resync_sent"), job.sent], [say("resync_accepted"), job.accepted], [say("resync_duplicate"), job.duplicate],
        [say("resync_parked"), job.parked], [say("resync_conflicts"), job.conflicts],
    ];
    const save = (): void => {
        const head = ["job", "state", "from", "to", "total", "sent", "accepted", "duplicate", "parked", "conflicts"];
        download(`resync-${job.id}.csv`, "text/csv", csvLine(head) + csvLine(head.map((key) => (key === "job" ? job.id : job[key as keyof Job]))));
    };
    return (
        <div class="job" data-job={job.state} data-sent={job.sent} data-total={job.total}>
            <div class="row between">
                <Badge state={job.state === "done" ? "good" : job.state === "failed" ? "bad" : "warn"}>{sayWord("job_", job.state)}</Badge>
                <span class="soft">
                    {say("resync_of", {sent: job.sent, total: job.total})} · {job.id}
                </span>
            </div>
            <progress max={Math.max(1, job.total)} value={job.sent} aria-label={say("resync_title")} />
            <Facts rows={rows} />
            {ended(job) && (
                <p class={job.state === "done" ? "good" : "trouble"}>{job.state === "done" ? say("resync_said", {accepted: job.accepted, duplicate: job.duplicate}) : say("resync_failed")}</p>
            )}
            {ended(job) && (
                <button type="button" onClick={save}>
                    {say("console_csv")}
                </button>
            )}
        </div>
    );
}

export function Resync(): VNode {
    const job = useJob(use(place)[1]);
    const [busy, run] = useDoing();
    const [range, setRange] = useState<Range>({all: true});
    const [preview, setPreview] = useState<Preview>();
    const change = (next: Range): void => {
        setRange(next);
        setPreview(undefined);
    };
    const whole = range.all === true;
    const away = use(status)?.central.connected === false;
    const nothing = range.from !== undefined && range.to !== undefined && range.from > range.to ? say("resync_backwards") : say("resync_nothing", {head: use(status)?.journal.head ?? 0});
    const number = (key: "from" | "to") => (event: Event & {currentTarget: HTMLInputElement}): void => {
        const {[key]: _, all: __, ...rest} = range;
        const value = Number(event.currentTarget.value);
        change(value > 0 ? {...rest, [key]: value} : rest);
    };
    return (
        <Card title={say("resync_title")}>
            <p class="soft">{say("resync_hint")}</p>
            <form
                class="row"
                onSubmit={(event) => {
                    event.preventDefault();
                    run(async () => setPreview(await call<Preview>("POST", "resync", {...range, dry_run: true})));
                }}
            >
                <label class="check">
                    <input type="checkbox" checked={whole} onChange={(event) => change(event.currentTarget.checked ? {all: true} : {})} />
                    {say("resync_all")}
                </label>
                <label>
                    {say("resync_from")}
                    <input type="number" min="1" disabled={whole} value={range.from ?? ""} onInput={number("from")} />
                </label>
                <label>
                    {say("resync_to")}
                    <input type="number" min="1" disabled={whole} value={range.to ?? ""} onInput={number("to")} />
                </label>
                <button type="submit" disabled={busy}>
                    {say("resync_preview")}
                </button>
                {preview && (
                    <>
                        <p class="preview" role="status">
                            {preview.records === 0 ? nothing : say("resync_would", {records: preview.records, from: preview.from, to: preview.to})}
                            {away && <span class="warn"> ▲ {say("resync_away")}</span>}
                        </p>
                        <button type="button" class="main" disabled={busy || preview.records === 0} onClick={() => run(async () => {
                            const ordered = await call<Job>("POST", "resync", range);
                            setPreview(undefined);
                            go("links", ordered.id);
                        })}>
                            {say("resync_start")}
                        </button>
                    </>
                )}
            </form>
            {job && <Progress job={job} />}
        </Card>
    );
}
