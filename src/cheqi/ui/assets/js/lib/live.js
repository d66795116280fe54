// Regions that poll: <div data-live hx-get="…" hx-trigger="every 8s">.
//
// The entity tag of the last answer goes back with the question, so an unchanged page costs a 304 and
// swaps nothing. A hidden page does not poll. A region in which somebody is typing, a form is under way
// or a chosen photograph waits is left alone; other focus is put back by id. What changed fades in.

const tags = new WeakMap();

function region(event) {
  const source = event.detail.elt;
  return source?.matches?.("[data-live]") ? source : null;
}

function busy(element) {
  const focused = document.activeElement;
  const typing = element.contains(focused) && focused.matches("input, textarea, select");
  return typing || element.querySelector("dialog[open], details.menu[open], form.htmx-request, .upload.has-file") !== null;
}

function note(element, stale) {
  const line = element.querySelector("[data-live-note]") ?? document.querySelector("[data-live-note]");
  if (!line) return;
  line.classList.toggle("stale", stale);
  if (stale) line.textContent = line.dataset.offline;
  else if (line.dataset.fresh) line.textContent = line.dataset.fresh;
}

export function startLive() {
  const body = document.body;
  body.addEventListener("htmx:configRequest", (event) => {
    const element = region(event);
    if (element && tags.has(element)) event.detail.headers["If-None-Match"] = tags.get(element);
  });
  body.addEventListener("htmx:beforeRequest", (event) => {
    const element = region(event);
    if (element && (document.hidden || busy(element))) event.preventDefault();
  });
  body.addEventListener("htmx:beforeSwap", (event) => {
    const element = region(event);
    if (!element) return;
    const { xhr } = event.detail;
    note(element, xhr.status >= 400);
    if (xhr.status !== 200 || busy(element)) {
      event.detail.shouldSwap = false;
      event.detail.isError = xhr.status >= 400;
      return;
    }
    const tag = xhr.getResponseHeader("ETag");
    if (tag) tags.set(element, tag);
    element.dataset.focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    const element = region(event);
    if (!element) return;
    const focused = element.dataset.focused;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    element.classList.remove("live-changed");
    void element.offsetWidth; // restarts the animation
    element.classList.add("live-changed");
  });
  body.addEventListener("htmx:sendError", (event) => {
    const element = region(event);
    if (element) note(element, true);
  });
}
