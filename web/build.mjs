// Builds dist/: console.js and console.css (served by hash query), chunks/ (hash in the name), icons.json, each text file also
// as .br and .gz. MSBuild runs this and embeds dist/ into Wellmet.Platform (see Web.targets).
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = import.meta.dirname;
const dist = join(root, "dist");

function checkTypes() {
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", root], { stdio: "inherit" });
}

async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: { console: "src/console.ts", styles: "styles/console.css" },
    entryNames: "console",
    chunkNames: "chunks/[name]-[hash]",
    outdir: dist,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox121", "safari17.5"],
    legalComments: "linked",
    logLevel: "warning",
  });
}

/** A script of its own for the pages of shops, on any origin; a classic one, which needs no CORS. No larger than shops were promised, as gzip. */
async function bundleForShops(name, most) {
  await build({
    absWorkingDir: root,
    entryPoints: { [name]: `src/${name === "wellmet" ? "snippet" : name}.ts` },
    outdir: dist,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome123", "firefox121", "safari17.5"],
    logLevel: "warning",
  });
  const size = gzipSync(readFileSync(join(dist, `${name}.js`)), { level: 9 }).length;
  console.log(`${name}.js: ${size} bytes as gzip`);
  if (size > most) {
    throw new Error(`${name}.js has ${size} bytes as gzip; shops were promised at most ${most}.`);
  }
}

/** icons.json: name to the inner SVG elements, drawn on a 24 by 24 grid with strokes in the text's colour. */
function collectIcons() {
  const names = JSON.parse(readFileSync(join(root, "icons.json"), "utf8"));
  const icons = Object.fromEntries(names.map((name) => {
    const svg = readFileSync(join(root, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)[1];
    return [name, inner.replace(/\s*\n\s*/g, "")];
  }));
  writeFileSync(join(dist, "icons.json"), JSON.stringify(icons));
}

function compress() {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.(js|css)$/.test(entry.name)) {
      const path = join(entry.parentPath, entry.name);
      const content = readFileSync(path);
      const size = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      writeFileSync(`${path}.br`, brotliCompressSync(content, { params: size }));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    }
  }
}

checkTypes();
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await bundle();
await bundleForShops("widget", 6 * 1024);
await bundleForShops("wellmet", 3 * 1024);
copyFileSync(join(root, "mark.svg"), join(dist, "mark.svg"));
compress();
// Written last: MSBuild takes its time as the time of the build.
collectIcons();
