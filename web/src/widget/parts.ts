/** An element that a shop's styles can reach (`::part`). */
export function part<K extends keyof HTMLElementTagNameMap>(name: K, part: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.setAttribute("part", part);
  made.className = part;
  made.textContent = text;
  return made;
}

export function button(part_: string, text: string, act: () => void): HTMLButtonElement {
  const made = part("button", part_, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// Adopted, not written into the page: a shop's content security policy need not allow inline styles for it.
export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

export const common = sheet(`
:host { display: block; margin-block: 1.5rem; color: var(--wellmet-colour, inherit); font: inherit }
:host([hidden]) { display: none }
button { font: inherit; color: inherit; cursor: pointer }
.action { background: none; border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: .4rem; padding: .4em .8em; min-block-size: 2.5rem }
.action:hover { background: color-mix(in srgb, currentColor 8%, transparent) }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px }`);
