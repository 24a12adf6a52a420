/** Charts as plain data: what they show. */

export type Unit = "millions" | "bytes" | "ratio" | "percent" | "number";

export interface Axis {
  readonly name: string;
  readonly unit: Unit;
}

interface Titled {
  readonly title: string;
}

/** A group of bars for each category; `ranges` are drawn as whiskers. */
export interface BarChart extends Titled {
  readonly kind: "bars";
  readonly categories: readonly string[];
  readonly unit: Unit;
  readonly series: readonly {
    readonly name: string;
    /** Null: there is none. */
    readonly values: readonly (number | null)[];
    readonly ranges?: readonly (readonly [low: number, high: number] | null)[];
  }[];
}

export interface LineChart extends Titled {
  readonly kind: "lines";
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

export interface ScatterChart extends Titled {
  readonly kind: "scatter";
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly { readonly x: number; readonly y: number; readonly label: string }[];
  }[];
}

/** Colours part at `middle`: what is above it and below it. */
export interface HeatMap extends Titled {
  readonly kind: "heat";
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly unit: Unit;
  readonly middle: number;
  /** By row and column; null: there is none. */
  readonly values: readonly (readonly (number | null)[])[];
}

export type Chart = BarChart | LineChart | ScatterChart | HeatMap;
