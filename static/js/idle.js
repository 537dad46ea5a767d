// Nobody touches the page: it hides itself. Somebody does: the server hears of it now and then, so
// that a long form does not close her session. At the session's end the page goes.
const { blank, touch, ends, warning, lockUrl } = document.querySelector("[data-hide]")?.dataset || {};
const GESTURES = ["pointerdown", "keydown", "wheel", "touchmove"];
const begun = Date.now();
let last = begun;
let told = begun;

function gesture() {
  last = Date.now();
  if (last - told < touch * 1000) return;
  told = last;
  fetch(`${lockUrl}state/`, { headers: { "HX-Request": "true" } }).catch(() => {});
}

function check() {
  const now = Date.now();
  if (now - begun > (ends - warning) * 1000) {
    for (const said of document.querySelectorAll("[data-session-end][hidden]")) said.hidden = false;
  }
  if (now - begun > ends * 1000) location.replace("/");
  else if (now - last > blank * 1000) document.dispatchEvent(new Event("hide"));
}

if (lockUrl) {
  for (const name of GESTURES) document.addEventListener(name, gesture, { passive: true });
  document.addEventListener("visibilitychange", check);
  document.addEventListener("show", gesture);
  setInterval(check, Math.min(1000, blank * 200));
}
