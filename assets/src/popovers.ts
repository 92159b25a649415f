// Menus are <details class="pop">: they open without scripts. Here they also close by themselves,
// one at a time, on Escape, on a click elsewhere, and move with the arrow keys.

const opened = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll("details.pop[open]");

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  for (const pop of opened()) if (!pop.contains(target)) pop.open = false;
  if (target.closest("[data-close-pop]")) {
    const pop = target.closest<HTMLDetailsElement>("details.pop");
    if (pop) { pop.open = false; pop.querySelector("summary")?.focus(); }
  }
});

document.addEventListener("toggle", (event) => {
  const pop = event.target as HTMLDetailsElement;
  if (!(pop instanceof HTMLDetailsElement) || !pop.matches("details.pop") || !pop.open) return;
  for (const other of opened()) if (other !== pop && !other.contains(pop)) other.open = false;
  keepInside(pop);
  pop.querySelector<HTMLElement>("[autofocus]")?.focus();
}, true);

/** A menu near the right edge opens leftwards. */
function keepInside(pop: HTMLDetailsElement): void {
  const card = pop.querySelector<HTMLElement>(":scope > .pop-card");
  if (!card) return;
  card.classList.remove("to-end");
  if (card.getBoundingClientRect().right > document.documentElement.clientWidth - 8) card.classList.add("to-end");
}

/** Menus the server sent open. */
function settle(): void {
  for (const pop of opened()) keepInside(pop);
}
document.addEventListener("htmx:after:swap", settle);
settle();

document.addEventListener("keydown", (event) => {
  const pop = (event.target as Element).closest?.<HTMLDetailsElement>("details.pop[open]");
  if (!pop) return;
  if (event.key === "Escape") {
    pop.open = false;
    pop.querySelector("summary")?.focus();
    event.stopPropagation();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if ((event.target as Element).matches("input, select, textarea")) return;
  const items = [...pop.querySelectorAll<HTMLElement>("summary, .menu a, .menu button")];
  const at = items.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]?.focus();
});

// The search box over a long menu hides what does not match.
document.addEventListener("input", (event) => {
  const box = event.target as HTMLInputElement;
  if (!box.matches("[data-narrow]")) return;
  const asked = box.value.trim().toLowerCase();
  for (const item of box.closest(".pop-card")?.querySelectorAll<HTMLElement>(".menu > *") ?? []) {
    item.hidden = asked !== "" && !(item.textContent ?? "").toLowerCase().includes(asked);
  }
});

export {};
