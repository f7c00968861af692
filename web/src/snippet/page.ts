// The page that the script stands in: its attributes, its cookies, and what it may keep.

const script = document.currentScript as HTMLScriptElement;
export const attributes = script.dataset;
export const address = new URL("/v1/batch", script.src).href;

/** Global Privacy Control: nothing is kept on the device, neither number nor queue. */
export const isPrivate = !!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;

/** 128 random bits. `randomUUID` would not be there in pages without https. */
export const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => (b + 256).toString(16).slice(1)).join("");

export const cookie = (name: string) => {
  const found = document.cookie.split("; ").find((c) => c.startsWith(name + "="))?.slice(name.length + 1);
  try {
    return found && decodeURIComponent(found);
  } catch {
    return undefined;
  }
};

/** 390 days (13 months are at least 393), counted from the first time on; no value deletes it. */
export function setCookie(name: string, value = "") {
  const { cookieDomain } = attributes;
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${value ? 33696000 : 0}`
    + (cookieDomain ? "; Domain=" + cookieDomain : "") + (location.protocol === "https:" ? "; Secure" : "");
}

/** The shop's other domains, and all that is below one. */
export const isLinked = (host: string) =>
  (attributes.linkDomains ?? "").split(",").some((d) => (d = d.trim()) && (host === d || host.endsWith("." + d)));
