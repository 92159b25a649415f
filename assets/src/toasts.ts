// Short messages in the corner. Those the server sends with a page stand in the same list.
import { el, icon, t } from "./core";

const ICONS: Record<string, string> = { good: "circle-check", bad: "circle-alert", warn: "triangle-alert", info: "info" };
const SECONDS = 6;

function list(): HTMLElement {
  return document.getElementById("toasts") ?? document.body.appendChild(el("div", { id: "toasts", class: "toasts", role: "status", "aria-live": "polite" }));
}

export function toast(text: string, state: "good" | "bad" | "warn" | "info" = "info", link?: { href: string; text: string }): void {
  // What keeps failing (a page that asks every second) is said once, not once a second.
  if ([...list().querySelectorAll("p")].some((other) => other.textContent?.startsWith(text))) return;
  const body = el("p", {}, text);
  if (link) body.append(" ", el("a", { class: "link", href: link.href }, link.text));
  const close = el("button", { class: "btn", "data-variant": "ghost", "data-size": "icon-sm", type: "button", "aria-label": t("js-close") }, icon("x"));
  const item = el("div", { class: "note-card", "data-s": state }, icon(ICONS[state] ?? "info"), body, close);
  list().append(item);
  watch(item);
}

/** Good news leaves by itself unless someone is reading it; bad news stays. */
function watch(item: HTMLElement): void {
  // Not the button of a form: undo has to be sent before its message goes.
  item.querySelector('button[type="button"]')?.addEventListener("click", () => item.remove());
  if (item.dataset.s === "bad" || item.querySelector("form")) return;
  let timer = 0;
  const start = () => { timer = window.setTimeout(() => item.remove(), SECONDS * 1000); };
  const stop = () => window.clearTimeout(timer);
  item.addEventListener("pointerenter", stop);
  item.addEventListener("focusin", stop);
  item.addEventListener("pointerleave", start);
  item.addEventListener("focusout", start);
  start();
}

for (const item of document.querySelectorAll<HTMLElement>("#toasts > .note-card")) watch(item);
