// One SVG with a <symbol> for each icon that the product uses, cut from Tabler's set of thousands.
// An unknown name ends the build: a missing icon is a mistake, not a blank.

import { readFile } from "node:fs/promises";
import path from "node:path";

const BOUNDS = /<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/;

export async function sprite(folder, names) {
  const symbols = [];
  for (const name of [...new Set(names)].sort()) {
    const source = await readFile(path.join(folder, `${name}.svg`), "utf8");
    const inner = source
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace("</svg>", "")
      .replace(BOUNDS, "")
      .replace(/\s+/g, " ")
      .trim();
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}
