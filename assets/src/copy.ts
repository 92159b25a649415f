// <button data-copy="text" data-copied="word"> puts the text on the clipboard.
import { t } from "./core";
import { toast } from "./toasts";

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  if (!button) return;
  navigator.clipboard.writeText(button.dataset.copy ?? "").then(
    () => toast(t("js-copied"), "good"),
    () => toast(t("js-copy-failed"), "warn"),
  );
});

// <button data-print> opens the system's print dialog.
document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-print]")) print();
});

// <select data-go> goes where the chosen option says; its form has a button for those without scripts.
document.addEventListener("change", (event) => {
  const box = event.target as HTMLElement;
  if (box.matches("[data-submit]")) (box as HTMLInputElement).form?.requestSubmit();
});
