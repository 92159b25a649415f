// Walks through Jetbridge in a headless Chromium. Started by tests/acceptance, which reads one JSON
// object a line from standard output: {"step": …, "problems": […]} and at last {"done": n}.
//
//   node walk.mjs '{"walk": "look", "base": "http://…", "chromium": "…", "shots": "dir", …}'
import { readFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const task = JSON.parse(process.argv[2]);
const require = createRequire(pathToFileURL(join(task.modules, "package.json")));
const { chromium } = require("playwright-core");
const axeSource = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

let steps = 0;
const tell = (step, problems = []) => {
  steps += 1;
  process.stdout.write(`${JSON.stringify({ step, problems })}\n`);
};

const browser = await chromium.launch({
  executablePath: task.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"],
});

/** A context of its own: cookies, language, theme, width. */
async function open({ lang = "en", theme = "light", viewport = WIDE, javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({
    viewport, javaScriptEnabled, locale: lang, colorScheme: theme, timezoneId: "Asia/Shanghai", reducedMotion: "reduce",
  });
  // Other tests run beside this one: a page may wait its turn for long.
  context.setDefaultTimeout(60000);
  const page = await context.newPage();
  page.noted = [];
  page.on("console", (message) => { if (message.type() === "error") page.noted.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => page.noted.push(`script: ${error.message}`));
  page.on("response", (answer) => { if (answer.status() >= 500) page.noted.push(`${answer.status()} ${new URL(answer.url()).pathname}`); });
  return page;
}

const noted = (page) => page.noted.splice(0);

async function signIn(page, account = task.account) {
  await page.goto(`${task.base}/sign-in`);
  await page.fill('input[name="email"]', account.email);
  await page.fill('input[name="password"]', account.password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/sign-in")), page.click('form[action="/sign-in"] button[type="submit"]')]);
}

async function choose(page, name, value) {
  await page.evaluate(async ([name, value]) => {
    const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    await fetch("/settings", { method: "POST", headers: { "X-CSRF-Token": csrf }, body: new URLSearchParams({ [name]: value, back: "/" }), redirect: "manual" });
  }, [name, value]);
}

/** What is wrong with the page as it stands. */
async function faults(page, axe) {
  const found = noted(page);
  const layout = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const lost = document.body.innerText.match(/⟨[^⟩]*⟩/g) ?? [];
    return { wide, lost: [...new Set(lost)] };
  });
  if (layout.wide > 1) found.push(`the page is ${layout.wide} px wider than the window`);
  for (const key of layout.lost) found.push(`missing text ${key}`);
  if (!axe) return found;
  await page.evaluate(axeSource);
  const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }), TAGS);
  for (const violation of result.violations) {
    for (const node of violation.nodes.slice(0, 3)) {
      found.push(`axe ${violation.id}: ${node.target.join(" ")} — ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? violation.help}`);
    }
  }
  return found;
}

/** An address with its identifiers replaced: two customers are one kind of page. */
const shape = (path) =>
  path.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "{id}").replace(/\/\d+(?=\/|$)/g, "/{n}");

const name = (path) => shape(path).replace(/^\/$/, "home").replace(/[{}]/g, "").replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "");

/** Follows links from the home page: one address of each shape. */
async function discover(page) {
  const found = new Map([["/", "/"]]);
  const queue = ["/", ...(task.pages ?? [])];
  for (const path of queue) found.set(shape(path), path);
  while (queue.length && found.size < 140) {
    const path = queue.shift();
    const answer = await page.goto(task.base + path);
    if (!(answer?.headers()["content-type"] ?? "").includes("text/html")) continue;
    const links = await page.$$eval("a[href]", (all) => all.map((a) => a.getAttribute("href")));
    for (const link of links) {
      if (!link.startsWith("/") || link.startsWith("/assets/") || link.startsWith("/sign-")) continue;
      const target = link.split(/[?#]/)[0];
      if (/[./](csv|xlsx|json|toml)$|\/(export|download|sample|errors\.csv)/.test(target)) continue;
      if (!found.has(shape(target))) { found.set(shape(target), target); queue.push(target); }
    }
  }
  return [...found.values()];
}

const settle = async (page) => {
  await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => {});
  await page.waitForTimeout(150);
};

/** Every page, both languages, both themes, wide and narrow: looked at and checked. */
async function look() {
  await mkdir(task.shots, { recursive: true });
  const scout = await open();
  await signIn(scout);
  const paths = await discover(scout);
  tell(`found ${paths.length} kinds of pages`, paths.length < 10 ? ["too few pages were found"] : noted(scout).filter((line) => !line.startsWith("console")));
  await scout.context().close();
  for (const lang of task.langs) {
    for (const theme of ["light", "dark"]) {
      const page = await open({ lang, theme });
      await page.goto(`${task.base}/sign-in`);
      await settle(page);
      tell(`${lang} ${theme} /sign-in`, await faults(page, true));
      await page.screenshot({ path: join(task.shots, `sign-in-${lang}-${theme}-1440.png`), fullPage: true });
      await signIn(page);
      await choose(page, "lang", lang);
      await choose(page, "theme", theme);
      for (const path of paths) await visit(page, path, lang, theme);
      await page.context().close();
    }
  }
}

async function visit(page, path, lang, theme) {
  await page.setViewportSize(WIDE);
  const answer = await page.goto(task.base + path);
  const type = answer?.headers()["content-type"] ?? "";
  if (!type.includes("text/html")) return;
  await settle(page);
  const problems = answer.status() >= 400 ? [`answered ${answer.status()}`] : [];
  problems.push(...(await faults(page, true)));
  await page.screenshot({ path: join(task.shots, `${name(path)}-${lang}-${theme}-1440.png`), fullPage: true });
  await page.setViewportSize(PHONE);
  await page.waitForTimeout(150);
  const narrow = (lang === "en") === (theme === "dark");
  problems.push(...(await faults(page, narrow)).map((line) => `at 390 px: ${line}`));
  await page.screenshot({ path: join(task.shots, `${name(path)}-${lang}-${theme}-390.png`), fullPage: true });
  tell(`${lang} ${theme} ${path}`, [...new Set(problems)]);
}

/** The picture of the README: a finished value run. */
async function picture() {
  const page = await open({ lang: "en", theme: "light" });
  await signIn(page);
  await choose(page, "lang", "en");
  await choose(page, "theme", "light");
  await page.goto(task.base + task.path);
  await settle(page);
  await page.waitForTimeout(600);
  await page.screenshot({ path: task.file, clip: { x: 0, y: 0, width: 1440, height: 1000 }, fullPage: true });
  tell("picture", noted(page));
}

/** A task goes over the board and, with undo, back. */
async function board(page, customer) {
  const title = "Call back about the delayed bag";
  const lane = (name) => page.locator(`[data-lane="${name}"] [data-card]`, { hasText: title });
  await page.goto(task.base + customer);
  await page.click("#tasks details > summary");
  await page.fill("#f-title", title);
  await page.click('#tasks details button[type="submit"]');
  await page.waitForSelector(".toasts .note-card");
  await page.goto(`${task.base}/tasks`);
  await lane("undated").dragTo(page.locator('[data-lane="done"]'), { targetPosition: { x: 40, y: 12 } });
  await lane("done").waitFor();
  tell("a task is dragged to done", noted(page));
  await page.locator(".toasts form button").click();
  await lane("undated").waitFor();
  tell("undo puts it back", noted(page));
  await lane("undated").locator("summary").click();
  await lane("undated").locator('button[formaction$="/to/done"]').click();
  await lane("done").waitFor();
  tell("its menu moves it as well", noted(page));
}

/** The main job with a mouse and a keyboard: file in, value out, customer open. */
async function main() {
  const page = await open({ lang: "en" });
  await signIn(page);
  await choose(page, "lang", "en");
  await page.goto(task.base);
  await page.keyboard.press("Control+k");
  await page.waitForSelector("dialog.cmd[open] input");
  await page.keyboard.type("admin");
  await page.waitForSelector("dialog.cmd .cmd-item");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname.startsWith("/admin"));
  tell("command menu leads to a page", noted(page));

  await page.goto(`${task.base}/customers`);
  await page.waitForSelector("table tbody tr");
  const link = page.locator("table tbody th a").first();
  const href = await link.getAttribute("href");
  await page.goto(task.base + href);
  const heading = await page.locator("h1").first().innerText();
  tell("a customer opens from the list", heading.trim() ? noted(page) : ["the customer has no name"]);

  await board(page, href);

  await page.locator('form.lang button[value="zh-CN"]').first().click();
  await page.waitForFunction(() => document.documentElement.lang === "zh-CN");
  tell("the language switches on the spot", noted(page));

  await page.goto(`${task.base}/customers`);
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => document.activeElement?.className);
  tell("the first stop of the keyboard skips the navigation", skip === "skip" ? [] : [`focus is on .${skip}`]);
  await page.keyboard.press("Shift+?");
  await page.waitForSelector("dialog[open]");
  tell("? shows the shortcuts", noted(page));
  await page.context().close();

  const plain = await open({ javaScriptEnabled: false });
  await plain.goto(`${task.base}/sign-in`);
  await plain.fill('input[name="email"]', task.account.email);
  await plain.fill('input[name="password"]', task.account.password);
  await plain.locator('form[action^="/sign-in"] button[type="submit"]').click();
  await plain.goto(`${task.base}/customers`);
  const rows = await plain.locator("table tbody tr").count();
  tell("lists are read and people sign in without scripts", rows > 0 ? [] : ["no rows"]);
  await plain.context().close();
}

/** An operator finds, mends and replays a message that was put aside; an analyst takes two records apart. */
async function messages() {
  const page = await open({ lang: "en" });
  await signIn(page);
  await choose(page, "lang", "en");
  await page.goto(`${task.base}/feeds`);
  await page.locator('.callout a[href*="quarantined"]').click();
  await page.waitForSelector("table tbody tr");
  const aside = await page.locator("table tbody tr").count();
  tell("the page of sources leads to what was put aside", aside === 1 ? noted(page) : [`${aside} messages`]);
  await page.locator("table tbody th a").first().click();
  await page.waitForSelector(".callout");
  const hidden = await page.locator("table, pre").first().innerText();
  tell("names are hidden at first", hidden.includes("FENG") ? ["the name is in clear"] : noted(page));

  await page.locator('.page-head a[href="#f-purpose"]').click();
  await page.selectOption("#f-purpose", { index: 0 });
  await page.locator('form[action$="/reveal"] button').click();
  const text = page.locator("textarea#f-text");
  await text.waitFor();
  const said = await text.inputValue();
  tell("the text is shown for a purpose", said.includes("FENG") ? noted(page) : ["the name is not in the text"]);
  await text.fill(said.replace(task.wrong, task.right));
  await page.locator('form[action$="/correct"] button[type="submit"]').click();
  const flight = page.locator(`a[href="${task.flight}"]`).first();
  for (let tries = 0; tries < 40 && !(await flight.count()); tries += 1) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  tell("the corrected message is applied and names its flight", (await flight.count()) ? noted(page) : ["no flight"]);
  await page.goto(`${task.base}/feeds/messages?f=status:in:quarantined`);
  const left = await page.locator("table tbody th a").count();
  tell("nothing is left aside", left ? [`${left} messages`] : noted(page));

  await page.goto(task.base + task.flight);
  await page.locator('a[href^="/customers/"]', { hasText: task.person }).first().click();
  await page.waitForURL(/\/customers\//);
  const customer = new URL(page.url()).pathname;
  await page.goto(`${task.base}${customer}/records`);
  const rows = page.locator(".id-records tbody tr");
  const before = await rows.count();
  const why = await rows.last().innerText();
  tell("each record says why it is of this person", before > 1 && /booking/i.test(why) ? noted(page) : [`${before} records: ${why}`]);
  await rows.first().locator('input[type="checkbox"]').check();
  await page.locator('form[action$="/split"] button[type="submit"]').click();
  await page.waitForSelector(".toasts .note-card");
  await page.goto(`${task.base}${customer}/records`);
  const after = await rows.count();
  // All that was said under one key goes together.
  tell("what one source said is split off", after > 0 && after < before ? noted(page) : [`${before} records, then ${after}`]);
  await page.locator('form[action^="/identity/steps/"] button').first().click();
  await page.waitForSelector(".toasts .note-card");
  await page.goto(`${task.base}${customer}/records`);
  const again = await rows.count();
  tell("undo brings it back", again === before ? noted(page) : [`${before} records, then ${again}`]);
  await page.context().close();
}

/** A loyalty manager changes a rule, sees what it would have done, proposes; another person approves. */
async function rules() {
  const page = await open({ lang: "en" });
  await signIn(page, task.author);
  await choose(page, "lang", "en");
  await page.goto(`${task.base}/programmes/${task.programme}`);
  const before = await page.locator('a[href*="/versions/"]').first().getAttribute("href");
  await page.goto(`${task.base}/programmes/new?source=${before.split("/versions/")[1].split(/[/?#]/)[0]}`);
  await page.fill("#f-valid_from", task.from);
  await page.locator('form[action="/programmes/new"] button[type="submit"]').click();
  await page.waitForURL(/\/versions\//);
  const draft = new URL(page.url()).pathname;
  tell("a version begins from the one that holds", draft === before ? ["it is the same version"] : noted(page));

  const row = page.locator("#accrual-classes tr", { has: page.locator("th", { hasText: task.row }) });
  const field = row.locator("input.quick").first();
  const was = await field.inputValue();
  await field.fill(task.factor);
  const table = '#accrual-classes form[action$="/tables/accrual.classes"]';
  // The toast of the new version may still stand: it says nothing of this change.
  const saved = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/tables/accrual.classes"));
  await page.locator(`${table} button[type="submit"]`).click();
  await saved;
  await page.goto(task.base + draft);
  const now = await row.locator("input.quick").first().inputValue();
  tell("the rule is changed", was !== task.factor && now === task.factor ? noted(page) : [`${was}, then ${now}`]);

  await page.locator('a[href*="/time-machine?after="]').first().click();
  await page.locator('form[action$="/time-machine"] button[type="submit"]').click();
  await page.waitForURL(/\/time-machine\/[0-9a-f-]+/);
  await page.locator("#h-matrix").waitFor({ timeout: 120000 });
  const figures = await page.locator('section[aria-labelledby="h-figures"] tbody tr').allInnerTexts();
  const answer = await page.locator(".answer").first().innerText();
  tell("the time machine says what it would have done", /\d/.test(answer) && figures.length === 4 && figures.every((line) => /\+|CNY/.test(line)) ? await faults(page, true) : [answer, ...figures]);
  if (task.shots) {
    await settle(page);
    await page.screenshot({ path: join(task.shots, "time-machine-result-en-light-1440.png"), fullPage: true });
    await page.setViewportSize(PHONE);
    await settle(page);
    tell("its result on a phone", await faults(page, true));
    await page.screenshot({ path: join(task.shots, "time-machine-result-en-light-390.png"), fullPage: true });
    await page.setViewportSize(WIDE);
  }

  await page.goto(task.base + draft);
  await page.locator('form[action$="/propose"] #f-note').fill("Trial for the winter timetable");
  await page.locator('form[action$="/propose"] button[type="submit"]').click();
  await page.waitForSelector(".toasts .note-card");
  await page.goto(task.base + draft);
  const own = await page.locator('button[value="approve"]').count();
  tell("who proposed does not approve", own ? ["there is a button"] : noted(page));
  await page.context().close();

  const other = await open({ lang: "en" });
  await signIn(other, task.approver);
  await choose(other, "lang", "en");
  await other.goto(`${task.base}${draft}/changes`);
  const changes = await other.locator("main").innerText();
  tell("the approver reads what changes", changes.includes(task.row) ? await faults(other, true) : [changes.slice(0, 300)]);
  await other.goto(task.base + draft);
  await other.locator('button[value="approve"]').click();
  await other.locator('dialog.dialog-card[open] button[data-variant="danger"]').click();
  await other.waitForSelector(".toasts .note-card");
  await other.goto(task.base + draft);
  tell("another person approves", (await other.locator('button[value="approve"]').count()) ? ["still waiting"] : noted(other));
  await other.context().close();
}

/** The statement quotes the rule that was changed. */
async function quoted() {
  for (const [lang, viewport, words] of [["en", WIDE, task.english], ["zh-CN", PHONE, task.chinese]]) {
    const page = await open({ lang, viewport });
    await signIn(page, task.author);
    await choose(page, "lang", lang);
    await page.goto(`${task.base}/members/${task.member}/statement`);
    const line = page.locator(".ledger-lines > li").filter({ hasText: task.flight }).first();
    await settle(page);
    await line.locator("summary").click();
    await line.locator("details[open] .why").waitFor();
    const text = await line.innerText();
    const missing = words.filter((word) => !text.includes(word));
    tell(`${lang}: the statement quotes the new rule`, missing.length ? [`without ${missing.join(", ")}: ${text}`] : await faults(page, true));
    await page.context().close();
  }
}

try {
  await { look, main, messages, picture, rules, quoted }[task.walk]();
} catch (error) {
  tell("walk", [String(error?.stack ?? error).split("\n").slice(0, 6).join(" | ")]);
} finally {
  await browser.close();
}
process.stdout.write(`${JSON.stringify({ done: steps })}\n`);
