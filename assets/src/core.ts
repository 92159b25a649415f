// What every element needs: words in the page's language, the session's form token, small helpers.

const words: Record<string, string> = (() => {
  const el = document.getElementById("jb-texts");
  return el?.textContent ? JSON.parse(el.textContent) : {};
})();

/** The sentence for `key` (sent with the page); `{name}` is replaced from `args`. */
export function t(key: string, args: Record<string, string | number> = {}): string {
  const text = words[key] ?? `⟨${key}⟩`;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? `{${name}}`));
}

export const csrf = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

export const lang = (): string => document.documentElement.lang;

export const number = (n: number): string => n.toLocaleString("en-US");

/** Builds an element from a tag, attributes and children; no HTML text is ever parsed. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | undefined> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: string, small = false): SVGSVGElement {
  const sprite = document.querySelector<HTMLMetaElement>('meta[name="jb-icons"]')?.content ?? "";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", small ? "i sm" : "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Posts a small form; resolves with the response, whatever its status. */
export function post(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRF-Token": csrf(), "HX-Request": "true" },
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
}

/** True while the person is typing: single-key shortcuts must not fire. */
export function typing(event: Event): boolean {
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
