// Shortcuts: [data-key] by its letter, digits in a [data-keys] group of ticks, Ctrl+Enter sends
// [data-send], "?" lists them all. Letters do nothing while somebody writes.
const list = document.getElementById("keys");

function writing(target) {
  return target.matches("textarea, select, [contenteditable]") ||
    (target.matches("input") && !/^(checkbox|radio|button|submit)$/.test(target.type));
}

function send(target) {
  const form = target.closest("form[data-send]") || document.querySelector("form[data-send]");
  if (form) form.requestSubmit(form.querySelector("[type=submit].btn-primary"));
}

function tick(target, digit) {
  const group = target.closest("[data-keys]") || document.querySelector("[data-keys]");
  const tiles = group ? group.querySelectorAll("input") : [];
  const tile = tiles[(Number(digit) + 9) % 10];
  if (tile) { tile.focus(); tile.click(); }
  return Boolean(tile);
}

function act(control) {
  if (control.matches("input, select, textarea")) control.focus();
  else control.click();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if ((event.ctrlKey || event.metaKey) && key === "Enter") { event.preventDefault(); send(target); return; }
  if (event.ctrlKey || event.metaKey || !(target instanceof Element)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.altKey) {
    const control = document.querySelector(`[data-alt="${event.code.replace("Key", "").toLowerCase()}"]`);
    if (control) { event.preventDefault(); act(control); }
    return;
  }
  if (writing(target)) return;
  if (/^\d$/.test(key)) { if (tick(target, key)) event.preventDefault(); return; }
  if (key === "?") { list?.showModal(); return; }
  const control = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (control) { event.preventDefault(); act(control); }
});

for (const opener of document.querySelectorAll("[data-keys-open]")) {
  opener.hidden = !list;
  opener.addEventListener("click", () => list.showModal());
}
