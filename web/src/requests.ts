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
// A form that was refused (400, 422) comes back as a fragment with its text and the errors.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "400", swap: true },
  { code: "422", swap: true },
  { code: "...", swap: false, error: true },
];

const token = document.querySelector<HTMLMetaElement>('meta[name="request-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, verb } = (event as CustomEvent<{ headers: Record<string, string>; verb: string }>).detail;
  if (token && verb !== "get") {
    headers["RequestVerificationToken"] = token;
  }
});

export { htmx };
