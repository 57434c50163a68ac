// Shows the button "Kopieren" of a code box where the browser can copy; without it the code is selected by one click.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.querySelector(".kern-label").textContent = "Kopiert";
  });
});
