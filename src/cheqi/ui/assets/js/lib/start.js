// Starts htmx and Alpine under a policy that forbids eval and inline code.
// htmx reads its configuration from the page's <meta name="htmx-config">; what follows belongs to both shells.

import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";
import { autosave } from "./autosave.js";
import { batch } from "./batch.js";
import { columns } from "./columns.js";
import { countdown } from "./countdown.js";
import { startDialogs } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startToasts } from "./toasts.js";
import { upload } from "./upload.js";
import { viewer } from "./viewer.js";

export function start() {
  window.htmx = htmx;
  Alpine.data("autosave", autosave);
  Alpine.data("batch", batch);
  Alpine.data("columns", columns);
  Alpine.data("countdown", countdown);
  Alpine.data("upload", upload);
  Alpine.data("viewer", viewer);
  startDialogs();
  startKeys();
  startLive();
  startToasts();
  startForms();
  showCurrent();
  Alpine.start();
}

// On a phone the navigation is one line that scrolls: where one is must be in sight.
function showCurrent() {
  document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

// A form is sent once: its button rests until the answer is here. A page taken from the back-forward
// cache wakes its buttons again.
function startForms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method === "dialog" || event.target.hasAttribute("hx-post")) return;
    const button = event.submitter;
    if (!button || event.target.method !== "post") return;
    window.setTimeout(() => {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of document.querySelectorAll("button[aria-busy]")) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  });
  // A candidate that is clicked fills its field, which the person then confirms.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fills]");
    if (!button) return;
    const field = document.getElementById(button.dataset.fills);
    field.value = button.dataset.value;
    field.focus();
  });
  // A choice that takes effect at once, such as the language or a column, needs no button.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
}
