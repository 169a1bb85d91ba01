// The table: only what is seen is in the document, only what is near is in memory; pages come as they are needed.

import { ask } from "./api.js";
import { el, soon } from "./dom.js";
import { head, leastWidth, placeholder, row, valueOf } from "./rows.js";
import { change, current } from "./state.js";
import { onZone } from "./times.js";

const PAGE = 100;
const KEPT = 40; // pages in memory, those nearest to what is seen
const AROUND = 12; // rows beyond what is seen
const AHEAD = 50; // rows that are fetched before they are seen

/**
 * A table in a scrolling element.
 * @param {HTMLElement} place where it goes
 * @param {HTMLElement} scroller what scrolls
 * @param {{open: (event: Object) => void, failed: (error: Error) => void, moved: () => void}} hooks
 */
export function table(place, scroller, { open, failed, moved }) {
  const top = el("tr.space", { "aria-hidden": "true" }, el("td"));
  const bottom = el("tr.space", { "aria-hidden": "true" }, el("td"));
  const body = el("tbody", { role: "rowgroup" }, top, bottom);
  const heads = el("thead", { role: "rowgroup" });
  const grid = el("table.grid", { role: "grid", tabindex: "0", "aria-label": "Events; arrow keys move, Enter opens", "aria-readonly": "true", id: "grid" }, heads, body);
  place.append(grid);

  let pages = [{ after: "", rows: [] }]; // `rows` is null of a page that was let go
  let total = 0; // rows that are known of
  let ended = true;
  let loading = false;
  let query = "";
  let turn = 0; // counts the queries
  let shown = new Map(); // index -> row in the document
  let active = -1;
  let column = 0;
  let opened = "";

  const rowHeight = () => parseFloat(getComputedStyle(grid).getPropertyValue("--row")) || 34;
  const at = (index) => pages[Math.floor(index / PAGE)]?.rows?.[index % PAGE] ?? null;
  const redraw = soon(() => draw());

  /** Show the events of another filter; gives the first page, null when it is no longer wanted. */
  async function load(q, { keep = false } = {}) {
    const mine = ++turn;
    grid.setAttribute("aria-busy", "true");
    const held = keep && active >= 0 ? idOf(at(active)) : "";
    let found = null;
    try {
      found = await ask("events", { q, order: current().order, limit: PAGE }, "events");
    } finally {
      if (mine === turn) {
        loading = false; // pages that were asked for before are no longer waited for
        grid.removeAttribute("aria-busy");
      }
    }
    if (!found || mine !== turn) return null;
    query = q;
    pages = [{ after: "", rows: found.events }];
    total = found.events.length;
    ended = found.next === null;
    if (!ended) pages.push({ after: found.next, rows: [] });
    active = held ? found.events.findIndex((event) => idOf(event) === held) : -1;
    if (!keep && scroller.scrollTop > place.offsetTop) scroller.scrollTop = place.offsetTop;
    draw(true);
    return found.events;
  }

  async function fetchPage(number) {
    const mine = turn;
    loading = true;
    try {
      const found = await ask("events", { q: query, order: current().order, limit: PAGE, after: pages[number].after });
      if (mine !== turn) return;
      const isLast = number === pages.length - 1;
      pages[number].rows = found.events;
      if (isLast) {
        total = number * PAGE + found.events.length;
        ended = found.next === null;
        if (!ended) pages.push({ after: found.next, rows: [] });
      }
    } catch (error) {
      failed(error);
      await new Promise((done) => setTimeout(done, 2000));
    } finally {
      if (mine === turn) loading = false;
    }
    draw();
  }

  /** Show what has come at the end. */
  async function grow() {
    if (!ended || loading) return;
    await fetchPage(pages.length - 1);
    draw(true);
  }

  function draw(anew = false) {
    const height = rowHeight();
    const columns = current().columns;
    if (anew) {
      heads.replaceChildren(head(columns, current().order, () => change({ order: current().order === "newest" ? "oldest" : "newest" })));
      for (const each of shown.values()) each.remove();
      shown = new Map();
      scroller.style.setProperty("--least", `${leastWidth(columns)}px`);
      grid.setAttribute("aria-colcount", String(columns.length));
    }
    const seen = scroller.getBoundingClientRect();
    const above = Math.max(0, seen.top - body.getBoundingClientRect().top);
    const first = Math.max(0, Math.floor(above / height) - AROUND);
    const last = Math.min(total, Math.ceil((above + seen.height) / height) + AROUND);
    for (const [index, element] of shown) {
      if (index < first || index >= last || (element.classList.contains("waiting") && at(index))) {
        element.remove();
        shown.delete(index);
      }
    }
    let next = bottom;
    for (let index = last - 1; index >= first; index--) {
      let element = shown.get(index);
      if (!element) {
        const event = at(index);
        element = event ? row(event, index, columns) : placeholder(index, columns);
        mark(element, index, event);
        shown.set(index, element);
        body.insertBefore(element, next);
      }
      next = element;
    }
    for (const [space, rows] of [[top, first], [bottom, total - last]]) {
      space.firstChild.style.height = `${Math.max(0, rows) * height}px`;
      space.firstChild.colSpan = columns.length;
      space.hidden = rows <= 0;
    }
    grid.setAttribute("aria-rowcount", String(ended ? total + 1 : -1));
    need(first, last);
    moved();
  }

  /** Fetch what is seen and not there, or soon will be; let go of what is far away. */
  function need(first, last) {
    const [from, to] = [Math.floor(first / PAGE), Math.floor((last + AHEAD) / PAGE)];
    if (!loading) {
      for (let number = from; number <= to && number < pages.length; number++) {
        const isNew = !ended && number === pages.length - 1;
        if (pages[number].rows === null || isNew) {
          fetchPage(number);
          break;
        }
      }
    }
    pages.forEach((page, number) => {
      if (page.rows?.length === PAGE && (number < from - KEPT / 2 || number > to + KEPT / 2)) page.rows = null;
    });
  }

  // ---- the row that the keys are at
  function mark(element, index, event) {
    const isActive = index === active;
    element.classList.toggle("active", isActive);
    element.setAttribute("aria-selected", String(Boolean(event) && idOf(event) === opened));
    [...element.children].forEach((cell, place) => cell.classList.toggle("at", isActive && place === column));
  }

  /** Where an event is among those in memory, -1 for nowhere. */
  function placeOf(id) {
    for (const [number, page] of pages.entries()) {
      const place = page.rows?.findIndex((event) => idOf(event) === id) ?? -1;
      if (place >= 0) return number * PAGE + place;
    }
    return -1;
  }

  function markAll() {
    for (const [index, element] of shown) mark(element, index, at(index));
    const cell = document.getElementById(`cell-${active}-${column}`);
    if (cell) grid.setAttribute("aria-activedescendant", cell.id);
    else grid.removeAttribute("aria-activedescendant");
  }

  /** Go to a row; it becomes visible. */
  function go(index, toColumn = column) {
    if (!total) return;
    active = Math.max(0, Math.min(total - 1, index));
    column = Math.max(0, Math.min(current().columns.length - 1, toColumn));
    const height = rowHeight();
    const [seen, start] = [scroller.getBoundingClientRect(), body.getBoundingClientRect().top];
    const [upper, lower] = [start + active * height, start + (active + 1) * height];
    const covered = heads.offsetHeight;
    if (upper < seen.top + covered) scroller.scrollTop -= seen.top + covered - upper;
    else if (lower > seen.bottom) scroller.scrollTop += lower - seen.bottom;
    draw();
    markAll();
    document.getElementById(`cell-${active}-${column}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const steps = {
    ArrowDown: () => go(active + 1),
    ArrowUp: () => go(active < 0 ? 0 : active - 1),
    j: () => go(active + 1),
    k: () => go(active < 0 ? 0 : active - 1),
    ArrowLeft: () => go(Math.max(active, 0), column - 1),
    ArrowRight: () => go(Math.max(active, 0), column + 1),
    PageDown: () => go(active + Math.floor(scroller.clientHeight / rowHeight()) - 2),
    PageUp: () => go(active - Math.floor(scroller.clientHeight / rowHeight()) + 2),
    Home: () => go(0),
    End: () => go(total - 1),
    Enter: () => active >= 0 && at(active) && open(at(active)),
  };

  /** Do what a key says; gives whether it says something here. */
  function key(name) {
    if (!(name in steps)) return false;
    steps[name]();
    return true;
  }

  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== grid) return;
    if (key(event.key)) (event.preventDefault(), event.stopPropagation());
  });
  grid.addEventListener("focus", () => active < 0 && total && grid.matches(":focus-visible") && go(0));
  body.addEventListener("click", (event) => {
    const index = event.target.closest("tr.row")?.dataset.index;
    if (index === undefined || String(getSelection())) return;
    const place = [...event.target.closest("tr").children].indexOf(event.target.closest("td"));
    go(Number(index), place < 0 ? column : place);
    open(at(active));
  });
  scroller.addEventListener("scroll", redraw, { passive: true });
  new ResizeObserver(redraw).observe(scroller);
  onZone(() => draw(true));
  matchMedia("(max-width: 760px)").addEventListener("change", () => draw(true));

  return {
    load,
    key,
    body,
    redraw: () => draw(true),
    focus: () => grid.focus(),
    /** The event that the keys are at, its field there and what that can be filtered by. */
    active: () => {
      const event = active >= 0 ? at(active) : null;
      const field = current().columns[column];
      return event && { event, field, value: valueOf(field, event) };
    },
    /** What a cell can be filtered by. */
    valueAt: (cell) => {
      const event = at(Number(cell.parentElement.dataset.index));
      return event && { field: cell.dataset.field, value: valueOf(cell.dataset.field, event) };
    },
    /** Mark the event whose details are shown. */
    opened: (id) => {
      opened = id;
      markAll();
    },
    /** The event before or after the one whose details are shown. */
    step: (by) => {
      const place = placeOf(opened);
      go((place < 0 ? active : place) + by);
      return at(active);
    },
    grow,
    atTop: () => scroller.scrollTop <= place.offsetTop + 4,
    toTop: () => (scroller.scrollTop = 0),
    isAny: () => total > 0,
    newest: () => (current().order === "newest" ? at(0) : null),
  };
}

/** What tells an event from others: its time and its id. */
export const idOf = (event) => (event ? `${event.eventTime}.${event.eventID}` : "");
