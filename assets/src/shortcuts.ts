// Single keys: / searches, ? shows the sheet, g then a letter goes somewhere (the rail's
// [data-key] links), j/k move through rows, Enter opens, x selects, n is the page's primary action.
// A page's own buttons may name a key: [data-shortcut]; beside them z takes back what was just done.
import { el, icon, t, typing } from "./core";

let pending = 0;

document.addEventListener("keydown", (event) => {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog:modal")) return;
  if (Date.now() - pending < 1200) {
    pending = 0;
    const link = document.querySelector<HTMLAnchorElement>(`.rail a[data-key="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  const own = document.querySelector<HTMLElement>(`main [data-shortcut="${CSS.escape(event.key)}"]`)
    ?? (event.key === "z" && document.querySelector("[data-shortcut]") ? document.querySelector<HTMLElement>('.toasts form[action$="/undo"] button') : null);
  if (own) { event.preventDefault(); own.click(); return; }
  switch (event.key) {
    case "?": event.preventDefault(); sheet(); break;
    case "/": event.preventDefault(); document.dispatchEvent(new CustomEvent("jb:command")); break;
    case "g": pending = Date.now(); break;
    case "j": step(1, event); break;
    case "k": step(-1, event); break;
    case "x": toggleRow(event); break;
    case "n": primary(event); break;
  }
});

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-list] tbody tr")];

function step(by: number, event: Event): void {
  const all = rows();
  if (!all.length) return;
  event.preventDefault();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
  next?.querySelector<HTMLElement>("th a, td a")?.focus();
}

function toggleRow(event: Event): void {
  const box = document.activeElement?.closest("tr")?.querySelector<HTMLInputElement>(".check");
  if (box) { event.preventDefault(); box.click(); }
}

function primary(event: Event): void {
  const button = document.querySelector<HTMLElement>(".page-head .actions .btn:not([data-variant])");
  if (button) { event.preventDefault(); button.click(); }
}

function sheet(): void {
  const keys: [string[], string][] = [
    [["Ctrl", "K"], t("js-key-command")], [["/"], t("js-key-search")], [["j"], t("js-key-next")], [["k"], t("js-key-previous")],
    [["Enter"], t("js-key-open")], [["x"], t("js-key-select")], [["n"], t("js-key-new")], [["?"], t("js-key-help")], [["Esc"], t("js-key-close")],
  ];
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".rail a[data-key]")) {
    keys.push([["g", link.dataset.key ?? ""], t("js-key-go", { place: link.title })]);
  }
  const list = el("dl", { class: "keys" });
  for (const [names, text] of keys) {
    list.append(el("div", {}, el("dt", {}, text), el("dd", {}, ...names.map((n) => el("kbd", { class: "kbd" }, n)))));
  }
  const close = el("button", { class: "btn", "data-variant": "ghost", "data-size": "icon-sm", type: "button", "aria-label": t("js-close"), autofocus: true }, icon("x"));
  const box = el("dialog", { class: "dialog-card", "aria-labelledby": "keys-h" }, el("header", {}, icon("keyboard"), el("h2", { id: "keys-h" }, t("js-keys")), close), el("div", { class: "body" }, list));
  close.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-keys]")) { event.preventDefault(); sheet(); }
});
