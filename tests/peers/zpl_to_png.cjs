// Somebody else's ZPL renderer: node zpl_to_png.cjs LABEL.zpl LABEL.png WIDTH_MM HEIGHT_MM   (8 dots a millimetre)
const fs = require("node:fs");
globalThis.crypto ??= require("node:crypto").webcrypto;  // Debian 12's node 18 keeps it to itself
const { ready } = require("zpl-renderer-js");

async function main([source, target, width, height]) {
    const { api } = await ready;
    const picture = await api.zplToBase64Async(fs.readFileSync(source, "utf8"), Number(width), Number(height), 8);
    fs.writeFileSync(target, Buffer.from(picture, "base64"));
}

main(process.argv.slice(2)).then(() => process.exit(0), (error) => {
    console.error(String(error));
    process.exit(1);
});
