{% autoescape off %}// Keeps the offline page; every other answer comes from the network.
const KEPT = "cheqi-{{ files.0 }}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const OFFLINE = FILES[FILES.length - 1];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)));
});
self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old));
});
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (FILES.includes(path) && path !== OFFLINE) {
    event.respondWith(caches.match(path).then((kept) => kept ?? fetch(event.request)));
  } else if (event.request.mode === "navigate" && !path.startsWith("/desk/")) {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  }
});
{% endautoescape %}
