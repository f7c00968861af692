// Short messages at the bottom, with Undo where something can be undone. The server sends one with a response (Toast.cs).
import { htmx, isProblem } from "./requests";

interface Toast {
  text: string;
  kind?: "good" | "bad";
  undo?: { label: string; path: string };
}

const shownFor = 8_000;

function dismissLater(toast: HTMLElement) {
  let timer = window.setTimeout(() => toast.remove(), shownFor);
  const pause = () => clearTimeout(timer);
  const resume = () => { timer = window.setTimeout(() => toast.remove(), shownFor); };
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("focusout", resume);
}

function undoButton(undo: { label: string; path: string }, toast: HTMLElement) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-action";
  button.textContent = undo.label;
  button.addEventListener("click", () => {
    toast.remove();
    void htmx.ajax("post", undo.path, { swap: "none" });
  });
  return button;
}

export function show(message: Toast) {
  const region = document.getElementById("toasts");
  if (!region) {
    return;
  }
  const toast = document.createElement("div");
  toast.className = `toast ${message.kind ?? "good"}`;
  const text = document.createElement("span");
  text.textContent = message.text;
  toast.append(text);
  if (message.undo) {
    toast.append(undoButton(message.undo, toast));
  }
  region.append(toast);
  dismissLater(toast);
}

/** The server's own sentence about what went wrong, if there is one, else a general one in the viewer's language. */
function showFault(key: "failed" | "offline", event: Event) {
  const { elt, xhr } = (event as CustomEvent<{ elt: HTMLElement; xhr: XMLHttpRequest }>).detail;
  // A live element that could not load itself is silent: it loads again with the next event.
  if (elt.matches("[data-live]")) {
    return;
  }
  const problem = isProblem(xhr) ? (JSON.parse(xhr.responseText) as { detail?: string; reference?: string }) : {};
  const text = problem.detail ?? document.getElementById("toasts")?.dataset[key] ?? "";
  show({ text: problem.reference ? `${text} (${problem.reference})` : text, kind: "bad" });
}

document.addEventListener("toast", (event) => show((event as CustomEvent<Toast>).detail));
document.addEventListener("htmx:responseError", (event) => showFault("failed", event));
document.addEventListener("htmx:sendError", (event) => showFault("offline", event));
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll<HTMLElement>("#toasts .toast").forEach(dismissLater);
});
