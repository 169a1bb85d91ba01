// The caller's view: what a role, user or key did.

import { ask } from "./api.js";
import { brief, counted, el, grouped, icon, shortened, visible } from "./dom.js";
import { label, said, service } from "./fields.js";
import { change, current, href, line } from "./state.js";
import { ago, stamp, zone } from "./times.js";
import { plain, term, written } from "./words.js";

const KINDS = { role: "Role", userName: "User", accessKeyId: "Access key", "userIdentity.arn": "Caller", session: "Session", sourceIPAddress: "Address" };
const PARTS = [
  ["errorCode", "Errors"],
  ["sourceIPAddress", "Source addresses"],
  ["awsRegion", "Regions"],
  ["recipientAccountId", "Accounts"],
  ["session", "Sessions"],
  ["userName", "Users"],
  ["role", "Roles"],
  ["accessKeyId", "Access keys"],
  ["resourceName", "Resources"],
];
const FEW = 8;
const SAME = { role: "userName", userName: "session" }; // what says the same once more

/**
 * Fill the section of a caller.
 * @param {HTMLElement} section
 * @param {() => Map<string, string>} names of fields
 */
export function caller(section, names) {
  let turn = 0; // counts what was asked for

  async function load() {
    const word = current().caller;
    document.body.classList.toggle("with-caller", Boolean(word));
    section.hidden = !word;
    if (!word) return;
    const { field, values } = term(word, names());
    const { since, until } = current();
    const q = line({ q: [word], since, until });
    const fields = PARTS.filter(([each]) => each !== field && each !== SAME[field]);
    const mine = ++turn;
    section.setAttribute("aria-busy", "true");
    const [summary, parts] = await Promise.all([
      ask("summary", { q }, "caller"),
      ask("values", { q, fields: fields.map(([each]) => each).join(), limit: FEW }, "caller's values"),
    ]).finally(() => mine === turn && section.removeAttribute("aria-busy"));
    if (!summary || !parts) return;
    const known = new Map(parts.fields.map((each) => [each.field, each]));
    section.replaceChildren(
      head(field, plain(values[0] ?? ""), word),
      summary.events ? numbers(summary) : el("div.empty", null, el("h3", null, "Nothing in this time"), el("p", null, "Choose a longer one above.")),
      el("div.parts", null, actions(summary, word), ...fields.flatMap(([each, name]) => part(each, name, known.get(each), word))),
    );
  }

  function head(field, value, word) {
    const kind = KINDS[field] ?? label(field);
    return el("div.caller-head", null,
      el("div", null, el("p.note", null, `What did this ${kind.toLowerCase()} do?`), el("h2", { tabindex: "-1", text: shortened(value, 200) })),
      el("a.button.primary", { href: href({ q: [word], caller: "", open: "" }) }, icon("filter"), "Show its events"),
      el("button", { click: () => change({ caller: "" }) }, icon("close"), "Back to all events"));
  }

  return { load, close: () => change({ caller: "" }), focus: () => section.querySelector("h2")?.focus() };
}

function numbers({ events, failed, denied, first, last }) {
  const share = `${((100 * failed) / events).toFixed(failed / events < 0.1 ? 1 : 0)} % of all`;
  const tile = (name, value, note, kind = "") => el(`div.tile${kind}`, null, el("p.note", null, name), el(kind === ".seen" ? "p.number.moment" : "p.number", null, value), el("p.note", null, note));
  return el("div.tiles", null,
    tile("Calls", grouped(events), ""),
    tile("Failed", grouped(failed), failed ? share : "", failed ? ".bad" : ""),
    tile("Denied", grouped(denied), "", denied ? ".bad" : ""),
    tile("First seen", stamp(first), `${zone(first)}, ${ago(first)}`, ".seen"),
    tile("Last seen", stamp(last), `${zone(last)}, ${ago(last)}`, ".seen"));
}

/** The address of the caller's events with something else. */
const also = (word, field, value, cut) => href({ q: [word, `${field}=${written(field, value, cut)}`], caller: "", open: "" });

function bars(rows) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return el("ul.bars", null, ...rows.map(({ text, count, failed, address }) => {
    const bar = el("span.bar", { "aria-hidden": "true" });
    bar.style.width = `${Math.max(1, (100 * count) / most)}%`;
    return el("li", null, el("a.value", { href: address, title: visible(text), "aria-label": `${visible(shortened(text, 120))}, ${counted(count, "event")}${failed ? `, ${failed} failed` : ""}` },
      bar, el("span.value-text", { text: shortened(text, 100) }), failed ? el("span.failed-count", null, `${brief(failed)} failed`) : null, el("span.value-count", null, brief(count))));
  }));
}

function actions({ services }, word) {
  return el("section.part.actions", null, el("h3", null, "Services and actions"), ...services.map(({ source, events, actions: used, more }) => el("div.service", null,
    el("h4", null, el("a.value-link", { href: also(word, "eventSource", source), text: service(source) }), el("span.note", null, ` ${counted(events, "call")}`)),
    bars(used.map(([name, count, failed]) => ({ text: name, count, failed, address: href({ q: [word, `eventSource=${written("eventSource", source)}`, `eventName=${written("eventName", name)}`], caller: "", open: "" }) }))),
    more ? el("p.note", null, "and others") : null)));
}

function part(field, name, found, word) {
  if (!found?.values.length) return [];
  const rows = found.values.map(([value, count, cut]) => ({ text: String(said(field, value)), count, address: also(word, field, value, cut) }));
  return [el("section.part", null, el("h3", null, name), bars(rows), found.more ? el("p.note", null, "and others") : null)];
}
