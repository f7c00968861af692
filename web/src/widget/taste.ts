import { call, changed, howAddress, languageOf, say } from "./call";
import { button, common, part, sheet } from "./parts";
import { text, type Text } from "./words";

interface Known { personal: boolean; bought: { sku: string; name: string; bought_at: string; gift: boolean }[]; viewed: { sku: string; name: string }[]; unwanted: { sku: string; name: string }[]; rated_low?: { sku: string; name: string }[] }

const look = sheet(`
h2 { font-size: 1.25em; line-height: 1.3; margin: 0 0 .75em }
h3 { font-size: 1em; margin: 1.25rem 0 .25rem }
.list { list-style: none; margin: 0; padding: 0 }
.item { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between; padding-block: .5rem; border-block-end: 1px solid color-mix(in srgb, currentColor 18%, transparent) }
.date, .note, .how { color: var(--wellmet-muted, inherit); font-size: .85em }
label { display: inline-flex; gap: .5em; align-items: center; min-block-size: 2.5rem; cursor: pointer }
input { inline-size: 1.2em; block-size: 1.2em; margin: 0; accent-color: currentColor }`);

/** What the recommendations of who is signed in are made of, to look at and to correct; for their account's page. */
export class TasteEditor extends HTMLElement {
  static observedAttributes = ["write-key", "proof", "heading"];

  #planned = false;
  #asked: AbortController | undefined;
  /** Of what was touched last, which has the focus again when the list is drawn anew. */
  #touched: string | undefined;

  connectedCallback() { this.#plan(); }
  disconnectedCallback() { this.#asked?.abort(); }

  attributeChangedCallback() {
    // Perhaps somebody else is signed in: what is known of the one before is gone at once.
    this.shadowRoot?.replaceChildren();
    if (this.isConnected) this.#plan();
  }

  #plan() {
    if (!this.#planned) {
      this.#planned = true;
      queueMicrotask(() => { this.#planned = false; void this.#ask(); });
    }
  }

  async #ask() {
    this.#asked?.abort();
    const asked = this.#asked = new AbortController();
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [common, look];
    try {
      this.#draw(root, await call<Known>("/v1/recommendations/page/taste", this, {}, { signal: asked.signal }));
    } catch (error) {
      if (asked.signal.aborted) return;
      console.warn("Wellmet: nothing to show.", error);
      root.replaceChildren();
      this.dispatchEvent(new CustomEvent("wellmet-empty", { bubbles: true, composed: true }));
    }
  }

  /** Does what was chosen and shows what holds now, whether it worked or not. */
  async #do(touched: string, work: () => Promise<unknown>) {
    this.#touched = touched;
    try {
      await work();
      document.dispatchEvent(new Event(changed));
      await this.#ask();
    } catch (error) {
      console.warn("Wellmet: not recorded.", error);
      await this.#ask();
      const said = part("p", "failure", text(this, "That did not work. Please try again."));
      said.setAttribute("role", "alert");
      this.shadowRoot?.append(said);
    }
  }

  #draw(root: ShadowRoot, known: Known) {
    const section = document.createElement("section");
    const heading = this.getAttribute("heading");
    if (heading) {
      section.setAttribute("aria-label", heading);
      section.append(part("h2", "heading", heading));
    }
    section.append(this.#box("personal", "Personal recommendations", known.personal, (on) => call("/v1/consents/choice", this, { purpose: "personalisation", objects: !on })));
    if (known.personal) {
      const day = new Intl.DateTimeFormat(languageOf(this), { dateStyle: "medium" });
      section.append(...this.#list("What you bought", known.bought.map((b) => {
        const name = document.createElement("span");
        name.append(part("span", "name", b.name), " ", part("span", "date", day.format(new Date(b.bought_at))));
        return [name, this.#box(`gift ${b.sku}`, "A gift for somebody else", b.gift, (on) => say(this, b.sku, "gift", !on), b.name)];
      })));
      if (known.viewed.length) section.append(...this.#list("What you looked at", known.viewed.map((v) => this.#said(v, "Not interested", false))));
      if (known.rated_low?.length) section.append(...this.#list("What you rated low", known.rated_low.map((r) => this.#said(r, "Not interested", false))));
      section.append(...this.#list("What you are not interested in", known.unwanted.map((u) => this.#said(u, "Offer it again", true))));
    } else {
      section.append(part("p", "note", text(this, "Your purchases are not used to choose products for you.")));
    }
    const how = part("a", "how", text(this, "How we recommend"));
    how.href = howAddress();
    section.append(how);
    root.replaceChildren(section);
    if (this.#touched) [...root.querySelectorAll("input")].find((i) => i.name === this.#touched)?.focus();
    this.#touched = undefined;
  }

  /** A product and what one can say of it. */
  #said({ sku, name }: { sku: string; name: string }, label: Text, takenBack: boolean) {
    const act = button("action", text(this, label), () => void this.#do("personal", () => say(this, sku, "not_interested", takenBack)));
    act.setAttribute("aria-label", `${name}: ${act.textContent}`);
    return [part("span", "name", name), act];
  }

  #list(title: Text, items: HTMLElement[][]) {
    const list = part("ul", "list");
    list.append(...items.map((parts) => {
      const entry = part("li", "item");
      entry.append(...parts);
      return entry;
    }));
    return [part("h3", "title", text(this, title)), items.length ? list : part("p", "note", text(this, "Nothing yet."))];
  }

  /** A box to tick that is about something, whose name is read with it. */
  #box(name: string, label: Text, on: boolean, choose: (on: boolean) => Promise<unknown>, about = "") {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = name;
    box.checked = on;
    if (about) box.setAttribute("aria-label", `${about}: ${text(this, label)}`);
    box.addEventListener("change", () => void this.#do(name, () => choose(box.checked)));
    const whole = document.createElement("label");
    whole.append(box, text(this, label));
    return whole;
  }
}
