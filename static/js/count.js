// Counters: the number field steps back behind a large button; one tap is one person, and the last
// tap stands in the undo line. Without script the number fields remain.
const undo = document.querySelector("[data-undo]");
let last = null;

function bump(input, by) {
  const now = Math.max(Number(input.min || 0), (Number(input.value) || 0) + by);
  input.value = String(now);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function attach(cell) {
  const input = cell.querySelector("input");
  const button = cell.querySelector("button");
  const shown = button.querySelector("b");
  const name = input.getAttribute("aria-label") || input.labels[0]?.textContent || "";

  function draw() {
    shown.textContent = input.value || "0";
    shown.classList.toggle("zero", !Number(input.value));
    button.setAttribute("aria-label", `${name}: ${shown.textContent}, +1`);
  }

  button.addEventListener("click", () => {
    document.querySelector(".count-btn.just")?.classList.remove("just");
    button.classList.add("just");
    bump(input, 1);
    navigator.vibrate?.(15);
    last = input;
    if (undo) { undo.hidden = false; undo.querySelector("[data-what]").textContent = `+1 ${name}`; }
  });
  input.addEventListener("change", draw);
  draw();
  button.hidden = false;
  input.hidden = true;
}

function attachStepper(stepper) {
  const input = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => bump(input, Number(button.dataset.step)));
  }
}

document.querySelectorAll("[data-count]").forEach(attach);
document.querySelectorAll("[data-stepper]").forEach(attachStepper);
undo?.querySelector("button").addEventListener("click", () => {
  if (last) bump(last, -1);
  last = null;
  undo.hidden = true;
});
