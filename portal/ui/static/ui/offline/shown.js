// How the page says what is kept and what waits. store.js stands before it, offline.js after it.
"use strict";

self.shown = (() => {
  const bar = document.getElementById("offline");
  if (!bar) return null;
  const words = bar.dataset;
  const { person } = words;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function element(tag, properties, ...children) {
    const { dataset, ...rest } = properties;
    const made = Object.assign(document.createElement(tag), rest);
    Object.assign(made.dataset, dataset);
    made.append(...children);
    return made;
  }

  const icon = (name) => bar.querySelector("template").content.querySelector(`[data-icon=${name}]`).firstElementChild.cloneNode(true);

  // ---- the bar: since when the page is as it is

  function clock(date) {
    const options = { timeZone: words.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    if (Date.now() - date > 18 * 3600 * 1000) Object.assign(options, { month: "long", day: "numeric" });
    return new Intl.DateTimeFormat(document.documentElement.lang, options).format(date);
  }

  function showLine() {
    const { keptAt } = document.documentElement.dataset;
    const time = clock(new Date(keptAt || performance.timeOrigin));
    const text = !navigator.onLine ? words.offline : keptAt ? words.back : "";
    const parts = [];
    if (text) parts.push(element("span", { className: "saved", dataset: { tone: "warning" } }, icon("offline"), fill(text, { time })));
    if (text && navigator.onLine) parts.push(button(words.newest, () => location.reload()));
    bar.querySelector("[data-line]").replaceChildren(...parts);
  }

  function button(label, press, kind = "quiet") {
    const made = element("button", { type: "button", className: "button", textContent: label, dataset: { kind, size: "s" } });
    made.addEventListener("click", press);
    return made;
  }

  // ---- what the person is told

  function alert(tone, text, ...more) {
    return element("div", { className: "alert", dataset: { tone } }, icon(tone), element("p", { textContent: text }), ...more);
  }

  function showConflicts(posts) {
    const box = bar.querySelector("[data-conflicts]");
    box.replaceChildren(...posts.map((post) => {
      const theirs = element("p", { textContent: fill(words.theirs, { words: post.theirs }) });
      const choose = async (mine) => {
        await offline.decide(post, mine);
        await offline.flush({ now: true });
      };
      const choice = element("div", { className: "row" }, button(words.mine, () => choose(true), "second"), button(words.leave, () => choose(false)));
      return alert("warning", fill(words.conflict, { label: post.label }), theirs, choice);
    }));
  }

  async function showNotes() {
    const notes = (await offline.get("notes")) || [];
    if (!notes.length) return;
    const box = bar.querySelector("[data-notes]");
    box.append(...notes.map((note) => alert(note.tone || "warning", fill(words[note.kind], { label: note.label, number: note.number }))));
    await offline.set("notes", []);
  }

  // ---- a form whose post waits

  // How it stands now, before the server has heard of it.
  function showChosen(form, post) {
    const [, value] = post.fields.find(([name]) => name === post.toggle) || [];
    if (value === undefined) return;
    const field = form.elements[post.toggle];
    field.value = value === "1" ? "0" : "1";
    form.querySelectorAll("[aria-pressed]").forEach((each) => each.setAttribute("aria-pressed", String(value === "1")));
    form.querySelectorAll("[data-offline-box]").forEach((box) => (box.checked = value === "1"));
    form.toggleAttribute("data-ticked", value === "1");
  }

  function showWaiting(form, isWaiting) {
    let note = form.querySelector("[data-offline-note]");
    form.toggleAttribute("data-waits", isWaiting);
    if (!isWaiting) return note && (note.hidden = true);
    if (!note) form.append((note = element("p", { className: "saved", dataset: { offlineNote: "", tone: "quiet" } }, icon("offline"), words.kept)));
    note.hidden = false;
  }

  // ---- papers that are kept on this phone

  async function showFiles() {
    const links = [...document.querySelectorAll("a[data-keep-file]")];
    if (!links.length || !navigator.serviceWorker?.controller) return;
    for (const link of links) {
      const path = new URL(link.href).pathname;
      const isKept = Boolean(await (await caches.open(`${offline.PREFIX}files-${person}`)).match(path));
      showFile(link, path, isKept);
    }
  }

  function showFile(link, path, isKept) {
    const row = link.closest("li > div, p, li");
    row.querySelector("[data-kept]")?.remove();
    const ask = () => navigator.serviceWorker.controller.postMessage({ type: "mark", path });
    const state = isKept
      ? element("span", { className: "saved", dataset: { tone: "good" } }, icon("good"), words.onPhone)
      : button(words.keepFile, ask);
    row.append(element("p", { className: "kept-file", dataset: { kept: "" } }, state));
  }

  function fileChanged({ path, isKept }) {
    for (const link of document.querySelectorAll("a[data-keep-file]")) {
      if (new URL(link.href).pathname === path) showFile(link, path, isKept);
    }
    if (!isKept) bar.querySelector("[data-notes]").replaceChildren(alert("warning", words.noRoom));
  }

  // "Saved on this phone": where a page has the words for it, they show once that is so.
  async function showSaved() {
    bar.toggleAttribute("data-ahead", true);
    const cache = await caches.open(`${offline.PREFIX}pages-${person}`);
    const isSaved = Boolean(await cache.match(location.pathname));
    for (const note of document.querySelectorAll("[data-offline-saved]")) note.hidden = !isSaved;
  }

  // The page that stands in for others lists those that are kept.
  async function showKept() {
    const list = document.querySelector("[data-offline-list]");
    if (!list || !self.caches) return;
    const cache = await caches.open(`${offline.PREFIX}pages-${person}`);
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      if (pathname === location.pathname || pathname === words.page) continue;
      const title = decodeURIComponent((await cache.match(request)).headers.get("X-Kept-Title")).replace(/ · [^·]*$/, "");
      const text = new DOMParser().parseFromString(title, "text/html").documentElement.textContent; // it comes as it stood in the page
      list.append(element("li", { className: "item", dataset: { bare: "", linked: "" } }, element("b", {}, element("a", { href: pathname, textContent: text }))));
    }
  }

  return {
    element, icon, alert, fill,
    chosen: showChosen, waiting: showWaiting, line: showLine, notes: showNotes, conflicts: showConflicts, files: showFiles, file: fileChanged, saved: showSaved, kept: showKept,
  };
})();
