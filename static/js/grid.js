// Headcounts on a grid: each tap counts for the nationality and language chosen at that moment, so
// chips may change between taps. All of it goes in one field; without script the cells are numbers.
const grid = document.querySelector("[data-grid]");
const form = grid.closest("form");
const counted = form.elements.counted;
const sum = grid.querySelector("[data-grid-sum]");
const cells = [...grid.querySelectorAll("[data-cell]")];
const SEXES = new Set(cells.map((cell) => cell.dataset.cell.split("|")[0])).size;
const counts = new Map();
let drawing = false;

const chosen = (name) => form.elements[`other_${name}`].value || new FormData(form).get(name) || "";
const kind = () => [chosen("nationality"), chosen("language")];
const key = (cell, [nationality, language]) => JSON.stringify([...cell.dataset.cell.split("|"), nationality, language]);

function remember(cell) {
  const number = Number(cell.value) || 0;
  if (number) counts.set(key(cell, kind()), number);
  else counts.delete(key(cell, kind()));
  tell();
}

function tell() {
  const lines = [...counts].map(([told, number]) => [...JSON.parse(told), number]);
  counted.value = lines.length ? JSON.stringify(lines) : "";
  const each = new Map();
  for (const line of lines) each.set(`${line[2]} ${line[3]}`.trim(), (each.get(`${line[2]} ${line[3]}`.trim()) || 0) + line[4]);
  const all = lines.reduce((total, line) => total + line[4], 0);
  sum.textContent = all ? `${all} = ${[...each].map(([name, number]) => `${number} ${name}`.trim()).join(" + ")}` : sum.dataset.nobody;
}

function draw() {
  drawing = true;
  for (const cell of cells) {
    cell.value = counts.get(key(cell, kind())) || 0;
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

const buttons = cells.map((cell) => cell.closest("[data-count]").querySelector("button"));
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SEXES, ArrowDown: SEXES };
grid.addEventListener("keydown", (event) => {
  const at = buttons.indexOf(event.target);
  if (at < 0) return;
  if (event.key in STEPS) buttons[at + STEPS[event.key]]?.focus();
  else if (event.key === "-" || event.key === "Backspace") {
    cells[at].value = Math.max(0, Number(cells[at].value) - 1);
    cells[at].dispatchEvent(new Event("change", { bubbles: true }));
  } else if (event.key === "+") event.target.click();
  else return;
  event.preventDefault();
});

draw();
tell();
sum.hidden = false;
grid.querySelector("[data-grid-hint]").hidden = false;
buttons[0].focus({ preventScroll: true });
