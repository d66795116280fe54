// Short news at the edge: from the server's HX-Trigger {"toast": {"text": "…", "tone": "ok"}}, and an
// honest word when a request failed. A toast stays until it was readable for eight seconds or is closed;
// a bad one stays until it is closed.

const SHOWN_MS = 8000;

function show({ text, tone = "ok" }) {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const toast = document.createElement("div");
  toast.className = `toast ${tone}`;
  const line = document.createElement("span");
  line.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", place.dataset.close);
  close.addEventListener("click", () => toast.remove());
  toast.append(line, close);
  place.append(toast);
  if (tone !== "bad") window.setTimeout(() => toast.remove(), SHOWN_MS);
}

function words(name) {
  return document.getElementById("toasts")?.dataset[name] ?? "";
}

// What asks by itself again and again needs no word each time; an upload says it beside the photograph.
function speaksForItself(element) {
  return element.matches("[data-live], [hx-trigger^='every']") || element.closest(".upload") !== null;
}

// While there is no network a line on top says so; it goes by itself.
function startOfflineLine() {
  const line = document.querySelector("[data-offline-line]");
  if (!line) return;
  const look = () => {
    line.hidden = navigator.onLine;
  };
  window.addEventListener("online", look);
  window.addEventListener("offline", look);
  look();
}

export function startToasts() {
  startOfflineLine();
  document.body.addEventListener("toast", (event) => show(event.detail));
  document.body.addEventListener("htmx:sendError", (event) => {
    if (!speaksForItself(event.detail.elt)) show({ text: words("offline"), tone: "bad" });
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (speaksForItself(event.detail.elt)) return;
    const said = event.detail.xhr.getResponseHeader("X-Message");
    show({ text: said ? decodeURIComponent(said) : words("failed"), tone: "bad" });
  });
  document.addEventListener("click", (event) => event.target.closest?.("[data-dismiss]")?.closest(".toast")?.remove());
  for (const toast of document.querySelectorAll(".toast:not(.bad)")) window.setTimeout(() => toast.remove(), SHOWN_MS);
}
