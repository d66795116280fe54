// A long form that saves itself: <form x-data="autosave" data-url="…"> with <div class="field" data-question="…">.
//
// On every change the form goes to the server, which answers with the form as it is now. What a person types
// meanwhile is never overwritten: fields keep their inputs, only their notes (errors, help), their labels, what
// a list offers and the regions marked [data-saved] are exchanged. When another set of questions is asked, the groups are exchanged whole.

const keys = (root) => [...root.querySelectorAll("[data-question]")].map((field) => field.dataset.question).join();

// What a list offers may depend on another answer; what was chosen stays chosen while it is still offered.
function offerAgain(list, now) {
  const offered = (one) => [...one.options].map((option) => option.value + option.text).join();
  if (!now || list === document.activeElement || offered(list) === offered(now)) return;
  const chosen = list.value;
  list.replaceChildren(...now.children);
  list.value = chosen;
  if (list.selectedIndex < 0) list.value = "";
}

export function autosave() {
  return {
    init() {
      const form = this.$el;
      let timer = 0;
      let running = Promise.resolve();

      const take = (html) => {
        const fresh = new DOMParser().parseFromString(html, "text/html");
        for (const region of form.querySelectorAll("[data-saved]")) {
          const now = fresh.getElementById(region.id);
          if (now) region.replaceChildren(...now.childNodes);
        }
        if (keys(fresh) !== keys(form)) {
          const focused = document.activeElement?.id;
          for (const group of form.querySelectorAll("[data-group]")) {
            const now = fresh.getElementById(group.id);
            if (now && keys(now) !== keys(group)) group.replaceChildren(...now.childNodes);
          }
          if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
        }
        for (const words of form.querySelectorAll("[data-words]")) {
          const now = fresh.getElementById(words.id);
          if (now) words.replaceChildren(...now.childNodes);
        }
        for (const list of form.querySelectorAll("select")) offerAgain(list, fresh.getElementById(list.id));
        for (const note of form.querySelectorAll("[data-note]")) {
          const now = fresh.getElementById(note.id);
          if (now) note.replaceChildren(...now.childNodes);
          const input = note.closest(".field")?.querySelector("input:not([type=hidden]), select");
          input?.toggleAttribute("aria-invalid", Boolean(now?.querySelector(".error")));
          if (input?.hasAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
        }
      };
      const save = async () => {
        const answer = await fetch(form.dataset.url, {
          method: "POST",
          body: new FormData(form),
          headers: { "HX-Request": "true" },
          credentials: "same-origin",
        }).catch(() => null);
        if (answer?.ok) take(await answer.text());
        else document.dispatchEvent(new CustomEvent("htmx:sendError", { bubbles: true }));
      };
      form.addEventListener("change", () => {
        window.clearTimeout(timer);
        timer = window.setTimeout(() => {
          running = running.then(save);
        }, 120);
      });
    },
  };
}
