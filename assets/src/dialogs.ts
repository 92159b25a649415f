// Confirmation before what cannot be undone: <button data-confirm="sentence" data-confirm-do="Delete 3 views">.
// And <a data-dialog="id"> opens a <dialog id> of the page (without scripts the link goes to its page).
import { el, icon, t } from "./core";

const agreed = new WeakSet<HTMLElement>();

document.addEventListener("click", (event) => {
  const target = (event.target as Element).closest<HTMLElement>("[data-confirm]");
  if (target) {
    if (agreed.has(target)) { agreed.delete(target); return; }
    event.preventDefault();
    event.stopPropagation();
    ask(target);
    return;
  }
  const opener = (event.target as Element).closest<HTMLElement>("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog ?? "");
  if (dialog instanceof HTMLDialogElement) { event.preventDefault(); dialog.showModal(); }
  const closer = (event.target as Element).closest("[data-close-dialog]");
  if (closer) closer.closest("dialog")?.close();
}, true);

function ask(target: HTMLElement): void {
  const yes = el("button", { class: "btn", "data-variant": "danger", type: "button" }, target.dataset.confirmDo ?? target.textContent?.trim() ?? "");
  const no = el("button", { class: "btn", "data-variant": "outline", type: "button", autofocus: true }, t("js-keep"));
  const box = el("dialog", { class: "dialog-card", "aria-labelledby": "confirm-h" },
    el("header", {}, icon("triangle-alert"), el("h2", { id: "confirm-h" }, target.dataset.confirm ?? "")),
    el("footer", {}, no, yes));
  box.addEventListener("close", () => { box.remove(); target.focus(); });
  no.addEventListener("click", () => box.close());
  yes.addEventListener("click", () => {
    box.close();
    const now = standing(target);
    if (!now) { location.reload(); return; }
    agreed.add(now);
    now.click();
  });
  document.body.append(box);
  box.showModal();
}

/** A page that redraws itself may have replaced the button while the question stood there. */
function standing(target: HTMLElement): HTMLElement | null {
  if (target.isConnected) return target;
  const key = (button: HTMLElement): string => {
    const { form, value } = button as HTMLButtonElement;
    return `${form?.getAttribute("action") ?? ""} ${value}`;
  };
  const all = [...document.querySelectorAll<HTMLElement>("[data-confirm]")];
  return all.find((other) => key(other) === key(target)) ?? null;
}

// A click on the backdrop closes.
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (dialog instanceof HTMLDialogElement && dialog.open && dialog.id !== "expired") dialog.close();
});
