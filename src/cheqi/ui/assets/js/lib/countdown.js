// A button that rests for some seconds (a new one-time code): <button x-data="countdown" data-seconds="60"
// data-waiting="{n} 秒后可重发">. The server keeps the real limit; this only saves a vain click.

export function countdown() {
  return {
    left: 0,
    init() {
      const button = this.$el;
      const ready = button.textContent.trim();
      this.left = Number(button.dataset.seconds ?? 0);
      const paint = () => {
        button.disabled = this.left > 0;
        button.textContent = this.left > 0 ? button.dataset.waiting.replace("{n}", String(this.left)) : ready;
      };
      paint();
      this.timer = window.setInterval(() => {
        if (this.left > 0) {
          this.left -= 1;
          paint();
        }
      }, 1000);
    },
    destroy() {
      window.clearInterval(this.timer);
    },
  };
}
