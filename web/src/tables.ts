// Rows of a table open with a click, or with j, k and Enter. Each row also holds a real link, for those without a script.
import { openSidePanel } from "./components";

const rowSelector = "tr[data-href], tr[data-panel]";
const interactive = "a, button, input, select, textarea, label, summary, wa-dropdown";

function open(row: HTMLElement, newTab: boolean) {
  const { href, panel } = row.dataset;
  if (newTab && href) {
    window.open(href, "_blank", "noopener");
  } else if (panel) {
    void openSidePanel(panel);
  } else if (href) {
    location.assign(href);
  }
}

export function moveRow(step: 1 | -1) {
  const rows = [...document.querySelectorAll<HTMLElement>(rowSelector)];
  const current = rows.indexOf(document.activeElement?.closest<HTMLElement>(rowSelector) ?? rows[-1]!);
  const next = current < 0 ? rows[0] : rows[current + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function onRow(event: MouseEvent) {
  const target = event.target as Element;
  const row = target.closest<HTMLElement>(rowSelector);
  const selecting = !getSelection()?.isCollapsed;
  if (row && !target.closest(interactive) && !selecting) {
    open(row, event.ctrlKey || event.metaKey || event.button === 1);
  }
}

document.addEventListener("click", onRow);
document.addEventListener("auxclick", (event) => { if (event.button === 1) { onRow(event); } });
document.addEventListener("keydown", (event) => {
  const row = event.target as HTMLElement;
  if (event.key === "Enter" && row.matches?.(rowSelector)) {
    open(row, event.ctrlKey || event.metaKey);
  }
});
