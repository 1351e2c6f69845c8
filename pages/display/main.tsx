// What the guest sees while buying. Told by the window's page over a channel of the same browser; asks the node nothing.
import type {VNode} from "preact";
import {render} from "preact";
import {useEffect, useState} from "preact/hooks";
import type {Theme} from "../shared/theme.ts";
import {asked, theme} from "../shared/theme.ts";
import type {Language} from "../shared/words.ts";
import {language, say} from "../shared/words.ts";
import "./display.css";

interface Told {
    lines: {name: string; count: string; session: string; amount: string}[];
    total: string;
    received: string; // empty until something was taken, as is what is left to pay
    left: string;
    change: string;
    printed: boolean; // the tickets came, or are coming
    language: Language;
    theme: Theme;
}

function Display(): VNode {
    const [told, setTold] = useState<Told | undefined>(undefined);
    useEffect(() => {
        const name = new URLSearchParams(location.search).get("window") ?? "window-1";
        const channel = new BroadcastChannel(`gatehouse-display-${name}`);
        channel.onmessage = (event: MessageEvent<Told | "hello">) => {
            if (event.data === "hello") return;
            language.set(event.data.language);
            document.documentElement.lang = event.data.language;
            theme.set(asked ?? event.data.theme);
            setTold(event.data);
        };
        channel.postMessage("hello");
        return () => channel.close();
    }, []);
    if (!told || (told.total === "" && told.change === "")) {
        return (
            <main>
                <h1>{say("display_welcome")}</h1>
            </main>
        );
    }
    return (
        <main aria-live="polite">
            <ul>
                {told.lines.map((line, index) => (
                    <li key={index}>
                        <span>
                            {line.name} {line.count}
                            {line.session !== "" && <small>{line.session}</small>}
                        </span>
                        <span>{line.amount}</span>
                    </li>
                ))}
            </ul>
            {told.total !== "" ? (
                <>
                    <h1>
                        {say("display_to_pay")} <strong>{told.total}</strong>
                    </h1>
                    {told.received !== "" && (
                        <p>
                            {say("window_received")} {told.received} · {say("window_due")} {told.left}
                        </p>
                    )}
                </>
            ) : (
                <h1>
                    {told.printed && say("display_thanks")} {say("window_change")} <strong>{told.change}</strong>
                </h1>
            )}
        </main>
    );
}

render(<Display />, document.getElementById("page")!);
