// Search or create: what is typed goes out by POST, its options come back.
// Without script the form around it does the same.
const WAIT = 200;
const NONE = null;

function attach(combo) {
  const input = combo.querySelector("input");
  const list = combo.querySelector("[role=listbox]");
  let timer, asked = 0, at = -1;

  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  function mark(to) {
    const all = options();
    at = all.length && to !== NONE ? (to + all.length) % all.length : -1;
    all.forEach((option, n) => {
      option.id = `${list.id}-${n}`;
      option.setAttribute("aria-selected", String(n === at));
    });
    input.setAttribute("aria-activedescendant", all[at]?.id || "");
    all[at]?.scrollIntoView({ block: "nearest" });
  }

  function open(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
  }

  async function ask() {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(input.form));
    const reply = await fetch(combo.dataset.url, { method: "POST", body, headers: { "HX-Request": "true" } });
    const text = reply.ok ? await reply.text() : "";
    if (mine !== asked) return;
    list.innerHTML = text;
    open(text.trim() !== "");
    // Only somebody found is chosen beforehand: Enter never begins a new client by accident.
    mark(options()[0]?.matches(".option-do") ? NONE : 0);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) { asked += 1; open(false); return; }
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(Math.max(at, 0) - 1);
    else if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && at >= 0) location.assign(options()[at].dataset.href);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-href]");
    if (option) location.assign(option.dataset.href);
  });
}

document.querySelectorAll("[data-combo]").forEach(attach);
