// Photos large, one beside the other. Without this script each thumbnail leads to a page of its own.
"use strict";

(() => {
  if (!window.HTMLDialogElement) return;

  const SVG = "http://www.w3.org/2000/svg";

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function icon(address, turn) {
    const drawing = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", address);
    drawing.setAttribute("class", "icon");
    drawing.setAttribute("aria-hidden", "true");
    if (turn) drawing.dataset.turn = turn;
    drawing.append(use);
    return drawing;
  }

  function tool(label, address, turn) {
    const button = element("button", { type: "button", title: label }, icon(address, turn));
    button.setAttribute("aria-label", label);
    return button;
  }

  function slide(link) {
    const thumb = link.querySelector("img");
    const image = element("img", { alt: thumb ? thumb.alt : link.dataset.alt, loading: "lazy", decoding: "async" });
    image.width = thumb ? thumb.width : link.dataset.width;
    image.height = thumb ? thumb.height : link.dataset.height;
    image.src = link.dataset.large;
    return element("div", {}, image);
  }

  class Lightbox {
    constructor(gallery) {
      this.words = gallery.dataset;
      this.links = [...gallery.querySelectorAll("a[data-large]")];
      this.build();
      gallery.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-large]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.open(this.links.indexOf(link));
      });
    }

    build() {
      this.count = element("span", { className: "num" });
      this.previous = tool(this.words.previous, `${this.words.icons}#arrow`, "back");
      this.next = tool(this.words.next, `${this.words.icons}#arrow`);
      const close = tool(this.words.close, `${this.words.icons}#close`);
      this.strip = element("div", { className: "strip", tabIndex: 0 }, ...this.links.map(slide));
      this.strip.setAttribute("aria-label", this.words.photos);
      this.strip.setAttribute("role", "group");
      this.caption = element("p", {});
      this.said = element("p", { className: "unseen" });
      this.said.setAttribute("aria-live", "polite");
      const bar = element("div", { className: "bar" }, this.count, this.previous, this.next, close);
      const foot = element("div", { className: "words" }, this.caption, this.said);
      this.dialog = element("dialog", { className: "lightbox" }, bar, this.strip, foot);
      this.dialog.setAttribute("aria-label", this.words.photos);
      this.previous.addEventListener("click", () => this.show(this.at - 1));
      this.next.addEventListener("click", () => this.show(this.at + 1));
      close.addEventListener("click", () => this.dialog.close());
      this.dialog.addEventListener("keydown", (event) => this.key(event));
      this.dialog.addEventListener("close", () => this.opener.focus());
      this.strip.addEventListener("scroll", () => this.scrolled(), { passive: true });
      window.addEventListener("resize", () => this.dialog.open && this.show(this.at, "instant"));
    }

    open(index) {
      if (!this.dialog.isConnected) document.body.append(this.dialog);
      this.opener = this.links[index];
      this.at = -1;
      this.dialog.showModal();
      this.show(index, "instant");
      this.strip.focus();
    }

    show(index, behavior = "auto") {
      if (index < 0 || index >= this.links.length) return;
      this.strip.scrollTo({ left: index * this.strip.clientWidth, behavior });
      this.tell(index);
    }

    scrolled() {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.tell(Math.round(this.strip.scrollLeft / this.strip.clientWidth)), 120);
    }

    tell(index) {
      if (index === this.at || !this.links[index]) return;
      this.at = index;
      const place = this.words.place.replace("{number}", index + 1).replace("{total}", this.links.length);
      this.count.textContent = place;
      this.caption.textContent = this.links[index].dataset.caption;
      const image = this.strip.children[index].firstChild;
      this.said.textContent = `${place}. ${image.alt}`;
      this.previous.disabled = index === 0;
      this.next.disabled = index === this.links.length - 1;
      // A button that has just gone out would leave the keyboard without a place.
      if (!this.dialog.contains(document.activeElement) || document.activeElement.disabled) this.strip.focus();
    }

    key(event) {
      const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: this.links.length - 1 }[event.key];
      if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.show(to);
    }
  }

  const start = (root) => root.querySelectorAll("[data-gallery]:not([data-ready])").forEach((gallery) => {
    gallery.dataset.ready = "true";
    new Lightbox(gallery);
  });
  start(document);
  for (const name of ["htmx:load", "ui:load"]) document.addEventListener(name, () => start(document));
})();
