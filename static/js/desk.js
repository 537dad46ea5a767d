// The front desk: Enter goes on to the next person, a scanner may begin at any time, and where the
// browser reads codes the camera does. Without script the field and its button do it.
const form = document.querySelector("[data-desk]");
const field = form?.querySelector("[name=q]");
const arrived = document.querySelector("[data-arrived]");

function writes(target) {
  return target.matches("input:not([type=radio]), textarea, select, button, a");
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!field || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element)) return;
  if (document.querySelector("dialog[open]") || writes(target)) return;
  if (key === "Enter" && arrived) { event.preventDefault(); field.value = ""; field.focus(); }
  else if (/^\d$/.test(key)) field.focus();
});

const button = form?.querySelector("[data-camera]");
const view = form?.querySelector("[data-camera-view]");
let stream = null;

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  view.hidden = true;
}

async function look(detector) {
  if (!stream) return;
  const [found] = await detector.detect(view).catch(() => []);
  const number = found?.rawValue || "";
  if (/^\d{12}$/.test(number)) {
    stop();
    field.value = number;
    form.requestSubmit();
    return;
  }
  requestAnimationFrame(() => look(detector));
}

async function start() {
  if (stream) { stop(); return; }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    form.querySelector("[data-camera-said]").hidden = false;
    return;
  }
  view.srcObject = stream;
  view.hidden = false;
  await view.play();
  look(new BarcodeDetector({ formats: ["qr_code"] }));
}

if (button && "BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", start);
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
}
