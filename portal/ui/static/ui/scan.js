// Reads the code of a ticket with the camera, where the browser can, and opens its page. Nothing leaves the phone.
"use strict";

(async () => {
  const video = document.querySelector("[data-scan]");
  const say = (name) => {
    for (const each of document.querySelectorAll("[data-scan-words]")) each.hidden = each.dataset.scanWords !== name;
  };
  const PAUSE = 200; // milliseconds between two looks
  const ours = (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url?.origin === location.origin && url.pathname.startsWith(video.dataset.scan) ? url.pathname : null;
  };

  const formats = "BarcodeDetector" in self ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (!formats.includes("qr_code") || !navigator.mediaDevices) return say("none");
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    await video.play();
  } catch {
    return say("refused");
  }
  video.hidden = false;
  say("look");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stop = () => video.srcObject.getTracks().forEach((track) => track.stop());
  self.addEventListener("pagehide", stop);

  async function look() {
    const found = await detector.detect(video).catch(() => []);
    const path = found.map((code) => ours(code.rawValue)).find(Boolean);
    if (path) return stop(), location.assign(path);
    if (found.length) say("foreign");
    setTimeout(look, PAUSE);
  }
  look();
})();
