// A toast stays ten seconds, longer while somebody points at it or stands in it.
const STAYS = 10000;

function attach(toast) {
  let timer = 0;
  const start = () => { timer = setTimeout(() => toast.remove(), STAYS); };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  toast.querySelector("[data-close]")?.addEventListener("click", () => toast.remove());
  start();
}

document.querySelectorAll("[data-toast]").forEach(attach);
document.addEventListener("htmx:load", (event) => {
  event.detail.elt.querySelectorAll?.("[data-toast]").forEach(attach);
});
