// Looks at the bundled style sheet: `node .ci/style-check.mjs FILE`. Says what is wrong and ends with 1.
import { readFileSync } from "node:fs";

const [file] = process.argv.slice(2);
const css = readFileSync(file, "utf8");
const limit = 60_000;
const layers = ["reset", "tokens", "base", "layout", "components", "pages"];
const wrong = [];

const size = Buffer.byteLength(css);
if (size > limit) wrong.push(`${size} bytes, more than ${limit}`);
// The first mention of a layer decides its rank. Lightning CSS leaves out the opening list where the blocks say the same.
const mentions = [...css.matchAll(/@layer ([^;{]+)[;{]/g)].flatMap(([, names]) => names.split(/,\s*/).map((name) => name.trim()));
const order = [...new Set(mentions)];
if (order.join() !== layers.join()) wrong.push(`layers in the order "${order}", not "${layers}"`);
for (const layer of layers) {
  if (!new RegExp(`@layer ${layer}\\s*\\{\\s*[^}\\s]`).test(css)) wrong.push(`nothing in the layer ${layer}`);
}
if (css.includes("@import")) wrong.push("an @import is left: one more request before the first paint");
for (const [, , url] of css.matchAll(/url\(\s*(["']?)(.*?)\1\s*\)/g)) {
  if (!/^(data:|#|\/(?!\/))/.test(url)) wrong.push(`url(${url}) leaves our origin`);
}
for (const complaint of wrong) console.error(`${file}: ${complaint}`);
if (wrong.length) process.exit(1);
console.log(`${file}: ${size} bytes, ${layers.length} layers, nothing from elsewhere`);
