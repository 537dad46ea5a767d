// Beside counters: how many people they add up to, and the choice to type numbers instead of tapping.
const cells = [...document.querySelectorAll("[data-count]")];
const total = document.querySelector("[data-total]");
const choice = document.querySelector("[data-type-numbers]");

function add() {
  total.textContent = cells.reduce((sum, cell) => sum + (Number(cell.querySelector("input").value) || 0), 0);
}

function type(typing) {
  choice.setAttribute("aria-pressed", String(typing));
  for (const cell of cells) {
    cell.querySelector("input").hidden = !typing;
    cell.querySelector("button").hidden = typing;
  }
}

if (total && cells.length) {
  add();
  document.addEventListener("change", add);
}
if (choice && cells.length) {
  choice.hidden = false;
  choice.addEventListener("click", () => type(choice.getAttribute("aria-pressed") !== "true"));
  if (cells.some((cell) => cell.querySelector("[aria-invalid=true]"))) type(true);
}
