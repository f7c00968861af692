// Charts are tables that the server rendered; where there is one, the drawing code is loaded and draws it.
async function draw() {
  const figures = [...document.querySelectorAll<HTMLElement>("figure[data-chart]:not([data-drawn])")];
  if (figures.length > 0) {
    const { drawChart } = await import("./chart");
    figures.filter((figure) => figure.isConnected).forEach(drawChart);
  }
}

document.addEventListener("DOMContentLoaded", () => void draw());
document.addEventListener("htmx:afterSettle", () => void draw());

export {};
