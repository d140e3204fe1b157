// Small comforts for every page. Nothing here is needed: without it menus and forms still work.
"use strict";

// The home switcher closes when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.switcher[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.switcher[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A form that is on its way is not sent again. The button stays enabled: a disabled one would not be sent itself.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  // Whoever handles the event last decides: a form that another script sends is that script's to mark.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    form.dataset.sending = "true";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => free(form), 20000); // the answer was a file, or the line is dead: let them try again
  });
});

function free(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Coming back with the browser's button finds the page as it was frozen; its forms may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(free);
});
