// Hide screen: the page leaves the document, its address leaves the bar, the tab says "Casework".
// What was typed stays in memory. Where the server locks, lock.js says when the page may come back.
const button = document.querySelector("[data-hide]");
const curtain = document.getElementById("curtain");
const PRESSES = 3;
const WITHIN = 1500;
let hidden = null;
let presses = [];

const say = (name) => document.dispatchEvent(new Event(name));

function hide() {
  if (hidden) return;
  const page = document.createDocumentFragment();
  hidden = { page, title: document.title, url: location.href, at: window.scrollY };
  page.append(...document.body.childNodes);
  document.title = "Casework";
  history.replaceState(null, "", "/");
  document.body.append(curtain.content.cloneNode(true));
  document.querySelector("[data-show]").onclick = () => (button.dataset.lockUrl ? say("look") : show());
  document.querySelector("h1").focus();
}

function hideAndLock() {
  hide();
  say("lock");
}

function show() {
  if (!hidden) return;
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
  if (presses.length === PRESSES && event.timeStamp - presses[0] < WITHIN) hideAndLock();
}

if (button && curtain) {
  button.addEventListener("click", hideAndLock);
  document.addEventListener("keydown", onShift);
  document.addEventListener("hide", hide);
  document.addEventListener("show", show);
}
