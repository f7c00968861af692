// Forms that a passkey fills (PasskeyForm.razor): a challenge from the server, the answer of the authenticator, then the form is sent with it.

interface Offer {
  ceremony: string;
  options: PublicKeyCredentialCreationOptionsJSON & PublicKeyCredentialRequestOptionsJSON;
}

const known = typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
if (known) {
  document.querySelectorAll<HTMLFormElement>("form[data-passkey]").forEach((form) => { form.hidden = false; });
}

async function ask(form: HTMLFormElement): Promise<Offer> {
  const token = form.querySelector<HTMLInputElement>("input[name=__RequestVerificationToken]")!.value;
  const response = await fetch(form.dataset.ask!, { method: "POST", headers: { Accept: "application/json", RequestVerificationToken: token } });
  const body = (await response.json()) as Offer & { detail?: string };
  if (!response.ok) {
    throw new Error(body.detail);
  }
  return body;
}

function answerOf(form: HTMLFormElement, { options }: Offer) {
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function fill(form: HTMLFormElement, button: HTMLElement | null) {
  const failure = form.querySelector<HTMLElement>("[data-failed]")!;
  failure.hidden = true;
  try {
    const offer = await ask(form);
    const credential = (await answerOf(form, offer)) as PublicKeyCredential;
    form.querySelector<HTMLInputElement>("input[name=ceremony]")!.value = offer.ceremony;
    form.querySelector<HTMLInputElement>("input[name=answer]")!.value = JSON.stringify(credential.toJSON());
    form.requestSubmit(button);
  } catch (error) {
    // The browser does not say whether somebody thought better of it or there is no passkey; the server's own sentence is shown where there is one.
    const said = error instanceof DOMException || !(error instanceof Error) ? "" : error.message;
    failure.textContent = said || failure.dataset.failed!;
    failure.hidden = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset.passkey && form.querySelector<HTMLInputElement>("input[name=answer]")!.value === "") {
    event.preventDefault();
    void fill(form, event.submitter);
  }
});

export {};
