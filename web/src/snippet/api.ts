// The calls that a page makes, and whether they may be made.
import { attributes, cookie, isPrivate, random, setCookie } from "./page";
import { add, beacon, clear, recover, type Sent } from "./queue";
import { arrive, decorate, forgetVisitor, known, visitor } from "./visitor";

type Properties = Record<string, unknown>;
type Choices = Record<string, boolean>;

/** Events of shops by Segment's e-commerce specification, version 2. */
type ShopEvent =
  | "Products Searched" | "Product List Viewed" | "Product List Filtered" | "Promotion Viewed" | "Promotion Clicked" | "Product Clicked" | "Product Viewed" | "Product Added"
  | "Product Removed" | "Cart Viewed" | "Checkout Started" | "Checkout Step Viewed" | "Checkout Step Completed" | "Payment Info Entered" | "Order Updated" | "Order Completed"
  | "Order Refunded" | "Order Cancelled" | "Coupon Entered" | "Coupon Applied" | "Coupon Denied" | "Coupon Removed" | "Product Added to Wishlist" | "Product Removed from Wishlist"
  | "Wishlist Product Added to Cart" | "Product Shared" | "Cart Shared" | "Product Reviewed";

const remembered = "wm_consent", most = 100;
const required = attributes.consent === "required";
const choicesOf = (text: string | undefined): Choices | undefined => {
  try {
    return text ? (JSON.parse(text) as Choices) : undefined;
  } catch {
    return undefined;
  }
};
/** What was chosen and is not remembered on the device: a refusal where nothing may stay, anything under Global Privacy Control. */
let said: Choices | undefined;
/** Asked anew each time: it may have been chosen in another tab. */
const chosen = () => choicesOf(cookie(remembered)) ?? said;

/** The category that stands for measuring decides; of names that say nothing, all of them. */
const agrees = (said: Choices) => {
  const own = Object.keys(said).filter((k) => /^(analytics|measurement|performance|statistics)$/i.test(k));
  return (own.length ? own : Object.keys(said)).every((k) => said[k]);
};
const allowed = () => {
  const choices = chosen();
  return choices ? agrees(choices) : !required;
};

/** Calls before the consent: in memory, and gone with the page. */
let held: Sent[] = [];
/** Who is signed in: for this page alone, which is told by the shop each time. */
let user: Properties = {};

function make(type: string, more: Properties): Sent {
  const { href, pathname, search } = location;
  const campaign: Properties = {};
  new URLSearchParams(search).forEach((value, key) => {
    if (key.startsWith("utm_")) campaign[key === "utm_campaign" ? "name" : key.slice(4)] = value;
  });
  return {
    type, messageId: random(), timestamp: new Date().toISOString(), ...user, ...more,
    context: {
      page: { path: pathname, referrer: document.referrer, search, title: document.title, url: href },
      campaign, locale: navigator.language, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, userAgent: navigator.userAgent, library: { name: "wellmet.js" },
      ...(isPrivate && { gpc: true }),
    },
  };
}

function send(event: Sent) {
  const choices = chosen();
  add({ ...event, anonymousId: visitor(), context: { ...(event.context as object), ...(choices && { consent: { categoryPreferences: choices } }) } });
}

function call(type: string, more: Properties) {
  const event = make(type, more);
  if (allowed()) send(event);
  else if (!chosen() && held.length < most) held.push(event);
}

const api = {
  page: (name?: string, properties?: Properties) => call("page", { name, properties }),
  track: (event: string, properties?: Properties) => call("track", { event, properties }),
  /** A product, or a list of products and what else is to be said. */
  shop: (event: ShopEvent, what: Properties | Properties[] = {}, more: Properties = {}) => api.track(event, Array.isArray(what) ? { products: what, ...more } : { ...what, ...more }),
  /** The proof makes it true; without one it is a claim. */
  identify(userId?: string | null, traits?: Properties, { identityProof }: { identityProof?: string } = {}) {
    user = { userId: userId ?? undefined, identityProof };
    call("identify", { traits });
  },
  group: (groupId: string, traits?: Properties) => call("group", { groupId, traits }),
  /** Who was signed in has left: what comes next is somebody else. */
  reset() {
    user = {};
    forgetVisitor();
  },
  /** What was chosen in the banner, by category, or for all. */
  consent(choice: Choices | boolean) {
    const before = allowed() && known();
    const choices = said = typeof choice === "object" ? choice : { Analytics: choice };
    const yes = agrees(choices);
    // Where silence means yes, a no must be remembered; elsewhere nothing stays of it.
    setCookie(remembered, !isPrivate && (yes || !required) ? JSON.stringify(choices) : "");
    if (cookie(remembered)) said = undefined;
    if (yes) {
      recover();
      held.forEach(send);
    } else {
      clear();
      forgetVisitor();
      // The last call tells of the refusal, which holds for what is known already.
      if (before) beacon({ ...make("track", { event: "Segment Consent Preference Updated" }), anonymousId: before, context: { consent: { categoryPreferences: choices } } });
    }
    held = [];
  },
};

/** data-wellmet-track="Product Added" data-wellmet-prop-product-id="85123A" */
function trackElement(element: Element) {
  const properties: Properties = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith("data-wellmet-prop-")) {
      const property = name.slice(18).replaceAll("-", "_");
      // A code of digits is no number.
      properties[property] = /^-?\d+(\.\d+)?$/.test(value) && !/(id|sku)$/.test(property) ? Number(value) : value;
    }
  }
  api.track(element.getAttribute("data-wellmet-track")!, properties);
}

function clicked(event: Event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return;
  const link = target.closest<HTMLAnchorElement>("a[href]");
  if (link && allowed()) decorate(link);
  const tracked = target.closest("[data-wellmet-track]");
  if (tracked && (tracked.localName === "form") === (event.type === "submit")) trackElement(tracked);
}

for (const type of ["click", "auxclick", "submit"]) document.addEventListener(type, clicked, true);

arrive();
if (isPrivate) forgetVisitor();
if (allowed()) recover();
// Whose browser refuses to be measured, whose view would not be kept: asking would only make somebody of a number of this page.
if (attributes.page !== "off" && !isPrivate) api.page();
const before = (window as unknown as { wellmet?: { q?: [keyof typeof api, ...unknown[]][] } }).wellmet?.q ?? [];
(window as unknown as { wellmet: typeof api }).wellmet = api;
for (const [name, ...given] of before) (api[name] as ((...given: unknown[]) => void) | undefined)?.(...given);
