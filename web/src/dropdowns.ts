// Forms that open below their button (details): a click elsewhere or Escape closes them.
const selector = "details.chooser[open], details.dropdown[open]";

document.addEventListener("click", (event) => {
  document.querySelectorAll<HTMLDetailsElement>(selector).forEach((open) => {
    if (!open.contains(event.target as Node)) {
      open.open = false;
    }
  });
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" ? document.querySelector<HTMLDetailsElement>(selector) : null;
  if (open) {
    open.open = false;
    open.querySelector("summary")?.focus();
  }
});

export {};
