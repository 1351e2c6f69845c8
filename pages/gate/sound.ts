// What a lane says aloud, and whether anybody can hear it: a browser makes no sound before somebody touched its page, and
// speaks only with a voice that the computer has.
import {signal} from "../shared/state.ts";
import type {Sound} from "./aloud.ts";

// Hertz and milliseconds, one after the other.
const tones: Record<Sound, [number, number][]> = {
    pass: [[660, 110], [990, 160]],
    check: [[660, 110], [990, 160], [0, 90], [990, 90], [0, 60], [990, 90]],
    used: [[440, 120], [0, 60], [440, 120]],
    deny: [[180, 550]],
    help: [[520, 110], [420, 110], [520, 110]],
    out: [[180, 250]],
    ready: [],
    emergency: [[880, 220], [587, 220], [880, 220], [587, 220], [880, 220], [587, 220]],
    over: [[587, 160], [440, 260]],
};

export type Silence = "gate_no_sound" | "gate_no_voice";
export const silence = signal<Silence | undefined>(undefined); // why this page cannot be heard

let audio: AudioContext | undefined;

const canSpeak = (): boolean => speechSynthesis.getVoices().some((voice) => voice.lang.startsWith("zh"));
const look = (): void => silence.set(audio?.state === "suspended" ? "gate_no_sound" : canSpeak() ? undefined : "gate_no_voice");

// Makes ready to be heard. Returns what ends it.
export function openSound(): () => void {
    const ready = (audio ??= new AudioContext());
    const touched = (): void => void ready.resume();
    ready.addEventListener("statechange", look);
    speechSynthesis.addEventListener("voiceschanged", look);
    addEventListener("pointerdown", touched);
    addEventListener("keydown", touched);
    look();
    return () => {
        ready.removeEventListener("statechange", look);
        speechSynthesis.removeEventListener("voiceschanged", look);
        removeEventListener("pointerdown", touched);
        removeEventListener("keydown", touched);
    };
}

export function sound(which: Sound): void {
    audio ??= new AudioContext();
    let at = audio.currentTime;
    for (const [hertz, milliseconds] of tones[which]) {
        const seconds = milliseconds / 1000;
        if (hertz > 0) {
            const tone = audio.createOscillator();
            const level = audio.createGain();
            level.gain.value = 0.25;
            tone.frequency.value = hertz;
            tone.connect(level).connect(audio.destination);
            tone.start(at);
            tone.stop(at + seconds);
        }
        at += seconds;
    }
}

// Chinese first, then English; the next verdict does not wait for the last one's words.
export function speak(zh: string, en: string): void {
    speechSynthesis.cancel();
    for (const [text, language] of [[zh, "zh-CN"], [en, "en"]] as const) {
        const words = new SpeechSynthesisUtterance(text);
        words.lang = language;
        speechSynthesis.speak(words);
    }
}
