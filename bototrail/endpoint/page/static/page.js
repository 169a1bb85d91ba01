// The page: its parts put together, and what happens between them.

import { ask, onToken } from "./api.js";
import { caller } from "./caller.js";
import { callers, details } from "./details.js";
import { counted, el, icon, iconButton, keep, kept, toast, visible } from "./dom.js";
import { events } from "./events.js";
import { facets } from "./facets.js";
import { help, signInWindow } from "./help.js";
import { keys } from "./keys.js";
import { follow } from "./live.js";
import { search } from "./search.js";
import { change, current, line, onChange } from "./state.js";
import { idOf, table } from "./table.js";
import { timeline } from "./timeline.js";
import { iso, isUtc, onZone, setUtc, zone } from "./times.js";
import { term, withValue, written } from "./words.js";

const $ = (id) => document.getElementById(id);
let known = null; // the server's state
let names = new Map();
let live = kept("live") === "on";
const closed = new Map(); // notices that were closed, with what they said
const SLOW = 300; // milliseconds after which it is shown that something is on its way

const getNames = () => names;
const helpWindow = help($("help"));
const signInDialog = signInWindow($("signin"));
onToken(signInDialog.show);

const box = search($("search"), getNames, helpWindow.show);
const chart = timeline($("timeline"), getNames, (id) => change({ open: id }));
const list = events($("events"), { names: getNames, showNew: () => showNew() });
const grid = table(list.place, $("main"), { open: (event) => change({ open: idOf(event) }), failed: fault, moved: hideTools });
const counts = facets($("facets"), getNames, fault);
const panel = details($("details"), { opened: grid.opened, focusTable: grid.focus, step: (by) => {
  const event = grid.step(by);
  if (event) change({ open: idOf(event) }, { replace: true });
} });
const view = caller($("caller"), getNames);

// ---- loading
/** The line of what the timeline shows: the filter, or a caller. */
function shownLine() {
  const { caller: word, since, until } = current();
  return word ? line({ q: [word], since, until }) : line();
}

let loads = 0;

async function load({ keepPlace = false } = {}) {
  const mine = ++loads;
  $("main").setAttribute("aria-busy", "true");
  const late = setTimeout(() => document.body.classList.add("slow"), SLOW);
  let refused = null;
  try {
    await Promise.all([view.load(), current().caller ? chart.load(shownLine()) : loadEvents(keepPlace)]);
  } catch (error) {
    refused = error;
  }
  clearTimeout(late);
  if (mine !== loads) return; // what came of it is no longer wanted, and says nothing of what is
  $("main").removeAttribute("aria-busy");
  document.body.classList.remove("slow");
  document.body.classList.toggle("stale", refused !== null);
  if (refused) return fault(refused);
  box.fault("");
  notice("fault", "warning", "");
}

async function loadEvents(keepPlace) {
  const q = line();
  list.fresh(0);
  const first = await grid.load(q, { keep: keepPlace });
  if (first === null) return;
  list.nothing(known, first.length > 0);
  grid.opened(current().open);
  await Promise.all([list.count(q), chart.load(q), counts.load()]);
}

/** Show what was refused, where it was asked. */
function fault(error) {
  if (error.field === "q") return box.fault(error.message);
  if (!$("signin").open) notice("fault", "warning", error.message);
}

onChange((changed) => {
  if (changed.has("open")) panel.load();
  if (changed.has("columns")) grid.redraw();
  const isOther = ["q", "since", "until", "order"].some((name) => changed.has(name));
  if (changed.has("caller") || isOther) load().then(() => changed.has("caller") && current().caller && view.focus());
  else if (changed.has("by")) chart.load(shownLine()).catch(fault);
});

// ---- news
async function news(state) {
  const before = known;
  known = state;
  names = new Map(Object.entries(state.names));
  $("bucket").textContent = visible((state.buckets ?? []).join(", "));
  $("bucket").title = $("bucket").textContent;
  notices(state, before);
  if (!before) {
    box.draw();
    if (current().open) panel.load();
    return load();
  }
  if (before.static !== state.static) notice("release", "clock", "bototrail was upgraded: load this page anew.");
  const progress = ({ version, there, ready, indexing }) => [version, there, ready, Boolean(indexing)].join();
  if (progress(before) === progress(state)) return undefined;
  if (current().caller) return live ? load() : undefined;
  if (grid.isAny() && current().order === "oldest") return Promise.all([grid.grow(), list.count(line())]).catch(() => null);
  const isOnItsWay = live || state.indexing || before.indexing;
  if (!grid.newest() || (isOnItsWay && grid.atTop() && !$("details").contains(document.activeElement))) return load({ keepPlace: true });
  return countNew();
}

/** How many events of the filter have come since it was loaded. */
async function countNew() {
  const top = grid.newest();
  if (!top) return load({ keepPlace: true });
  const [q, shown] = [line(), list.total(line())];
  const since = line({ ...current(), since: iso(Math.max(top.eventTime, 0)) });
  const isText = current().q.some((word) => term(word, names).field === "text"); // to count these anew takes long
  const [found, all] = await Promise.all([
    ask("events", { q: since, limit: 500 }, "new"),
    isText || shown === null ? { events: 0 } : ask("count", { q }, "new count"),
  ]).catch(() => []);
  if (!found || !all || q !== line() || top !== grid.newest()) return undefined;
  const place = found.events.findIndex((event) => idOf(event) === idOf(top));
  const newer = place < 0 ? found.events.length : place;
  // Other regions' events come late, and belong further down.
  const more = all.events - (shown ?? 0);
  return list.fresh(Math.max(newer, more), found.next !== null && more < newer);
}

function showNew() {
  grid.toTop();
  load();
}

function notices(state, before) {
  const done = state.indexing;
  const text = done ? `Reading log files: ${counted(done.files, "file")} of ${done.of.toLocaleString("en-US")}, ${counted(done.records, "event")}` : "";
  notice("indexing", "clock", text, done ? done.files / Math.max(1, done.of) : null);
  notice("error", "warning", (state.failures ?? []).join(" "));
  if (!before || before.skipped !== state.skipped) notice("skipped", "warning", state.skipped ? `${counted(state.skipped, "log file")} could not be read, wholly or in part.` : "", null, state.problems);
}

/** A line above the events; an empty text takes it away. */
function notice(id, name, text, share = null, problems = null) {
  const old = $(`notice-${id}`);
  if (!text) closed.delete(id);
  if (!text || closed.get(id) === text) return old?.remove();
  const close = iconButton("close", "Close", () => (closed.set(id, text), $(`notice-${id}`)?.remove()));
  const bar = share === null ? null : el("progress", { max: "1", value: share, "aria-label": "Reading log files" });
  const more = problems?.length ? el("details.problems", null, el("summary", null, "Which"), el("ul", null, ...problems.map(({ key, problem }) => el("li", null, el("code", { text: key }), " ", el("span", { text: problem }))))) : null;
  const fresh = el(`div.notice.${id}`, { id: `notice-${id}` }, icon(name), el("span", { text }), bar, more, share === null ? close : null);
  if (old) old.replaceWith(fresh);
  else $("notices").append(fresh);
  return undefined;
}

// ---- tools
function button(text, title, click) {
  return el("button.tool", { title, "aria-label": title, click }, text);
}

function tools() {
  const liveButton = el("button.tool.live", { title: "Show new events as they come (l)", click: () => toggleLive() }, el("span.dot", { "aria-hidden": "true" }), "Live");
  const zoneButton = button("UTC", "Times in UTC, or in this browser's zone", () => setUtc(!isUtc()));
  const themeButton = iconButton("moon", "Dark or light", () => turnTheme(), { class: "tool icon-button" });
  const drawAll = () => {
    liveButton.setAttribute("aria-pressed", String(live));
    zoneButton.textContent = zone();
    themeButton.replaceChildren(icon(isDark() ? "sun" : "moon"));
  };
  const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const turnTheme = () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    keep("theme", document.documentElement.dataset.theme);
    drawAll();
  };
  $("tools").append(liveButton, zoneButton, themeButton, button("?", "Keys and filters (?)", helpWindow.show));
  onZone(drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
  return drawAll;
}

const drawTools = tools();

function toggleLive() {
  live = !live;
  keep("live", live ? "on" : "off");
  drawTools();
  toast(live ? "New events are shown as they come." : "New events are counted, and shown when you want.");
  if (live) load({ keepPlace: true });
}

// ---- the cell under the pointer: want its value, or exclude it
const cellTools = el("div.cell-tools", { hidden: true, "aria-hidden": "true" });
let pointed = null;
const filterBy = (mode) => {
  if (pointed) change({ q: withValue(current().q, names, pointed.field, written(pointed.field, pointed.value), mode) });
};
cellTools.append(iconButton("plus", "Only these", () => filterBy("is"), { tabindex: "-1", class: "icon-button small" }), iconButton("minus", "Exclude these", () => filterBy("not"), { tabindex: "-1", class: "icon-button small" }));
$("main").append(cellTools);

function hideTools() {
  cellTools.hidden = true;
  pointed = null;
}

grid.body.addEventListener("pointermove", (event) => {
  if (event.buttons) return; // text is being selected
  const cell = event.target.closest("td[data-field]");
  if (cell && cell === pointed?.cell) return;
  const found = event.pointerType === "mouse" && cell ? grid.valueAt(cell) : null;
  if (!found?.value) return hideTools();
  const [frame, place] = [$("main").getBoundingClientRect(), cell.getBoundingClientRect()];
  const left = Math.min(place.right, frame.right - 6) - 56;
  if (event.clientX >= left) return hideTools(); // never right under the pointer, where a click is meant for the row
  pointed = { ...found, cell };
  cellTools.hidden = false;
  cellTools.style.top = `${place.top - frame.top + $("main").scrollTop + (place.height - 26) / 2}px`;
  cellTools.style.left = `${left - frame.left + $("main").scrollLeft}px`;
});
grid.body.addEventListener("pointerdown", hideTools);
$("main").addEventListener("pointerleave", hideTools);

// ---- keys
function onActive(run) {
  const found = grid.active();
  return found ? run(found) : false;
}
const byValue = (mode) => () => onActive(({ field, value }) => (value ? change({ q: withValue(current().q, names, field, written(field, value), mode) }) : false));
const inTable = (event) => (current().caller ? false : (grid.key(event.key), grid.focus()));

keys({
  "/": () => box.focus(),
  j: inTable,
  k: inTable,
  ArrowDown: (event) => (event.target === document.body ? inTable(event) : false),
  ArrowUp: (event) => (event.target === document.body ? inTable(event) : false),
  Enter: (event) => (event.target === document.body ? grid.key("Enter") : false),
  g: () => (grid.key("Home"), grid.focus()),
  G: () => (grid.key("End"), grid.focus()),
  f: byValue("is"),
  x: byValue("not"),
  c: () => {
    const event = grid.active()?.event ?? panel.event();
    const [first] = event ? callers(event) : [];
    return first ? change({ caller: `${first[0]}=${written(first[0], first[1])}` }) : false;
  },
  y: () => panel.copy(),
  t: () => chart.focus(),
  o: () => change({ order: current().order === "newest" ? "oldest" : "newest" }),
  n: showNew,
  l: toggleLive,
  "?": helpWindow.show,
  Escape: () => {
    if (document.body.classList.contains("with-facets")) document.body.classList.remove("with-facets");
    else if (current().open) panel.close();
    else if (current().caller) view.close();
    else return false;
    return true;
  },
});

$("skip").addEventListener("click", (event) => (event.preventDefault(), grid.focus()));
follow(news, (error) => {
  notice("fault", "warning", error ? error.message : "");
  if (error) return;
  load({ keepPlace: true });
  panel.load();
});
