/** The script of a page: draws its charts, anew when the colours or the width change. */
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Chart } from "../chart.ts";
import { type Colours, heightOf, optionOf } from "./options.ts";

use([
  AriaComponent,
  BarChart,
  CustomChart,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  ScatterChart,
  SVGRenderer,
  TooltipComponent,
  VisualMapContinuousComponent,
]);

const charts: readonly Chart[] = JSON.parse(document.getElementById("charts")?.textContent ?? "[]");
const dark = matchMedia("(prefers-color-scheme: dark)");

const drawn = charts.map((chart, index) => {
  const element = document.getElementById(`chart-${index}`) as HTMLElement;
  const instance = init(element, undefined, { renderer: "svg" });
  const draw = (): void => {
    const width = element.clientWidth;
    element.style.height = `${heightOf(chart, width)}px`;
    instance.resize();
    instance.setOption(optionOf(chart, colours(), width), true);
  };
  draw();
  return draw;
});

function redraw(): void {
  for (const draw of drawn) draw();
}

dark.addEventListener("change", redraw);
let pending = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(redraw);
});

/** Of the page's style sheet. */
function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: of("text"),
    faint: of("faint"),
    line: of("line"),
    ground: of("ground"),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => of(`series-${number}`)),
    low: of("low"),
    middle: of("middle"),
    high: of("high"),
  };
}
