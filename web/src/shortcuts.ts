// Single keys, only while nobody types: j and k walk through rows, ? lists the keys, and data-key="n" gives an element its key.
import { setOpen } from "./components";
import { moveRow } from "./tables";

const typing = (element: Element | null) =>
  element instanceof HTMLElement && (element.isContentEditable || element.matches("input, select, textarea, wa-dropdown *"));
const dialogOpen = () => document.querySelector("wa-dialog[open], wa-drawer[open]") !== null;

function listKeysOfPage() {
  const list = document.getElementById("shortcut-list");
  list?.querySelectorAll(".of-page").forEach((entry) => entry.remove());
  document.querySelectorAll<HTMLElement>("[data-key]").forEach((element) => {
    const [label, key] = [document.createElement("dt"), document.createElement("dd")];
    label.textContent = element.getAttribute("aria-label") ?? element.textContent!.trim();
    key.append(Object.assign(document.createElement("kbd"), { textContent: element.dataset.key }));
    [label, key].forEach((entry) => entry.classList.add("of-page"));
    list?.append(label, key);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(document.activeElement) || dialogOpen()) {
    return;
  }
  if (event.key === "?") {
    listKeysOfPage();
    setOpen("shortcuts", true);
  } else if (event.key === "j") {
    moveRow(1);
  } else if (event.key === "k") {
    moveRow(-1);
  } else {
    const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
    if (target) {
      event.preventDefault();
      target.matches("input, textarea, select") ? target.focus() : target.click();
    }
  }
});
