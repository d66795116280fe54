// The keyboard: j k move, Enter opens, `/` searches, `?` shows what else there is.
// Any element with data-shortcut="e" is pressed (or focused, if it is a field) by that key; the help
// dialog lists them by their data-shortcut-label.

function typing(target) {
  return target instanceof Element && (target.matches("input, textarea, select") || target.isContentEditable);
}

function items() {
  return [...document.querySelectorAll("[data-list] [data-item]")].filter((item) => item.offsetParent !== null);
}

function move(step) {
  const all = items();
  if (!all.length) return false;
  const at = all.findIndex((item) => item.hasAttribute("data-current"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  for (const item of all) item.toggleAttribute("data-current", item === next);
  const link = next.matches("a") ? next : next.querySelector("a");
  (link ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function help() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog || dialog.open) return false;
  const list = dialog.querySelector("[data-shortcut-list]");
  for (const old of list.querySelectorAll("[data-added]")) old.remove();
  for (const element of document.querySelectorAll("[data-shortcut][data-shortcut-label]")) {
    const key = document.createElement("dt");
    const word = document.createElement("dd");
    const cap = document.createElement("kbd");
    cap.textContent = element.dataset.shortcut;
    key.append(cap);
    word.textContent = element.dataset.shortcutLabel;
    for (const part of [key, word]) {
      part.dataset.added = "";
      list.append(part);
    }
  }
  dialog.showModal();
  return true;
}

function press(key) {
  const element = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!element) return false;
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
  return true;
}

// The neighbouring document, where the page shows one.
function turn(rel) {
  const link = document.querySelector(`.viewer a[rel=${rel}]`);
  link?.click();
  return Boolean(link);
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target) && event.target.type === "search") event.target.blur();
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const done =
      (event.key === "j" && move(1)) ||
      (event.key === "k" && move(-1)) ||
      (event.key === "?" && help()) ||
      (event.key === "ArrowLeft" && turn("prev")) ||
      (event.key === "ArrowRight" && turn("next")) ||
      (event.key.length === 1 && press(event.key));
    if (done) event.preventDefault();
  });
}
