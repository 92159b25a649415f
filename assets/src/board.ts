// <jb-board>: cards are dragged between lanes. Every card also has a menu that does the same, for
// the keyboard, for touch and for pages without scripts; a drop sends that menu's form.
export class JbBoard extends HTMLElement {
  #card: HTMLElement | null = null;

  connectedCallback(): void {
    this.addEventListener("dragstart", (event) => {
      this.#card = (event.target as HTMLElement).closest<HTMLElement>("[data-card]");
      if (!this.#card || !event.dataTransfer) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", this.#card.querySelector(".what")?.textContent ?? "");
      this.#card.classList.add("dragged");
    });
    this.addEventListener("dragend", () => { this.#card?.classList.remove("dragged"); this.#card = null; this.#mark(null); });
    this.addEventListener("dragover", (event) => {
      const lane = this.#lane(event);
      this.#mark(lane);
      if (lane) event.preventDefault();
    });
    this.addEventListener("drop", (event) => {
      const lane = this.#lane(event);
      const form = this.querySelector<HTMLFormElement>("form[data-move]");
      if (!lane || !form || !this.#card) return;
      event.preventDefault();
      form.action = `/tasks/${this.#card.dataset.card}/to/${lane.dataset.target}`;
      form.requestSubmit();
    });
  }

  /** The lane under the pointer, if the card can be put there and is not there already. */
  #lane(event: DragEvent): HTMLElement | null {
    const lane = (event.target as HTMLElement).closest<HTMLElement>("[data-target]");
    return this.#card && lane && !lane.contains(this.#card) ? lane : null;
  }

  #mark(lane: HTMLElement | null): void {
    for (const one of this.querySelectorAll("[data-target]")) one.classList.toggle("over", one === lane);
  }
}
