// The head of the table: how many events there are, what is new, and what can be done with them; and what to say of none.

import { ask } from "./api.js";
import { counted, el, grouped, icon, visible } from "./dom.js";
import { columnMenu, downloadMenu, shareMenu } from "./menus.js";
import { change, current } from "./state.js";
import { withValue } from "./words.js";

/**
 * Fill the section of events.
 * @param {HTMLElement} section
 * @param {{names: () => Map<string, string>, showNew: () => void}} hooks
 */
export function events(section, { names, showNew }) {
  const title = el("h2", null, "Events");
  const failed = el("button.plain.failed-total", { hidden: true, title: "Only calls that failed", click: () => change({ q: withValue(current().q, names(), "errorCode", "*", "is") }) });
  const fresh = el("button.fresh", { hidden: true, click: showNew });
  const facetsButton = el("button.facets-open", { click: () => document.body.classList.add("with-facets") }, icon("filter"), "Filters");
  const place = el("div.grid-frame");
  const empty = el("div.empty", { hidden: true });
  const tools = el("div.card-tools", null, columnMenu(), shareMenu(), downloadMenu(() => (total === null ? "All events of the filter" : counted(total, "event"))));
  section.append(el("div.card-head.events-head", null, facetsButton, title, failed, fresh, tools), place, empty);
  let total = null;
  let totalOf = null; // the filter whose total it is

  /** Ask how many there are. */
  async function count(q) {
    title.setAttribute("aria-busy", "true");
    const found = await ask("count", { q }, "count").finally(() => title.removeAttribute("aria-busy"));
    if (!found) return null;
    [total, totalOf] = [found.events, q];
    title.textContent = counted(found.events, "event");
    failed.hidden = !found.failed || current().q.includes("errorCode=*");
    failed.textContent = `${grouped(found.failed)} failed`;
    document.title = `${current().q.length ? `${visible(current().q.join(" ").slice(0, 60))} · ` : ""}Event history · bototrail`;
    return found;
  }

  /** Say why there is nothing, and what to do. */
  function nothing(state, has) {
    empty.hidden = has;
    place.hidden = !has;
    if (has) return;
    empty.replaceChildren(...reasons(state));
  }

  function reasons(state) {
    if (!state) return [el("h3", null, "…")];
    if (!state.there) return [el("h3", null, "There is no bucket yet"), el("p", null, "It is made when the first events are delivered. Record some:"), el("pre.command", null, `BOTOTRAIL=${state.buckets?.[0] ?? "./audit"} python your_program.py`), el("p.note", null, "This page shows them as soon as they are there.")];
    if (state.indexing || !state.ready) return [el("h3", null, "Reading the bucket"), el("p", null, "Events appear as they are read.")];
    if (!state.events && !filtered()) return [el("h3", null, "There are no events yet"), el("p", null, state.files ? `${counted(state.files, "log file")} of the bucket were read, and none has events of the last ${state.days} days.` : "The bucket has no log files. Record some calls:"), state.files ? null : el("pre.command", null, `BOTOTRAIL=${state.buckets?.[0] ?? "./audit"} python your_program.py`)].filter(Boolean);
    const { q, since, until } = current();
    return [
      el("h3", null, "No event matches"),
      el("p", null, q.length > 1 ? "All filters must hold for an event. Take one away, or negate it." : "Values are compared as they are written; * stands for any text."),
      el("div.buttons", null,
        since || until ? el("button", { click: () => change({ since: "", until: "" }) }, icon("clock"), "Look at all times") : null,
        ...q.slice(0, 4).map((word, at) => el("button", { click: () => change({ q: q.toSpliced(at, 1) }) }, icon("close"), el("span", { text: `Without ${word.slice(0, 60)}` }))),
        q.length ? el("button", { click: () => change({ q: [], since: "", until: "" }) }, "Remove all filters") : null),
    ];
  }

  const filtered = () => current().q.length || current().since || current().until;

  return {
    place,
    count,
    /** How many are told of a filter, null when it was not counted. */
    total: (q) => (q === totalOf ? total : null),
    nothing,
    /** Tell that there are more than are shown. */
    fresh: (number, more = false) => {
      fresh.hidden = !number;
      fresh.textContent = number ? (more ? `${number}+ new events` : counted(number, "new event")) : "";
    },
  };
}
