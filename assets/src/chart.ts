// <jb-chart> draws the ECharts option in its <script type="application/json">: the one chart theme,
// colours read from the stylesheet, so that light and dark can never disagree with the page.
// Rules: direct labels, zero baselines, units on axes, no pies, no 3D.
//
// Beyond plain ECharts options, strings may say:
//   "var(--v-keep)"            a colour of the stylesheet
//   "mix(--v-keep,--bg,0.25)"  a blend of two
//   formatter "@at:2:Keep"     a label at one dimension only
//   renderItem "@range"        a bar from value[1] to value[2] at category value[0]
// A data item's `href` makes its mark a link; its `tip` is the text of its tooltip.
import { el, number } from "./core";
import type { EChartsType } from "echarts/core";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Spec = { option: { [key: string]: Json }; unit?: string; narrow?: { [key: string]: Json }; narrowAt?: number };
type Mark = { href?: string; tip?: string; name?: string; value?: unknown };
type Point = { seriesName?: string; name?: string; value?: unknown; data?: Mark | null; dataType?: string; dimensionIndex?: number; marker?: string; color?: string };

const style = () => getComputedStyle(document.documentElement);
const token = (name: string): string => style().getPropertyValue(name).trim();

function mix(a: string, b: string, share: number): string {
  const rgb = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const [x, y] = [rgb(token(a)), rgb(token(b))];
  return `rgb(${x.map((v, i) => Math.round(v * share + (y[i] ?? 0) * (1 - share))).join(",")})`;
}

function theme() {
  const text3 = { color: token("--text-3"), fontSize: 11 };
  const line = { lineStyle: { color: token("--line") } };
  return {
    color: ["--v-keep", "--v-develop", "--v-winback", "--v-general", "--v-low"].map(token),
    textStyle: { fontFamily: token("--font-ui"), fontSize: 12, color: token("--text-2") },
    animation: false,
    aria: { enabled: false },
    tooltip: { backgroundColor: token("--bg-raised"), borderColor: token("--line-strong"), borderWidth: 1, padding: [6, 10], confine: true, extraCssText: "box-shadow:none;border-radius:6px", textStyle: { color: token("--text"), fontSize: 12 } },
    categoryAxis: { axisLine: { show: true, lineStyle: { color: token("--line-strong") } }, axisTick: { show: false }, axisLabel: text3, splitLine: { show: false } },
    valueAxis: { axisLine: { show: false }, axisTick: { show: false }, axisLabel: text3, splitLine: line, nameTextStyle: text3 },
    radar: { axisName: { color: token("--text-2"), fontSize: 12 }, axisLine: line, splitLine: line, splitArea: { show: false } },
    bar: { barMaxWidth: 18, itemStyle: { borderRadius: 1 } },
    line: { symbolSize: 6, lineStyle: { width: 2 }, smooth: false },
  };
}

/** The option with its words for colours and functions put in. */
function resolve(value: Json, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, key));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, k)]));
  if (typeof value !== "string") return value;
  const colour = value.match(/^var\((--[\w-]+)\)$/);
  if (colour?.[1]) return token(colour[1]);
  const blend = value.match(/^mix\((--[\w-]+),\s*(--[\w-]+),\s*([\d.]+)\)$/);
  if (blend?.[1] && blend[2]) return mix(blend[1], blend[2], Number(blend[3]));
  const at = key === "formatter" ? value.match(/^@at:(\d+):(.*)$/) : null;
  if (at) return (p: Point) => (p.dimensionIndex === Number(at[1]) ? at[2] : "");
  if (key === "renderItem" && value === "@range") return range;
  return value;
}

type Api = { value(i: number): number; coord(p: number[]): number[]; size(p: number[]): number[]; visual(k: string): string };

function range(_: unknown, api: Api) {
  const row = api.value(0);
  const [a, b] = [api.coord([api.value(1), row]), api.coord([api.value(2), row])];
  const height = Math.min(12, (api.size([0, 1])[1] ?? 20) * 0.5);
  return { type: "rect", shape: { x: a[0], y: (a[1] ?? 0) - height / 2, width: Math.max(1, (b[0] ?? 0) - (a[0] ?? 0)), height }, style: { fill: api.visual("color") } };
}

const shown = (value: unknown): string => (typeof value === "number" ? number(Number(value.toFixed(2))) : String(value ?? "–"));

/** Tooltips are elements, not HTML text: the page's policy allows no inline style. */
function tip(unit: string) {
  return (asked: Point | Point[]): HTMLElement => {
    const points = Array.isArray(asked) ? asked : [asked];
    const box = el("div", { class: "chart-tip" });
    const own = points.map((p) => p.data?.tip).find(Boolean);
    if (own) { box.append(...own.split("\n").map((line) => el("p", {}, line))); return box; }
    const head = points[0]?.name;
    if (head) box.append(el("p", {}, el("b", {}, head)));
    for (const p of points) {
      const value = Array.isArray(p.value) ? p.value[p.value.length - 1] : p.value;
      if (value === null || value === undefined) continue;
      const name = p.seriesName && !/^series\d/.test(p.seriesName) ? `${p.seriesName} ` : "";
      box.append(el("p", {}, `${name}${shown(value)}${unit ? ` ${unit}` : ""}`));
    }
    return box;
  };
}

function merge(into: { [k: string]: Json }, extra: { [k: string]: Json }): { [k: string]: Json } {
  const out = { ...into };
  for (const [key, value] of Object.entries(extra)) {
    const old = out[key];
    const both = (v: Json | undefined): v is { [k: string]: Json } => !!v && typeof v === "object" && !Array.isArray(v);
    out[key] = both(old) && both(value) ? merge(old, value) : value;
  }
  return out;
}

export class JbChart extends HTMLElement {
  #chart: EChartsType | null = null;
  #spec: Spec | null = null;
  #watch: ResizeObserver | null = null;
  #redraw = () => void this.draw();

  connectedCallback(): void {
    const source = this.querySelector("script[type='application/json']");
    if (!source?.textContent) return;
    this.#spec = JSON.parse(source.textContent) as Spec;
    document.addEventListener("jb:theme", this.#redraw);
    this.#watch = new ResizeObserver(() => { if (this.#chart?.getWidth() !== this.#box()?.clientWidth) void this.draw(); });
    const box = this.#box();
    if (box) this.#watch.observe(box);
  }

  disconnectedCallback(): void {
    document.removeEventListener("jb:theme", this.#redraw);
    this.#watch?.disconnect();
    this.#chart?.dispose();
    this.#chart = null;
  }

  #box = (): HTMLElement | null => this.querySelector(".chart");

  async draw(): Promise<void> {
    const { init } = await import("./echarts");
    const box = this.#box();
    if (!this.#spec || !box?.clientWidth || !box.clientHeight || !this.isConnected) return;
    const narrow = box.clientWidth < (this.#spec.narrowAt ?? 340);
    const wanted = narrow && this.#spec.narrow ? merge(this.#spec.option, this.#spec.narrow) : this.#spec.option;
    const option = resolve(wanted) as Record<string, unknown>;
    const tooltip = (option.tooltip ?? {}) as Record<string, unknown>;
    if (typeof tooltip.formatter !== "string") tooltip.formatter = tip(this.#spec.unit ?? "");
    option.tooltip = tooltip;
    this.#chart?.dispose();
    this.#chart = init(box, theme(), { renderer: "svg" });
    this.#chart.setOption({ animation: false, ...option });
    this.#chart.on("click", (p) => { const href = (p.data as Mark | null)?.href; if (href) location.assign(href); });
    this.#chart.on("mouseover", (p) => box.classList.toggle("linked", Boolean((p.data as Mark | null)?.href)));
    this.#chart.on("mouseout", () => box.classList.remove("linked"));
  }
}
