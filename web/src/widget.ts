// <wellmet-recommendations write-key="…" placement="for-you"></wellmet-recommendations> in the pages of a shop.
// Other attributes: products (codes, with commas), limit, heading, link ("/p/{sku}"), proof (who is signed in, see the guide), personal="off" (the banner said no).
// <wellmet-taste write-key="…" proof="…" heading="…"></wellmet-taste> in the account of who is signed in: what their recommendations are made of, to correct.
// Looks: --wellmet-columns, --wellmet-size, --wellmet-gap, --wellmet-colour, --wellmet-muted; ::part(heading|list|item|name|price|why|dialog|action …).
// Tells the page: wellmet-shown { products }, wellmet-chosen { sku }, wellmet-empty.
import { Recommendations } from "./widget/recommendations";
import { TasteEditor } from "./widget/taste";

for (const [name, element] of [["wellmet-recommendations", Recommendations], ["wellmet-taste", TasteEditor]] as const) {
  if (!customElements.get(name)) customElements.define(name, element);
}
