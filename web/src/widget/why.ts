import { changed, howAddress, say } from "./call";
import { button, part } from "./parts";
import { text } from "./words";

export interface Reason { text: string; because: { sku: string; name: string; viewed: boolean }[] }

/** "Why this?": what speaks for a product, and what the customer says to that. What is done is told in the same place, with a way back, so nothing moves below. */
export function showWhy(owner: Element, root: ShadowRoot, product: { sku: string; name: string; reason: Reason }) {
  const dialog = part("dialog", "dialog");
  const title = part("h3", "dialog-title", product.name);
  title.id = "why";
  dialog.setAttribute("aria-labelledby", title.id);
  const body = document.createElement("div");
  const close = () => button("action", text(owner, "Close"), () => dialog.close());

  function ask(failed = false) {
    const list = part("ul", "because");
    list.append(...product.reason.because.map((b) => {
      const entry = document.createElement("li");
      entry.append(part("span", "name", b.name));
      // What was only looked at can be no gift.
      if (b.viewed) return entry;
      const gift = button("action", text(owner, "It was a gift"), () => void tell(b.sku, "gift"));
      gift.setAttribute("aria-label", `${b.name}: ${gift.textContent}`);
      entry.append(gift);
      return entry;
    }));
    const actions = part("p", "actions");
    actions.append(button("action", text(owner, "Not interested"), () => void tell(product.sku, "not_interested")), close());
    const how = part("a", "how", text(owner, "How we recommend"));
    how.href = howAddress();
    how.target = "_blank";
    how.rel = "noopener";
    body.replaceChildren(part("p", "reason", product.reason.text), ...(product.reason.because.length ? [list] : []), actions, how, ...(failed ? [failure()] : []));
  }

  function failure() {
    const said = part("p", "failure", text(owner, "That did not work. Please try again."));
    said.setAttribute("role", "alert");
    return said;
  }

  async function tell(sku: string, opinion: "not_interested" | "gift") {
    try {
      await say(owner, sku, opinion);
    } catch (error) {
      console.warn("Wellmet: not recorded.", error);
      ask(true);
      return;
    }
    document.dispatchEvent(new Event(changed));
    const done = part("p", "done", text(owner, opinion === "gift" ? "Noted. It no longer counts for you." : "Noted. It will not be offered to you again."));
    done.setAttribute("role", "status");
    const actions = part("p", "actions");
    actions.append(button("action", text(owner, "Undo"), () => void undo(sku, opinion)), close());
    body.replaceChildren(done, actions);
    actions.querySelector("button")?.focus();
  }

  async function undo(sku: string, opinion: "not_interested" | "gift") {
    try {
      await say(owner, sku, opinion, true);
    } catch (error) {
      console.warn("Wellmet: not taken back.", error);
      body.append(failure());
      return;
    }
    document.dispatchEvent(new Event(changed));
    dialog.close();
  }

  dialog.append(title, body);
  dialog.addEventListener("close", () => {
    dialog.remove();
    // What opened it may be gone with the list of before.
    if (!root.activeElement) root.querySelector<HTMLElement>("button.why, a.name")?.focus();
  });
  ask();
  root.append(dialog);
  dialog.showModal();
}
