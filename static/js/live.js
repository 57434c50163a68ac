// Keeps a page true while work goes on: asks for its changing parts every two seconds and replaces those that differ, so
// that a button somebody is about to press stays where it is. Without it the page is true when it is loaded.
const area = document.querySelector("[data-live]");
const EVERY_MS = 2000;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(area.dataset.live, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const news = new DOMParser().parseFromString(await answer.text(), "text/html");
  let ended = true;
  news.querySelectorAll("[data-part]").forEach((part) => {
    const shown = area.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!shown) return;
    shown.hidden = part.hidden;
    if (without(shown) !== without(part)) shown.replaceChildren(...part.childNodes);
    if (part.dataset.phase && part.dataset.phase !== "done" && part.dataset.phase !== "stopped") ended = false;
  });
  if (ended) clearInterval(timer);
}

// The token of a form is another one in each answer.
function without(part) {
  return part.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").trim();
}

const timer = area ? setInterval(look, EVERY_MS) : 0;
