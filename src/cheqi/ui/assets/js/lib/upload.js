// One photograph: camera or file, dragged at the desk; a preview, how far it is, and a way out of each trouble.
// The form works without script; with it, the file goes up by htmx as soon as it is chosen.
//
// While it is sent it can be stopped. When the connection breaks, or nothing has moved for half a minute, the file
// is kept: it goes up again by itself once the browser is online, or at a press. Whoever leaves meanwhile is asked.

const STALLED_MS = 30_000;
const sending = new Set();

window.addEventListener("beforeunload", (event) => {
  if (sending.size) event.preventDefault();
});

function megabytes(bytes) {
  return (bytes / 1024 / 1024).toFixed(1);
}

export function upload() {
  return {
    init() {
      const root = this.$el;
      const form = root.querySelector("form");
      const drop = root.querySelector("[data-drop]");
      const before = [...drop.childNodes];
      const progress = root.querySelector("progress");
      const line = root.querySelector("[data-line]");
      const stop = root.querySelector("[data-stop]");
      const again = root.querySelector("[data-again]");
      const limit = Number(root.dataset.limit ?? 0);
      const inputs = [...root.querySelectorAll("input[type=file]")];
      let chosen = null;
      let shown = "";
      let clock = 0;
      let state = ""; // sending, checking, stopped, broken

      const say = (text, isBad = false) => {
        line.textContent = text;
        line.hidden = !text;
        line.classList.toggle("bad-line", isBad);
      };
      const become = (next) => {
        state = next;
        const busy = next === "sending" || next === "checking";
        if (busy) sending.add(root);
        else sending.delete(root);
        window.clearTimeout(clock);
        if (busy) clock = window.setTimeout(() => window.htmx.trigger(form, "htmx:abort"), STALLED_MS);
        root.classList.toggle("is-sending", busy);
        root.classList.toggle("is-broken", next === "broken");
        progress.hidden = !busy;
        stop.hidden = next !== "sending";
        again.hidden = next !== "broken";
        for (const input of inputs) input.disabled = busy && input !== chosen;
      };
      const forget = () => {
        become("");
        chosen = null;
        for (const input of inputs) input.value = "";
        if (shown) URL.revokeObjectURL(shown);
        shown = "";
        root.classList.remove("has-file");
        drop.replaceChildren(...before);
      };
      const preview = (file) => {
        if (shown) URL.revokeObjectURL(shown);
        shown = "";
        drop.replaceChildren();
        if (file.type.startsWith("image/")) {
          shown = URL.createObjectURL(file);
          const image = document.createElement("img");
          image.src = shown;
          image.alt = root.dataset.preview;
          image.addEventListener("error", () => drop.replaceChildren(file.name)); // nothing the browser can show
          drop.append(image);
        } else drop.append(file.name);
        root.classList.add("has-file");
      };
      const send = () => {
        progress.value = 0;
        say(root.dataset.sending);
        become("sending");
        form.requestSubmit();
      };
      const take = (input) => {
        const file = input.files[0];
        if (!file) return;
        for (const other of inputs) if (other !== input) other.value = "";
        if (limit && file.size > limit) {
          forget();
          say(root.dataset.tooLarge, true);
          return;
        }
        chosen = input;
        preview(file);
        send();
      };
      const moved = ({ lengthComputable, loaded, total }) => {
        if (state !== "sending" || !lengthComputable) return;
        become("sending"); // it moves: the clock begins anew
        progress.value = Math.round((100 * loaded) / total);
        const words = root.dataset.sentSoFar.replace("{sent}", megabytes(loaded)).replace("{all}", megabytes(total));
        say(words);
        if (loaded === total) {
          become("checking");
          say(root.dataset.checking);
        }
      };

      for (const input of inputs) input.addEventListener("change", () => take(input));
      for (const kind of ["dragover", "dragleave", "drop"]) {
        drop.addEventListener(kind, (event) => {
          event.preventDefault();
          drop.classList.toggle("over", kind === "dragover");
          if (kind !== "drop" || !event.dataTransfer.files.length || sending.has(root)) return;
          const input = inputs[inputs.length - 1];
          const one = new DataTransfer();
          one.items.add(event.dataTransfer.files[0]);
          input.files = one.files;
          take(input);
        });
      }
      stop.addEventListener("click", () => {
        become("stopped");
        window.htmx.trigger(form, "htmx:abort");
        forget();
        say(root.dataset.stopped);
      });
      again.addEventListener("click", send);
      this.back = () => state === "broken" && root.isConnected && send();
      window.addEventListener("online", this.back);
      root.addEventListener("htmx:xhr:progress", (event) => moved(event.detail));
      root.addEventListener("htmx:afterRequest", (event) => {
        const { successful, xhr } = event.detail;
        if (state === "stopped" || !state) return;
        if (successful || xhr.status === 422) forget();
        else if (xhr.status === 0 || xhr.status >= 500) {
          become("broken");
          say(navigator.onLine ? root.dataset.broken : root.dataset.offline, true);
        } else {
          forget();
          const said = xhr.getResponseHeader("X-Message");
          say(said ? decodeURIComponent(said) : root.dataset.failed, true);
        }
      });
    },
    destroy() {
      sending.delete(this.$el);
      window.removeEventListener("online", this.back);
    },
  };
}
