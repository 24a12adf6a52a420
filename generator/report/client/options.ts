/** A chart in the words of ECharts. */
import type { CustomSeriesRenderItemAPI } from "echarts";

import type {
  BarSeriesOption,
  CustomSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  ScatterSeriesOption,
} from "echarts/charts";
import type {
  GridComponentOption,
  LegendComponentOption,
  TooltipComponentOption,
  VisualMapComponentOption,
} from "echarts/components";
import type { ComposeOption } from "echarts/core";
import type { Axis, BarChart, Chart, HeatMap, LineChart, ScatterChart } from "../chart.ts";
import { escaped, textOf } from "./text.ts";

export interface Colours {
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly ground: string;
  readonly series: readonly string[];
  readonly low: string;
  readonly middle: string;
  readonly high: string;
}

type Option = ComposeOption<
  | BarSeriesOption
  | CustomSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>;

/** Below it a chart has no room for long words. */
const NARROW = 520;
const ROW_HEIGHT = 30;
/** Below it the names of columns are written at a slant. */
const WIDE_WORD = 150;

export function heightOf(chart: Chart, width: number): number {
  if (chart.kind === "heat") return chart.rows.length * ROW_HEIGHT + 130;
  return width < NARROW ? 300 : 340;
}

export function optionOf(chart: Chart, colours: Colours, width: number): Option {
  const common: Option = {
    animation: false,
    aria: { enabled: true, label: { description: chart.title } },
    color: [...colours.series],
    textStyle: { color: colours.text, fontFamily: "system-ui, sans-serif" },
    tooltip: {
      trigger: chart.kind === "lines" || chart.kind === "bars" ? "axis" : "item",
      confine: true,
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.text },
    },
  };
  switch (chart.kind) {
    case "bars":
      return { ...common, ...bars(chart, colours, width) };
    case "lines":
      return { ...common, ...lines(chart, colours, width) };
    case "scatter":
      return { ...common, ...scatter(chart, colours, width) };
    case "heat":
      return { ...common, ...heat(chart, colours, width) };
  }
}

const grid = { left: 8, right: 16, top: 40, bottom: 32, containLabel: true };

const legend = (colours: Colours) => ({
  top: 0,
  type: "plain" as const,
  textStyle: { color: colours.text },
});

function valueAxis({ name, unit }: Axis, colours: Colours, isFromZero: boolean) {
  return {
    type: "value" as const,
    name,
    nameLocation: "middle" as const,
    nameGap: 28,
    nameTextStyle: { color: colours.faint },
    scale: !isFromZero,
    axisLabel: { color: colours.faint, hideOverlap: true, formatter: (value: number) => textOf(value, unit) },
    splitLine: { lineStyle: { color: colours.line } },
    axisLine: { lineStyle: { color: colours.line } },
  };
}

function categoryAxis(data: readonly string[], colours: Colours, rotate = 0) {
  return {
    type: "category" as const,
    data: [...data],
    axisLabel: { color: colours.text, interval: 0, rotate, width: 140, overflow: "truncate" as const },
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
  };
}

function bars({ categories, unit, series }: BarChart, colours: Colours, width: number): Option {
  const isCrowded = categories.length * series.length > width / 60 || width < NARROW;
  return {
    grid,
    legend: legend(colours),
    xAxis: categoryAxis(categories, colours, isCrowded && categories.length > 2 ? 40 : 0),
    yAxis: { ...valueAxis({ name: "", unit }, colours, true) },
    series: series.flatMap(({ name, values, ranges }, at): (BarSeriesOption | CustomSeriesOption)[] => [
      {
        type: "bar",
        name,
        data: values.map((value) => value ?? "-"),
        tooltip: { valueFormatter: (value) => textOf(Number(value), unit) },
      },
      ...(ranges === undefined ? [] : [whiskers(name, ranges, series.length, at, colours)]),
    ]),
  };
}

/** A line from the low to the high value of each bar. */
function whiskers(
  name: string,
  ranges: readonly (readonly [number, number] | null)[],
  count: number,
  at: number,
  colours: Colours,
): CustomSeriesOption {
  return {
    type: "custom",
    name,
    silent: true,
    tooltip: { show: false },
    z: 3,
    data: ranges.flatMap((range, index) => (range === null ? [] : [[index, range[0], range[1]]])),
    encode: { x: 0, y: [1, 2] },
    renderItem: (_, api: CustomSeriesRenderItemAPI) => {
      const layout = api.barLayout({ count, barGap: "30%", barCategoryGap: "20%" })?.[at];
      const [low, high] = [1, 2].map((key) => api.coord([api.value(0), api.value(key)]) as [number, number]);
      const x = (low?.[0] ?? 0) + (layout?.offsetCenter ?? 0);
      return {
        type: "line",
        shape: { x1: x, x2: x, y1: low?.[1] ?? 0, y2: high?.[1] ?? 0 },
        style: { stroke: colours.text, lineWidth: 1.5 },
      };
    },
  };
}

function lines({ x, y, series }: LineChart, colours: Colours, width: number): Option {
  return {
    grid,
    legend: legend(colours),
    xAxis: { ...valueAxis(x, colours, false), splitNumber: width < NARROW ? 3 : 6 },
    yAxis: valueAxis({ ...y, name: "" }, colours, true),
    series: series.map(({ name, points }) => ({
      type: "line",
      name,
      showSymbol: false,
      lineStyle: { width: 1.5 },
      data: points.map((point) => [...point]),
      tooltip: { valueFormatter: (value) => textOf(Number(value), y.unit) },
    })),
  };
}

function scatter({ x, y, series }: ScatterChart, colours: Colours, width: number): Option {
  return {
    grid: { ...grid, bottom: 40, left: 24 },
    legend: legend(colours),
    xAxis: { ...valueAxis(x, colours, false), splitNumber: width < NARROW ? 3 : 6 },
    yAxis: { ...valueAxis(y, colours, false), nameGap: 48 },
    series: series.map(({ name, points }) => ({
      type: "scatter",
      name,
      symbolSize: 10,
      data: points.map((point) => ({ value: [point.x, point.y], name: point.label })),
      tooltip: {
        formatter: (point: unknown) => {
          const { name: label, value } = point as { name: string; value: [number, number] };
          const figures = `${textOf(value[0], x.unit)}, ${textOf(value[1], y.unit)}`;
          return [...label.split("; "), figures].map(escaped).join("<br>");
        },
      },
    })),
  };
}

function heat({ columns, rows, unit, middle, values }: HeatMap, colours: Colours, width: number): Option {
  // Twice as much and half as much are equally far from the middle.
  const isRatio = unit === "ratio";
  const distance = (value: number): number => (isRatio ? Math.log(value / middle) : value - middle);
  const valueAt = (far: number): string => textOf(isRatio ? middle * Math.exp(far) : middle + far, unit);
  const data = values.flatMap((row, y) =>
    row.flatMap((value, x) => (value === null ? [] : [[x, y, distance(value)]])),
  );
  const far = Math.max(...data.map(([, , value]) => Math.abs(value as number)), 1e-9);
  return {
    grid: { ...grid, top: 8, bottom: 64 },
    xAxis: categoryAxis(columns, colours, width / columns.length < WIDE_WORD ? 40 : 0),
    yAxis: {
      ...categoryAxis(rows, colours),
      inverse: true,
      axisLabel: { color: colours.text, width: width < NARROW ? 110 : 320, overflow: "truncate" },
    },
    visualMap: {
      min: -far,
      max: far,
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemHeight: 120,
      textStyle: { color: colours.faint },
      text: [valueAt(far), valueAt(-far)],
      inRange: { color: [colours.low, colours.middle, colours.high] },
    },
    series: [
      {
        type: "heatmap",
        data,
        label: {
          show: width / (columns.length + 3) > 44,
          color: colours.text,
          formatter: ({ value }) => valueAt((value as number[])[2] ?? Number.NaN),
        },
        itemStyle: { borderColor: colours.ground, borderWidth: 1 },
        tooltip: {
          formatter: (cell: unknown) => {
            const [column = 0, row = 0, value = 0] = (cell as { value: number[] }).value;
            return [rows[row] ?? "", columns[column] ?? "", valueAt(value)].map(escaped).join("<br>");
          },
        },
      },
    ],
  };
}
