// Draws one chart from its table: labels from the row headings, values from data-value, texts and links from the cells.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

interface Series {
  name: string;
  previous: boolean;
  cells: HTMLTableCellElement[];
}

/** The computed value of a colour token: canvas does not understand custom properties. */
function colour(figure: HTMLElement, token: string) {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  figure.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function readTable(figure: HTMLElement) {
  const table = figure.querySelector("table")!;
  const rows = [...table.tBodies[0]!.rows];
  const labels = rows.map((row) => row.cells[0]!.textContent!.trim());
  const series: Series[] = [...table.tHead!.rows[0]!.cells].slice(1).map((heading, i) => ({
    name: heading.textContent!.trim(),
    previous: heading.dataset.previous !== undefined,
    cells: rows.map((row) => row.cells[i + 1]!),
  }));
  return { labels, series };
}

const valueOf = (cell: HTMLTableCellElement) => (cell.dataset.value ? Number(cell.dataset.value) : null);

function axisFormat(figure: HTMLElement) {
  const { format, currency } = figure.dataset;
  const style: Intl.NumberFormatOptions = format === "percent" ? { style: "percent", maximumFractionDigits: 1 }
    : format === "money" ? { style: "currency", currency, notation: "compact", maximumFractionDigits: 1, currencyDisplay: "narrowSymbol" }
    : { notation: "compact", maximumFractionDigits: 1 };
  const formatter = new Intl.NumberFormat(document.documentElement.lang, style);
  return (value: number) => formatter.format(value);
}

function seriesOptions(figure: HTMLElement, { name, previous, cells }: Series, i: number, several: boolean) {
  const own = colour(figure, previous ? "--chart-previous" : `--chart-${(i % 6) + 1}`);
  const common = { name, data: cells.map(valueOf), color: own, z: previous ? 1 : 2 };
  if (figure.dataset.chart === "bar" && !previous) {
    const stacked = figure.dataset.stacked !== undefined;
    return { ...common, type: "bar" as const, stack: stacked ? "all" : undefined, barMaxWidth: 28, barCategoryGap: "28%", itemStyle: { borderRadius: stacked ? 0 : [2, 2, 0, 0] } };
  }
  return {
    ...common,
    type: "line" as const,
    showSymbol: cells.length === 1,
    symbol: "circle",
    symbolSize: 6,
    lineStyle: { width: previous ? 1.5 : 2, type: previous ? ([4, 4] as number[]) : ("solid" as const) },
    areaStyle: previous || several ? undefined : { opacity: 0.06 },
  };
}

function axes(figure: HTMLElement, labels: string[]) {
  const text = { color: colour(figure, "--text-faint"), fontSize: 11, fontFamily: "inherit" };
  const line = { lineStyle: { color: colour(figure, "--line") } };
  return {
    xAxis: {
      type: "category" as const, data: labels, boundaryGap: figure.dataset.chart === "bar",
      axisTick: { show: false }, axisLine: line, axisLabel: { ...text, hideOverlap: true, margin: 10 },
    },
    yAxis: {
      type: "value" as const, min: (extent: { min: number }) => Math.min(0, extent.min), splitNumber: 4,
      splitLine: line, axisLabel: { ...text, formatter: axisFormat(figure) },
    },
  };
}

function tooltip(figure: HTMLElement, series: Series[]) {
  return {
    trigger: "axis" as const,
    // The HTML tooltip writes style attributes, which the content security policy forbids.
    renderMode: "richText" as const,
    confine: true,
    axisPointer: { type: figure.dataset.chart === "bar" ? ("shadow" as const) : ("line" as const), lineStyle: { color: colour(figure, "--line-strong") } },
    backgroundColor: colour(figure, "--raised"),
    borderColor: colour(figure, "--line-strong"),
    borderWidth: 1,
    padding: [8, 12],
    textStyle: { color: colour(figure, "--text"), fontSize: 12, lineHeight: 18, fontFamily: getComputedStyle(figure).fontFamily },
    formatter: (points: { dataIndex: number; name: string }[]) => {
      const index = points[0]!.dataIndex;
      return [points[0]!.name, ...series.map((s) => `${s.name}  ${s.cells[index]!.textContent!.trim()}`)].join("\n");
    },
  };
}

function followLinks(chart: EChartsType, series: Series[]) {
  const linkAt = (x: number, y: number) => {
    if (!chart.containPixel("grid", [x, y])) {
      return undefined;
    }
    const index = chart.convertFromPixel({ gridIndex: 0 }, [x, y])[0]!;
    return series.find((s) => !s.previous)?.cells[index]?.querySelector("a")?.href;
  };
  chart.getZr().on("click", (event) => {
    const href = linkAt(event.offsetX, event.offsetY);
    if (href) {
      location.assign(href);
    }
  });
  chart.getZr().on("mousemove", (event) => {
    chart.getZr().setCursorStyle(linkAt(event.offsetX, event.offsetY) ? "pointer" : "default");
  });
}

export function drawChart(figure: HTMLElement) {
  const plot = figure.querySelector<HTMLElement>(".chart-plot")!;
  const { labels, series } = readTable(figure);
  figure.dataset.drawn = "";
  figure.querySelector("details")?.removeAttribute("open");
  const chart = init(plot, undefined, { renderer: "canvas" });
  const several = series.filter((s) => !s.previous).length > 1;
  const render = () => chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(figure).fontFamily },
    grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
    tooltip: tooltip(figure, series),
    ...axes(figure, labels),
    series: series.map((s, i) => seriesOptions(figure, s, i, several)),
  });
  render();
  followLinks(chart, series);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", render);
  new ResizeObserver(() => (plot.isConnected ? chart.resize() : chart.dispose())).observe(plot);
}
