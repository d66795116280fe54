// Short news at the edge: from the server's HX-Trigger {"toast": {"text": "…", "tone": "ok"}}, and an
// honest word when a request failed. A toast stays until it was readable for eight seconds or is closed;
// a bad one stays until it is closed.

const SHOWN_MS = 8000;

function show({ text, tone = "ok" }) {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const toast = document.createElement("div");
  toast.className = `toast ${tone}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", place.dataset.close);
  close.addEventListener("click", () => toast.remove());
  toast.append(words, close);
  place.append(toast);
  if (tone !== "bad") window.setTimeout(() => toast.remove(), SHOWN_MS);
}

export function startToasts() {
  const place = document.getElementById("toasts");
  if (!place) return;
  document.body.addEventListener("toast", (event) => show(event.detail));
  document.body.addEventListener("htmx:sendError", (event) => {
    if (!event.detail.elt.matches("[data-live]")) show({ text: place.dataset.offline, tone: "bad" });
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt.matches("[data-live]")) return;
    const said = event.detail.xhr.getResponseHeader("X-Message");
    show({ text: said ? decodeURIComponent(said) : place.dataset.failed, tone: "bad" });
  });
  place.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast")?.remove());
  for (const toast of place.querySelectorAll(".toast:not(.bad)")) window.setTimeout(() => toast.remove(), SHOWN_MS);
}
