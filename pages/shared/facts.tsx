// Names with what is known of each, one below the other.
import type {ComponentChildren, VNode} from "preact";

export type Fact = readonly [ComponentChildren, ComponentChildren];

export function Facts({rows, kind = "facts"}: {rows: readonly Fact[]; kind?: string}): VNode {
    return (
        <dl class={kind}>
            {rows.map(([name, value], index) => (
                <div key={index}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            ))}
        </dl>
    );
}
