// Turns what the build tools wrote into the site that the server carries: `node .ci/site.mjs STAGE SITE`
//
//   STAGE  connections.js, connections_bg.wasm (optimized), connections.css
//   SITE   connections.<hash>.{js,wasm,css}, a brotli twin of each, and manifest.json with their URLs
//
// A name holds its content's hash, so a browser keeps the file for ever. Files that did not change are not written,
// so that their time stays and nothing is built again because of them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [stage, site] = process.argv.slice(2);
if (!stage || !site) {
  console.error("Usage: node .ci/site.mjs STAGE SITE");
  process.exit(2);
}
// Scripts that crates bring along would need names and hashes of their own; none does.
if (existsSync(join(stage, "snippets"))) {
  console.error(`${stage}/snippets: a crate brings a script of its own, and the site carries one script only`);
  process.exit(1);
}

const sources = { script: "connections.js", wasm: "connections_bg.wasm", style: "connections.css" };
const manifest = {};
const keep = new Set(["manifest.json"]);
const sum = { raw: 0, brotli: 0 };
const kilobytes = (size) => `${(size / 1000).toFixed(1)} kB`.padStart(10);

mkdirSync(site, { recursive: true });
for (const [role, source] of Object.entries(sources)) {
  const content = readFileSync(join(stage, source));
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const name = `connections.${hash}.${source.split(".").at(-1)}`;
  manifest[role] = `/assets/${name}`;
  keep.add(name).add(`${name}.br`);
  write(name, () => content);
  write(`${name}.br`, () => compress(content));
  const size = { raw: content.length, brotli: readFileSync(join(site, `${name}.br`)).length };
  sum.raw += size.raw;
  sum.brotli += size.brotli;
  console.log(`${name.padEnd(34)} ${kilobytes(size.raw)} ${kilobytes(size.brotli)} brotli`);
}
console.log(`${"in all".padEnd(34)} ${kilobytes(sum.raw)} ${kilobytes(sum.brotli)} brotli`);
for (const name of readdirSync(site)) if (!keep.has(name)) rmSync(join(site, name), { recursive: true });
// Last: where the manifest is, its files are. Written each time, for `make` goes by its time.
writeFileSync(join(site, "manifest.json"), `${JSON.stringify(manifest)}\n`);

/** The name tells the content, so a file that exists is right: it appears whole or not at all. */
function write(name, content) {
  const path = join(site, name);
  if (existsSync(path)) return;
  writeFileSync(`${path}.new`, content());
  renameSync(`${path}.new`, path);
}

function compress(content) {
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}
