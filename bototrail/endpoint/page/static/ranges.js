// The time range: what people ask for most, and any other.

import { el, icon } from "./dom.js";
import { change, current, onChange } from "./state.js";
import { iso, isUtc, onZone, range, stamp, zone } from "./times.js";

const QUICK = [["1h", "1h", "The last hour"], ["24h", "24h", "The last 24 hours"], ["7d", "7d", "The last 7 days"], ["30d", "30d", "The last 30 days"], ["", "All", "All events that are kept"]];
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** The buttons, and the small window for a range of one's own. */
export function ranges() {
  const quick = QUICK.map(([since, text, title]) => el("button.range", { title, "aria-label": `${text}: ${title}`, click: () => change({ since, until: "" }) }, text));
  const own = el("button.range.range-own", { "aria-haspopup": "dialog", "aria-expanded": "false", click: () => show(panel.hidden) });
  const from = el("input", { type: "datetime-local", step: "1", id: "range-from" });
  const to = el("input", { type: "datetime-local", step: "1", id: "range-to" });
  const hint = el("p.note");
  const panel = el("div.popover.range-panel", { role: "dialog", "aria-label": "Time range", hidden: true },
    el("label", { for: "range-from" }, "From"), from, el("label", { for: "range-to" }, "To"), to, hint,
    el("div.buttons", null, el("button.primary", { click: apply }, "Show"), el("button.plain", { click: () => show(false) }, "Cancel")));
  const group = el("div.ranges", { role: "group", "aria-label": "Time range" }, ...quick, own, panel);

  function show(wanted) {
    if (wanted) {
      const { since, until } = current();
      from.value = MOMENT.test(since) ? local(Date.parse(since) / 1000) : "";
      to.value = MOMENT.test(until) ? local(Date.parse(until) / 1000) : "";
      hint.textContent = `In ${zone()}. Either may be left out. As text: since=2h, since=yesterday.`;
    }
    panel.hidden = !wanted;
    own.setAttribute("aria-expanded", String(wanted));
    if (wanted) from.focus();
  }

  function apply() {
    const [since, until] = [seconds(from.value), seconds(to.value)];
    change({ since: since === null ? "" : iso(since), until: until === null ? "" : iso(until) });
    show(false);
    own.focus();
  }

  function draw() {
    const { since, until } = current();
    const place = until ? -1 : QUICK.findIndex(([each]) => each === since);
    quick.forEach((button, at) => button.setAttribute("aria-pressed", String(at === place)));
    own.setAttribute("aria-pressed", String(place < 0));
    own.replaceChildren(icon("clock"), el("span", null, place < 0 ? named(since, until) : "Custom"));
  }

  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") (show(false), own.focus(), event.stopPropagation());
    if (event.key === "Enter" && event.target.localName === "input") (event.preventDefault(), apply());
  });
  document.addEventListener("pointerdown", (event) => !panel.hidden && !group.contains(event.target) && show(false));
  onChange((changed) => (changed.has("since") || changed.has("until")) && draw());
  onZone(draw);
  draw();
  return group;
}

const local = (moment) => stamp(moment).replace(" ", "T");

function seconds(text) {
  if (!text) return null;
  const found = Date.parse(isUtc() ? `${text}Z` : text) / 1000;
  return Number.isFinite(found) ? found : null;
}

function named(since, until) {
  const [from, to] = [since, until].map((each) => (MOMENT.test(each) ? Date.parse(each) / 1000 : null));
  if (from !== null && to !== null) return range(from, to, 1);
  const word = (text, moment) => (moment === null ? text : stamp(moment));
  if (!until) return `since ${word(since, from)}`;
  return since ? `${word(since, from)} – ${word(until, to)}` : `until ${word(until, to)}`;
}
