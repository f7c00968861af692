// <wellmet-recommendations write-key="…" placement="for-you"></wellmet-recommendations> in the pages of a shop.
// Other attributes: products (codes, with commas), limit, heading, link ("/p/{sku}"), proof (who is signed in, see the guide), personal="off" (the banner said no).
// Looks: --wellmet-columns, --wellmet-size, --wellmet-gap, --wellmet-colour, --wellmet-muted; ::part(heading|list|item|name|price|why).
// Tells the page: wellmet-shown { products }, wellmet-chosen { sku }, wellmet-empty.

interface Item { sku: string; name: string; price_minor: number | null; currency: string; reason: { code: string; text: string } }

const address = new URL("/v1/recommendations/page", (document.currentScript as HTMLScriptElement).src);

// Adopted, not written into the page: a shop's content security policy need not allow inline styles for it.
// The space is taken before the answer is there, so that nothing moves when it comes; names of two lines and a reason of two lines fit.
const look = new CSSStyleSheet();
look.replaceSync(`
:host { display: block; margin-block: 1.5rem; color: var(--wellmet-colour, inherit); font: inherit }
:host([hidden]) { display: none }
h2 { font-size: 1.25em; line-height: 1.3; margin: 0 0 .75em; min-height: 1.3em }
ul { display: grid; gap: var(--wellmet-gap, 1rem); grid-template-columns: repeat(var(--wellmet-columns, auto-fill), minmax(min(11rem, 100%), 1fr)); list-style: none; margin: 0; padding: 0 }
li { block-size: var(--wellmet-size, 8.5rem); box-sizing: border-box; overflow: hidden; border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .5rem; padding: .75rem; display: flex; flex-direction: column; gap: .25rem }
li.empty { visibility: hidden }
a { color: inherit; font-weight: 600; text-decoration: none; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2 }
a:hover { text-decoration: underline }
a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px }
.why { color: var(--wellmet-muted, inherit); font-size: .85em; margin: auto 0 0; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2 }`);

function element<K extends keyof HTMLElementTagNameMap>(name: K, part: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.setAttribute("part", part);
  made.textContent = text;
  return made;
}

class Recommendations extends HTMLElement {
  static observedAttributes = ["write-key", "placement", "products", "limit", "proof", "personal", "link", "heading"];

  #asked: AbortController | undefined;
  #planned = false;

  connectedCallback() { this.#plan(); }
  attributeChangedCallback() { if (this.isConnected) this.#plan(); }
  disconnectedCallback() { this.#asked?.abort(); }

  /** Attributes that change together are one question. */
  #plan() {
    if (!this.#planned) {
      this.#planned = true;
      queueMicrotask(() => { this.#planned = false; void this.#ask(); });
    }
  }

  get #limit() { return Math.min(Math.max(Number.parseInt(this.getAttribute("limit") ?? "4", 10) || 4, 1), 20); }

  async #ask() {
    this.#asked?.abort();
    const asked = this.#asked = new AbortController();
    if (!this.shadowRoot) this.#draw([]);
    this.setAttribute("aria-busy", "true");
    try {
      // Plain text needs no question beforehand from the browser (CORS): one round trip.
      const answer = await fetch(address, {
        method: "POST", credentials: "omit", signal: asked.signal, headers: { "Content-Type": "text/plain" },
        body: JSON.stringify({
          writeKey: this.getAttribute("write-key"), placement: this.getAttribute("placement") ?? "for-you", limit: this.#limit,
          products: (this.getAttribute("products") ?? "").split(",").map((p) => p.trim()).filter(Boolean),
          identityProof: this.getAttribute("personal") === "off" ? null : this.getAttribute("proof"),
        }),
      });
      if (!answer.ok) throw new Error(`${answer.status} ${((await answer.json()) as { detail?: string }).detail ?? ""}`);
      const { recommendations } = (await answer.json()) as { recommendations: Item[] };
      this.#draw(recommendations);
      this.#tell(recommendations.length ? "wellmet-shown" : "wellmet-empty", { products: recommendations.map((r) => r.sku) });
    } catch (error) {
      if (asked.signal.aborted) return;
      // A shop's page must not suffer: the place stays empty, and whoever looks at the console learns why.
      console.warn("Wellmet: no recommendations.", error);
      this.#draw([]);
      this.#tell("wellmet-empty", {});
    }
    this.removeAttribute("aria-busy");
  }

  #draw(items: Item[]) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [look];
    const section = document.createElement("section");
    const heading = this.getAttribute("heading");
    if (heading) {
      section.setAttribute("aria-label", heading);
      section.append(element("h2", "heading", items.length ? heading : ""));
    }
    const list = element("ul", "list");
    list.append(...items.map((item) => this.#item(item)));
    for (let i = items.length; i < this.#limit; i++) {
      const space = document.createElement("li");
      space.className = "empty";
      space.ariaHidden = "true";
      list.append(space);
    }
    section.append(list);
    root.replaceChildren(section);
  }

  #item(item: Item) {
    const entry = element("li", "item");
    const link = element("a", "name", item.name);
    link.href = (this.getAttribute("link") ?? "/products/{sku}").replaceAll("{sku}", encodeURIComponent(item.sku));
    link.addEventListener("click", () => this.#tell("wellmet-chosen", { sku: item.sku, placement: this.getAttribute("placement") }));
    entry.append(link);
    if (item.price_minor !== null) {
      const format = new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "currency", currency: item.currency });
      entry.append(element("span", "price", format.format(item.price_minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))));
    }
    const why = element("p", "why", item.reason.text);
    why.className = "why";
    entry.append(why);
    return entry;
  }

  #tell(name: string, detail: object) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("wellmet-recommendations")) customElements.define("wellmet-recommendations", Recommendations);
