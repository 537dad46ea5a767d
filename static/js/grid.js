// Headcounts on a grid: each tap counts for the nationality and language chosen at that moment. All
// of it goes in one field; without script the cells are numbers.
const grid = document.querySelector("[data-grid]");
const form = grid.closest("form");
const counted = form.elements.counted;
const sum = grid.querySelector("[data-grid-sum]");
const cells = [...grid.querySelectorAll("[data-cell]")];
const counts = new Map();
let drawing = false;

const chosen = (name) => form.elements[`other_${name}`].value || new FormData(form).get(name) || "";
const kind = () => [chosen("nationality"), chosen("language")];
const key = (cell) => JSON.stringify([...cell.dataset.cell.split("|"), ...kind()]);

function remember(cell) {
  const number = Number(cell.value) || 0;
  if (number) counts.set(key(cell), number);
  else counts.delete(key(cell));
  tell();
}

function tell() {
  const lines = [...counts].map(([told, number]) => [...JSON.parse(told), number]);
  counted.value = lines.length ? JSON.stringify(lines) : "";
  const each = new Map();
  for (const [, , nationality, language, number] of lines) {
    const name = `${nationality} ${language}`.trim();
    each.set(name, (each.get(name) || 0) + number);
  }
  const all = lines.reduce((total, line) => total + line[4], 0);
  sum.textContent = all ? `${all} = ${[...each].map(([name, number]) => `${number} ${name}`.trim()).join(" + ")}` : sum.dataset.nobody;
}

function draw() {
  drawing = true;
  for (const cell of cells) {
    cell.value = counts.get(key(cell)) || 0;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
  }
  drawing = false;
}

for (const [sex, band, nationality, language, number] of JSON.parse(counted.value || "[]")) {
  counts.set(JSON.stringify([sex, band, nationality, language]), number);
}
form.addEventListener("change", ({ target }) => {
  if (target.dataset.cell) { if (!drawing) remember(target); }
  else if (/^(other_)?(nationality|language)$/.test(target.name)) draw();
});

draw();
tell();
sum.hidden = false;
