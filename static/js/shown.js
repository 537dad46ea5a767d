// What only matters after an answer: [data-shown-by="id of a radio or tick"] hides until it is chosen.
// On wide screens a folded filter, <details data-wide-open>, stands open.
const parts = [...document.querySelectorAll("[data-shown-by]")];

function draw() {
  for (const part of parts) {
    const ids = part.dataset.shownBy.split(" ");
    part.hidden = !ids.some((id) => document.getElementById(id)?.checked);
  }
}

draw();
if (parts.length) document.addEventListener("change", draw);

const wide = window.matchMedia("(min-width: 64rem)");

function unfold() {
  if (!wide.matches) return;
  for (const fold of document.querySelectorAll("details[data-wide-open]")) fold.open = true;
}

unfold();
wide.addEventListener("change", unfold);
