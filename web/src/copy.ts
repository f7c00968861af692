// A button that copies the value of an input, and says so in a toast (CopyField.razor).
import { show } from "./toasts";

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy]");
  const input = button && (document.getElementById(button.dataset.copy!) as HTMLInputElement | null);
  if (!button || !input) {
    return;
  }
  // Selected in any case: where the browser refuses, Ctrl+C does it.
  input.select();
  void navigator.clipboard?.writeText(input.value).then(() => show({ text: button.dataset.copied! }));
});
