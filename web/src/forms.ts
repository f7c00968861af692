// A form that was sent is not sent twice; a form with a file shows how far the upload is (Form.razor with File, sent by htmx).

/** Buttons stay disabled until the next page comes, or long enough for a download to have begun. */
const disabledFor = 5_000;

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || event.defaultPrevented) {
    return;
  }
  // Only after the browser has collected the values: a disabled button's value is not sent.
  setTimeout(() => setDisabled(form, true));
  setTimeout(() => setDisabled(form, false), disabledFor);
});

function setDisabled(form: HTMLFormElement, disabled: boolean) {
  form.querySelectorAll<HTMLButtonElement>("button:not([type=button])").forEach((button) => { button.disabled = disabled; });
}

const megabytes = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });

function uploadOf(event: Event) {
  return (event.target as Element).closest?.("form")?.querySelector<HTMLElement>(".upload") ?? null;
}

document.addEventListener("htmx:xhr:loadstart", (event) => {
  const upload = uploadOf(event);
  if (upload) {
    upload.hidden = false;
    setDisabled(upload.closest("form")!, true);
  }
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const { loaded, total, lengthComputable } = (event as CustomEvent<ProgressEvent>).detail;
  const upload = uploadOf(event);
  if (upload && lengthComputable) {
    const bar = upload.querySelector("progress")!;
    bar.max = total;
    bar.value = loaded;
    upload.querySelector("span")!.textContent = `${megabytes.format(loaded / 1e6)} / ${megabytes.format(total / 1e6)}`;
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const upload = uploadOf(event);
  if (upload) {
    upload.hidden = true;
    setDisabled(upload.closest("form")!, false);
  }
});

export {};
