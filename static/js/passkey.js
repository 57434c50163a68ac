// Shows the button of a passkey where the browser has them, and sends the form with the browser's answer.
const place = document.querySelector("[data-passkey]");
const form = place.closest("form");
const button = place.querySelector("button");
const failed = place.querySelector("[role=alert]");
const creates = place.dataset.passkey === "create";

async function options() {
  if (!place.dataset.optionsUrl) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(place.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function ask() {
  const { publicKey } = await options();
  if (creates) {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

button.addEventListener("click", async () => {
  failed.textContent = "";
  try {
    form.elements.credential.value = JSON.stringify(await ask());
    form.submit();
  } catch (error) {
    // Closing the browser's window, waiting too long and a wrong finger all look alike to a page.
    failed.textContent = error.name === "InvalidStateError" ? place.dataset.known : place.dataset.failed;
  }
});

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  button.hidden = false;
  place.querySelector(".passkey__missing")?.remove();
}
