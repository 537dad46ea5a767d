// A name on request: [data-reveal="id of the place"] asks why in a dialog; the name comes by a
// request of its own and leaves in time. Without script the link leads to a page.
const link = document.querySelector("[data-reveal]");
const place = document.getElementById(link?.dataset.reveal);
const dialog = document.createElement("dialog");
let timer = 0;

async function load(url, options) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, ...options });
  if (!answer.ok) location.assign(link.href);
  return document.createRange().createContextualFragment(answer.ok ? await answer.text() : "");
}

async function ask(event) {
  event.preventDefault();
  dialog.replaceChildren(await load(link.href));
  dialog.showModal();
}

async function send(event) {
  event.preventDefault();
  const answer = await load(event.target.action, { method: "POST", body: new FormData(event.target) });
  const card = answer.querySelector("[data-seconds]");
  dialog.replaceChildren(...(card ? [] : [answer]));
  dialog.querySelector("[data-focus]")?.focus();
  if (card) { place.replaceChildren(answer); show(card); }
}

function show(card) {
  const until = Date.now() + card.dataset.seconds * 1000;
  const draw = () => {
    const left = Math.round((until - Date.now()) / 1000);
    card.querySelector("[data-left]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left <= 0) hide();
  };
  const again = card.querySelector("[data-hide-again]");
  again.hidden = false;
  again.onclick = hide;
  dialog.close();
  link.hidden = true;
  card.focus();
  timer = setInterval(draw, 1000);
  draw();
}

function hide() {
  clearInterval(timer);
  place.replaceChildren();
  link.hidden = false;
  link.focus();
}

if (link) {
  dialog.className = "dialog";
  document.body.append(dialog);
  link.onclick = ask;
  dialog.onsubmit = send;
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("a[href]:not([href^='#'])")) { event.preventDefault(); dialog.close(); }
  });
}
