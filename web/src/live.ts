// One event stream per visible page: the server names topics that changed, and every element with data-live="topic" loads
// itself again (hx-get with hx-trigger="live"). A hidden tab closes its stream, because browsers allow few connections to one
// host. Each page and each beat says where the server stood; the next stream goes on from there, so that nothing is missed
// while a page loads, a tab is hidden or a connection is lost.
import { htmx } from "./requests";

const silenceLimit = 40_000;
const retryAfter = [1_000, 2_000, 5_000, 10_000, 30_000];

let stream: EventSource | undefined;
let subscribed = "";
let watchdog: number | undefined;
let attempts = 0;
let since = document.querySelector<HTMLMetaElement>("meta[name=live-since]")?.content;

function liveElements(topic?: string) {
  const all = [...document.querySelectorAll<HTMLElement>("[data-live]")];
  return topic === undefined ? all : all.filter((element) => element.dataset.live === topic);
}

function reload(elements: HTMLElement[]) {
  elements.forEach((element) => htmx.trigger(element, "live"));
}

function close() {
  stream?.close();
  stream = undefined;
  clearTimeout(watchdog);
}

function retry() {
  close();
  const wait = retryAfter[Math.min(attempts++, retryAfter.length - 1)]!;
  watchdog = window.setTimeout(connect, wait);
}

function heard() {
  clearTimeout(watchdog);
  watchdog = window.setTimeout(retry, silenceLimit);
}

function beat(event: Event) {
  attempts = 0;
  since = (event as MessageEvent<string>).data;
  heard();
}

function connect() {
  close();
  const topics = [...new Set(liveElements().map((element) => element.dataset.live!))].sort();
  subscribed = topics.join(" ");
  if (topics.length === 0 || document.hidden) {
    return;
  }
  const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  if (since) {
    query.set("since", since);
  }
  stream = new EventSource(`/console/stream?${query}`);
  stream.addEventListener("open", heard);
  stream.addEventListener("beat", beat);
  stream.addEventListener("error", retry);
  stream.addEventListener("changed", (event) => {
    heard();
    reload(liveElements((event as MessageEvent<string>).data));
  });
  heard();
}

function reconnectIfTopicsChanged() {
  const topics = [...new Set(liveElements().map((element) => element.dataset.live!))].sort().join(" ");
  if (topics !== subscribed) {
    connect();
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    close();
  } else {
    connect();
  }
});
document.addEventListener("htmx:afterSettle", reconnectIfTopicsChanged);
document.addEventListener("DOMContentLoaded", connect);
