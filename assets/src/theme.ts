// Theme, density: the buttons are ordinary forms; here the change shows at once and the form is sent
// behind it. The server keeps the choice, so the next page arrives already dressed.
import { post } from "./core";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = (): boolean =>
  root.classList.contains("dark") || (root.classList.contains("auto") && system.matches);

function changed(): void {
  const toggle = document.querySelector<HTMLButtonElement>("button[data-theme-toggle]");
  if (toggle) toggle.value = isDark() ? "light" : "dark";
  document.dispatchEvent(new CustomEvent("jb:theme"));
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("form[data-setting]")) return;
  const button = event.submitter as HTMLButtonElement | null;
  if (!button || (button.name !== "theme" && button.name !== "density")) return;
  event.preventDefault();
  let value = button.value;
  if (button.name === "theme") {
    if (button.hasAttribute("data-theme-toggle")) value = isDark() ? "light" : "dark";
    root.classList.remove("dark", "light", "auto");
    root.classList.add(value);
  } else {
    root.dataset.density = value;
  }
  for (const other of form.querySelectorAll<HTMLButtonElement>(`button[name="${button.name}"][aria-pressed]`)) {
    other.setAttribute("aria-pressed", String(other.value === value));
  }
  changed();
  void post(form.action, { [button.name]: value });
});

system.addEventListener("change", changed);
