// Native dialogs: data-opens="id" shows one, data-closes closes the one it is in, and a question
// (data-question on a form, hx-confirm) is asked in the page's own dialog instead of the browser's.

function ask(question, onYes) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-question-text]").textContent = question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && onYes(), { once: true });
  dialog.showModal();
}

// A form with data-question is sent only after the answer; the same button then sends it.
function askBeforeSending(event) {
  const form = event.target;
  if (!form.dataset.question || form.dataset.answered) {
    delete form.dataset.answered;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask(form.dataset.question, () => {
    form.dataset.answered = "yes";
    form.requestSubmit(submitter);
  });
}

// An opener may fill a field of the dialog: data-sets="name" data-value="…". What an answer left there
// before ([aria-live]) is cleared, so that a second look starts empty.
function open(dialog, opener) {
  if (!dialog) return;
  const field = opener.dataset.sets && dialog.querySelector(`[name="${CSS.escape(opener.dataset.sets)}"]`);
  if (field) {
    field.value = opener.dataset.value ?? "";
    for (const region of dialog.querySelectorAll("[aria-live]")) region.replaceChildren();
  }
  dialog.showModal();
}

export function startDialogs() {
  // A dialog whose form came back with objections opens again by itself.
  for (const dialog of document.querySelectorAll("dialog[data-open-now]")) dialog.showModal();
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && opener.getAttribute("aria-disabled") !== "true") {
      event.preventDefault();
      open(document.getElementById(opener.dataset.opens), opener);
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target.matches("dialog")) event.target.close(); // a click on the veil
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("submit", askBeforeSending, true);
  document.body.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest } = event.detail;
    if (!question) return;
    event.preventDefault();
    ask(question, () => issueRequest(true));
  });
}
