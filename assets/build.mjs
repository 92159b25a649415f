// Bundles src/ and css/ into dist/: hashed files, an SVG sprite of the icons named in icons.txt,
// and manifest.json (logical name → hashed name), which the web crate embeds.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");
const manifest = {};

const hashOf = (data) => createHash("sha256").update(data).digest("hex").slice(0, 10);

async function emit(name, data) {
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}-${hashOf(data)}${name.slice(dot)}`;
  await writeFile(join(dist, hashed), data);
  manifest[name] = hashed;
}

/** The dark tokens are written once (`.dark { … }`) and hold for "as the system" as well. */
const darkTwice = {
  name: "dark-twice",
  setup(b) {
    b.onLoad({ filter: /css[\\/]tokens\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const block = css.match(/\n {2}\.dark \{([\s\S]*?)\n {2}\}\n/);
      if (!block) throw new Error(`${path}: the .dark block is not where it was`);
      const auto = `\n  @media (prefers-color-scheme: dark) { :root.auto {${block[1]}\n  } }\n`;
      return { contents: css.replace(block[0], block[0] + auto), loader: "css" };
    });
  },
};

async function bundle(options) {
  const { outputFiles, metafile } = await build({
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outdir: dist,
    absWorkingDir: here,
    target: ["chrome111", "firefox121", "safari16.5"],
    legalComments: "linked",
    logLevel: "warning",
    plugins: [darkTwice],
    ...options,
  });
  return { outputFiles, metafile };
}

async function scripts() {
  // esbuild names the chunks itself: the dynamic import of the charts must know the final name.
  const { outputFiles, metafile } = await bundle({
    entryPoints: ["src/main.ts"],
    format: "esm",
    splitting: true,
    entryNames: "app-[hash]",
    chunkNames: "part-[hash]",
  });
  for (const file of outputFiles) await writeFile(file.path, file.contents);
  for (const [path, out] of Object.entries(metafile.outputs)) {
    if (out.entryPoint === "src/main.ts") manifest["app.js"] = basename(path);
  }
}

async function styles() {
  const { outputFiles } = await bundle({ entryPoints: ["css/app.css"] });
  for (const file of outputFiles) {
    if (file.path.endsWith(".css")) await emit("app.css", file.contents);
    else await writeFile(file.path, file.contents);
  }
}

async function sprite() {
  const names = (await readFile(join(here, "icons.txt"), "utf8"))
    .replace(/^#.*$/gm, "")
    .split(/\s+/)
    .filter(Boolean);
  const symbols = [];
  for (const name of [...new Set(names)].sort()) {
    let svg;
    try {
      svg = await readFile(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    } catch {
      throw new Error(`icons.txt names "${name}", which lucide does not have`);
    }
    const inner = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`);
  }
  await emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([scripts(), styles(), sprite()]);
for (const file of await readdir(join(here, "static"))) {
  await emit(file, await readFile(join(here, "static", file)));
}
// Compressed once here instead of at every request.
for (const file of await readdir(dist)) {
  if (!/\.(js|css|svg)$/.test(file)) continue;
  await writeFile(join(dist, `${file}.gz`), gzipSync(await readFile(join(dist, file)), { level: 9 }));
}
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
