// The catalogue of schemas/words as a TypeScript module: generated/words.ts. Keys, parameters and both languages come
// from there, so a page cannot name a text that does not exist, and cannot forget a parameter.
import {mkdirSync, readFileSync, writeFileSync} from "node:fs";

const words = (name) => readFileSync(new URL(`../schemas/words/${name}`, import.meta.url), "utf8");
const source = words("text.cpp") + words("why_words.cpp");
const literal = String.raw`((?:"(?:[^"\\]|\\.)*"\s*)+)`;
const entry = new RegExp(String.raw`GATEHOUSE_(?:TEXT|WHY)\(\s*(\w+),\s*${literal},\s*${literal}\)`, "g");
const value = (pieces) => [...pieces.matchAll(/"(?:[^"\\]|\\.)*"/g)].map((piece) => JSON.parse(piece[0])).join("");
const fromProgram = [...source.matchAll(entry)].map(([, key, zh, en]) => ({key, zh: value(zh), en: value(en)}));
if (fromProgram.length < 50) throw new Error("schemas/words was not understood");

// What only the programs' commands and the paper say.
const wanted = fromProgram.filter(({key}) => !/^(cli|paper)_/.test(key));
const own = JSON.parse(words("pages.json"));
const all = [...wanted, ...Object.entries(own).map(([key, [zh, en]]) => ({key, zh, en}))];

const parameters = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]))].sort();
const seen = new Set(fromProgram.filter(({key}) => /^(cli|paper)_/.test(key)).map(({key}) => key));
for (const {key, zh, en} of all) {
    if (seen.has(key)) throw new Error(`${key}: there are two`);
    seen.add(key);
    if (!/^[a-z][a-z0-9_]*$/.test(key)) throw new Error(`${key}: is not a key`);
    if (String(parameters(zh)) !== String(parameters(en))) throw new Error(`${key}: the languages differ in parameters`);
    if ((zh === "" || en === "") && key !== "advice_none") throw new Error(`${key}: a language is missing`);
}

const lines = all.map(({key, zh, en}) => `    ${key}: [${JSON.stringify(zh)}, ${JSON.stringify(en)}],`);
const types = all.map(({key, zh}) => {
    const names = parameters(zh).map((name) => `${name}: string | number`);
    return `    ${key}: ${names.length ? `{${names.join("; ")}}` : "undefined"};`;
});
mkdirSync(new URL("generated/", import.meta.url), {recursive: true});
writeFileSync(
    new URL("generated/words.ts", import.meta.url),
    `// Made by words.mjs from schemas/words.\nexport const table = {\n${lines.join("\n")}\n} as const;\n` +
        `export interface Parameters {\n${types.join("\n")}\n}\n`,
);
