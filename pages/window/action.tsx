// What is done to a ticket or a sale: a form with its reason, its button and the way back.
import type {ComponentChildren, VNode} from "preact";
import {useLayoutEffect} from "preact/hooks";
import {useDoing} from "../shared/doing.ts";
import {say} from "../shared/words.ts";
import {stepBack, trouble} from "./till.ts";

export function ActionForm({title, ready = true, act, done, children}: {title: string; ready?: boolean; act: () => Promise<void>; done: () => void; children: ComponentChildren}): VNode {
    const [busy, run] = useDoing(trouble);
    useLayoutEffect(() => { // with the picture: a key that follows at once finds it
        stepBack.set(done);
        return () => stepBack.set(undefined);
    }, []);
    return (
        <form class="action" onSubmit={(event) => {
            event.preventDefault();
            run(async () => {
                await act();
                done();
            });
        }}>
            <h3>{title}</h3>
            {children}
            <div class="actions">
                <button type="submit" class="main" disabled={busy || !ready}>
                    {title}
                    <kbd>Enter</kbd>
                </button>
                <button type="button" onClick={done}>
                    {say("page_cancel")}
                    <kbd>Esc</kbd>
                </button>
            </div>
        </form>
    );
}
