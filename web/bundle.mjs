// Turns assets/ into static/: hashed names, a manifest, compressed twins, and the licences of what is inside.
// Run by tools/assets.py, which knows when that is needed and with which node.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "static");
const entryPoints = ["app.scss", "app.js", "case-diagram.css", "case-diagram.js", "task.js", "start.js", "comments.js", "inbox.js", "progress.js", "icon.svg", "live.js", "wall.js"];
const ours = /^(assets\/|<)/;
const packageOf = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;

const packages = new Set();

function remember(path) {
  const found = path.match(packageOf);
  if (found) packages.add(found[1]);
}

const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => {
      // Bootstrap 5.3 is written for an older Sass; its deprecations are not ours to mend.
      const options = {
        loadPaths: [join(here, "node_modules")],
        quietDeps: true,
        silenceDeprecations: ["import"],
      };
      const { css, loadedUrls } = compile(path, options);
      loadedUrls.forEach((url) => remember(url.pathname));
      return { contents: css, loader: "css", resolveDir: dirname(path) };
    });
  },
};

function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}

function logicalName(path, entryPoint) {
  if (!entryPoint) return basename(path);
  return basename(entryPoint, extname(entryPoint)) + extname(path);
}

const { outputFiles, metafile } = await build({
  absWorkingDir: here,
  entryPoints: entryPoints.map((name) => `assets/${name}`),
  outdir: "static",
  write: false,
  metafile: true,
  bundle: true,
  splitting: true,
  format: "esm",
  // Chrome 109 is the last one for the Windows 7 that some offices still have.
  target: ["es2022", "chrome109", "firefox115", "safari15.4"],
  minify: true,
  legalComments: "none", // kept whole in licences.txt instead
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  loader: { ".svg": "copy" },
  plugins: [scss],
});

Object.keys(metafile.inputs).filter((path) => !ours.test(path)).forEach(remember);

const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
const manifest = {};
for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
  manifest[logicalName(path, entryPoint)] = basename(path);
}

const rule = `\n${"-".repeat(72)}\n\n`;
const licences = Buffer.from([...packages].sort().map(licence).join(rule));
const mark = createHash("sha256").update(licences).digest("hex").slice(0, 8).toUpperCase();
manifest["licences.txt"] = `licences-${mark}.txt`;
files.set(manifest["licences.txt"], licences);

for (const [name, contents] of [...files]) {
  files.set(`${name}.gz`, gzipSync(contents, { level: 9 }));
  files.set(`${name}.br`, brotliCompressSync(contents));
}
files.set("manifest.json", Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));

mkdirSync(target, { recursive: true });
for (const [name, contents] of files) writeFileSync(join(target, name), contents);
// Last, so that a page served meanwhile still finds what its manifest names.
readdirSync(target)
  .filter((name) => !files.has(name))
  .forEach((name) => rmSync(join(target, name)));
