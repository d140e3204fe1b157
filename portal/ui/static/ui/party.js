// Choosing a time and a party: plus and minus, and a button that says what it will do. Without it the fields do.
"use strict";

for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("button")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.dataset.step > 0) input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  const bound = () => {
    const [fewer, more] = stepper.querySelectorAll("button"), value = Number(input.value);
    fewer.disabled = value <= Number(input.min);
    more.disabled = value >= Number(input.max);
  };
  input.addEventListener("input", bound);
  bound();
}

for (const form of document.querySelectorAll("form[data-party]")) {
  const say = () => {
    const numbers = [...form.querySelectorAll("[data-stepper] input")].map((input) => Number(input.value) || 0);
    const people = Math.max(numbers.reduce((sum, number) => sum + number, 0), 1);
    for (const slot of form.querySelectorAll("[data-free]")) {
      slot.toggleAttribute("data-full", Number(slot.dataset.free) < people);
    }
    const time = form.querySelector("[data-time]:checked")?.dataset.time;
    for (const button of time ? form.querySelectorAll("button[data-many]") : []) {
      const words = people === 1 ? button.dataset.one : button.dataset.many;
      button.textContent = words.replace("{time}", time).replace("{people}", people);
    }
  };
  form.addEventListener("input", say);
  say();
}
