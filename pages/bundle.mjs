// Usage: node bundle.mjs OUT PAGE...     OUT/PAGE.{html,js,css}.gz; ends 1 where a page is larger than its budget.
import {mkdirSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {gzipSync} from "node:zlib";
import {build} from "esbuild";

const budget = 120_000; // octets, compressed, of everything that a page loads
const [out, ...pages] = process.argv.slice(2);
const here = fileURLToPath(new URL(".", import.meta.url));

const document = (page) => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatehouse</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/pages/${page}.css">
<script src="/pages/${page}.js" defer></script>
</head>
<body><div id="page"></div></body>
</html>
`;

mkdirSync(out, {recursive: true});
for (const page of pages) {
    const built = await build({
        absWorkingDir: here,
        entryPoints: {[page]: `${page}/main.tsx`},
        bundle: true,
        minify: true,
        write: false,
        outdir: "out",
        format: "iife",
        target: ["chrome102", "firefox115", "safari16"],
        jsx: "automatic",
        jsxImportSource: "preact",
        charset: "utf8",
        legalComments: "none",
        logLevel: "warning",
    });
    const files = [[`${page}.html`, document(page)], ...built.outputFiles.map((file) => [file.path.split("/").pop(), file.text])];
    let size = 0;
    for (const [name, text] of files) {
        const packed = gzipSync(text, {level: 9});
        packed[9] = 255; // no operating system: the same octets everywhere
        size += packed.length;
        writeFileSync(`${out}/${name}.gz`, packed);
    }
    if (files.length !== 3) throw new Error(`${page}: a page is one document, one script and one style sheet`);
    console.log(`${page}: ${size} octets compressed`);
    if (size > budget) throw new Error(`${page}: ${size} octets compressed, more than ${budget}`);
}
