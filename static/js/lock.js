// The server's lock: the hidden page comes back when the session's owner gave her password.
const { lockUrl, csrf } = document.querySelector("[data-hide]")?.dataset || {};
const at = (name) => document.querySelector(`[data-${name}]`);
const say = (name) => document.dispatchEvent(new Event(name));

const ask = (url, method, body) => fetch(url, {
  method, body, redirect: "manual",
  headers: { "X-CSRFToken": csrf, "X-Background": "1", "HX-Request": "true" },
});

function wait() {
  const form = at("unlock");
  form.hidden = false;
  form.onsubmit = unlock;
  at("show").hidden = true;
  form.password.focus();
}

function lock() {
  ask(lockUrl, "POST").catch(() => {});
  wait();
}

async function look() {
  const answer = await ask(`${lockUrl}state/`, "GET").catch(() => null);
  at("offline").hidden = answer !== null;
  if (!answer) return;
  if (!answer.ok) location.replace("/");
  else if ((await answer.json()).locked) wait();
  else say("show");
}

async function unlock(event) {
  event.preventDefault();
  const form = event.target;
  const answer = await ask(form.action, "POST", new FormData(form)).catch(() => null);
  at("offline").hidden = answer !== null;
  if (!answer) return;
  if (answer.ok) say("show");
  else if (answer.status !== 400) location.replace("/");
  else at("unlock-error").textContent = (await answer.json()).detail;
  form.reset();
}

if (lockUrl) {
  document.addEventListener("lock", lock);
  document.addEventListener("look", look);
  // Another tab locked, or nobody was here: the page waits under the curtain.
  document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
    if (detail.xhr.getResponseHeader("X-Locked") !== "locked") return;
    say("hide");
    wait();
  });
}
