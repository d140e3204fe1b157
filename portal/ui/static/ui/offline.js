// Without a line: says so, keeps what is ticked or written, and sends it later. store, shown and away stand before it.
// Without this script, or without a store in the browser, forms are sent as plain forms.
"use strict";

(() => {
  const bar = document.getElementById("offline");
  if (!bar || !self.indexedDB) return;
  const words = bar.dataset;
  const { person } = words;
  const { element, icon, alert, fill } = shown;
  const { fieldsOf, uuid } = away;
  const NOT_WHAT = new Set(["op", "made_at", "again", "csrfmiddlewaretoken"]);
  const A_MOMENT = 700; // milliseconds in which a line that is there has sent it
  let timer = 0;

  // ---- forms that are kept: data-offline="keep"; "away": with files, which upload.js sends while there is a line

  const keptForms = () => [...document.querySelectorAll("form[data-offline=keep], form[data-offline=away]")];
  const addressOf = (form) => new URL(form.getAttribute("action") || location.pathname, location.href).pathname;

  // The same matter: what is sent to the same address, but for how it now stands.
  function matter(action, fields, toggle) {
    return JSON.stringify([action, fields.filter(([name]) => !NOT_WHAT.has(name) && name !== toggle).sort()]);
  }

  // With data-offline-once whatever the form sends is one matter: it is done once, and then another form stands there.
  const matterOf = (form) => ("offlineOnce" in form.dataset ? addressOf(form) : matter(addressOf(form), fieldsOf(form), form.dataset.offlineToggle));
  const matterIn = (post) => (post.once ? post.action : matter(post.action, post.fields, post.toggle));

  async function keep(form, submitter) {
    if (form.dataset.sending) return;
    const toggle = form.dataset.offlineToggle || "";
    const fields = fieldsOf(form, submitter).filter(([name]) => name !== "op" && name !== "made_at");
    const isAway = away.is(form);
    if (isAway && away.refusesSize(fields)) return;
    const post = {
      op: (isAway && form.elements.op?.value) || uuid(), // what upload.js has tried to send is the same matter
      person,
      action: addressOf(form),
      fields,
      made_at: new Date().toISOString(),
      toggle,
      once: "offlineOnce" in form.dataset,
      label: form.dataset.offlineLabel || document.title,
    };
    post.fields = [...fields, ["op", post.op], ["made_at", post.made_at]];
    try {
      await offline.put(post);
    } catch {
      return form.submit(); // no store: as without script
    }
    if (isAway) return away.send(form, post, showQueue);
    if ("offlineAgain" in form.dataset) await another(form, post);
    if (toggle) shown.chosen(form, post);
    else form.dataset.sending = "true";
    offline.changed();
    navigator.serviceWorker?.ready.then((registration) => registration.sync?.register("offline-queue")).catch(() => {});
    const left = await offline.flush({ now: true });
    delete form.dataset.sending;
    if (!left && !toggle && !form.closest("[data-offline-part]")) location.reload();
  }

  // The form stands ready for the next one; that this one is kept is said above.
  async function another(form, post) {
    form.reset();
    if (!navigator.onLine) await offline.tell({ kind: "kept", label: post.label });
  }

  // What waits is shown: in its form, and as a number in the masthead.
  async function showQueue({ again = false } = {}) {
    const posts = (await offline.posts()).filter((post) => post.person === person);
    const forms = new Map(keptForms().map((form) => [matterOf(form), form]));
    const last = new Map(posts.map((post) => [matterIn(post), post]));
    const waits = posts.filter((post) => !navigator.onLine || Date.now() - Date.parse(post.made_at) > A_MOMENT);
    if (waits.length < posts.length) setTimeout(showQueue, A_MOMENT * 1.2); // mostly it is sent by then
    for (const [key, form] of forms) {
      if (again && last.has(key)) shown.chosen(form, last.get(key));
      shown.waiting(form, waits.includes(last.get(key)));
    }
    const count = document.querySelector("[data-offline-count]");
    if (count) {
      count.hidden = !waits.length;
      count.replaceChildren(icon("offline"), element("span", { textContent: waits.length }), element("span", { className: "unseen", textContent: words.waiting }));
    }
    shown.conflicts(posts.filter((post) => post.theirs));
    self.dispatchEvent(new Event("offline:shown"));
    return posts.length;
  }

  // ---- when the line is back

  let sending = 0;
  async function flush(options) {
    clearTimeout(timer);
    const before = (await offline.waiting()).length;
    if (!before) return;
    const left = await offline.flush(options);
    sending = left ? Math.min((sending || 1000) * 2, 600000) : 0;
    if (left) timer = setTimeout(flush, sending);
  }

  // All is sent: the parts of the page that show it are fetched anew, the rest stays under the reader's eyes.
  async function renew() {
    const parts = [...document.querySelectorAll("[data-offline-part][id]")];
    if (!parts.length || !navigator.onLine) return;
    const answer = await fetch(location.pathname, { headers: { "X-Offline": "keep" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if ((await offline.waiting()).length) return; // ticked meanwhile: what stands there is newer
    const focused = keptForms().findIndex((form) => form.contains(document.activeElement));
    for (const part of parts) {
      const newer = page.getElementById(part.id);
      if (newer) part.replaceWith(document.adoptNode(newer));
    }
    keptForms()[focused]?.querySelector("button, input:not([type=hidden])")?.focus();
    document.dispatchEvent(new CustomEvent("ui:load"));
  }

  // ---- signing out: what waits goes first, then all that is kept here goes

  async function leave(form) {
    const left = await offline.flush({ now: true }).catch(() => 0);
    if (left && !form.dataset.warned) {
      form.dataset.warned = "true";
      bar.querySelector("[data-notes]").replaceChildren(alert("warning", fill(words.leaving, { number: left })));
      return;
    }
    await offline.wipe({ inSilence: true }).catch(() => {}); // the server clears it, too, where browsers heed it
    form.submit();
  }

  // ---- beginning

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-offline=keep], form[data-offline=away]");
    if (!form || away.isForUpload(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(form, event.submitter);
  }, true);
  document.addEventListener("offline:away", (event) => keep(event.target)); // upload.js found no line
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-offline-leave]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leave(event.target);
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("form[data-offline=keep] [data-offline-box]")) event.target.form.requestSubmit();
  });
  for (const source of [self, ...(offline.channel ? [offline.channel] : [])]) {
    source.addEventListener(source === self ? "offline:changed" : "message", async (event) => {
      const what = event.detail || event.data;
      if (what.type === "file") return shown.file(what);
      if (what.type === "ahead") return shown.saved();
      if (what.type === "settled") return away.settled(what);
      if (!["queue", "wiped"].includes(what.type)) return;
      const left = await showQueue();
      if (!away.isGoing) shown.notes(); // else it is said on the page that may open now
      if (!left && what.type === "queue") renew().catch(() => {});
    });
  }
  self.addEventListener("online", () => (shown.line(), flush({ now: true })));
  self.addEventListener("offline", shown.line);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());

  // The portal's setting OFFLINE is off: what a worker kept while it took its leave goes, too.
  async function forget() {
    for (const name of await caches.keys()) if (name.startsWith(offline.PREFIX)) await caches.delete(name);
    for (const each of (await navigator.serviceWorker?.getRegistrations()) ?? []) await each.unregister();
  }

  async function begin() {
    shown.line();
    const { keptAt } = document.documentElement.dataset;
    if (keptAt) keptForms().filter(away.is).forEach(away.anew);
    if (!keptAt) await offline.belongsTo(person);
    await showQueue({ again: true });
    await shown.notes();
    await shown.kept();
    if (keptAt) await shown.saved();
    await shown.files();
    await flush({ now: !keptAt });
    if (!words.worker) return forget();
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.addEventListener("controllerchange", shown.files);
    await navigator.serviceWorker.register(words.worker, { scope: words.scope, updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    const saveData = Boolean(navigator.connection?.saveData);
    const { lang: language } = document.documentElement;
    if (!keptAt) active.postMessage({ type: "ahead", path: location.pathname, language, saveData });
  }
  begin().catch(() => {}); // a browser that forbids storing: plain pages and forms
})();
