// Names the search boxes that Django's admin builds with select2: without this a screen reader hears no label (WCAG 4.1.2).
// Deferred, so it runs before the page is "ready", when Django builds the boxes; our own callback runs after Django's.
document.querySelectorAll("select.admin-autocomplete[multiple]").forEach((select) => {
  // Its "clear all" would stand as a foreign element inside the list of chosen values; each value has its own cross.
  select.dataset.allowClear = "false";
});

document.addEventListener("DOMContentLoaded", () => {
  if (!window.django?.jQuery?.fn.select2) return;
  const $ = window.django.jQuery;

  function labelOf(select) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label && !label.id) label.id = `${select.id}_label`;
    return label;
  }

  function nameBox(select) {
    const label = labelOf(select);
    const box = select.nextElementSibling;
    if (!label || !box) return;
    const shown = box.querySelector(".select2-selection");
    const value = box.querySelector(".select2-selection__rendered");
    shown?.setAttribute("aria-labelledby", [label.id, value?.id].filter(Boolean).join(" "));
    if (value?.getAttribute("role") === "textbox") value.setAttribute("aria-labelledby", label.id);
    box.querySelector(".select2-search__field")?.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
  }

  $(() => document.querySelectorAll("select.select2-hidden-accessible").forEach(nameBox));
  $(document).on("select2:open", (event) => {
    const label = labelOf(event.target);
    document.querySelector(".select2-container--open .select2-dropdown .select2-search__field")
      ?.setAttribute("aria-label", `${label ? label.textContent.replace(/:\s*$/, "") : ""} suchen`.trim());
  });
});
