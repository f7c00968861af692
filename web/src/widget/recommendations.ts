import { call, changed, languageOf, proofOf, tell, visitorOf } from "./call";
import { common, part, sheet } from "./parts";
import { watch } from "./seen";
import { showWhy, type Reason } from "./why";

interface Item { sku: string; name: string; price_minor: number | null; currency: string; variant: string | null; reason: Reason }
interface Answer { personalised: boolean; experiment: string | null; recommendations: Item[] }

/** Of a mixed list, which variant gave each product; nothing elsewhere. */
const variantsOf = (items: Item[]) => {
  const given = items.flatMap((i) => (i.variant ? [[i.sku, i.variant]] : []));
  return given.length ? (Object.fromEntries(given) as Record<string, string>) : undefined;
};

const nothing: Answer = { personalised: false, experiment: null, recommendations: [] };

// The space is taken before the answer is there, so that nothing moves when it comes; names of two lines and a reason of two lines fit.
const look = sheet(`
h2 { font-size: 1.25em; line-height: 1.3; margin: 0 0 .75em; min-height: 1.3em }
.list { display: grid; gap: var(--wellmet-gap, 1rem); grid-template-columns: repeat(var(--wellmet-columns, auto-fill), minmax(min(11rem, 100%), 1fr)); list-style: none; margin: 0; padding: 0 }
.item { block-size: var(--wellmet-size, 8.5rem); box-sizing: border-box; overflow: hidden; border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .5rem; padding: .75rem; display: flex; flex-direction: column; gap: .25rem }
.item.empty { visibility: hidden }
.item .name { color: inherit; font-weight: 600; text-decoration: none; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2 }
.item .name:hover { text-decoration: underline }
.why { color: var(--wellmet-muted, inherit); font-size: .85em; margin: auto 0 0; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2 }
button.why { background: none; border: 0; padding: 0; text-align: start; text-decoration: underline dotted; text-underline-offset: .1em }
.dialog { background: Canvas; color: CanvasText; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .75rem; padding: 1.25rem; inline-size: min(26rem, calc(100vw - 2rem)); box-sizing: border-box }
.dialog::backdrop { background: rgb(0 0 0 / .4) }
h3 { margin: 0 0 .5rem; font-size: 1.1em }
.because { list-style: none; margin: 0 0 1rem; padding: 0 }
.because li { display: flex; gap: .75rem; align-items: center; justify-content: space-between; padding-block: .35rem }
.because .action { flex: none }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .75rem }
.how { color: inherit; font-size: .85em }`);

/** The products of a placement, best first, each with its reason. */
export class Recommendations extends HTMLElement {
  static observedAttributes = ["write-key", "placement", "products", "limit", "country", "proof", "personal", "link", "heading"];

  #asked: AbortController | undefined;
  #planned = false;
  #unwatch = () => {};
  readonly #again = () => this.#plan();

  connectedCallback() {
    document.addEventListener(changed, this.#again);
    this.#plan();
  }

  attributeChangedCallback() { if (this.isConnected) this.#plan(); }

  disconnectedCallback() {
    document.removeEventListener(changed, this.#again);
    this.#asked?.abort();
    this.#unwatch();
  }

  /** Attributes that change together are one question. */
  #plan() {
    if (!this.#planned) {
      this.#planned = true;
      queueMicrotask(() => { this.#planned = false; void this.#ask(); });
    }
  }

  get #limit() { return Math.min(Math.max(Number.parseInt(this.getAttribute("limit") ?? "4", 10) || 4, 1), 20); }

  get #placement() { return this.getAttribute("placement") ?? "for-you"; }

  async #ask() {
    this.#asked?.abort();
    const asked = this.#asked = new AbortController();
    if (!this.shadowRoot) this.#draw(nothing);
    this.setAttribute("aria-busy", "true");
    try {
      const products = (this.getAttribute("products") ?? "").split(",").map((p) => p.trim()).filter(Boolean);
      const answer = await call<Answer>("/v1/recommendations/page", this, { placement: this.#placement, limit: this.#limit, products, country: this.getAttribute("country") || null, anonymousId: visitorOf(this) }, { signal: asked.signal });
      this.#draw(answer);
      this.#tell(answer.recommendations.length ? "wellmet-shown" : "wellmet-empty", { products: answer.recommendations.map((r) => r.sku) });
    } catch (error) {
      if (asked.signal.aborted) return;
      // A shop's page must not suffer: the place stays empty, and whoever looks at the console learns why.
      console.warn("Wellmet: no recommendations.", error);
      this.#draw(nothing);
      this.#tell("wellmet-empty", {});
    }
    this.removeAttribute("aria-busy");
  }

  #draw({ personalised, experiment, recommendations }: Answer) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [common, look];
    const section = document.createElement("section");
    const heading = this.getAttribute("heading");
    if (heading) {
      section.setAttribute("aria-label", heading);
      section.append(part("h2", "heading", recommendations.length ? heading : ""));
    }
    const list = part("ul", "list");
    list.append(...recommendations.map((item) => this.#item(item, root, personalised, experiment)));
    for (let i = recommendations.length; i < this.#limit; i++) {
      const space = part("li", "item");
      space.classList.add("empty");
      space.ariaHidden = "true";
      list.append(space);
    }
    section.append(list);
    this.#unwatch();
    // Where an experiment runs, who is shown nothing takes part as well as who is shown something.
    const seen: [Element, string][] = recommendations.map((item, at) => [list.children[at]!, item.sku]);
    if (experiment && !seen.length) seen.push([section, ""]);
    this.#unwatch = watch(seen, (codes) => {
      tell(this, this.#placement, experiment, { shown: codes.filter(Boolean), variants: variantsOf(recommendations.filter((r) => codes.includes(r.sku))) });
    });
    // A dialog stays where it is, what was said in it is still to be read: moved, it would close.
    const before = root.querySelector("section");
    if (before) before.replaceWith(section);
    else root.append(section);
  }

  #item(item: Item, root: ShadowRoot, personalised: boolean, experiment: string | null) {
    const entry = part("li", "item");
    const link = part("a", "name", item.name);
    link.href = (this.getAttribute("link") ?? "/products/{sku}").replaceAll("{sku}", encodeURIComponent(item.sku));
    link.addEventListener("click", () => {
      tell(this, this.#placement, experiment, { chosen: item.sku, variants: variantsOf([item]) });
      this.#tell("wellmet-chosen", { sku: item.sku, placement: this.#placement });
    });
    entry.append(link);
    if (item.price_minor !== null) {
      const format = new Intl.NumberFormat(languageOf(this), { style: "currency", currency: item.currency });
      entry.append(part("span", "price", format.format(item.price_minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))));
    }
    // Only who is signed in can say something; for everybody else the reason is text.
    const asks = personalised && proofOf(this) !== null;
    const why = part(asks ? "button" : "p", "why", item.reason.text);
    if (asks) {
      why.ariaHasPopup = "dialog";
      why.addEventListener("click", () => showWhy(this, root, item));
    }
    entry.append(why);
    return entry;
  }

  #tell(name: string, detail: object) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
