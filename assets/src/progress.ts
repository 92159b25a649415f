// Jobs: the ring in the top bar and any [data-job] block ask for news while something runs:
// every second at first, then slower; not at all in a hidden tab.
import { t } from "./core";
import { toast } from "./toasts";

type Job = { id: string; status: string; percent: number | null; text: string; href: string | null };
type News = { running: Job[]; finished: Job[]; unread: number; bell: string };

const ring = (): HTMLElement | null => document.querySelector("[data-jobs]");
let wait = 1000;
let known = new Set<string>();

async function ask(): Promise<void> {
  const place = ring();
  if (!place) return;
  if (document.hidden) { later(); return; }
  const since = place.dataset.since ?? "";
  let news: News;
  try {
    const response = await fetch(`/jobs/news?since=${encodeURIComponent(since)}`, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    news = (await response.json()) as News;
  } catch {
    wait = Math.min(wait * 2, 30_000);
    later();
    return;
  }
  draw(place, news.running);
  ringBell(news);
  for (const job of news.finished) {
    if (!known.has(job.id)) continue;
    known.delete(job.id);
    const good = job.status === "done";
    // Who looks at the result already needs no word about it.
    const here = job.href !== null && new URL(job.href, location.href).pathname === location.pathname;
    if (!here) toast(job.text, good ? "good" : "bad", job.href ? { href: job.href, text: t("js-job-open") } : undefined);
    document.dispatchEvent(new CustomEvent("jb:job", { detail: job }));
  }
  wait = news.running.length ? Math.min(wait * 1.2, 4000) : 15_000;
  later();
}

function draw(place: HTMLElement, running: Job[]): void {
  for (const job of running) known.add(job.id);
  place.hidden = running.length === 0;
  const first = running[0];
  if (!first) return;
  const text = place.querySelector("span");
  const more = running.length > 1 ? ` +${running.length - 1}` : "";
  if (text) text.textContent = first.percent === null ? `${first.text}${more}` : `${first.text} ${first.percent} %${more}`;
  place.querySelector("circle + circle")?.setAttribute("stroke-dasharray", `${first.percent ?? 25} 100`);
  place.classList.toggle("spin", first.percent === null);
}

/** The bell shows that something waits to be read, on the page that is open already, too. */
function ringBell(news: News): void {
  const bell = document.querySelector<HTMLElement>("[data-bell]");
  bell?.classList.toggle("badge-dot", news.unread > 0);
  bell?.setAttribute("aria-label", news.bell);
}

const later = (): void => { window.setTimeout(() => void ask(), wait); };

/** A form that started a job makes the ring look again at once. */
document.addEventListener("jb:job-started", () => { wait = 300; void ask(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) wait = 1000; });

const place = ring();
if (place) {
  known = new Set((place.dataset.running ?? "").split(" ").filter(Boolean));
  wait = known.size ? 1000 : 8000;
  later();
}

/** A page that shows what a job made or changed shows it afresh when the job ends. */
document.addEventListener("jb:job", (event) => {
  const { href } = (event as CustomEvent<Job>).detail;
  if (!href || new URL(href, location.href).pathname !== location.pathname || document.querySelector("form[data-guard]")) return;
  void window.htmx?.ajax("GET", location.pathname + location.search, { target: "#main", select: "#main", swap: "outerHTML" });
});
