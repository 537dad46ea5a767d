// Light of the screen: "system" follows the device; a choice shows at once and is kept by the server.
// Not a module: it runs before the first paint, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  let choice = root.dataset.theme;

  function show() {
    root.dataset.theme = choice === "system" ? (night.matches ? "dark" : "light") : choice;
  }

  show();
  night.addEventListener("change", show);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("themes" in form.dataset) || !event.submitter) return;
    event.preventDefault();
    choice = event.submitter.value;
    show();
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    const body = new URLSearchParams(new FormData(form, event.submitter));
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
})();
