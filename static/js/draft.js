// A long form is kept some seconds after a change, and when left.
const told = document.querySelector("[data-draft]");
const form = document.querySelector("form[data-drafted]");
const line = told?.querySelector("[data-draft-said]");
const clash = line?.nextElementSibling;
let { draft: version, seconds, failed, offline } = told?.dataset ?? {};
let waiting, sending, changed, over;

function say(words, isKept) {
  line.textContent = words;
  line.hidden = !words;
  line.classList.toggle("c-warn", !isKept);
}

function typed(anyway) {
  const data = [...new FormData(form)].filter(([, value]) => !(value instanceof File));
  data.push(["draft_version", version]);
  if (anyway) data.push(["draft_anyway", 1]);
  return new URLSearchParams(data);
}

async function heard(answer) {
  const { code, said, version: kept = version } = await answer.json().catch(() => ({}));
  version = kept;
  over = code === "saved";
  clash.hidden = code !== "stale";
  changed ||= said == null;
  say(said ?? failed, answer.ok);
}

async function keep({ anyway, leaving } = {}) {
  waiting = clearTimeout(waiting);
  if (over || sending || !(changed || anyway)) return;
  changed = false;
  sending = new AbortController();
  await fetch(location.pathname, {
    method: "POST", body: typed(anyway), keepalive: leaving, signal: sending.signal,
    headers: { "X-Draft": "1", "X-Background": "1", "HX-Request": "true" },
  }).then(heard).catch(() => { changed = !over; if (!over) say(offline); });
  sending = null;
  if (changed) later();
}

function later() {
  changed = true;
  waiting ||= setTimeout(keep, seconds * 1e3);
}

if (form && told) {
  form.querySelector(".action-bar")?.append(line, clash);
  form.addEventListener("input", later);
  form.addEventListener("submit", () => { over = true; sending?.abort(); });
  clash.querySelector("button").onclick = () => keep({ anyway: true });
  document.addEventListener("visibilitychange", () => document.hidden && keep({ leaving: true }));
  addEventListener("pageshow", () => { over = false; });
}
