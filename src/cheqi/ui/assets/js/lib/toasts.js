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

export function startToasts() {
  document.body.addEventListener("toast", (event) => show(event.detail));
  document.body.addEventListener("htmx:sendError", (event) => {
    if (!event.detail.elt.matches("[data-live]")) show({ text: words("offline"), tone: "bad" });
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt.matches("[data-live]")) return;
    const said = event.detail.xhr.getResponseHeader("X-Message");
    show({ text: said ? decodeURIComponent(said) : words("failed"), tone: "bad" });
  });
  document.addEventListener("click", (event) => event.target.closest?.("[data-dismiss]")?.closest(".toast")?.remove());
  for (const toast of document.querySelectorAll(".toast:not(.bad)")) window.setTimeout(() => toast.remove(), SHOWN_MS);
}
