// Fields with their most frequent values: a click wants a value, another one excludes it, a third lets it alone.

import { ask } from "./api.js";
import { brief, el, icon, iconButton, keep, kept, shortened, visible } from "./dom.js";
import { FACETS, label, said } from "./fields.js";
import { change, current, line } from "./state.js";
import { modeOf, plain, term, withValue, written } from "./words.js";

const FEW = 6;
const MANY = 50;
const NEXT = { "": "is", is: "not", not: "" };

/**
 * Fill the column of fields.
 * @param {HTMLElement} aside
 * @param {() => Map<string, string>} names of fields
 * @param {(error: Error) => void} failed
 */
export function facets(aside, names, failed) {
  const before = kept("facets")?.split(",");
  const open = new Set(before ?? FACETS.filter(([, isOpen]) => isOpen).map(([field]) => field));
  const long = new Set();
  const sections = new Map();
  let loading = 0; // requests that were not answered yet

  const close = iconButton("close", "Close the filters", () => document.body.classList.remove("with-facets"), { class: "icon-button facets-close" });
  aside.append(el("div.facets-head", null, el("h2", null, "Filter by"), close));
  for (const [field] of FACETS) {
    const list = el("ul.values");
    const toggle = el("button.facet-toggle", { "aria-expanded": String(open.has(field)), click: () => unfold(field) }, icon("chevron"), label(field));
    aside.append(el("section.facet", null, el("h3", null, toggle), list));
    sections.set(field, { toggle, list });
    list.hidden = !open.has(field);
  }

  function unfold(field) {
    const { toggle, list } = sections.get(field);
    if (open.has(field)) open.delete(field);
    else open.add(field);
    list.hidden = !open.has(field);
    toggle.setAttribute("aria-expanded", String(open.has(field)));
    keep("facets", [...open].join());
    if (open.has(field)) load([field]).catch(failed);
  }

  /** Ask for the counts of fields anew: of all that are open, or some. */
  async function load(fields = [...open]) {
    const q = line();
    loading++;
    aside.setAttribute("aria-busy", "true");
    try {
      await loadAs(q, fields);
    } finally {
      if (--loading === 0) aside.removeAttribute("aria-busy");
    }
  }

  async function loadAs(q, fields) {
    for (const [few, limit] of [[fields.filter((each) => !long.has(each)), FEW], [fields.filter((each) => long.has(each)), MANY]]) {
      if (!few.length) continue;
      const found = await ask("values", { q, fields: few.join(), limit }, few.length > 1 ? `facets${limit}` : `facet ${few[0]}`);
      if (q !== line()) return; // asked in another lane, it may come after what is wanted now
      for (const each of found?.fields ?? []) draw(each);
    }
  }

  function draw({ field, values, more }) {
    const { list } = sections.get(field);
    const most = Math.max(1, ...values.map(([, count]) => count));
    const held = list.contains(document.activeElement) ? document.activeElement.dataset.value : null;
    const shown = values.map(([value, count, cut]) => entry(field, written(field, value, cut), value, count, most));
    const there = new Set(values.map(([value, , cut]) => written(field, value, cut)));
    const chosen = current().q.map((word) => term(word, names())).filter((each) => each.field === field).flatMap((each) => each.values);
    const others = chosen.filter((value) => !there.has(value)).map((value) => entry(field, value, value === "*" ? "anything" : plain(value), null, most));
    const button = more || long.has(field) ? el("li", null, el("button.plain.more", { click: () => lengthen(field), "data-value": "…" }, long.has(field) ? "Show fewer" : "Show more")) : null;
    list.replaceChildren(...others, ...shown, ...(button ? [button] : []), ...(shown.length || others.length ? [] : [el("li.note", null, "None")]));
    if (held !== null) [...list.querySelectorAll("button")].find((each) => each.dataset.value === held)?.focus();
  }

  function lengthen(field) {
    if (!long.delete(field)) long.add(field);
    load([field]).catch(failed);
  }

  function entry(field, value, text, count, most) {
    const mode = modeOf(current().q, names(), field, value);
    const name = visible(said(field, text));
    const set = (next) => change({ q: withValue(current().q, names(), field, value, next) });
    const tip = { "": "click to see only these", is: "click to exclude these", not: "click to see them again" }[mode];
    const button = el(`button.value${mode ? `.${mode}` : ""}`, {
      title: `${name} (${tip})`, "data-value": value, "aria-pressed": mode === "is" ? "true" : mode === "not" ? "mixed" : "false",
      "aria-label": `${mode === "not" ? "excluded: " : ""}${shortened(name, 120)}${count === null ? "" : `, ${brief(count)} events`}`,
      click: () => set(NEXT[mode]),
      keydown: (event) => event.key === "x" && (event.stopPropagation(), set(mode === "not" ? "" : "not")),
    }, el("span.value-text", { text: shortened(String(said(field, text)), 80) }), count === null ? null : el("span.value-count", null, brief(count)));
    const bar = el("span.bar", { "aria-hidden": "true" });
    bar.style.width = count === null ? "0" : `${Math.max(1, (100 * count) / most)}%`;
    button.prepend(bar);
    const exclude = iconButton(mode === "not" ? "plus" : "minus", mode === "not" ? `Show ${name} again` : `Exclude ${name}`, () => set(mode === "not" ? "" : "not"), { tabindex: "-1", class: "icon-button exclude" });
    return el("li.value-row", null, button, exclude);
  }

  return { load: () => load() };
}
