// Row selection of a list. The boxes belong to a real form; this keeps the count, the "all" box and
// shift-click ranges, and lets one say "everything that matches".
import { number, t } from "./core";

const boxes = (root: ParentNode): HTMLInputElement[] => [...root.querySelectorAll<HTMLInputElement>("tbody .check[name='id']")];
let last: HTMLInputElement | null = null;

function sync(): void {
  for (const page of document.querySelectorAll<HTMLElement>("[data-list]")) {
    const rows = boxes(page);
    for (const box of rows) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
    const chosen = rows.filter((box) => box.checked).length;
    const all = page.querySelector<HTMLInputElement>("[data-all]");
    if (all) {
      all.checked = rows.length > 0 && chosen === rows.length;
      all.indeterminate = chosen > 0 && chosen < rows.length;
    }
    const bar = page.querySelector<HTMLElement>(".selbar");
    if (!bar) continue;
    bar.classList.toggle("on", chosen > 0);
    const whole = bar.querySelector<HTMLInputElement>("input[name='all']");
    if (whole && chosen < rows.length) whole.checked = false;
    const count = bar.querySelector("[data-count]");
    if (count) count.textContent = whole?.checked ? t("js-selected-all") : t("js-selected", { n: number(chosen) });
  }
}

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  if (target.closest("[data-clear]")) {
    const page = target.closest("[data-list]");
    if (page) for (const box of boxes(page)) box.checked = false;
    sync();
    return;
  }
  if (!target.matches("tbody .check[name='id']")) return;
  const box = target as HTMLInputElement;
  const page = box.closest("[data-list]");
  if (page && last && (event as MouseEvent).shiftKey) {
    const rows = boxes(page);
    const [a, b] = [rows.indexOf(last), rows.indexOf(box)].sort((x, y) => x - y);
    if (a !== undefined && b !== undefined && a >= 0) for (const row of rows.slice(a, b + 1)) row.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const target = event.target as HTMLInputElement;
  const page = target.closest<HTMLElement>("[data-list]");
  if (!page) return;
  if (target.matches("[data-all]")) for (const box of boxes(page)) box.checked = target.checked;
  if (target.matches(".selbar input[name='all']") && target.checked) for (const box of boxes(page)) box.checked = true;
  sync();
});

document.addEventListener("htmx:after:swap", sync);
addEventListener("pageshow", sync);
