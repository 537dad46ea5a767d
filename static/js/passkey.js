// Passkey forms: the answer goes into the hidden field; options stand in the page or come from a URL.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

async function options({ passkeyUrl: url }) {
  if (!url) return JSON.parse(document.getElementById("passkey-options").textContent);
  return (await fetch(url)).json();
}

function ask({ request_options: get, creation_options: create }) {
  const publicKey = { ...(get ?? create).publicKey };
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.allowCredentials = withBytes(publicKey.allowCredentials);
  publicKey.excludeCredentials = withBytes(publicKey.excludeCredentials);
  if (get) return navigator.credentials.get({ publicKey });
  publicKey.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
  return navigator.credentials.create({ publicKey });
}

function told(credential) {
  const { id, rawId, type, response: from } = credential;
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (from[part]) response[part] = toText(from[part]);
  }
  return { id, rawId: toText(rawId), type, response, clientExtensionResults: credential.getClientExtensionResults() };
}

async function send(event) {
  const form = event.target;
  event.preventDefault();
  event.stopPropagation();
  try {
    form.elements.credential.value = JSON.stringify(told(await ask(await options(form.dataset))));
    form.submit();
  } catch {
    for (const note of form.querySelectorAll("[data-failed]")) note.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  for (const each of document.querySelectorAll("form[data-passkey]")) each.addEventListener("submit", send);
}
