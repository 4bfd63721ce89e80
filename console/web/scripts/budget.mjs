// Fails the build when a page's first load grows beyond its budget, and leaves compressed files beside the plain ones: the
// server sends those to browsers that take them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = join(import.meta.dirname, "..", "dist");
const manifest = JSON.parse(readFileSync(join(dist, "assets", "manifest.json"), "utf8"));
const kb = 1024;

const budgets = [
  {
    page: "desk",
    limit: 220 * kb,
    entries: ["index.html", "src/app/main.tsx", "src/desk/Desk.tsx", "src/desk/DeskEffects.tsx", "src/i18n/zh-TW.json"],
  },
  {
    page: "wall",
    limit: 60 * kb,
    entries: ["index.html", "src/wall/wall.ts", "src/i18n/zh-TW.json", "src/i18n/wall/en.json", "src/i18n/wall/zh-TW.json"],
  },
];

/** closure is every file that the entries import at once; what they import lazily comes later. */
function closure(entries) {
  const files = new Set();
  const walk = key => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const i of chunk.imports ?? []) walk(i);
  };
  for (const e of entries) {
    if (!manifest[e] && !e.endsWith(".json")) throw new Error(`budget: ${e} is no chunk of the build`);
    walk(e);
  }
  return [...files].filter(f => f.endsWith(".js"));
}

let failed = false;
for (const b of budgets) {
  const size = closure(b.entries).reduce((n, f) => n + gzipSync(readFileSync(join(dist, f)), { level: 9 }).length, 0);
  const over = size > b.limit;
  failed ||= over;
  const used = `${(size / kb).toFixed(1)} KB of ${b.limit / kb} KB`;
  console.log(`${b.page}: first load ${used} JavaScript (gzip)${over ? ": TOO MUCH" : ""}`);
}
if (failed) process.exit(1);

for (const f of readdirSync(join(dist, "assets"))) {
  if (!/\.(js|css|svg)$/.test(f)) continue;
  const name = join(dist, "assets", f);
  const text = readFileSync(name);
  writeFileSync(`${name}.gz`, gzipSync(text, { level: 9 }));
  writeFileSync(`${name}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
