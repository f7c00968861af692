// The command bar (Ctrl+K or Cmd+K): a combobox whose options the server finds (GET /console/commands).
import { setOpen } from "./components";
import { htmx } from "./requests";

const inputOf = () => document.querySelector<HTMLInputElement>("#command-input");
const options = () => [...document.querySelectorAll<HTMLAnchorElement>("#command-list [role=option]")];
const selected = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

// What was last asked for, and what the list shows: who types and presses Enter at once means what they typed, not what is there still.
let asked = "";
let shown = "";
let entered = false;

function enter() {
  entered = shown !== inputOf()?.value;
  if (!entered) {
    options()[Math.max(selected(), 0)]?.click();
  }
}

function select(index: number) {
  const all = options();
  all.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
  const current = all[index];
  if (current) {
    current.scrollIntoView({ block: "nearest" });
    inputOf()?.setAttribute("aria-activedescendant", current.id);
  } else {
    inputOf()?.removeAttribute("aria-activedescendant");
  }
}

function onKey(event: KeyboardEvent) {
  const count = options().length;
  if (event.key === "ArrowDown" && count > 0) {
    select((selected() + 1) % count);
  } else if (event.key === "ArrowUp" && count > 0) {
    select((selected() - 1 + count) % count);
  } else if (event.key === "Enter") {
    enter();
  } else {
    entered = false;
    return;
  }
  event.preventDefault();
}

export function openCommandBar() {
  const input = inputOf();
  if (input) {
    setOpen("command-bar", true);
    input.select();
    htmx.trigger(input, "search");
  }
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openCommandBar();
  } else if (event.target === inputOf()) {
    onKey(event);
  }
});
document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-command-bar]")) {
    openCommandBar();
  }
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target === inputOf()) {
    asked = inputOf()!.value;
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if ((event.target as Element).id === "command-list") {
    shown = asked;
    select(options().length > 0 ? 0 : -1);
    if (entered) {
      enter();
    }
  }
});
