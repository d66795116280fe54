// Builds what the browser loads: `npm ci && npm run build`.
//
// Out come hashed files in src/cheqi/ui/static/ui/build/ and a manifest.json that maps "desk.css" to
// "desk-4F2A91BC.css"; the template tag `asset` reads it. Nothing is fetched at run time from elsewhere.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sprite } from "./icon_sprite.mjs";
import { tablerSubset } from "./tabler_subset.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const ASSETS = path.join(ROOT, "src/cheqi/ui/assets");
const OUT = path.join(ROOT, "src/cheqi/ui/static/ui/build");
const ENTRIES = ["js/desk.js", "js/portal.js", "js/charts.js", "css/desk.css", "css/portal.css"];

// The subset of Tabler is handed to esbuild as if it were a file, so that it is bundled and minified with ours.
const tabler = {
  name: "tabler-subset",
  setup(builder) {
    builder.onResolve({ filter: /^tabler-subset$/ }, () => ({ path: "tabler.css", namespace: "tabler" }));
    builder.onLoad({ filter: /.*/, namespace: "tabler" }, async () => {
      const file = path.join(ROOT, "node_modules/@tabler/core/dist/css/tabler.css");
      return { contents: tablerSubset(await readFile(file, "utf8")), loader: "css" };
    });
  },
};

async function bundle(target) {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((entry) => path.join(ASSETS, entry)),
    entryNames: "[name]-[hash]",
    outdir: target,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome100", "safari15.4", "firefox100"],
    legalComments: "none",
    metafile: true,
    plugins: [tabler],
  });
  const manifest = {};
  for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    if (entryPoint) manifest[path.basename(entryPoint)] = path.basename(output);
  }
  return manifest;
}

async function writeHashed(target, name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}-${hash}${ext}`;
  await writeFile(path.join(target, hashed), contents);
  return hashed;
}

// The fonts are for PDFs and drawn documents; Python finds them in node_modules, they are never served.
const started = performance.now();
const target = `${OUT}.new`;
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const manifest = await bundle(target);
const icons = JSON.parse(await readFile(path.join(ROOT, "src/cheqi/ui/assets/icons.json"), "utf8"));
const folder = path.join(ROOT, "node_modules/@tabler/icons/icons/outline");
manifest["icons.svg"] = await writeHashed(target, "icons.svg", await sprite(folder, icons));
await writeFile(path.join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(OUT, { recursive: true, force: true });
await rename(target, OUT);
const files = await readdir(OUT);
console.log(`front end built: ${files.length} files in ${Math.round(performance.now() - started)} ms`);
