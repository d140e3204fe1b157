// The gate's list: finds a party by name or number, and counts who is inside together with what waits to be sent.
// Without this script the list stands there whole, and the figure is the server's.
"use strict";

(() => {
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  // ---- the search box: each word has to be found in what is said of the party

  function filter() {
    const box = document.querySelector("[data-gate-search]");
    if (!box) return;
    const wanted = plain(box.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const party of document.querySelectorAll("[data-gate-party]")) {
      const words = plain(party.dataset.gateParty);
      party.hidden = !wanted.every((word) => words.includes(word));
      found += !party.hidden;
    }
    for (const slot of document.querySelectorAll("[data-gate-slot]")) {
      slot.hidden = wanted.length > 0 && !slot.querySelector("[data-gate-party]:not([hidden])");
    }
    const none = document.querySelector("[data-gate-none]");
    if (none) none.hidden = !wanted.length || found > 0;
  }

  // ---- how many are inside, once what waits here has been sent

  function count() {
    const figure = document.querySelector("[data-gate-inside]");
    if (!figure) return;
    let inside = Number(figure.dataset.gateInside);
    for (const form of document.querySelectorAll("form[data-waits][data-gate-people]")) {
      inside += Number(form.dataset.gatePeople);
    }
    figure.textContent = inside;
  }

  document.addEventListener("input", (event) => event.target.matches("[data-gate-search]") && filter());
  document.addEventListener("submit", (event) => event.target.matches("[data-gate-form]") && event.preventDefault());
  self.addEventListener("offline:shown", count);
  document.addEventListener("ui:load", () => (filter(), count())); // the list has come anew
  filter();
})();
