// Asks Wellmet, whose address is that of this script, on behalf of one element in a page of the shop.

const address = (document.currentScript as HTMLScriptElement).src;

/** The language that the element stands in, or else the browser's; a page may write anything there. */
export function languageOf(element: Element): string {
  try {
    return Intl.getCanonicalLocales(element.closest<HTMLElement>("[lang]")?.lang.replaceAll("_", "-"))[0] ?? navigator.language;
  } catch {
    return navigator.language;
  }
}

export const proofOf = (element: Element) => (element.getAttribute("personal") === "off" ? null : element.getAttribute("proof") || null);

/** The number that the snippet gave to the visitor: where it does not run, as nobody agreed to it, there is none. */
export function visitorOf(element: Element): string | null {
  try {
    return element.getAttribute("visitor") || /(?:^|; )wm_visitor=(\w+)/.exec(document.cookie)?.[1] || localStorage.getItem("wellmetVisitor");
  } catch {
    return null;
  }
}

/** @throws Error with the status and Wellmet's own words. */
export async function call<T>(path: string, element: Element, body: object, more: RequestInit = {}): Promise<T> {
  const answer = await fetch(new URL(path, address), {
    ...more, method: "POST", credentials: "omit",
    // Plain text needs no question beforehand from the browser (CORS): one round trip.
    headers: { "Content-Type": "text/plain", "Accept-Language": languageOf(element) },
    body: JSON.stringify({ writeKey: element.getAttribute("write-key"), identityProof: proofOf(element), ...body }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${((await answer.json()) as { detail?: string }).detail ?? ""}`);
  return (await answer.json()) as T;
}

export const say = (element: Element, product: string, opinion: "not_interested" | "gift", takenBack = false) =>
  call("/v1/recommendations/page/opinions", element, { product, opinion, takenBack });

/** What was seen and chosen at a placement; goes out even where the page is left for what was chosen. Nobody waits for it, and a failure is nobody's loss but the count's. */
export function tell(element: Element, placement: string, experiment: string | null, what: { shown?: string[]; chosen?: string; variants?: Record<string, string> }) {
  call("/v1/recommendations/page/shown", element, { placement, experiment, anonymousId: visitorOf(element), ...what }, { keepalive: true }).catch((error: unknown) => console.debug("Wellmet: not counted.", error));
}

export const howAddress = () => new URL("/recommendations/how", address).href;

/** What somebody said holds from the next answer on: every element of the page asks again. */
export const changed = "wellmet-changed";
