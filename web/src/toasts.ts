// Short messages at the bottom, with Undo where something can be undone. The server sends one with a response (Toast.cs).
import { htmx } from "./requests";

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

function show(message: Toast) {
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

function showFault(key: "failed" | "offline") {
  const text = document.getElementById("toasts")?.dataset[key];
  if (text) {
    show({ text, kind: "bad" });
  }
}

document.addEventListener("toast", (event) => show((event as CustomEvent<Toast>).detail));
// A live element that could not load itself is silent: it loads again with the next event.
const byPerson = (event: Event) => !(event as CustomEvent<{ elt: HTMLElement }>).detail.elt.matches("[data-live]");
document.addEventListener("htmx:responseError", (event) => { if (byPerson(event)) { showFault("failed"); } });
document.addEventListener("htmx:sendError", (event) => { if (byPerson(event)) { showFault("offline"); } });
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll<HTMLElement>("#toasts .toast").forEach(dismissLater);
});
