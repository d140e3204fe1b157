// The service worker of the pages below one address: from the network while there is one, else as they were kept.
// CONFIG (what the shell is, its version, which addresses are files) and store.js stand before it in one script.
"use strict";

const WEEK = 7 * 24 * 3600 * 1000;
const HALF_A_DAY = WEEK / 14;
const AHEAD_EVERY = 1800000; // milliseconds
const AHEAD = `ahead ${CONFIG.ahead}`;
const PATIENCE = 4000; // for a page of which there is a kept copy
const ROOM = 50e6; // bytes of files, the oldest go first
const LARGEST = 20e6;
const SHELL = `${offline.PREFIX}shell-${CONFIG.version}`;
const FILES = CONFIG.files.map((pattern) => new RegExp(pattern));

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(tidy)));
self.addEventListener("sync", (event) => event.waitUntil(sendWaiting()));
self.addEventListener("message", (event) => event.waitUntil(obey(event.data)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(isFile(url) ? file(event, url) : page(event, url));
  else if (request.headers.get("X-Offline") === "keep" && !isAsked(url)) event.respondWith(fresh(event, url));
  else if (url.pathname.startsWith(CONFIG.static)) event.respondWith(shell(request, url));
  else if (request.destination === "image" && FILES.length) event.respondWith(file(event, url));
});

async function install() {
  const cache = await caches.open(SHELL);
  await cache.addAll(CONFIG.shell.map((address) => new Request(address, { cache: "no-cache" })));
  await self.skipWaiting();
}

// ---- what is kept

const isFile = (url) => FILES.some((pattern) => pattern.test(url.pathname));
const isAsked = (url) => url.pathname === offline.STATE || url.pathname.startsWith(CONFIG.page); // by the worker itself
const isOld = (kept) => Date.now() - Number(kept.headers.get("X-Kept-At")) > WEEK;

async function cacheOf(kind) {
  const person = await offline.get("person").catch(() => null);
  return person ? caches.open(`${offline.PREFIX}${kind}-${person}`) : null;
}

async function kept(kind, path) {
  const cache = await cacheOf(kind);
  const found = await cache?.match(path);
  if (!found || !isOld(found)) return found;
  await cache.delete(path);
}

async function forget(kind, path) {
  await (await cacheOf(kind))?.delete(path);
}

async function keep(kind, path, answer, more = {}) {
  const cache = await cacheOf(kind);
  if (!cache) return;
  const body = await answer.blob();
  const headers = new Headers(answer.headers);
  headers.delete("Vary");
  const facts = { "X-Kept-At": Date.now(), "X-Kept-By": CONFIG.version, "X-Kept-Size": body.size, ...more };
  for (const [name, value] of Object.entries(facts)) headers.set(name, String(value));
  await cache.put(path, new Response(body, { status: 200, headers }));
}

// ---- pages

async function page(event, url) {
  const arriving = fetch(event.request).then((answer) => received(event, url, answer));
  event.waitUntil(arriving.catch(() => {}));
  const copy = await kept("pages", url.pathname).catch(() => null);
  try {
    const answer = await (copy ? Promise.race([arriving, tooLong()]) : arriving);
    if (!copy || answer.status < 500) return answer;
    return marked(copy);
  } catch {
    return (await marked(copy)) || (await inAnother(url)) || (await instead());
  }
}

// A page that is kept may speak for others: an element with an id and, right after it, data-stands-for="/their/address/".
async function inAnother(url) {
  const cache = await cacheOf("pages");
  for (const request of (await cache?.keys()) ?? []) {
    const copy = await cache.match(request);
    const words = isOld(copy) ? "" : await copy.text();
    const at = words.indexOf(`data-stands-for="${url.pathname}"`);
    const id = at < 0 ? null : words.slice(0, at).match(/id="([^"]+)"\s*$/);
    if (id) return Response.redirect(`${new URL(request.url).pathname}#${id[1]}`);
  }
}

async function instead() {
  const page = await marked(await kept("pages", CONFIG.page));
  return page || new Response("Offline", { status: 503, headers: { "Content-Type": "text/plain" } });
}

const tooLong = () => new Promise((_, reject) => setTimeout(reject, PATIENCE));

async function fresh(event, url) {
  const answer = await fetch(event.request);
  return received(event, url, answer);
}

// An answer from the network says whose it is, and whether it may be kept.
async function received(event, url, answer) {
  try {
    await heed(event, url, answer);
    if (answer.ok && answer.headers.get("X-Offline-Keep") && !url.search && !answer.redirected) {
      const copy = answer.clone();
      const before = await kept("pages", url.pathname);
      event.waitUntil(keepPage(url.pathname, copy, before?.headers.get("X-Kept-Edition") || ""));
    } else if (answer.ok && event.request.mode === "navigate" && (await kept("pages", url.pathname))) {
      event.waitUntil(anew(url.pathname).catch(() => {}));
    }
  } catch {
    // the store is full or closed: the page itself has arrived
  }
  return answer;
}

async function heed(event, url, answer) {
  const person = answer.headers.get("X-Offline-Person");
  if (person) await offline.belongsTo(person);
  if (answer.type === "opaqueredirect") event.waitUntil(offline.check().catch(() => {}));
  if (answer.status === 401) await offline.wipe();
  if ([403, 404, 410].includes(answer.status)) {
    await forget("pages", url.pathname);
    await forget("files", url.pathname);
  }
}

// A page that says "Moved" says so once and is not kept; its copy shall not be older than what was done.
async function anew(path) {
  await take(path, await fetch(path, { headers: { "X-Offline": "keep" } }), "");
}

async function keepPage(path, answer, edition = "") {
  const html = await answer.clone().text();
  const title = encodeURIComponent(html.match(/<title>([^<]*)/)?.[1].trim().replace(/\s+/g, " ") || path);
  await keep("pages", path, answer, { "X-Kept-Title": title, "X-Kept-Edition": edition });
  return html;
}

// The page's own script reads the mark, and says of when the page is.
async function marked(copy) {
  if (!copy) return null;
  const at = new Date(Number(copy.headers.get("X-Kept-At"))).toISOString();
  const html = (await copy.text()).replace("<html", `<html data-kept-at="${at}"`);
  return new Response(html, { headers: copy.headers });
}

// ---- the shell, and files

async function shell(request, url) {
  const found = await (await caches.open(SHELL)).match(url.href);
  if (found) return found;
  const earlier = await caches.match(url.href); // of a kept page that an earlier version has dressed
  if (earlier) return earlier;
  const answer = await fetch(request);
  if (answer.status === 200) {
    const copy = answer.clone();
    caches.open(SHELL).then((cache) => cache.put(url.href, copy)).catch(() => {});
  }
  return answer;
}

async function file(event, url) {
  try {
    const answer = await fetch(event.request);
    await heed(event, url, answer).catch(() => {});
    if (answer.status === 200 && answer.type === "basic") {
      const copy = answer.clone();
      event.waitUntil(keepFile(url.pathname, copy).catch(() => {}));
    }
    return answer;
  } catch {
    const copy = (await kept("files", url.pathname)) || (await alike(url));
    return copy || (event.request.mode === "navigate" ? instead() : Response.error());
  }
}

// Without a line a picture in another size is better than none.
async function alike(url) {
  if (!url.pathname.startsWith(CONFIG.media)) return;
  const stem = (path) => path.split("/").pop().split(".")[0];
  const cache = await cacheOf("files");
  const found = (await (cache?.keys() ?? [])).find((request) => {
    const { pathname } = new URL(request.url);
    return pathname.startsWith(CONFIG.media) && stem(pathname) === stem(url.pathname);
  });
  return found && cache.match(found);
}

// Whether it is kept now. What is marked by hand goes last.
async function keepFile(path, answer, byHand = false) {
  if (Number(answer.headers.get("Content-Length")) > LARGEST) return false;
  const marked = byHand || (await kept("files", path))?.headers.get("X-Kept-Marked");
  await keep("files", path, answer, marked ? { "X-Kept-Marked": "1" } : {});
  await makeRoom();
  return Boolean(await kept("files", path));
}

async function makeRoom() {
  const cache = await cacheOf("files");
  const files = [];
  for (const request of (await cache?.keys()) ?? []) {
    const { headers } = (await cache.match(request)) || {};
    if (!headers) continue;
    const size = Number(headers.get("X-Kept-Size"));
    files.push({ request, size, at: Number(headers.get("X-Kept-At")), marked: Boolean(headers.get("X-Kept-Marked")) });
  }
  files.sort((a, b) => b.marked - a.marked || b.at - a.at);
  let sum = 0;
  for (const each of files) {
    sum += each.size;
    if (sum > ROOM || each.size > LARGEST || Date.now() - each.at > WEEK) await cache.delete(each.request);
  }
}

// ---- ahead of time, and tidying up

async function obey(message) {
  if (message.type === "ahead") await ahead(message).catch(() => {});
  if (message.type === "mark") await markFile(message.path);
}

async function markFile(path) {
  let isKept = false;
  try {
    const answer = await fetch(path);
    isKept = answer.status === 200 && !answer.redirected && (await keepFile(path, answer, true));
  } catch {
    // no line: it is not kept, and the page says so
  }
  offline.changed({ type: "file", path, isKept });
}

// The page that was opened before the worker was there, and what the server says should be at hand in the basement.
async function ahead({ path, language, saveData }) {
  await tidy();
  const request = (address) => fetch(address, { headers: { "X-Offline": "keep" } });
  if (path && !(await kept("pages", path))) await take(path, await request(path), "", saveData);
  const last = (await offline.get(AHEAD)) || {};
  const isDone = last.version === CONFIG.version && last.language === language;
  if (isDone && Date.now() - last.at < AHEAD_EVERY) return offline.changed({ type: "ahead" });
  const answer = await request(CONFIG.ahead);
  if (answer.status === 401) return offline.wipe();
  if (!answer.ok || answer.redirected) return;
  const { person, pages } = await answer.json();
  await offline.belongsTo(person);
  for (const [address, edition] of pages) {
    const copy = await kept("pages", address);
    const isRecent = copy && Date.now() - Number(copy.headers.get("X-Kept-At")) < HALF_A_DAY;
    if (isRecent && copy.headers.get("X-Kept-Edition") === edition) continue;
    await take(address, await request(address), edition, saveData);
  }
  await offline.set(AHEAD, { version: CONFIG.version, language, at: Date.now() });
  offline.changed({ type: "ahead" });
}

async function take(path, answer, edition, saveData) {
  if ([403, 404, 410].includes(answer.status)) return forget("pages", path);
  if (!answer.ok || answer.redirected || !answer.headers.get("X-Offline-Keep")) return;
  await offline.belongsTo(answer.headers.get("X-Offline-Person"));
  const html = await keepPage(path, answer, edition);
  const sources = saveData || !FILES.length ? [] : [...html.matchAll(/<img[^>]+\bsrc="(\/[^"]+)"/g)].map((match) => match[1]);
  for (const source of new Set(sources)) await takeImage(source).catch(() => {});
}

async function takeImage(source) {
  if (source.startsWith(CONFIG.static)) return shell(new Request(source), new URL(source, location.origin));
  if (await kept("files", source)) return;
  const answer = await fetch(source);
  if (answer.status === 200 && !answer.redirected) await keepFile(source, answer);
}

// Pages older than a week go, those of other people, and shells that no kept page wears any more.
async function tidy() {
  const worn = new Set([SHELL]);
  const person = await offline.get("person").catch(() => null);
  const names = (await caches.keys()).filter((name) => name.startsWith(offline.PREFIX));
  for (const name of names.filter((each) => !each.startsWith(`${offline.PREFIX}shell-`))) {
    if (!person || !name.endsWith(`-${person}`)) await caches.delete(name);
  }
  const cache = await cacheOf("pages");
  for (const request of (await cache?.keys()) ?? []) {
    const copy = await cache.match(request);
    if (isOld(copy)) await cache.delete(request);
    else worn.add(`${offline.PREFIX}shell-${copy.headers.get("X-Kept-By")}`);
  }
  for (const name of names.filter((each) => each.startsWith(`${offline.PREFIX}shell-`))) {
    if (!worn.has(name)) await caches.delete(name);
  }
}

async function sendWaiting() {
  if (await offline.flush({ now: true })) throw new Error("Some still wait: the browser tries again.");
}
