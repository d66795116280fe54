// Several files at once: each gets a line with the document that it is, its own progress, what is wrong with it,
// and another try. Nothing is sent before the person has seen which file goes where and pressed the button.

const DONE = "done";

export function batch() {
  return {
    init() {
      const root = this.$el;
      const words = root.dataset;
      const list = root.querySelector("[data-rows]");
      const pattern = root.querySelector("template");
      const drop = root.querySelector("[data-drop]");
      const input = root.querySelector("input[type=file]");
      const send = root.querySelector("[data-send]");
      const summary = root.querySelector("[data-summary]");
      const limit = Number(words.limit ?? 0);
      const rows = [];

      const say = (row, text, isBad = false) => {
        row.said.textContent = text;
        row.said.classList.toggle("bad-line", isBad);
      };
      const rest = () => {
        const isBusy = rows.some((one) => one.state === "sending");
        send.disabled = isBusy;
        send.hidden = !isBusy && !rows.some((one) => one.state === "waiting");
      };
      const become = (row, state) => {
        row.state = state;
        row.progress.hidden = state !== "sending";
        row.retry.hidden = state !== "failed";
        row.remove.hidden = state === "sending" || state === DONE;
        row.select.disabled = state === "sending" || state === DONE;
        rest();
      };
      const taken = () => rows.filter((row) => row.state !== DONE).map((row) => row.select.value);
      const guess = (select, file) => {
        const options = [...select.options].filter((option) => option.value);
        const free = options.filter((option) => !taken().includes(option.value));
        const named = free.find((option) => file.name.includes(option.text.split("（")[0]));
        return (named ?? free.find((option) => option.hasAttribute("data-missing")))?.value ?? "";
      };
      const add = (file) => {
        const item = pattern.content.firstElementChild.cloneNode(true);
        const find = (name) => item.querySelector(`[data-${name}]`);
        const row = { file, item, select: find("slot"), progress: find("progress"), said: find("said") };
        row.retry = find("retry");
        row.remove = find("remove");
        find("name").textContent = file.name;
        for (const part of [row.select, row.retry, row.remove]) {
          part.setAttribute("aria-label", `${part.dataset.label}${file.name}`);
        }
        row.select.value = guess(row.select, file);
        row.retry.addEventListener("click", () => transfer(row));
        row.remove.addEventListener("click", () => {
          rows.splice(rows.indexOf(row), 1);
          item.remove();
          rest();
          input.focus();
        });
        row.select.addEventListener("change", () => row.state === "waiting" && say(row, ""));
        rows.push(row);
        list.append(item);
        if (limit && file.size > limit) {
          become(row, "refused");
          row.select.value = "";
          row.select.disabled = true;
          say(row, words.tooLarge, true);
        } else become(row, "waiting");
      };
      const take = (files) => {
        for (const file of files) add(file);
        summary.textContent = words.chosen.replace("{n}", files.length);
      };
      const fail = (row, text) => {
        become(row, "failed");
        say(row, text, true);
      };
      const transfer = (row) =>
        new Promise((done) => {
          const option = row.select.selectedOptions[0];
          if (!option?.value) {
            say(row, words.choose, true);
            row.select.focus();
            return done();
          }
          const body = new FormData();
          body.append("file", row.file);
          body.append("csrfmiddlewaretoken", root.querySelector("[name=csrfmiddlewaretoken]").value);
          const call = new XMLHttpRequest();
          call.open("POST", option.dataset.url);
          call.setRequestHeader("HX-Request", "true");
          call.upload.addEventListener("progress", (event) => {
            if (event.lengthComputable) row.progress.value = Math.round((100 * event.loaded) / event.total);
          });
          call.addEventListener("load", () => {
            const said = call.getResponseHeader("X-Message");
            if (call.status >= 400) fail(row, said ? decodeURIComponent(said) : words.failed);
            else {
              become(row, DONE);
              say(row, words.sent);
            }
            if (call.status < 400 && document.querySelector(option.dataset.target)) {
              window.htmx.swap(option.dataset.target, call.responseText, { swapStyle: "outerHTML" });
            }
            done();
          });
          call.addEventListener("error", () => done(fail(row, words.failed)));
          row.progress.value = 0;
          become(row, "sending");
          say(row, words.sending);
          call.send(body);
        });

      send.addEventListener("click", async () => {
        for (const row of rows.filter((one) => one.state === "waiting")) {
          if (taken().filter((value) => value && value === row.select.value).length > 1) {
            say(row, words.twice, true);
          } else await transfer(row);
        }
        const sent = rows.filter((row) => row.state === DONE).length;
        summary.textContent = words.result.replace("{n}", sent).replace("{all}", rows.length);
      });
      input.addEventListener("change", () => {
        take([...input.files]);
        input.value = "";
      });
      for (const kind of ["dragover", "dragleave", "drop"]) {
        drop.addEventListener(kind, (event) => {
          event.preventDefault();
          drop.classList.toggle("over", kind === "dragover");
          if (kind === "drop") take([...event.dataTransfer.files]);
        });
      }
    },
  };
}
