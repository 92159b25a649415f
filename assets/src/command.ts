// Command menu (Ctrl/Cmd-K): go to, create, recent, and search as one types. The top bar's search
// button is a link to /search, so all of it exists without scripts too.
import { csrf, el, icon, t } from "./core";

type Command = { section: string; text: string; href: string; icon: string; hint?: string; keys: string };

const RECENT = "jb-recent";
const MAX_RECENT = 6;

const commands: Command[] = (() => {
  const source = document.getElementById("jb-commands");
  return source?.textContent ? (JSON.parse(source.textContent) as Command[]) : [];
})();

/** Recently opened records live in this tab only: names of people are not left on a shared machine. */
const recent = (): Command[] => {
  try { return JSON.parse(sessionStorage.getItem(RECENT) ?? "[]") as Command[]; } catch { return []; }
};

function remember(): void {
  const mark = document.querySelector<HTMLElement>("[data-recent]");
  if (!mark?.dataset.recent) return;
  const item = { section: t("js-command-recent"), text: mark.dataset.recent, href: location.pathname, icon: mark.dataset.recentIcon ?? "history", keys: mark.dataset.recent.toLowerCase() };
  const rest = recent().filter((other) => other.href !== item.href);
  try { sessionStorage.setItem(RECENT, JSON.stringify([item, ...rest].slice(0, MAX_RECENT))); } catch { /* private window */ }
}

/** The home page shows the same list, when there is one. */
function showRecent(): void {
  const box = document.querySelector<HTMLElement>("[data-recent-list]");
  const items = recent();
  if (!box || !items.length) return;
  const row = (item: Command) => el("li", {}, el("a", { href: item.href }, icon(item.icon), el("span", {}, el("b", {}, item.text)), icon("chevron-right")));
  box.querySelector("ul")?.replaceChildren(...items.map(row));
  box.hidden = false;
}

/** Letters of `asked` in order inside `text`: higher is better, 0 is no match. */
export function score(asked: string, text: string): number {
  if (asked === "") return 1;
  const at = text.indexOf(asked);
  if (at >= 0) return 100 - Math.min(at, 50) + (at === 0 || text[at - 1] === " " ? 50 : 0);
  let from = 0;
  let gaps = 0;
  for (const letter of asked) {
    const found = text.indexOf(letter, from);
    if (found < 0) return 0;
    gaps += found - from;
    from = found + 1;
  }
  return gaps > 12 ? 0 : Math.max(1, 40 - gaps);
}

let dialog: HTMLDialogElement | null = null;
let asking: AbortController | null = null;
let timer = 0;

function build(): HTMLDialogElement {
  const input = el("input", { class: "cmd-input", type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "cmd-list", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: t("js-command-placeholder"), "aria-label": t("js-command") });
  const list = el("div", { id: "cmd-list", class: "cmd-list", role: "listbox", "aria-label": t("js-command") });
  const foot = el("footer", {}, el("span", {}, el("kbd", { class: "kbd" }, "↑"), el("kbd", { class: "kbd" }, "↓"), t("js-command-move")), el("span", {}, el("kbd", { class: "kbd" }, "↵"), t("js-command-open")), el("span", {}, el("kbd", { class: "kbd" }, "Esc"), t("js-close")));
  const box = el("dialog", { class: "cmd", "aria-label": t("js-command") }, el("div", { class: "cmd-top" }, icon("search"), input), list, foot);
  input.addEventListener("input", () => fill(input.value));
  box.addEventListener("keydown", (event) => keys(event, input));
  document.body.append(box);
  return box;
}

function option(item: Command): HTMLElement {
  const link = el("a", { class: "cmd-item", role: "option", href: item.href, id: `cmd-${Math.random().toString(36).slice(2)}`, "aria-selected": "false", tabindex: "-1" }, icon(item.icon), el("span", {}, item.text));
  if (item.hint) link.append(el("small", {}, item.hint));
  return link;
}

function draw(items: Command[]): void {
  const list = dialog?.querySelector(".cmd-list");
  if (!list) return;
  list.replaceChildren();
  for (const [section, group] of grouped(items)) {
    list.append(el("div", { role: "group", "aria-label": section }, el("h3", { "aria-hidden": "true" }, section), ...group.map(option)));
  }
  if (!items.length) list.append(el("p", { class: "cmd-none", role: "option", "aria-disabled": "true" }, t("js-command-none")));
  choose(0);
}

function grouped(items: Command[]): Map<string, Command[]> {
  const map = new Map<string, Command[]>();
  for (const item of items) map.set(item.section, [...(map.get(item.section) ?? []), item]);
  return map;
}

function fill(text: string): void {
  const asked = text.trim().toLowerCase();
  const local = [...recent(), ...commands]
    .map((item) => ({ item, points: score(asked, item.keys) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => (asked === "" ? 0 : b.points - a.points))
    .map(({ item }) => item);
  draw(local);
  asking?.abort();
  window.clearTimeout(timer);
  if (asked.length < 1) return;
  timer = window.setTimeout(() => void search(text.trim(), local), 120);
}

async function search(asked: string, local: Command[]): Promise<void> {
  asking = new AbortController();
  try {
    const response = await fetch("/search/hits", { method: "POST", body: new URLSearchParams({ q: asked }), headers: { Accept: "application/json" }, signal: asking.signal });
    if (response.status === 401) { document.dispatchEvent(new CustomEvent("jb:expired")); return; }
    if (!response.ok) return;
    const hits = (await response.json()) as Command[];
    const strong = local.slice(0, 3);
    draw([...hits, ...strong.filter((c) => !hits.some((h) => h.href === c.href))]);
  } catch { /* replaced by a newer question, or offline: the local list stands */ }
}

const options = (): HTMLAnchorElement[] => [...(dialog?.querySelectorAll<HTMLAnchorElement>(".cmd-item") ?? [])];

function choose(index: number): void {
  const all = options();
  all.forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
  const now = all[index];
  now?.scrollIntoView({ block: "nearest" });
  dialog?.querySelector("input")?.setAttribute("aria-activedescendant", now?.id ?? "");
}

function keys(event: KeyboardEvent, input: HTMLInputElement): void {
  const all = options();
  const at = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose((at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % Math.max(1, all.length));
  } else if (event.key === "Enter") {
    event.preventDefault();
    const chosen = all[at];
    if (chosen) { if (event.ctrlKey || event.metaKey) window.open(chosen.href, "_blank"); else location.assign(chosen.href); }
    else if (input.value.trim()) submitSearch(input.value.trim());
  }
}

/** What people type into the search may be personal: it travels in a body, never in an address. */
function submitSearch(asked: string): void {
  const form = el("form", { method: "post", action: "/search", hidden: true }, el("input", { name: "q", value: asked }), el("input", { name: "csrf", value: csrf() }));
  document.body.append(form);
  form.submit();
}

export function openCommand(): void {
  dialog ??= build();
  const input = dialog.querySelector("input");
  if (!dialog.open) dialog.showModal();
  if (input) { input.value = ""; input.focus(); }
  fill("");
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && document.querySelector("[data-command]")) {
    event.preventDefault();
    if (dialog?.open) dialog.close(); else openCommand();
  }
});
document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-command]")) { event.preventDefault(); openCommand(); }
});
document.addEventListener("jb:command", openCommand);
remember();
showRecent();
