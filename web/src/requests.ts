// htmx under a strict content security policy, and the antiforgery token on every request that changes something.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
// Pages hold personal data: nothing of them stays in the browser's storage, going back asks the server again.
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
htmx.config.scrollIntoViewOnBoost = false;
// A form that was refused comes back as a fragment (422) with its text and the errors; any other refusal is told in a toast.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "...", swap: false, error: true },
];
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>;
  if (isProblem(detail.xhr)) {
    detail.shouldSwap = false;
    detail.isError = true;
  }
});

/** Whether the server answered with a problem (RFC 9457) in place of a fragment. */
export function isProblem(xhr: XMLHttpRequest) {
  return xhr.getResponseHeader("content-type")?.startsWith("application/problem+json") ?? false;
}

const token = document.querySelector<HTMLMetaElement>('meta[name="request-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, verb, triggeringEvent } = (event as CustomEvent<{ headers: Record<string, string>; verb: string; triggeringEvent?: Event }>).detail;
  if (token && verb !== "get") {
    headers["RequestVerificationToken"] = token;
  }
  // What the page asks for by itself does not keep a session alive that nobody uses any more.
  if (triggeringEvent?.type === "live") {
    headers["X-Unattended"] = "true";
  }
});

// Typing into one field is one step of the history, however long the pauses: going back leaves the search, it does not untype it.
let typedInto: EventTarget | null = null;
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  const { history, requestConfig } = (event as CustomEvent<{ history: { type: "push" | "replace" }; requestConfig: { triggeringEvent?: Event } }>).detail;
  const by = requestConfig.triggeringEvent;
  const field = by?.type === "input" ? by.target : null;
  if (field && field === typedInto) {
    history.type = "replace";
  }
  typedInto = field;
});

export { htmx };
