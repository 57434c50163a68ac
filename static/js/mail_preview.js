// Shows in the preview what the composer has just kept (draft.js), and puts a block where the cursor stands.
const composer = document.querySelector("[data-draft]");
const frame = document.querySelector("[name=vorschau]");
const text = composer.elements.text;
const blocks = composer.elements.block;

composer.addEventListener("kept", () => {
  frame.contentWindow.location.replace(frame.src);
});

composer.querySelector("[name=put]").addEventListener("click", event => {
  event.preventDefault();
  if (!blocks.value) return;
  const before = text.value.slice(0, text.selectionStart).replace(/\n*$/, "");
  const after = text.value.slice(text.selectionEnd).replace(/^\n*/, "");
  text.value = [before, blocks.value, after].filter(Boolean).join("\n\n");
  blocks.value = "";
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
