// Warns staff two minutes before their session ends and lets them stay; a visit in another tab counts, too.
// Looks at the clock again and again, because a timer stands still while the computer sleeps.
const dialog = document.getElementById("session-end");
const KEY = "session-end";
const WARNING_MS = 2 * 60 * 1000;
const LOOK_MS = 5 * 1000;
let shown = "";

function note(seconds) {
  localStorage.setItem(KEY, Date.now() + seconds * 1000);
}

function show(part) {
  if (part === shown) return;
  shown = part;
  dialog.querySelectorAll("[data-when]").forEach((element) => {
    element.hidden = element.dataset.when !== part;
  });
  if (!part) dialog.close();
  else if (!dialog.open) dialog.showModal();
}

function look(soon = "soon") {
  const left = Number(localStorage.getItem(KEY)) - Date.now();
  if (left > WARNING_MS) show("");
  else if (left <= 0) show("over");
  else if (shown !== "last") show(soon);
}

async function stay() {
  const answer = await fetch(dialog.dataset.url, { redirect: "manual" });
  note(answer.ok ? Number(await answer.text()) : 0);
  look("last");
}

dialog.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", () => dialog.close()));

// Whoever closes the warning, with the button or with Escape, is there.
dialog.addEventListener("close", () => {
  if (shown === "soon") stay();
});

note(Number(dialog.dataset.seconds));
setInterval(look, LOOK_MS);
