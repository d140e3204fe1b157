// Passkeys: gives allauth's script its forms, shows them where the browser knows passkeys, and says what went wrong.
"use strict";

const forms = { passkeyLogin: "loginForm", passkeyAdd: "addForm", passkeyShow: "authenticateForm" };

for (const form of document.querySelectorAll("[data-passkey-login], [data-passkey-add], [data-passkey-show]")) {
  const [mark] = Object.keys(forms).filter((name) => name in form.dataset);
  const button = form.querySelector("[data-passkey-button]").id;
  allauth.webauthn.forms[forms[mark]]({
    ids: {
      login: button,
      add: button,
      authenticate: button,
      credential: form.elements.credential.id,
      passwordless: form.elements.passwordless?.id,
    },
    data: form.dataset.options ? JSON.parse(form.dataset.options) : undefined,
  });
}
if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // which would only write into the console
  for (const words of document.querySelectorAll("[data-passkey-error]")) words.hidden = false;
});
