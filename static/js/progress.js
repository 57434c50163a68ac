// Asks every two seconds how far long work is, and shows it; when it is done, the page is loaded anew. Without it the link
// beside the progress does the same.
const PAUSE_MS = 2000;
const shown = document.querySelector("[data-progress]");

async function ask() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const progress = page.querySelector("[data-progress] .progress");
    if (answer.ok && !progress) return location.reload();
    if (progress) shown.querySelector(".progress").replaceWith(progress);
  } catch {
    // The network is away for a moment: the next question may find it again.
  }
  setTimeout(ask, PAUSE_MS);
}

setTimeout(ask, PAUSE_MS);
