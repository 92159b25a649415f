// Looks at pages of a running server in both languages, both themes, wide and phone: saves
// screenshots, and fails on accessibility violations (axe), on errors in the browser's console (a
// broken content policy shows there) and on pages wider than the window.
//
//   node look.mjs --base http://127.0.0.1:8080 --session TOKEN --out DIR /customers /value …
//
// TOKEN is the value of the cookie jb_session, that of a member jb_member. CHROMIUM names another browser than /usr/bin/chromium.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { base: { type: "string" }, session: { type: "string" }, member: { type: "string" }, out: { type: "string", default: "looks" } },
});
if (!values.base || positionals.length === 0) {
  console.error("usage: node look.mjs --base URL [--session TOKEN] [--member TOKEN] [--out DIR] PATH…");
  process.exit(2);
}
const axe = readFileSync(fileURLToPath(new URL("node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
});
mkdirSync(values.out, { recursive: true });
let wrong = 0;
const say = (place, what) => { wrong += 1; console.log(`${place}: ${what}`); };

for (const path of positionals) {
  for (const [lang, theme, width] of [["zh-CN", "light", 1440], ["zh-CN", "dark", 390], ["en", "dark", 1440], ["en", "light", 390]]) {
    const name = `${path.replace(/^\//, "").replace(/[^\w]+/g, "-").slice(-60) || "home"}-${lang}-${theme}-${width}`;
    const context = await browser.newContext({ viewport: { width, height: width > 700 ? 900 : 844 }, locale: lang, colorScheme: theme });
    const cookies = [{ name: "jb_lang", value: lang, url: values.base }, { name: "jb_theme", value: "auto", url: values.base }];
    if (values.session) cookies.push({ name: "jb_session", value: values.session, url: values.base });
    if (values.member) cookies.push({ name: "jb_member", value: values.member, url: values.base });
    await context.addCookies(cookies);
    const page = await context.newPage();
    page.on("console", (m) => { if (m.type() === "error") say(name, m.text()); });
    page.on("pageerror", (e) => say(name, e.message));
    await page.goto(values.base + path, { waitUntil: "networkidle" });
    await page.waitForTimeout(300);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) say(name, `wider than the window by ${over} px`);
    await page.evaluate(`${axe};0`);
    const found = await page.evaluate((only) => globalThis.axe.run(document, { runOnly: only }), rules);
    for (const v of found.violations) say(name, `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`);
    await page.screenshot({ path: join(values.out, `${name}.png`), fullPage: width > 700 });
    await context.close();
  }
}
await browser.close();
console.log(wrong ? `${wrong} things to look at` : "nothing found");
process.exit(wrong ? 1 : 0);
