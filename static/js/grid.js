// Headcounts: each tap counts for the nationality and language chosen then; all go in one field.
const grid = document.querySelector("[data-grid]");
const form = grid.closest("form");
const counted = form.elements.counted;
const sum = grid.querySelector("[data-grid-sum]");
const cells = [...grid.querySelectorAll("[data-cell]")];
const counts = new Map();
let busy = false;

const chosen = (name) => form.elements[`other_${name}`].value || new FormData(form).get(name) || "";
const key = ({ dataset }) => JSON.stringify([...dataset.cell.split("|"), chosen("nationality"), chosen("language")]);

function note(cell) {
  const number = Number(cell.value) || 0;
  if (number) counts.set(key(cell), number);
  else counts.delete(key(cell));
  tell();
}

function word(code) {
  const at = form.querySelector(`[value="${code}"]`);
  return (at.labels?.[0] ?? at).textContent.trim();
}

function tell() {
  const lines = [...counts].map(([told, number]) => [...JSON.parse(told), number]);
  counted.value = lines.length ? JSON.stringify(lines) : "";
  const each = new Map();
  for (const [, , nationality, language, number] of lines) {
    const name = [nationality, language].filter(Boolean).map(word).join(", ");
    each.set(name, (each.get(name) || 0) + number);
  }
  const all = lines.reduce((sum, line) => sum + line[4], 0);
  sum.textContent = all ? `${all} = ${[...each].map(([name, number]) => `${number} ${name}`).join(" + ")}` : sum.dataset.nobody;
}

function draw() {
  busy = true;
  for (const cell of cells) {
    cell.value = counts.get(key(cell)) || 0;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
  }
  busy = false;
}

for (const [sex, band, nationality, language, number] of JSON.parse(counted.value || "[]")) {
  counts.set(JSON.stringify([sex, band, nationality, language]), number);
}
form.addEventListener("change", ({ target }) => {
  if (target.dataset.cell) { if (!busy) note(target); }
  else if (/^(other_)?(nationality|language)$/.test(target.name)) draw();
});

draw();
tell();
sum.hidden = false;
