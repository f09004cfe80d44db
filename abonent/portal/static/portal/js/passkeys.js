// A form with data-passkey asks its server what to sign, lets the browser make or prove a passkey, and sends the answer as a field.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

// A passkey belongs to a name: at a bare network address browsers make none.
const possible = "PublicKeyCredential" in window && !/^[\d.]+$|:/.test(location.hostname);

function asked(publicKey) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) options.excludeCredentials = known(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) options.allowCredentials = known(publicKey.allowCredentials);
  return options;
}

function answered({ id, rawId, type, response, authenticatorAttachment, getClientExtensionResults }, credential) {
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  const extensions = getClientExtensionResults.call(credential);
  return { id, rawId: text(rawId), type, response: said, authenticatorAttachment, clientExtensionResults: extensions };
}

async function ask(form) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(form.dataset.options, { method: "POST", headers });
  if (answer.redirected || !answer.ok) return location.reload();
  const publicKey = asked((await answer.json()).publicKey);
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.credential.value = JSON.stringify(answered(credential, credential));
  form.submit();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    await ask(form);
  } catch (error) {
    // The person said no, has no passkey here, or waited too long.
    if (!(error instanceof DOMException)) throw error;
    failed.hidden = false;
  }
});

for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !possible;
for (const part of document.querySelectorAll("[data-passkey-impossible]")) part.hidden = possible;
