// A signature drawn with a finger, a pen or a mouse; what is drawn goes with the form as a picture in a hidden field.
// Without this script no pad shows: the form takes a photo of the signed paper, as it does for whoever can't draw.
"use strict";

(() => {
  const WIDTH = 600, HEIGHT = 200; // of the picture that is sent
  const LEAST = 40; // pixels of line: a dot is no signature

  class Pad {
    constructor(box) {
      this.canvas = box.querySelector("canvas");
      this.field = document.getElementById(box.dataset.signature);
      this.clearing = box.querySelector("[data-signature-clear]");
      this.strokes = [];
      this.name = document.getElementById(box.dataset.signatureName);
      this.missing = box.dataset.signatureMissing;
      this.paper = this.field.form.querySelector("input[data-paper]");
      this.field.value = ""; // what was drawn before the page came back is not on the pad
      box.hidden = false;
      this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
      this.canvas.addEventListener("pointermove", (event) => this.go(event));
      for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, (event) => this.end(event));
      this.clearing.addEventListener("click", () => this.clear());
      this.field.form.addEventListener("reset", () => this.clear());
      this.paper?.addEventListener("change", () => this.check());
      this.check();
      new ResizeObserver(() => this.fit()).observe(this.canvas);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.fit());
    }

    // Points are kept as shares of the pad, so that a turned phone loses nothing.
    point(event) {
      const box = this.canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    }

    begin(event) {
      if (!event.isPrimary || event.button > 0) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      this.strokes.push([this.point(event)]);
      this.drawing = true;
    }

    go(event) {
      if (!this.drawing || !event.isPrimary) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) this.strokes.at(-1).push(this.point(each));
      this.fit();
    }

    end(event) {
      if (!this.drawing || !event.isPrimary) return;
      this.drawing = false;
      this.keep();
    }

    clear() {
      this.strokes = [];
      this.fit();
      this.keep();
    }

    length() {
      let sum = 0;
      for (const stroke of this.strokes) {
        for (let n = 1; n < stroke.length; n += 1) {
          sum += Math.hypot((stroke[n][0] - stroke[n - 1][0]) * WIDTH, (stroke[n][1] - stroke[n - 1][1]) * HEIGHT);
        }
      }
      return sum;
    }

    keep() {
      this.field.value = this.length() < LEAST ? "" : this.picture();
      this.check();
    }

    // Said at once: a form that waits without a line could only be refused hours later.
    check() {
      this.clearing.disabled = !this.strokes.length;
      this.name.setCustomValidity(this.field.value || this.paper?.files.length ? "" : this.missing);
    }

    // Black on white, whatever the screen's colours are.
    picture() {
      const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
      const context = canvas.getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, WIDTH, HEIGHT);
      this.draw(context, WIDTH, HEIGHT, 3, "black");
      return canvas.toDataURL("image/png");
    }

    fit() {
      const { clientWidth: width, clientHeight: height } = this.canvas;
      const finer = devicePixelRatio || 1;
      this.canvas.width = Math.round(width * finer);
      this.canvas.height = Math.round(height * finer);
      const context = this.canvas.getContext("2d");
      context.scale(finer, finer);
      this.draw(context, width, height, 2.5, getComputedStyle(this.canvas).color);
    }

    draw(context, width, height, thickness, colour) {
      Object.assign(context, { lineWidth: thickness, lineCap: "round", lineJoin: "round", strokeStyle: colour });
      for (const stroke of this.strokes) {
        context.beginPath();
        stroke.forEach(([x, y], n) => (n ? context.lineTo(x * width, y * height) : context.moveTo(x * width, y * height)));
        if (stroke.length === 1) context.lineTo(stroke[0][0] * width, stroke[0][1] * height);
        context.stroke();
      }
    }
  }

  // A photo can't wait in the phone's queue: with one, the form is sent at once, as without script.
  function withPaper(input) {
    const { form } = input;
    const kept = form.dataset.offline;
    if (!kept) return;
    input.addEventListener("change", () => (form.dataset.offline = input.files.length ? "" : kept));
  }

  function start() {
    document.querySelectorAll("[data-signature]:not([data-ready])").forEach((box) => {
      box.dataset.ready = "true";
      new Pad(box);
    });
    document.querySelectorAll("input[data-paper]:not([data-ready])").forEach((input) => {
      input.dataset.ready = "true";
      withPaper(input);
    });
  }

  start();
  document.addEventListener("ui:load", start);
})();
