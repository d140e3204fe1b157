// Raising a ticket: words of danger show the hotline as they are typed, and a part of the home is found by its room.
// Without this script the form is whole: one list with all parts, and the hotline above it.
"use strict";

(() => {
  const CHINESE = /[\u3400-\u9fff]/;
  const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  // As the server does: English words whole, Chinese ones wherever they stand.
  function says(text, word) {
    if (CHINESE.test(word)) return text.includes(word);
    return new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}(?![\\p{L}\\p{N}])`, "u").test(text);
  }

  function watch(form) {
    const words = form.dataset.dangerWords.split("|").filter(Boolean).map((word) => word.toLowerCase());
    const alert = form.querySelector("[data-danger]");
    const look = () => {
      const text = form.elements.text.value.toLowerCase();
      const praises = form.elements.kind.value === "praise";
      alert.hidden = praises || !words.some((word) => says(text, word));
    };
    form.addEventListener("input", look);
    form.addEventListener("reset", () => setTimeout(look));
    look();
  }

  // The list with all parts becomes two: the room, then what is in it.
  function split(box) {
    const parts = box.querySelector("select");
    const all = [...parts.options].filter((option) => option.value).map((option) => ({ option, room: option.parentElement.label }));
    const names = [...new Set(all.map((each) => each.room))];
    const none = parts.options[0];
    const field = Object.assign(document.createElement("div"), { className: "field" });
    const label = Object.assign(document.createElement("label"), { textContent: box.dataset.room, htmlFor: "id_room" });
    const room = Object.assign(document.createElement("select"), { id: "id_room", className: "control" });
    room.append(new Option(none.text, ""), ...names.map((name) => new Option(name, name)));
    field.append(label, room);
    const partField = parts.closest(".field");
    partField.querySelector("label").textContent = box.dataset.part;
    const show = () => {
      const chosen = parts.value;
      const fitting = all.filter((each) => each.room === room.value).map((each) => each.option);
      parts.replaceChildren(...(fitting.length ? fitting : [none]));
      parts.value = fitting.some((option) => option.value === chosen) ? chosen : (fitting.at(-1) ?? none).value;
      partField.hidden = !room.value;
    };
    room.value = all.find((each) => each.option.selected)?.room ?? "";
    room.addEventListener("change", () => {
      show();
      parts.dispatchEvent(new Event("change", { bubbles: true }));
    });
    parts.form.addEventListener("reset", () => setTimeout(() => ((room.value = ""), show())));
    partField.before(field);
    show();
  }

  function start() {
    document.querySelectorAll("form[data-danger-words]:not([data-watched])").forEach((form) => {
      form.dataset.watched = "true";
      watch(form);
      form.querySelectorAll("[data-rooms]").forEach(split);
    });
  }

  start();
  document.addEventListener("ui:load", start);
})();
