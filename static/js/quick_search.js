/* Search of the back office: Strg+K or "/" goes to the field, hits show while typing, arrows walk through them,
   Enter opens one, Escape closes. Without this the field sends its form and a page shows the hits. */
const search = document.querySelector(".quick-search");
const field = search.querySelector("input");
const hits = search.querySelector("[data-hits]");
const told = search.querySelector("[role=status]");
const PAUSE_MS = 150; // of typing, before the server is asked
let timer;
let asked;

function close() {
  clearTimeout(timer);
  asked?.abort();
  hits.hidden = true;
  told.textContent = "";
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const query = field.value.trim();
  if (query.length < 2) {
    close();
    return;
  }
  try {
    const answer = await fetch(`${hits.dataset.hits}?${new URLSearchParams({ q: query })}`, { signal: asked.signal, redirect: "manual" });
    if (!answer.ok) return; // the session may be over; Enter then leads to the sign-in
    hits.innerHTML = await answer.text();
    hits.hidden = false;
    told.textContent = hits.querySelector(".quick-search__count").textContent;
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function walk(step) {
  const stops = [field, ...(hits.hidden ? [] : hits.querySelectorAll("a"))];
  const next = stops.indexOf(document.activeElement) + step;
  stops[Math.max(0, Math.min(next, stops.length - 1))].focus();
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  const shortcut = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
  if (shortcut || (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey)) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

search.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && !hits.hidden) {
    event.preventDefault();
    close();
    field.focus();
  }
});

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
});

// Leaving with Tab or a click elsewhere closes, so that nothing covers the page.
document.addEventListener("focusin", (event) => { if (!search.contains(event.target)) close(); });
document.addEventListener("click", (event) => { if (!search.contains(event.target)) close(); });
