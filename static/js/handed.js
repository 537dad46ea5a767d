// The screen went into somebody else's hands: every other tab of this browser leaves its page.
// A page that the browser kept is asked for anew before it is looked at again.
const others = new BroadcastChannel("screen");
const isHanded = "handed" in document.body.dataset;

if (isHanded) {
  sessionStorage.clear();
  others.postMessage("handed");
} else {
  others.addEventListener("message", () => location.replace("/"));
}

addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (isHanded) location.reload();
  else document.dispatchEvent(new Event("look"));
});
