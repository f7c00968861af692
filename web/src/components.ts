// Web Awesome, only what the console uses. Its icons come from a content delivery network by default: they are switched off,
// because pages may load from this server only; icons are drawn by the server (Icon.razor).
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "@awesome.me/webawesome/dist/components/drawer/drawer.js";
import "@awesome.me/webawesome/dist/components/dropdown/dropdown.js";
import "@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js";
import "@awesome.me/webawesome/dist/components/tooltip/tooltip.js";
import { unregisterIconLibrary } from "@awesome.me/webawesome/dist/components/icon/library.js";
import type WaDialog from "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import type WaDrawer from "@awesome.me/webawesome/dist/components/drawer/drawer.js";
import { htmx } from "./requests";

unregisterIconLibrary("default");

/** Opens or closes a dialog or drawer of the page by its id. */
export function setOpen(id: string, open: boolean) {
  const dialog = document.getElementById(id) as WaDialog | WaDrawer | null;
  if (dialog) {
    dialog.open = open;
  }
}

/** Shows what the server answers at this address in the panel at the right. */
export async function openSidePanel(url: string) {
  await htmx.ajax("get", url, { target: "#side-panel-content", swap: "innerHTML" });
  setOpen("side-panel", true);
}

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-open]");
  if (opener) {
    setOpen(opener.dataset.open!, true);
  }
  const closer = target.closest<HTMLElement>("[data-close]");
  if (closer) {
    setOpen(closer.dataset.close!, false);
  }
});

// A chosen menu item submits the form it names, or follows its link: the same routes as without a menu.
document.addEventListener("wa-select", (event) => {
  const item = (event as CustomEvent<{ item: HTMLElement }>).detail.item;
  if (item.dataset.href) {
    location.assign(item.dataset.href);
  } else if (item.dataset.form) {
    (document.getElementById(item.dataset.form) as HTMLFormElement).requestSubmit();
  } else if (item.dataset.dialog) {
    setOpen(item.dataset.dialog, true);
  }
});
