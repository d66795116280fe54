// The document beside its fields: zoom (+ -), turn (r), the next page (arrow keys), and boxes that light
// up with their field: [data-field="vin"] on a row and the polygon of the same name belong together.

const STEPS = [1, 1.5, 2, 3, 4];

export function viewer() {
  return {
    init() {
      const root = this.$el;
      const sheet = root.querySelector("[data-sheet]");
      const scope = root.closest("[data-document]") ?? root;
      let zoom = 0;
      let turn = 0;

      const paint = () => {
        const size = STEPS[zoom];
        sheet.style.width = sheet.style.height = `${size * 100}%`;
        sheet.style.transformOrigin = "50% 50%";
        sheet.style.transform = turn ? `rotate(${turn}deg)` : "";
        root.querySelector("[data-zoom]").textContent = `${size * 100}%`;
      };
      const actions = {
        in: () => { zoom = Math.min(zoom + 1, STEPS.length - 1); },
        out: () => { zoom = Math.max(zoom - 1, 0); },
        turn: () => { turn = (turn + 90) % 360; },
        next: () => root.querySelector("a[rel=next]")?.click(),
        back: () => root.querySelector("a[rel=prev]")?.click(),
      };
      const act = (name) => {
        actions[name]();
        paint();
      };
      root.addEventListener("click", (event) => {
        const button = event.target.closest("[data-act]");
        if (button) act(button.dataset.act);
        const box = event.target.closest("polygon[data-box]");
        if (box) scope.querySelector(`[data-field="${CSS.escape(box.dataset.box)}"] input`)?.focus();
      });
      root.addEventListener("keydown", (event) => {
        const name = { "+": "in", "=": "in", "-": "out", r: "turn", ArrowRight: "next", ArrowLeft: "back" }[event.key];
        if (!name || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        act(name);
      });
      const light = (event, on) => {
        const key = event.target.closest?.("[data-field]")?.dataset.field;
        for (const box of root.querySelectorAll("polygon")) box.classList.toggle("on", on && box.dataset.box === key);
      };
      scope.addEventListener("focusin", (event) => light(event, true));
      scope.addEventListener("focusout", (event) => light(event, false));
      scope.addEventListener("mouseover", (event) => light(event, true));
    },
  };
}
