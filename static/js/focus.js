// Where the reader stands: the summary of errors first, then whatever htmx brought that asks for it.
// A link of the summary lands in its control; a menu closes when one leaves it.
function take(within) {
  within.querySelector("[data-focus]")?.focus();
}

// On a phone the tab of this page may stand outside a long row of tabs.
for (const tab of document.querySelectorAll(".subnav [aria-current]")) {
  const row = tab.parentElement.getBoundingClientRect(), own = tab.getBoundingClientRect();
  tab.parentElement.scrollLeft += own.left + own.width / 2 - row.left - row.width / 2;
}

take(document);
document.addEventListener("htmx:afterSwap", (event) => take(event.detail.target));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-focus] a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (control) { event.preventDefault(); control.focus(); control.scrollIntoView({ block: "center" }); }
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("[data-menu][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
