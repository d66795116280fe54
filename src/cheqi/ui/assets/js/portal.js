// The portal's script; the same components, and the worker that makes it installable.
import { start } from "./lib/start.js";

start();
if ("serviceWorker" in navigator && document.body.dataset.worker) {
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/" });
}
