// Side panel: <a data-side href> shows the page's main part beside the list. Ctrl-click, middle
// click and "open in a new tab" still do what links do; j / k step through the rows.
import { el, icon, t } from "./core";

function panel(): HTMLDialogElement {
  const there = document.getElementById("side");
  if (there instanceof HTMLDialogElement) return there;
  const body = el("article", { class: "side-body", tabindex: "-1" });
  const close = el("button", { class: "btn", "data-variant": "ghost", "data-size": "icon-sm", type: "button", "aria-label": t("js-close") }, icon("panel-right-close"));
  const full = el("a", { class: "btn", "data-variant": "outline", "data-size": "sm", href: "#" }, icon("external-link"), t("js-side-open"));
  const side = el("dialog", { id: "side", class: "side", "aria-label": t("js-side") }, el("div", { class: "side-head" }, full, close), body);
  close.addEventListener("click", () => side.close());
  document.body.append(side);
  return side;
}

async function show(href: string): Promise<void> {
  const side = panel();
  const body = side.querySelector<HTMLElement>(".side-body");
  const full = side.querySelector<HTMLAnchorElement>(".side-head a");
  if (!body || !full) return;
  full.href = href;
  body.setAttribute("aria-busy", "true");
  side.show();
  const response = await fetch(href, { headers: { "HX-Request": "true", "Jb-Side": "1" } });
  if (!response.ok || response.redirected) { location.assign(href); return; }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.getElementById("main");
  body.replaceChildren(...(main ? document.adoptNode(main).childNodes : []));
  body.removeAttribute("aria-busy");
  window.htmx?.process(body);
  body.scrollTop = 0;
  body.focus();
}

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-side]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (matchMedia("(width < 1080px)").matches) return;
  event.preventDefault();
  void show(link.href);
});

document.addEventListener("keydown", (event) => {
  const side = document.getElementById("side");
  if (event.key === "Escape" && side instanceof HTMLDialogElement && side.open) side.close();
});
