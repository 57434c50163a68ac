/* Hovering or focusing a row lights its area on the map, and the other way round. The page is complete without. */
for (const type of ["mouseover", "focusin", "mouseout", "focusout"]) {
  document.addEventListener(type, (event) => {
    const part = event.target.closest("[data-entry]");
    if (!part) return;
    const lit = type === "mouseover" || type === "focusin";
    for (const twin of document.querySelectorAll(`[data-entry="${CSS.escape(part.dataset.entry)}"]`)) {
      twin.classList.toggle(`${twin.classList[0]}--lit`, lit);
    }
  });
}
