// Keeps what is typed into a profile or an application a few seconds after the last key, and says so. Without it the
// button keeps it. Files go with the button alone. Where the answer names the version it has stored, the form bears it on.
const form = document.querySelector("[data-draft]");
const said = form.querySelector("[data-draft-said]");
const PAUSE_MS = 3000;
let waiting;
let sending = new AbortController();

async function keep() {
  const data = new FormData(form);
  data.set("quietly", "1");
  for (const field of form.querySelectorAll("[type=file]")) data.delete(field.name);
  try {
    sending = new AbortController();
    const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual", signal: sending.signal });
    if (answer.status !== 204) throw new Error(answer.status);
    const seen = answer.headers.get("X-Seen");
    if (seen) form.elements.seen.value = seen;
    const now = new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    said.textContent = `Zwischengespeichert um ${now} Uhr.`;
    form.dispatchEvent(new Event("kept"));
  } catch {
    const label = form.querySelector("[name=keep]")?.textContent.trim() ?? "Speichern";
    said.textContent = `Nicht zwischengespeichert. Bitte drücken Sie „${label}“.`;
  }
}

function keepSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(keep, PAUSE_MS);
}

form.addEventListener("input", keepSoon);
// Who writes quicker than this script comes, or finds her words again after "back", has made no "input" we heard.
// (A select says nothing of what it began with; it waits for the next key.)
const changed = field => field.checked !== field.defaultChecked || field.value !== field.defaultValue;
if ([...form.querySelectorAll("input, textarea")].some(changed)) keepSoon();
form.addEventListener("submit", event => {
  if (event.submitter?.formTarget) return; // into a frame of this page: nothing is kept by that, the page stays
  clearTimeout(waiting);
  sending.abort();
});
