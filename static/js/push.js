// "Tell this browser": asks the browser, fills in what it answers, sends the form.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const LATE_MS = 20000;
const late = () => new Promise((_done, fail) => setTimeout(fail, LATE_MS, new Error("late")));

async function started(address) {
  const registration = await navigator.serviceWorker.register(address);
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return registration;
  await new Promise((done) => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
  return registration;
}

async function answer({ push: key, worker }) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
  const { pushManager } = await started(worker);
  // One made with another key, by an earlier installation, cannot be used.
  await (await pushManager.getSubscription())?.unsubscribe();
  return (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: toBytes(key) })).toJSON();
}

async function send(event) {
  const form = event.target;
  event.preventDefault();
  event.stopPropagation();
  try {
    const { endpoint, keys } = await Promise.race([answer(form.dataset), late()]);
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  } catch {
    for (const note of form.querySelectorAll("[data-failed]")) note.hidden = false;
  }
}

if ("serviceWorker" in navigator && "PushManager" in window) {
  for (const each of document.querySelectorAll("form[data-push]")) {
    each.hidden = false;
    each.addEventListener("submit", send);
  }
}
