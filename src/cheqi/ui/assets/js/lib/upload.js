// One photograph: camera or file, dragged at the desk; a preview, a progress bar, and taking it again.
// The form works without script; with it, the file goes up by htmx as soon as it is chosen.

export function upload() {
  return {
    init() {
      const root = this.$el;
      const form = root.querySelector("form");
      const drop = root.querySelector("[data-drop]");
      const progress = root.querySelector("progress");
      const line = root.querySelector("[data-line]");
      const limit = Number(root.dataset.limit ?? 0);
      const inputs = [...root.querySelectorAll("input[type=file]")];
      let shown = "";

      const say = (text) => {
        line.textContent = text;
        line.hidden = !text;
      };
      const preview = (file) => {
        if (shown) URL.revokeObjectURL(shown);
        drop.replaceChildren();
        if (file.type.startsWith("image/")) {
          shown = URL.createObjectURL(file);
          const image = document.createElement("img");
          image.src = shown;
          image.alt = root.dataset.preview;
          drop.append(image);
        } else drop.append(file.name);
        root.classList.add("has-file");
      };
      const send = (input) => {
        const file = input.files[0];
        if (!file) return;
        if (limit && file.size > limit) {
          say(root.dataset.tooLarge);
          input.value = "";
          return;
        }
        preview(file);
        say(root.dataset.sending);
        progress.hidden = false;
        progress.value = 0;
        for (const other of inputs) other.disabled = other !== input;
        form.requestSubmit();
      };
      for (const input of inputs) input.addEventListener("change", () => send(input));
      for (const kind of ["dragover", "dragleave", "drop"]) {
        drop.addEventListener(kind, (event) => {
          event.preventDefault();
          drop.classList.toggle("over", kind === "dragover");
          if (kind !== "drop" || !event.dataTransfer.files.length) return;
          const input = inputs[inputs.length - 1];
          const one = new DataTransfer();
          one.items.add(event.dataTransfer.files[0]);
          input.files = one.files;
          send(input);
        });
      }
      root.addEventListener("htmx:xhr:progress", (event) => {
        if (event.detail.lengthComputable) progress.value = Math.round((100 * event.detail.loaded) / event.detail.total);
      });
      root.addEventListener("htmx:afterRequest", (event) => {
        for (const input of inputs) {
          input.disabled = false;
          input.value = "";
        }
        progress.hidden = true;
        say(event.detail.successful ? root.dataset.sent : root.dataset.failed);
      });
    },
  };
}
