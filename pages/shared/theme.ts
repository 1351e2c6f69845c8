// Light or dark: what the address says, else what the machine prefers.
import {signal} from "./state.ts";

export type Theme = "light" | "dark";
const address = new URLSearchParams(location.search).get("theme");
export const asked: Theme | undefined = address === "light" || address === "dark" ? address : undefined;
export const theme = signal<Theme>(asked ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

const show = (): void => void (document.documentElement.dataset["theme"] = theme.value);
theme.follow(show);
show();
