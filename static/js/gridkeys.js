// The grid of headcounts by keys: arrows go from cell to cell, plus and minus count.
const grid = document.querySelector("[data-grid]");
const cells = [...grid.querySelectorAll("[data-cell]")];
const SEXES = new Set(cells.map((cell) => cell.dataset.cell.split("|")[0])).size;
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

grid.querySelector("[data-grid-hint]").hidden = false;
buttons[0].focus({ preventScroll: true });
