// The number of a visitor: made when something is first sent, kept in a cookie of the shop, taken along to the shop's other domains.
import { cookie, isLinked, isPrivate, random, setCookie } from "./page";

const name = "wm_visitor", parameter = "_wm", minutes = 2;

/** What another domain handed over, or what only this page knows: it waits for the consent to be kept. */
let held: string | undefined;

export const known = () => held || cookie(name);

export function visitor(): string {
  const id = known() || random();
  if (!isPrivate && cookie(name) !== id) setCookie(name, id);
  // What the cookie holds another tab may change.
  held = cookie(name) === id ? undefined : id;
  return id;
}

export function forgetVisitor() {
  held = undefined;
  setCookie(name);
}

/** Takes over the number that a link brought, if it is fresh and comes from a domain of the shop, and in any case removes it from the address. */
export function arrive() {
  const url = new URL(location.href);
  const brought = url.searchParams.get(parameter);
  if (!brought) return;
  const [, id, at] = /^([0-9a-f]{32})\.([0-9a-z]{1,9})$/.exec(brought) ?? [];
  const age = Date.now() - parseInt(at ?? "0", 36);
  // From anywhere else it could be a number that somebody wants to watch people by.
  const from = URL.canParse(document.referrer) && isLinked(new URL(document.referrer).hostname);
  if (id && from && !isPrivate && age > -5000 && age < minutes * 60_000) held = id;
  url.searchParams.delete(parameter);
  history.replaceState(history.state, "", url);
}

/** Gives a link to another domain of the shop the number; at the moment of the click, so that it is fresh. */
export function decorate(link: HTMLAnchorElement) {
  const id = known();
  if (!id || isPrivate || !/^http/.test(link.protocol) || link.host === location.host || !isLinked(link.hostname)) return;
  const url = new URL(link.href);
  url.searchParams.set(parameter, `${id}.${Date.now().toString(36)}`);
  link.href = url.href;
}
