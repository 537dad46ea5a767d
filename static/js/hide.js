// Hide screen: the page leaves the document, its address leaves the bar, the tab says "Casework".
// With a lock address the server locks first and its page takes over; without one, what was typed
// stays in memory and "Show again" brings it back.
const button = document.querySelector("[data-hide]");
const curtain = document.getElementById("curtain");
const PRESSES = 3;
const WITHIN = 1500;
let hidden = null;
let presses = [];

function hide() {
  if (hidden) return;
  const page = document.createDocumentFragment();
  hidden = { page, title: document.title, url: location.href, at: window.scrollY };
  page.append(...document.body.childNodes);
  document.title = "Casework";
  history.replaceState(null, "", "/");
  document.body.append(curtain.content.cloneNode(true));
  document.querySelector("[data-show]").addEventListener("click", show);
  document.querySelector("h1").focus();
  if (button.dataset.lockUrl) lock(button.dataset.lockUrl, button.dataset.csrf);
}

async function lock(url, token) {
  await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
  hidden = null;
  location.replace(url);
}

function show() {
  document.body.replaceChildren(hidden.page);
  document.title = hidden.title;
  history.replaceState(null, "", hidden.url);
  window.scrollTo(0, hidden.at);
  hidden = null;
  button.focus();
}

function onShift(event) {
  if (event.key !== "Shift") presses = [];
  else if (!event.repeat) presses = [...presses.slice(1 - PRESSES), event.timeStamp];
  if (presses.length === PRESSES && event.timeStamp - presses[0] < WITHIN) hide();
}

if (button && curtain) {
  button.addEventListener("click", hide);
  document.addEventListener("keydown", onShift);
}
