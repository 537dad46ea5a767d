// Search or create: what is typed goes by POST, options come back.
// Without script the form does it.
const WAIT = 200;

function attach(combo) {
  const input = combo.querySelector("input");
  const list = combo.querySelector("ul");
  let timer, asked = 0, at = -1;

  const options = () => [...list.querySelectorAll("[data-href]")];
  function mark(to) {
    const all = options();
    at = all.length && to !== null ? (to + all.length) % all.length : -1;
    all.forEach((option, n) => {
      option.id = `${list.id}-${n}`;
      option.ariaSelected = n === at;
    });
    input.setAttribute("aria-activedescendant", all[at]?.id || "");
    all[at]?.scrollIntoView({ block: "nearest" });
  }

  function open(shown) {
    list.hidden = !shown;
    input.ariaExpanded = shown;
  }

  async function ask() {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(input.form));
    const headers = { "HX-Request": "true" };
    const reply = await fetch(combo.dataset.url, { method: "POST", body, headers });
    const text = reply.ok ? (await reply.text()).trim() : "";
    if (mine !== asked) return;
    list.innerHTML = text;
    open(text !== "");
    // Enter begins no new client by accident.
    mark(options()[0]?.matches(".option-do") ? null : 0);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length > 1) timer = setTimeout(ask, WAIT);
    else { asked++; open(false); }
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(Math.max(at, 0) - 1);
    else if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && at >= 0) options()[at].click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", ({ target }) => {
    const href = target.closest("[data-href]")?.dataset.href;
    if (href) location.assign(href);
  });
}

document.querySelectorAll("[data-combo]").forEach(attach);
