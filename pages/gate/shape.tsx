import type {VNode} from "preact";
import type {Look} from "./looks.ts";

// Told apart without colour: full circle with a tick, diamond with a turning arrow, octagon with a cross, square with a mark, bar, frame.
export function Shape({look}: {look: Look}): VNode {
    const drawn: Record<Look, VNode> = {
        pass: (
            <>
                <circle cx="50" cy="50" r="47" fill="currentColor" />
                <path class="cut" d="M27 52 44 69 75 34" fill="none" stroke-width="12" />
            </>
        ),
        used: (
            <>
                <path d="M50 4 96 50 50 96 4 50z" fill="none" stroke="currentColor" stroke-width="7" />
                <path d="M68 42a20 20 0 1 0 2 14M70 30v14H56" fill="none" stroke="currentColor" stroke-width="7" />
            </>
        ),
        deny: (
            <>
                <path d="M32 5h36l27 27v36L68 95H32L5 68V32z" fill="none" stroke="currentColor" stroke-width="7" />
                <path d="M33 33l34 34M67 33 33 67" stroke="currentColor" stroke-width="10" />
            </>
        ),
        help: (
            <>
                <path d="M8 8h84v84H8z" fill="none" stroke="currentColor" stroke-width="7" />
                <path d="M50 24v34M50 68v11" stroke="currentColor" stroke-width="11" />
            </>
        ),
        out: (
            <>
                <circle cx="50" cy="50" r="44" fill="none" stroke="currentColor" stroke-width="7" />
                <path d="M24 50h52" stroke="currentColor" stroke-width="14" />
            </>
        ),
        ready: <path d="M10 34V10h24M66 10h24v24M90 66v24H66M34 90H10V66M26 50h48" fill="none" stroke="currentColor" stroke-width="7" />,
    };
    return (
        <svg class="shape" viewBox="0 0 100 100" aria-hidden="true">
            {drawn[look]}
        </svg>
    );
}
