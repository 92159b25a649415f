// htmx swaps parts of lists and polls progress. No attribute holds script: the page's policy forbids it.
import htmx from "htmx.org";
import { csrf, t } from "./core";
import { toast } from "./toasts";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

type Detail = { ctx: { request: { method: string; headers: Record<string, string> }; response?: { status: number } } };

document.addEventListener("htmx:config:request", (event) => {
  const { request } = (event as CustomEvent<Detail>).detail.ctx;
  if (!/GET|HEAD/i.test(request.method)) request.headers["X-CSRF-Token"] = csrf();
});

// A failed part must not replace what the reader was looking at. Forms that come back with their
// errors (422) and conflicts (409) are pages of ours and are shown.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = (event as CustomEvent<Detail>).detail;
  const status = ctx.response?.status ?? 200;
  if (status < 400 || status === 422 || status === 409) return;
  event.preventDefault();
  if (status === 401) document.dispatchEvent(new CustomEvent("jb:expired"));
  else toast(status === 403 ? t("js-forbidden") : t("js-failed", { status }), "bad");
});

document.addEventListener("htmx:error", () => toast(t("js-offline"), "bad"));
