// The editor of mappings: pressing a name of the sample puts its path into the field that was typed in last, and what was unfolded stays so when the part is swapped.
let last = "";
const unfolded = new Map<string, boolean>();

document.addEventListener("focusin", (event) => {
  const field = event.target as HTMLElement;
  if (field.matches("[data-takes-path]")) {
    last = field.id;
  }
});

document.addEventListener("click", (event) => {
  const path = (event.target as Element).closest<HTMLElement>("[data-path]")?.dataset.path;
  const field = document.getElementById(last) as HTMLInputElement | null;
  if (!path || !field) {
    return;
  }
  const said = relative(path, field.dataset.base);
  // Behind what stands there it is another place to look at; in place of it where that was a path, too, nobody would know.
  field.value = field.value.trim().endsWith("??") ? `${field.value.trim()} ${said}` : said;
  field.focus();
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

/** Below the things that a rule reads a path begins with @, which is one of them. */
function relative(path: string, base?: string) {
  if (!base) {
    return path;
  }
  const pattern = base.replace(/\[\?.*$/s, "").split("[*]").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\[(?:\\d+|\\*)\\]") + (base.includes("[?") ? "\\[(?:\\d+|\\*)\\]" : "");
  const inside = new RegExp(`^${pattern}(?=[.[]|$)`).exec(path);
  return inside ? "@" + path.slice(inside[0].length) : path;
}

document.addEventListener("toggle", (event) => {
  const details = event.target as HTMLDetailsElement;
  if (details.matches("details[data-keep]")) {
    unfolded.set(details.id, details.open);
  }
}, true);

document.addEventListener("htmx:afterSwap", () => {
  for (const details of document.querySelectorAll<HTMLDetailsElement>("details[data-keep]")) {
    details.open = unfolded.get(details.id) ?? details.open;
  }
});
