// Columns that fold to tabs when the window is narrow: the tabs are made from each column's data-title.
// Without script all columns stand below each other.

export function columns() {
  return {
    init() {
      const root = this.$el;
      const sections = [...root.querySelectorAll(":scope > section[data-title]")];
      const list = document.createElement("div");
      list.className = "tablist";
      list.setAttribute("role", "tablist");
      const tabs = sections.map((section, index) => {
        section.id ||= `column-${index}`;
        const tab = document.createElement("button");
        tab.type = "button";
        tab.textContent = section.dataset.title;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", section.id);
        tab.addEventListener("click", () => select(index));
        list.append(tab);
        return tab;
      });
      function select(chosen) {
        sections.forEach((section, index) => {
          section.classList.toggle("shown", index === chosen);
          tabs[index].setAttribute("aria-selected", String(index === chosen));
          tabs[index].tabIndex = index === chosen ? 0 : -1;
        });
      }
      list.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
        select(next);
        tabs[next].focus();
        event.preventDefault();
      });
      root.prepend(list);
      root.classList.add("is-tabbed");
      select(Math.max(sections.findIndex((section) => "first" in section.dataset), 0));
    },
  };
}
