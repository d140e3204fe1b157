// Choosing photos on a phone: what is chosen, whether it is too much, how far the sending is.
// Without this script the plain file field does the same work in silence.
"use strict";

(() => {
  const PREVIEWS = 12; // decoding many large photos at once is too much for a phone

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const megabytes = (bytes) => Math.max(bytes / 1e6, 0.1).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

  class Upload {
    constructor(field) {
      this.words = field.dataset;
      this.drop = field.querySelector(".drop");
      this.input = field.querySelector("input[type=file]");
      this.most = Number(this.input.dataset.maxFiles) || Infinity;
      this.largest = Number(this.input.dataset.maxBytes) || Infinity;
      this.list = element("ul", { className: "chosen" });
      this.told = element("p", { className: "hint" });
      this.told.setAttribute("role", "status");
      this.input.classList.add("unseen");
      this.drop.after(this.told, this.list);
      this.input.addEventListener("change", () => this.show());
      this.listenForDrops();
    }

    listenForDrops() {
      for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
        this.drop.addEventListener(name, (event) => {
          event.preventDefault();
          this.drop.toggleAttribute("data-over", over);
          if (name !== "drop" || !event.dataTransfer.files.length) return;
          this.input.files = event.dataTransfer.files;
          this.show();
        });
      }
    }

    show() {
      const files = [...this.input.files];
      for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
      this.list.replaceChildren(...files.map((file, place) => this.line(file, place)));
      const problem = this.problem(files);
      this.input.setCustomValidity(problem);
      this.told.className = problem ? "error" : "hint";
      const sum = megabytes(files.reduce((total, file) => total + file.size, 0));
      this.told.textContent = problem || (files.length ? fill(this.words.chosen, { number: files.length, size: sum }) : "");
    }

    line(file, place) {
      const large = file.size > this.largest;
      const name = element("span", { textContent: file.name, title: file.name });
      const line = element("li", {}, name, element("span", { textContent: `${megabytes(file.size)} MB` }));
      if (large) line.dataset.tone = "danger";
      if (place < PREVIEWS && file.type.startsWith("image/")) {
        const image = element("img", { alt: "", src: URL.createObjectURL(file) });
        image.addEventListener("error", () => image.remove()); // HEIC, where the browser cannot show it
        line.prepend(image);
      }
      return line;
    }

    problem(files) {
      if (files.length > this.most) return fill(this.words.tooMany, { most: this.most, number: files.length });
      const large = files.filter((file) => file.size > this.largest).map((file) => file.name);
      return large.length ? fill(this.words.tooLarge, { names: large.join(", "), size: megabytes(this.largest) }) : "";
    }
  }

  // Sent by XMLHttpRequest because it alone tells how much has gone; the answer then replaces the page.
  function send(event) {
    const form = event.target;
    const field = form.querySelector("[data-upload]") || document.querySelector("[data-upload-words]");
    if (!field || event.defaultPrevented || !form.querySelector("input[type=file]")?.files.length) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "true";
    const button = event.submitter || form.querySelector("[type=submit]");
    button?.setAttribute("aria-busy", "true");
    const bar = element("progress", { className: "progress", max: 100, value: 0 });
    bar.setAttribute("aria-label", field.dataset.sending);
    const told = element("p", { className: "hint", textContent: field.dataset.sending });
    told.setAttribute("role", "status");
    const box = element("div", { className: "stack sending" }, told, bar);
    form.querySelector(".sending")?.remove();
    box.dataset.gap = "s";
    (button?.closest(".row") || button || form.lastElementChild).before(box);

    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      bar.value = Math.round((100 * step.loaded) / step.total);
      if (step.loaded === step.total) told.textContent = field.dataset.checking;
    });
    const failed = (why) => {
      delete form.dataset.sending;
      button?.removeAttribute("aria-busy");
      if (button?.dataset.wProgressLoadingValue) button.dataset.wProgressLoadingValue = "false"; // Wagtail's own spinner
      bar.remove();
      told.className = "error";
      told.setAttribute("role", "alert");
      told.textContent = (typeof why === "string" && why) || field.dataset.failed;
    };
    if (onDesk()) request.setRequestHeader("X-Upload", "script");
    // A form that is kept without a line (offline.js): its answer is words and the page to open, and it stays until then.
    const away = form.dataset.offline === "away" && typeof offline !== "undefined";
    if (away) request.setRequestHeader("X-Offline", "send");
    const keep = () => {
      failed();
      form.dispatchEvent(new Event("offline:away", { bubbles: true }));
    };
    request.addEventListener("load", () => {
      if (away) return arrived(request, failed, keep);
      const next = request.getResponseHeader("X-Location");
      if (next) return location.assign(next);
      if (onDesk()) return failed(request.status < 400 ? problems(request.responseText) : "");
      if (request.status >= 400 || !replacePage(request.responseText)) return failed();
      if (request.responseURL && request.responseURL !== location.href) history.pushState(null, "", request.responseURL);
    });
    request.addEventListener("error", away ? keep : failed);
    request.addEventListener("timeout", away ? keep : failed);
    const data = new FormData(form);
    if (event.submitter?.name) data.append(event.submitter.name, event.submitter.value);
    request.send(data);
  }

  async function arrived(request, failed, keep) {
    const { status } = request;
    if (status === 403 || status === 429 || status >= 500) return keep(); // an old token, or trouble that passes
    if (status === 401) return location.reload(); // to the log-in
    const isJson = request.getResponseHeader("Content-Type")?.startsWith("application/json");
    const answer = isJson ? JSON.parse(request.responseText) : {};
    if (status >= 400) return failed(answer.said);
    if (answer.said) await offline.tell({ kind: "said", label: answer.said, tone: answer.tone }).catch(() => {});
    if (answer.to) location.assign(answer.to);
    else location.reload();
  }

  // The desk's pages are run by scripts of Wagtail, which begin once: there, the form stays, files and all.
  const onDesk = () => document.body.id === "wagtail";

  function problems(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    const found = [...answer.querySelectorAll("main .error, main .error-message, main [role=alert], .messages .error")];
    const texts = found.map((each) => each.textContent.trim().replace(/\s+/g, " ")).filter(Boolean);
    return [...new Set(texts)].filter((text) => !texts.some((longer) => longer !== text && text.includes(longer))).join(" ");
  }

  // The answer has been fetched already, with the messages in it: show it rather than ask for it again.
  function replacePage(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    if (!answer.querySelector("main")) return false;
    document.title = answer.title;
    document.documentElement.lang = answer.documentElement.lang;
    document.body.replaceWith(answer.body);
    document.dispatchEvent(new CustomEvent("ui:load"));
    const wrong = document.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
    else window.scrollTo(0, 0);
    return true;
  }

  function start(root) {
    root.querySelectorAll("[data-upload]:not([data-ready])").forEach((field) => {
      field.dataset.ready = "true";
      new Upload(field);
    });
  }

  start(document);
  for (const name of ["htmx:load", "ui:load"]) document.addEventListener(name, () => start(document));
  window.addEventListener("popstate", () => location.reload());
  document.addEventListener("submit", send);
})();
