// Try-it forms of the API page: build the request from the fields, send it as the signed-in person
// (or with a key), show what came back. The curl line beside it works without scripts.
import { csrf, el, t } from "./core";

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("form[data-tryit]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  void send(form);
}, true);

async function send(form: HTMLFormElement): Promise<void> {
  const method = form.dataset.method ?? "GET";
  let path = form.dataset.path ?? "";
  const query = new URLSearchParams();
  const headers: Record<string, string> = { Accept: "application/json" };
  let body: string | undefined;
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[data-in]")) {
    const value = field.value.trim();
    if (!value) continue;
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (field.dataset.in === "query") query.append(field.name, value);
    else if (field.dataset.in === "header") headers[field.name] = value;
    else { body = field.value; headers["Content-Type"] = "application/json"; }
  }
  const key = document.querySelector<HTMLInputElement>("#api-key")?.value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  else if (method !== "GET") headers["X-CSRF-Token"] = csrf();
  const output = form.querySelector("output") ?? form.appendChild(el("output"));
  output.replaceChildren(el("p", { class: "note" }, t("js-tryit-wait")));
  const began = performance.now();
  try {
    const response = await fetch(path + (query.size ? `?${query}` : ""), { method, headers, body, credentials: key ? "omit" : "same-origin" });
    const text = await response.text();
    const took = Math.round(performance.now() - began);
    output.replaceChildren(
      el("p", { class: "st", "data-s": response.ok ? "good" : "bad" }, `${response.status} ${response.statusText} · ${took} ms · ${response.headers.get("content-type") ?? ""}`),
      el("pre", { tabindex: "0" }, pretty(text)),
    );
  } catch (error) {
    output.replaceChildren(el("p", { class: "st", "data-s": "bad" }, String(error)));
  }
}

function pretty(text: string): string {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text.slice(0, 20_000); }
}
