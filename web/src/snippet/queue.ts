// What waits to be sent. An event is kept, also on the device, until Wellmet has answered for it, and is sent again with the same messageId:
// Wellmet takes each id once.
import { address, attributes, isPrivate } from "./page";

export interface Sent { messageId: string; timestamp: string; [more: string]: unknown }

const prefix = "wm_event_", most = 100, week = 7 * 86_400_000;
/** Bytes of a request that browsers still send when the page is left (64 KB for all together). */
const bytes = 50_000;

// Each event under a key of its own: pages that are open at the same time do not overwrite each other's.
const waiting = new Map<string, Sent>();
let sending: Sent[] = [];
let timer: number | undefined;
let failures = 0;
/** No request before this moment: Wellmet asked for it. */
let notBefore = 0;

/** The device's storage, as far as it lets itself be used. */
function store(work: (storage: Storage) => void) {
  try {
    work(localStorage);
  } catch { /* Full or forbidden: then it waits in memory alone. */ }
}

export function add(event: Sent) {
  waiting.set(event.messageId, event);
  if (!isPrivate) store((s) => s.setItem(prefix + event.messageId, JSON.stringify(event)));
  while (waiting.size > most) remove(waiting.keys().next().value!);
  plan(0);
}

function remove(id: string) {
  waiting.delete(id);
  store((s) => s.removeItem(prefix + id));
}

const keys = (s: Storage) => Object.keys(s).filter((k) => k.startsWith(prefix));

/** What earlier pages could not send. */
export function recover() {
  if (isPrivate) return store((s) => keys(s).forEach((k) => s.removeItem(k)));
  store((s) => {
    for (const key of keys(s)) {
      try {
        const event = JSON.parse(s[key]!) as Sent;
        if (waiting.size < most && Date.now() - Date.parse(event.timestamp) < week) {
          waiting.set(event.messageId, event);
          continue;
        }
      } catch { /* Not ours, or broken. */ }
      s.removeItem(key);
    }
  });
  if (waiting.size) plan(0);
}

export function clear() {
  waiting.clear();
  store((s) => keys(s).forEach((k) => s.removeItem(k)));
}

function plan(delay: number) {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void flush(), Math.max(delay, notBefore - Date.now()));
}

/** The first of those that wait, as many as fit. */
function some(): Sent[] {
  let size = 0;
  return [...waiting.values()].filter((e, i) => (size += new Blob([JSON.stringify(e)]).size) < bytes || !i);
}

const bodyOf = (batch: Sent[]) => JSON.stringify({ writeKey: attributes.writeKey, sentAt: new Date(), batch });

async function flush() {
  if (sending.length || !waiting.size || Date.now() < notBefore) return;
  sending = some();
  try {
    const body = bodyOf(sending);
    // Plain text needs no question beforehand from the browser (CORS).
    const answer = await fetch(address, { method: "POST", body, credentials: "omit", keepalive: body.length < bytes, headers: { "Content-Type": "text/plain" } });
    if (answer.status === 429 || answer.status > 499) {
      notBefore = Date.now() + 1000 * (Number(answer.headers.get("Retry-After")) || 0);
      throw answer;
    }
    const told = (await (answer.ok ? answer.json() : answer.text())) as { events: { status: string }[] };
    failures = 0;
    sending.forEach((e) => remove(e.messageId));
    // It would be refused each time: nothing is gained by sending it again.
    const refused = answer.ok ? told.events.filter((e) => e.status === "rejected") : [told];
    refused.forEach((r) => console.warn("Wellmet refused", r));
    if (waiting.size) plan(0);
  } catch {
    plan(Math.min(2 ** failures++, 300) * (500 + 500 * Math.random()));
  }
  sending = [];
}

/** The page is left: what is not on its way goes out now, and stays until the next page has an answer for it. */
function leave() {
  const rest = some().filter((e) => !sending.includes(e));
  if (rest.length && Date.now() >= notBefore) navigator.sendBeacon(address, bodyOf(rest));
}

/** One event that nobody waits for. */
export const beacon = (event: Sent) => navigator.sendBeacon(address, bodyOf([event]));

addEventListener("pagehide", leave);
addEventListener("online", () => plan(0));
document.addEventListener("visibilitychange", () => document.hidden && void flush());
