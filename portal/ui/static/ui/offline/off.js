// The worker that takes its own leave: sent to every phone while the portal's setting OFFLINE is off.
// What waits to be sent stays in the store; the pages send it.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) if (name.startsWith("offline-")) await caches.delete(name);
  await self.registration.unregister();
}
