// Forms with files, data-offline="away": while there is a line upload.js sends them, which tells how far it is; without
// one they wait in the queue, files and all. shown.js stands before it, offline.js after it.
"use strict";

self.away = (() => {
  const bar = document.getElementById("offline");
  if (!bar || !self.indexedDB) return null;
  const MOST_BYTES = 60e6; // of one form's files: what a phone keeps without asking
  const outcomes = new Map(); // of what was sent from here: whether it was taken, and what page it made
  let isGoing = false; // while a form is sent whose answer may open another page

  const is = (form) => form.dataset.offline === "away";
  const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16));

  function fieldsOf(form, submitter) {
    const all = [...new FormData(form, submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
    return all.filter(([, value]) => typeof value === "string" || (is(form) && value.size));
  }

  const bytesOf = (fields) => fields.reduce((sum, [, value]) => sum + (value.size || 0), 0);
  const isForUpload = (form) => is(form) && navigator.onLine && bytesOf(fieldsOf(form)) > 0;

  // Whether the files are too much to be kept; then it says so, and the form stays as it is.
  function refusesSize(fields) {
    if (bytesOf(fields) <= MOST_BYTES) return false;
    const text = shown.fill(bar.dataset.tooMuch, { size: MOST_BYTES / 1e6 });
    bar.querySelector("[data-notes]").replaceChildren(shown.alert("warning", text));
    bar.scrollIntoView({ block: "center" });
    return true;
  }

  // A page that was kept is opened more than once: each time what it sends is another matter.
  const anew = (form) => form.elements.op && (form.elements.op.value = uuid());

  // Taken: the page that it made, or this one anew. Refused: what was written stays. No line: ready for the next one.
  async function send(form, post, showQueue) {
    form.dataset.sending = "true";
    isGoing = true;
    await offline.flush({ now: true }).catch(() => 0);
    delete form.dataset.sending;
    form.querySelector(".sending")?.remove();
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    const outcome = outcomes.get(post.op);
    if (outcome?.to) return location.assign(outcome.to);
    if (outcome?.isDone) return location.reload();
    isGoing = false;
    anew(form);
    if (!outcome) await waits(form, post, showQueue);
    await shown.notes();
    bar.scrollIntoView({ block: "center" });
  }

  async function waits(form, post, showQueue) {
    form.reset();
    form.querySelectorAll("input[type=file]").forEach((input) => input.dispatchEvent(new Event("change")));
    await offline.tell({ kind: "kept", label: post.label });
    navigator.serviceWorker?.ready.then((registration) => registration.sync?.register("offline-queue")).catch(() => {});
    await showQueue();
  }

  return {
    is, uuid, fieldsOf, isForUpload, refusesSize, anew, send,
    settled: (what) => outcomes.set(what.op, what),
    get isGoing() { return isGoing; },
  };
})();
