// Bundles main.css into one small file: `node build.js OUTPUT`.
// The browsers are those of the last two years, so that light-dark(), nesting and oklch() stay as written.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { browserslistToTargets, bundle } from "lightningcss";

const output = process.argv[2];
if (!output) {
  console.error("Usage: node build.js OUTPUT");
  process.exit(2);
}
const { code, warnings } = bundle({
  filename: join(dirname(fileURLToPath(import.meta.url)), "main.css"),
  minify: true,
  targets: browserslistToTargets(["chrome 123", "firefox 128", "safari 17.5"]),
});
for (const warning of warnings) console.error(`${warning.loc.filename}:${warning.loc.line}: ${warning.message}`);
if (warnings.length) process.exit(1);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, code);
