// A long form is kept as a draft: some seconds after a change, and when its page is left. Another
// tab's later draft is never overwritten unasked. Nothing is kept in the browser.
const told = document.querySelector("[data-draft]");
const form = document.querySelector("form[data-drafted]");
let version = told?.dataset.draft;
let waiting = 0;
let sending = null;
let changed = false;
let over = false;

function say(words, isKept) {
  const line = document.querySelector("[data-draft-said]");
  line.textContent = words;
  line.hidden = !words;
  line.classList.toggle("c-warn", !isKept);
}

function clash(is) {
  document.querySelector("[data-draft-clash]").hidden = !is;
}

function typed(anyway) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("draft_version", version);
  if (anyway) data.set("draft_anyway", "1");
  return new URLSearchParams(data);
}

async function heard(answer) {
  const { headers } = answer;
  const words = headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (answer.ok && words.version) version = words.version;
  over = words.code === "saved";
  clash(words.code === "stale");
  changed ||= !answer.ok && !over && words.code !== "stale";
  say(words.said ?? (answer.ok ? "" : told.dataset.failed), answer.ok);
}

async function keep({ anyway = false, leaving = false } = {}) {
  clearTimeout(waiting);
  waiting = 0;
  if (over || sending || (!changed && !anyway)) return;
  changed = false;
  sending = new AbortController();
  try {
    await heard(await fetch(location.pathname, {
      method: "POST", body: typed(anyway), keepalive: leaving, redirect: "manual", signal: sending.signal,
      headers: { "X-Draft": "1", "X-Background": "1", "HX-Request": "true" },
    }));
  } catch {
    changed = true;
    if (!over) say(told.dataset.offline, false);
  }
  sending = null;
  if (changed) later();
}

function later() {
  changed = true;
  waiting ||= setTimeout(keep, told.dataset.seconds * 1000);
}

if (told && form) {
  // Where the eye is when a long form is typed: beside its buttons.
  form.querySelector(".action-bar")?.append(...told.querySelectorAll("[data-draft-said], [data-draft-clash]"));
  form.addEventListener("input", later);
  form.addEventListener("submit", () => { over = true; clearTimeout(waiting); sending?.abort(); });
  document.querySelector("[data-draft-anyway]").addEventListener("click", () => keep({ anyway: true }));
  document.addEventListener("visibilitychange", () => document.hidden && keep({ leaving: true }));
  // Back from the page that the form led to: it may be typed into again.
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) over = false; });
}
