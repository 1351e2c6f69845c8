// Runs what a button does, one at a time; `trouble` says what went wrong.
import {useState} from "preact/hooks";

export function useDoing(trouble: (problem: unknown) => void): [boolean, (act: () => Promise<void>) => void] {
    const [busy, setBusy] = useState(false);
    const run = async (act: () => Promise<void>): Promise<void> => {
        if (busy) return;
        setBusy(true);
        await act().catch(trouble);
        setBusy(false);
    };
    return [busy, (act) => void run(act)];
}
