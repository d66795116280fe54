// Native dialogs: data-opens="id" shows one, data-closes closes the one it is in, and htmx's question
// (hx-confirm) is asked in the page's own dialog instead of the browser's.

function ask(event) {
  const { question, issueRequest } = event.detail;
  const dialog = document.getElementById("confirm");
  if (!question || !dialog) return;
  event.preventDefault();
  dialog.querySelector("[data-question]").textContent = question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && issueRequest(true), { once: true });
  dialog.showModal();
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && opener.getAttribute("aria-disabled") !== "true") {
      event.preventDefault();
      document.getElementById(opener.dataset.opens)?.showModal();
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target.matches("dialog")) event.target.close(); // a click on the veil
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.body.addEventListener("htmx:confirm", ask);
}
