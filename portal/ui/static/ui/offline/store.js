// What the pages and their service worker share: the store on the phone, and the sending of what waits in it.
"use strict";

const offline = (() => {
  const STATE = "/my/offline/state/"; // of everybody, whatever pages are theirs
  const PATIENCE = 15000; // milliseconds for one answer
  const LONGEST_PAUSE = 600000;
  const PREFIX = "offline-";
  const channel = "BroadcastChannel" in self ? new BroadcastChannel("offline") : null;
  let opened = null;

  // ---- the database: `posts` in the order in which they were made, `facts` by name

  function database() {
    opened ||= new Promise((resolve, reject) => {
      const request = indexedDB.open("offline", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("posts", { keyPath: "place", autoIncrement: true });
        request.result.createObjectStore("facts");
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const forget = () => (opened = null);
        request.result.onclose = forget; // the browser's data were cleared
        request.result.onversionchange = () => (request.result.close(), forget());
        resolve(request.result);
      };
    });
    opened.catch(() => (opened = null));
    return opened;
  }

  async function within(name, mode, work) {
    const transaction = (await database()).transaction(name, mode, { durability: "strict" });
    const request = work(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const posts = () => within("posts", "readonly", (store) => store.getAll());
  const put = (post) => within("posts", "readwrite", (store) => store.put(post));
  const remove = (place) => within("posts", "readwrite", (store) => store.delete(place));
  const get = (name) => within("facts", "readonly", (store) => store.get(name));
  const set = (name, value) => within("facts", "readwrite", (store) => store.put(value, name));

  function changed(what = { type: "queue" }) {
    channel?.postMessage(what);
    self.dispatchEvent(new CustomEvent("offline:changed", { detail: what }));
  }

  // What the person is told with the next page: a post that was refused, or thrown away.
  async function tell(note) {
    await set("notes", [...((await get("notes")) || []), { ...note, at: Date.now() }]);
  }

  // ---- whose it is

  // Nobody is signed in, or somebody else: what was kept for the one before goes, pages, papers and posts.
  async function wipe({ inSilence = false } = {}) {
    const lost = (await posts()).length;
    await within("posts", "readwrite", (store) => store.clear());
    await within("facts", "readwrite", (store) => store.clear());
    for (const name of self.caches ? await caches.keys() : []) {
      if (name.startsWith(`${PREFIX}pages-`) || name.startsWith(`${PREFIX}files-`)) await caches.delete(name);
    }
    if (inSilence) return;
    if (lost) await tell({ kind: "wiped", number: lost });
    changed({ type: "wiped" }); // no page is fetched anew for it: the answer would be the one that led here
  }

  async function belongsTo(person) {
    const before = await get("person");
    if (before === person) return;
    if (before) await wipe();
    await set("person", person);
  }

  // Who the server says is signed in, with a fresh token. Throws without a line; null: nobody.
  async function state() {
    const answer = await fetch(STATE, { headers: { "X-Offline": "keep" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 401 || answer.redirected) return null;
    if (!answer.ok) throw new Error(`state ${answer.status}`);
    return answer.json();
  }

  // Asks, and wipes when it is not the person for whom things were kept. Throws without a line.
  async function check() {
    const here = await state();
    if (here) await belongsTo(here.person);
    else await wipe();
    return here;
  }

  // ---- sending

  // Sends what waits, in order; one tab or worker at a time. Returns how many still wait to be sent.
  function flush({ now = false } = {}) {
    const work = () => sendAll(now);
    return self.navigator.locks ? navigator.locks.request("offline-queue", work) : work();
  }

  const waiting = async () => (await posts()).filter((post) => !post.theirs);

  async function sendAll(now) {
    if (!(await waiting()).length) return 0;
    const pause = (await get("pause")) || { tries: 0, until: 0 };
    if (!now && pause.until > Date.now()) return (await waiting()).length;
    const stuck = await sendEach().catch(() => true);
    if (stuck) {
      const tries = pause.tries + 1;
      await set("pause", { tries, until: Date.now() + Math.min(1000 * 2 ** tries, LONGEST_PAUSE) });
    } else await set("pause", { tries: 0, until: 0 });
    changed();
    return (await waiting()).length;
  }

  // Whether something could not be sent: no line, or the server is in trouble. Throws when it cannot even ask.
  async function sendEach() {
    let here = await check();
    const stuck = new Set(); // where one waits, later ones to the same address wait behind it
    for (const post of here ? await waiting() : []) {
      if (stuck.has(post.action)) continue;
      if (post.person !== here.person) {
        await disown(post);
        continue;
      }
      let answer = await send(post, here.token);
      if (answer.status === 403) {
        here = await check();
        if (!here) return false;
        answer = await send(post, here.token);
      }
      if (answer.status === 401 || ledAway(answer)) {
        await wipe();
        return false;
      }
      if (!(await settle(post, answer))) stuck.add(post.action);
    }
    return stuck.size > 0;
  }

  // Made on a page that one person had left open when another signed in.
  async function disown(post) {
    await tell({ kind: "wiped", number: 1 });
    await remove(post.place);
  }

  const ledAway = (answer) => answer.redirected && new URL(answer.url).pathname.startsWith("/account/");

  function send(post, token) {
    const files = post.fields.some(([, value]) => typeof value !== "string");
    const body = files ? new FormData() : new URLSearchParams();
    for (const [name, value] of post.fields) body.append(name, value);
    body.set("csrfmiddlewaretoken", token);
    body.set("sent_at", new Date().toISOString()); // beside made_at: how long ago, whatever this clock says
    const signal = AbortSignal.timeout(files ? 20 * PATIENCE : PATIENCE);
    return fetch(post.action, { method: "POST", body, headers: { "X-Offline": "send" }, signal });
  }

  // What an answer means for the post. False: it waits for another time.
  async function settle(post, answer) {
    if (answer.status >= 500 || answer.status === 429) return false;
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const words = (isJson && (await answer.json().catch(() => null))) || {};
    if (answer.status === 409) {
      await put({ ...post, theirs: words.theirs || "…" });
      return true;
    }
    if (words.said) await tell({ kind: "said", label: words.said, tone: words.tone });
    else if (!answer.ok) await tell({ kind: answer.status === 404 || answer.status === 410 ? "gone" : "refused", label: post.label });
    await remove(post.place);
    changed({ type: "settled", op: post.op, isDone: answer.ok, to: words.to || "" });
    return true;
  }

  // After a conflict: once more, as it is ("mine"), or not at all.
  async function decide(post, mine) {
    if (!mine) await remove(post.place);
    else await put({ ...post, theirs: "", fields: [...post.fields.filter(([name]) => name !== "again"), ["again", "1"]] });
    changed();
  }

  return { PREFIX, STATE, posts, waiting, put, get, set, tell, wipe, belongsTo, check, flush, decide, changed, channel };
})();
