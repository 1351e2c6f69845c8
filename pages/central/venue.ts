// What the session says of the venue.
import {session} from "../shared/frame.tsx";

export const currency = (): string => session.value?.currency ?? "CNY";
export const today = (): string => session.value?.business_date ?? "";
