// <jb-upload data-start="/imports/uploads"> around a plain file form. With scripts, a file of any
// size goes up in parts and resumes after a lost connection, a closed tab or an ended session.
//   POST {start}             name, size            → 201 {id, offset}
//   GET  {start}/{id}                              → {offset, size}
//   PUT  {start}/{id}?offset=N   bytes             → {offset}; 409 {offset} says where to go on
//   POST {start}/{id}/finish (the form's fields)   → {href}
import { csrf, el, icon, number, t } from "./core";
import { expired } from "./guards";

const PART = 4 * 1024 * 1024;
const TRIES = 8;

class JbUpload extends HTMLElement {
  #stop = false;

  connectedCallback(): void {
    const form = this.querySelector("form");
    const input = this.querySelector<HTMLInputElement>("input[type='file']");
    if (!form || !input) return;
    form.addEventListener("submit", (event) => {
      const file = input.files?.[0];
      if (!file) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void this.#send(form, file);
    }, true);
    const drop = this.querySelector<HTMLElement>(".drop");
    drop?.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop?.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop?.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer?.files.length) { input.files = event.dataTransfer.files; this.#name(input); }
    });
    input.addEventListener("change", () => this.#name(input));
  }

  #name(input: HTMLInputElement): void {
    const file = input.files?.[0];
    const place = this.querySelector("[data-file]");
    this.querySelector(".up-bar")?.remove();
    if (place && file) place.textContent = `${file.name} · ${size(file.size)}`;
  }

  async #send(form: HTMLFormElement, file: File): Promise<void> {
    const bar = this.#bar();
    this.#stop = false;
    const start = this.dataset.start ?? "";
    const key = `jb-upload:${start}:${file.name}:${file.size}:${file.lastModified}`;
    try {
      let { id, offset } = await this.#begin(start, key, file);
      while (offset < file.size) {
        if (this.#stop) return;
        offset = await this.#part(`${start}/${id}?offset=${offset}`, file.slice(offset, offset + PART));
        bar.show(offset, file.size);
      }
      const data = new FormData(form);
      data.delete(this.querySelector<HTMLInputElement>("input[type='file']")?.name ?? "");
      const end = await call(`${start}/${id}/finish`, { method: "POST", body: new URLSearchParams(data as unknown as Record<string, string>) });
      localStorage.removeItem(key);
      location.assign(((await end.json()) as { href: string }).href);
    } catch (error) {
      const again = (): void => void this.#send(form, file);
      if (error instanceof Ended) {
        // Signed in again, the upload goes on where it stood.
        bar.fail(t("js-expired-title"), () => expired(again));
        expired(again);
      } else if (error instanceof Refused) {
        // Nothing to go on with: the server has said why, another file is needed.
        localStorage.removeItem(key);
        bar.refuse(error.message);
      } else {
        bar.fail(t("js-upload-lost"), again);
      }
    }
  }

  async #begin(start: string, key: string, file: File): Promise<{ id: string; offset: number }> {
    const known = localStorage.getItem(key);
    if (known) {
      const response = await fetch(`${start}/${known}`, { headers: { Accept: "application/json" } });
      if (response.status === 401) throw new Ended();
      if (response.ok) return { id: known, offset: ((await response.json()) as { offset: number }).offset };
      localStorage.removeItem(key);
    }
    const response = await call(start, { method: "POST", body: new URLSearchParams({ name: file.name, size: String(file.size) }) });
    const made = (await response.json()) as { id: string; offset: number };
    localStorage.setItem(key, made.id);
    return made;
  }

  /** One part, again and again with longer pauses; a 409 tells where the server really is. */
  async #part(url: string, bytes: Blob): Promise<number> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const response = await call(url, { method: "PUT", body: bytes }, [409]);
        return ((await response.json()) as { offset: number }).offset;
      } catch (error) {
        if (error instanceof Refused || error instanceof Ended || attempt >= TRIES) throw error;
        await new Promise((wake) => setTimeout(wake, 500 * 2 ** attempt));
      }
    }
  }

  #bar() {
    this.querySelector(".up-bar")?.remove();
    const text = el("p", { class: "note", role: "status" }, t("js-upload-start"));
    const meter = el("progress", { max: "100", value: "0", "aria-label": t("js-upload") });
    const cancel = el("button", { class: "btn", "data-variant": "ghost", "data-size": "sm", type: "button" }, t("js-upload-pause"));
    cancel.addEventListener("click", () => { this.#stop = true; text.textContent = t("js-upload-paused"); cancel.remove(); });
    const box = el("div", { class: "up-bar" }, meter, el("div", { class: "up-row" }, text, cancel));
    this.append(box);
    const began = performance.now();
    return {
      show: (done: number, all: number) => {
        meter.value = (done / all) * 100;
        const rate = done / Math.max(1, performance.now() - began) * 1000;
        text.textContent = t("js-upload-progress", { done: size(done), all: size(all), seconds: number(Math.ceil((all - done) / Math.max(1, rate))) });
      },
      fail: (why: string, again: () => void) => {
        text.textContent = why;
        text.dataset.s = "bad";
        const retry = el("button", { class: "btn", "data-variant": "outline", "data-size": "sm", type: "button" }, icon("rotate-cw"), t("js-upload-retry"));
        retry.addEventListener("click", again);
        cancel.replaceWith(retry);
      },
      refuse: (why: string) => {
        text.textContent = why;
        text.dataset.s = "bad";
        meter.remove();
        cancel.remove();
      },
    };
  }
}

class Refused extends Error {}
/** The session is over. */
class Ended extends Error {}

/** A refusal by the server carries its own sentence (problem+json); anything else may be tried again. */
async function call(url: string, init: RequestInit, also: number[] = []): Promise<Response> {
  const response = await fetch(url, { ...init, headers: { "X-CSRF-Token": csrf(), Accept: "application/json" } });
  if (response.ok || also.includes(response.status)) return response;
  if (response.status === 401) throw new Ended();
  if (response.status >= 500) throw new Error(String(response.status));
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  throw new Refused([problem.title, problem.detail].filter(Boolean).join(" ") || t("js-failed", { status: response.status }));
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (bytes >= 1000 && at < units.length - 1) { bytes /= 1000; at += 1; }
  return `${bytes.toFixed(at > 1 ? 1 : 0)} ${units[at]}`;
}

customElements.define("jb-upload", JbUpload);
