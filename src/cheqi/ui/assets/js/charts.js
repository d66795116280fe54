// Charts, loaded only by pages that have one: <div class="chart" data-chart="id-of-json-script">.
// Colours come from the page's variables; tooltips are drawn on the canvas, since the policy allows no
// inline style. Each chart's figures also stand on the page as a table.

import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(element) {
  const option = JSON.parse(document.getElementById(element.dataset.chart).textContent);
  const chart = echarts.getInstanceByDom(element) ?? echarts.init(element);
  chart.setOption({
    color: ["--accent", "--info", "--warn-bar", "--bad"].map(token),
    textStyle: { fontFamily: token("--font"), color: token("--ink-2") },
    grid: { left: 8, right: 8, top: 28, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    aria: { enabled: true },
    animation: false,
    ...option,
  });
}

function drawAll() {
  for (const element of document.querySelectorAll("[data-chart]")) draw(element);
}

drawAll();
document.body.addEventListener("htmx:afterSettle", drawAll);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
window.addEventListener("resize", () => {
  for (const element of document.querySelectorAll("[data-chart]")) echarts.getInstanceByDom(element)?.resize();
});
