// The timeline: calls in stretches of time, stacked by service, errors at the bottom; a part of it can be chosen.

import { ask } from "./api.js";
import { brief, counted, el, grouped, icon, soon, svg, visible } from "./dom.js";
import { label, said } from "./fields.js";
import { arranged, COLOURS, niceTop } from "./stacks.js";
import { change, current } from "./state.js";
import { iso, length, onZone, range, stamp, tick, ticks, zone } from "./times.js";
import { written, withValue } from "./words.js";

const SPLITS = ["eventSource", "eventName", "userName", "awsRegion", "recipientAccountId", "errorCode"];
const TOP = 18; // pixels for insights
const BOTTOM = 20; // pixels for times
const LEFT = 44;

/**
 * Fill the section of the timeline.
 * @param {HTMLElement} section
 * @param {() => Map<string, string>} names of fields
 * @param {(id: string) => void} open shows an insight
 */
export function timeline(section, names, open) {
  let shown = null;
  let at = -1; // the stretch that the keys are at
  let brush = null; // [from, to], stretches
  let dragging = null;
  let choosing = false; // a range: nothing may move meanwhile
  let waiting = null; // what is shown afterwards

  const by = el("select", { id: "by", change: () => change({ by: by.value }, { replace: true }) }, ...SPLITS.map((field) => el("option", { value: field }, label(field).toLowerCase())));
  const title = el("h2", null, "Calls");
  const about = el("p.note");
  const out = el("button.plain.zoom-out", { click: wider, hidden: true, title: "Show three times the time" }, icon("zoomout"), "Zoom out");
  const legend = el("ul.legend", { "aria-label": "Colours" });
  const drawing = svg("svg", { class: "chart", "aria-hidden": "true" });
  const tip = el("div.tip", { hidden: true });
  const marks = el("div.insights");
  const plot = el("div.plot", { role: "slider", tabindex: "0", "aria-label": "Time; arrow keys move, with Shift they choose a range, Enter narrows to it", "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0", "aria-describedby": "plot-about" }, drawing, tip);
  section.append(
    el("div.card-head", null, title, about, out, el("label.by", null, "by ", by)),
    el("div.plot-frame", null, plot, marks),
    el("p.offscreen", { id: "plot-about" }, "Arrow keys move from stretch to stretch. Shift and arrow keys choose a range. Enter shows only this range, minus widens, Escape lets go."),
    legend,
  );

  const redraw = soon(draw);
  new ResizeObserver(redraw).observe(plot);
  onZone(redraw);

  /** Ask for it anew. */
  async function load(q) {
    by.value = SPLITS.includes(current().by) ? current().by : SPLITS[0];
    const bins = Math.max(24, Math.min(200, Math.floor((plot.clientWidth - LEFT) / 7)));
    section.setAttribute("aria-busy", "true");
    try {
      const found = await ask("timeline", { q, field: by.value, bins, top: COLOURS }, "timeline");
      if (!found) return null;
      if (choosing) waiting = arranged(found);
      else show(arranged(found));
    } catch (error) {
      section.removeAttribute("aria-busy");
      throw error;
    }
    section.removeAttribute("aria-busy");
    return shown;
  }

  /** Show other numbers; what is told of a moment is told of the same one. */
  function show(numbers) {
    const moment = at < 0 ? -Infinity : start(at);
    [shown, waiting, brush] = [numbers, null, null];
    const place = Math.floor((moment - shown.first) / shown.width);
    at = place >= 0 && place < shown.size ? place : -1;
    draw();
    if (at >= 0) tell(at);
    else tip.hidden = true;
  }

  const start = (bin) => shown.first + bin * shown.width;
  const plotWidth = () => Math.max(1, plot.clientWidth - LEFT - 4);
  const x = (bin) => LEFT + (bin * plotWidth()) / shown.size;
  const binAt = (pixels) => Math.max(0, Math.min(shown.size - 1, Math.floor(((pixels - LEFT) * shown.size) / plotWidth())));

  function draw() {
    if (!shown) return;
    const height = plot.clientHeight;
    drawing.setAttribute("viewBox", `0 0 ${plot.clientWidth} ${height}`);
    drawing.replaceChildren();
    out.hidden = !current().since || shown.start === null;
    drawLegend();
    if (!shown.size) {
      about.textContent = "";
      marks.replaceChildren();
      return;
    }
    about.textContent = `${range(start(0), start(shown.size), shown.width)} ${zone(start(0))} · a bar is ${/^\d/.test(length(shown.width)) ? "" : "a "}${length(shown.width)}`.replace("a hour", "an hour");
    const base = height - BOTTOM;
    const top = niceTop(shown.most);
    const y = (count) => base - (count * (base - TOP)) / top;
    drawGrid(y, top, base);
    drawBars(y, base);
    drawInsights();
    drawBrush();
    plot.setAttribute("aria-valuemax", String(shown.size - 1));
  }

  function drawGrid(y, top, base) {
    for (const part of top % 2 ? [1] : [0.5, 1]) {
      const text = svg("text", { x: LEFT - 6, y: y(top * part) + 4, class: "axis", "text-anchor": "end" });
      text.textContent = brief(top * part);
      drawing.append(svg("line", { x1: LEFT, x2: plot.clientWidth - 4, y1: y(top * part), y2: y(top * part), class: "grid" }), text);
    }
    drawing.append(svg("line", { x1: LEFT, x2: plot.clientWidth - 4, y1: base + 0.5, y2: base + 0.5, class: "base" }));
    const { step, marks: times } = ticks(start(0), start(shown.size), Math.max(2, Math.floor(plotWidth() / 72)));
    for (const time of times) {
      const place = x((time - shown.first) / shown.width);
      const text = svg("text", { x: place, y: base + 15, class: "axis", "text-anchor": place < LEFT + 24 ? "start" : place > plot.clientWidth - 28 ? "end" : "middle" });
      text.textContent = tick(time, step);
      drawing.append(svg("line", { x1: place, x2: place, y1: base, y2: base + 4, class: "base" }), text);
    }
  }

  function drawBars(y, base) {
    const layers = shown.series.length + 2; // errors, series, others
    const paths = Array.from({ length: layers }, () => []);
    const gap = plotWidth() / shown.size > 4 ? 1 : 0;
    for (const [bin, stack] of shown.stacks) {
      const [left, right] = [x(bin), Math.max(x(bin) + 1, x(bin + 1) - gap)];
      let below = 0;
      stack.forEach((count, layer) => {
        if (!count) return;
        const [low, high] = [below ? y(below) : base, y(below + count)];
        const tall = Math.max(low - high, below ? 0 : 1.5); // a single event is seen beside thousands
        paths[layer].push(`M${left.toFixed(1)} ${low.toFixed(1)}H${right.toFixed(1)}V${(low - tall).toFixed(1)}H${left.toFixed(1)}z`);
        below += count;
      });
    }
    paths.forEach((path, layer) => {
      const kind = layer === 0 ? "failed" : layer === layers - 1 ? "others" : `s${shown.colours[layer - 1]}`;
      if (path.length) drawing.append(svg("path", { d: path.join(""), class: kind }));
    });
  }

  function drawInsights() {
    const pairs = new Map();
    for (const insight of shown.insights) {
      const pair = pairs.get(insight.pair || insight.id) ?? {};
      pair[insight.state === "End" ? "end" : "start"] = insight;
      pairs.set(insight.pair || insight.id, pair);
    }
    marks.replaceChildren();
    for (const { start: begun, end } of pairs.values()) {
      const place = (insight) => x((insight.time - shown.first) / shown.width);
      const [from, to] = [begun ? place(begun) : LEFT, end ? place(end) : begun ? place(begun) : LEFT];
      if (to > from) drawing.append(svg("rect", { x: from, y: TOP - 7, width: to - from, height: 3, rx: 1.5, class: "insight-span" }));
      for (const insight of [begun, end]) {
        if (!insight) continue;
        const what = `Insight (${insight.state || "event"}): ${insight.type || "unusual"}, ${insight.name || "?"} of ${said("eventSource", insight.source)}, ${stamp(insight.time)}`;
        const mark = el("button.insight", { title: visible(what), "aria-label": visible(what), click: () => open(`${insight.time}.${insight.id}`) });
        mark.style.left = `${place(insight)}px`;
        marks.append(mark);
      }
    }
  }

  function drawBrush() {
    for (const old of drawing.querySelectorAll(".brush, .cursor")) old.remove();
    const height = plot.clientHeight - BOTTOM;
    if (brush) {
      const [from, to] = [Math.min(...brush), Math.max(...brush)];
      drawing.append(svg("rect", { x: x(from), y: 0, width: x(to + 1) - x(from), height, class: "brush" }));
    }
    if (at >= 0 && at < shown.size) drawing.append(svg("rect", { x: x(at), y: 0, width: x(at + 1) - x(at), height, class: "cursor" }));
  }

  function drawLegend() {
    const entry = (kind, text, click, count, title) =>
      el("li", null, el("button.legend-entry", { click, title, disabled: !click }, el(`span.swatch.${kind}`), el("span", { text }), count === null ? null : el("span.note", null, brief(count))));
    const sums = shown.series.map((_, place) => [...shown.stacks.values()].reduce((sum, stack) => sum + stack[place + 1], 0));
    const rest = [...shown.stacks.values()].reduce((sum, stack) => sum + stack.at(-1), 0);
    const base = () => (current().caller ? [current().caller] : current().q); // out of a caller's view it goes to his events
    const only = (field, value, mode = "is") => () => change({ caller: "", q: withValue(base(), names(), field, value, mode) });
    const named = (value) => (value === "" ? `no ${label(shown.field).toLowerCase()}` : said(shown.field, value));
    const entries = [];
    if (shown.failed) entries.push(entry("failed", "Errors", only("errorCode", "*"), shown.failed, "Only calls that failed"));
    shown.series.forEach((value, place) => {
      const click = value === "" ? only(shown.field, "*", "not") : only(shown.field, written(shown.field, value));
      if (sums[place]) entries.push(entry(`s${shown.colours[place]}`, named(value), click, sums[place], `Only ${visible(named(value))}`));
    });
    if (rest) entries.push(entry("others", counted(shown.others, "other"), null, rest, ""));
    if (shown.insights.length) entries.push(entry("insight-swatch", "Insights", () => change({ caller: "", q: ["eventCategory=Insight"] }), shown.insights.length, "Only insights"));
    legend.replaceChildren(...entries);
  }

  // ---- what is under the pointer, or where the keys are
  function tell(bin) {
    const stack = shown.stacks.get(bin) ?? [];
    const sum = stack.reduce((a, b) => a + b, 0);
    const rows = [["failed", "Errors", stack[0] ?? 0], ...shown.series.map((value, place) => [`s${shown.colours[place]}`, value === "" ? "none" : said(shown.field, value), stack[place + 1] ?? 0]), ["others", "others", stack.at(-1) ?? 0]];
    tip.replaceChildren(
      el("p", null, el("strong", null, range(start(bin), start(bin + 1), shown.width)), ` · ${counted(sum, "event")}`),
      el("ul", null, ...rows.filter(([, , count]) => count).map(([kind, text, count]) => el("li", null, el(`span.swatch.${kind}`), el("span", { text }), el("span.note", null, grouped(count))))),
    );
    tip.hidden = false;
    const place = x(bin + 0.5);
    tip.style.left = `${Math.max(0, Math.min(place + 12, plot.clientWidth - tip.offsetWidth - 4))}px`;
    if (place + 12 + tip.offsetWidth > plot.clientWidth) tip.style.left = `${Math.max(0, place - tip.offsetWidth - 12)}px`;
    plot.setAttribute("aria-valuenow", String(bin));
    plot.setAttribute("aria-valuetext", `${range(start(bin), start(bin + 1), shown.width)}, ${counted(sum, "event")}, ${counted(stack[0] ?? 0, "error")}${brush ? `; chosen ${range(start(Math.min(...brush)), start(Math.max(...brush) + 1), shown.width)}` : ""}`);
  }

  function letGo() {
    [at, brush, dragging, choosing] = [-1, null, null, false];
    tip.hidden = true;
    if (waiting) show(waiting);
    else if (shown?.size) drawBrush();
  }

  /** Show only these stretches. */
  function narrow(from, to) {
    choosing = false;
    change({ since: iso(start(from)), until: iso(start(to + 1) - 1) });
  }

  function wider() {
    const span = shown.width * shown.size;
    const [from, to] = [Math.max(0, start(0) - span), start(shown.size) + span];
    change({ since: iso(from), until: to < Date.now() / 1000 ? iso(to) : "" });
  }

  function move(step, withRange) {
    const before = at < 0 ? (step > 0 ? -1 : shown.size) : at;
    const next = Math.max(0, Math.min(shown.size - 1, before + step));
    choosing = withRange;
    if (withRange) brush = [brush ? brush[0] : Math.max(0, Math.min(shown.size - 1, before)), next];
    else brush = null;
    at = next;
    drawBrush();
    tell(at);
  }

  plot.addEventListener("keydown", (event) => {
    if (!shown?.size || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(2, Math.round(shown.size / 10));
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -shown.size, End: shown.size };
    if (event.key in steps) move(steps[event.key], event.shiftKey);
    else if (event.key === "Enter" && at >= 0) narrow(Math.min(...(brush ?? [at])), Math.max(...(brush ?? [at])));
    else if (event.key === "-") wider();
    else if (event.key === "Escape" && (at >= 0 || brush)) letGo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  plot.addEventListener("blur", letGo);
  plot.addEventListener("pointerdown", (event) => {
    if (!shown?.size || event.button !== 0) return;
    plot.setPointerCapture(event.pointerId);
    dragging = binAt(event.offsetX);
    [choosing, brush] = [true, null];
  });
  plot.addEventListener("pointermove", (event) => {
    if (!shown?.size) return;
    const bin = binAt(event.clientX - plot.getBoundingClientRect().left);
    if (dragging !== null && (bin !== dragging || brush)) brush = [dragging, bin];
    at = bin;
    drawBrush();
    tell(bin);
  });
  plot.addEventListener("pointerup", () => {
    const [from, chosen] = [dragging, brush];
    [dragging, choosing] = [null, false];
    if (from === null || !shown?.size) return;
    if (chosen) narrow(Math.min(...chosen), Math.max(...chosen));
    else if (waiting) show(waiting);
  });
  plot.addEventListener("dblclick", () => at >= 0 && narrow(at, at));
  plot.addEventListener("pointercancel", letGo);
  plot.addEventListener("pointerleave", () => dragging === null && document.activeElement !== plot && letGo());

  return { load, focus: () => plot.focus(), shown: () => shown };
}
