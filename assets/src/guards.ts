// Forms: a second click does nothing twice; leaving with unsaved words asks first; a session that
// ended in the middle keeps every word, offers sign-in in a new tab and sends again afterwards.
import { csrf, el, icon, t } from "./core";
import { toast } from "./toasts";

const busy = new WeakSet<HTMLFormElement>();
const dirty = new Set<HTMLFormElement>();

const isPost = (form: HTMLFormElement): boolean => form.method.toLowerCase() === "post";

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || !isPost(form) || form.hasAttribute("data-setting") || form.method === "dialog") return;
  if (busy.has(form)) { event.preventDefault(); return; }
  if (form.hasAttribute("data-guard")) {
    event.preventDefault();
    void send(form, event.submitter as HTMLButtonElement | null);
    return;
  }
  hold(form, event.submitter);
}, false);

function hold(form: HTMLFormElement, submitter: HTMLElement | null): void {
  busy.add(form);
  dirty.delete(form);
  submitter?.setAttribute("aria-busy", "true");
}

function release(form: HTMLFormElement): void {
  busy.delete(form);
  for (const b of form.querySelectorAll("[aria-busy]")) b.removeAttribute("aria-busy");
}

/** Sends a guarded form by itself, so that an ended session or a lost connection loses nothing. */
async function send(form: HTMLFormElement, submitter: HTMLButtonElement | null): Promise<void> {
  hold(form, submitter);
  const data = new FormData(form, submitter);
  data.set("csrf", csrf());
  const multipart = form.enctype === "multipart/form-data";
  const body = multipart ? data : new URLSearchParams(data as unknown as Record<string, string>);
  const action = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  try {
    const response = await fetch(action, { method: "POST", body, headers: { "X-CSRF-Token": csrf(), "Jb-Guard": "1" } });
    if (response.status === 401) {
      dirty.add(form);
      expired(() => void send(form, submitter));
      return;
    }
    const next = response.headers.get("jb-location");
    if (next) { dirty.clear(); location.assign(next); return; }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    show(page, form);
  } catch {
    dirty.add(form);
    toast(t("js-offline"), "bad");
  } finally {
    release(form);
  }
}

/** The answer is the same page with its errors, or an error page: put its main part here. */
function show(page: Document, form: HTMLFormElement): void {
  const fresh = page.getElementById("main");
  const main = document.getElementById("main");
  if (!fresh || !main) { toast(t("js-failed", { status: "" }), "bad"); return; }
  dirty.delete(form);
  main.replaceChildren(...document.adoptNode(fresh).childNodes);
  window.htmx?.process(main);
  const wrong = main.querySelector<HTMLElement>(".form-errors, .callout[role='alert'], [aria-invalid='true']");
  (wrong ?? main).focus();
  wrong?.scrollIntoView({ block: "center" });
}

/** Signed out in between: the words stay; after signing in elsewhere, the same form is sent. */
export function expired(again?: () => void): void {
  document.getElementById("expired")?.remove();
  const retry = el("button", { class: "btn", type: "button" }, t("js-expired-retry"));
  const close = el("button", { class: "btn", "data-variant": "ghost", type: "button" }, t("js-close"));
  const box = el("dialog", { id: "expired", class: "dialog-card", "aria-labelledby": "expired-h" },
    el("header", {}, icon("lock"), el("h2", { id: "expired-h" }, t("js-expired-title"))),
    el("div", { class: "body" }, el("p", {}, t("js-expired-text"))),
    el("footer", {}, close,
      el("a", { class: "btn", "data-variant": "outline", href: "/sign-in?next=%2Fsigned-in", target: "_blank", rel: "opener" }, t("js-expired-sign-in")),
      retry));
  document.body.append(box);
  close.addEventListener("click", () => box.close());
  retry.addEventListener("click", () => void refreshToken().then((ok) => {
    if (!ok) { toast(t("js-expired-still"), "warn"); return; }
    box.close();
    if (again) again(); else location.reload();
  }));
  box.showModal();
}

/** The new session has a new form token: fetch it before sending again. */
async function refreshToken(): Promise<boolean> {
  const response = await fetch("/me/token", { headers: { Accept: "application/json" } });
  if (!response.ok) return false;
  const { csrf: token } = (await response.json()) as { csrf: string };
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')!.content = token;
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name='csrf']")) field.value = token;
  return true;
}

document.addEventListener("jb:expired", () => expired());

document.addEventListener("input", (event) => {
  const form = (event.target as HTMLInputElement).form;
  if (form && isPost(form) && form.hasAttribute("data-guard")) dirty.add(form);
});
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
addEventListener("pageshow", () => { for (const form of document.forms) release(form); });
