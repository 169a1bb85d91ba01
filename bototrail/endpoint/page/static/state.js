// What is shown, as the address says it: so links can be shared, and the browser's Back goes back.

import { joined, split } from "./words.js";

export const COLUMNS = ["eventTime", "eventName", "eventSource", "userName", "resourceName", "awsRegion", "sourceIPAddress", "errorCode"];

const DEFAULTS = { q: [], since: "", until: "", order: "newest", by: "eventSource", columns: COLUMNS, open: "", caller: "" };

/**
 * @typedef {Object} State
 * @property {string[]} q the filter's words, without its times
 * @property {string} since
 * @property {string} until
 * @property {string} order `newest` or `oldest` first
 * @property {string} by what the timeline tells apart
 * @property {string[]} columns
 * @property {string} open the event whose details are shown: TIME.EVENTID
 * @property {string} caller whose view is shown: a word of the filter
 */

const listeners = new Set();
let state = read();

/** @returns {State} */
export const current = () => state;

/** Call with what has changed, each time something has. */
export const onChange = (listener) => listeners.add(listener);

/**
 * Show something else.
 * @param {Partial<State>} changes
 * @param {{replace?: boolean}} options replace: Back does not come back to what is shown now
 */
export function change(changes, { replace = false } = {}) {
  const before = location.hash;
  const next = { ...state, ...changes };
  const address = href(next);
  if (address === (before || "#")) return;
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  follow(next);
}

/** The address of a state that is as now, but for some changes. */
export function href(changes) {
  const next = { ...state, ...changes };
  const parts = new URLSearchParams();
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const value = next[name];
    if (name === "q" && value.length) parts.set("q", joined(value));
    else if (name === "columns" && value.join() !== usual.join()) parts.set(name, value.join());
    else if (typeof value === "string" && value !== usual) parts.set(name, value);
  }
  return `#${parts}`;
}

/** The line of the filter, with its times. */
export function line({ q, since, until } = state) {
  return joined(words({ q, since, until }));
}

/** Its words. */
export function words({ q, since, until } = state) {
  return [...q, ...(since ? [`since=${since}`] : []), ...(until ? [`until=${until}`] : [])];
}

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const found = { ...DEFAULTS };
  for (const name of ["since", "until", "order", "by", "open", "caller"]) found[name] = given.get(name) ?? DEFAULTS[name];
  if (found.order !== "oldest") found.order = "newest";
  found.q = split(given.get("q") ?? "");
  const columns = (given.get("columns") ?? "").split(",").filter(Boolean);
  found.columns = columns.length ? columns.slice(0, 20) : COLUMNS;
  return found;
}

function follow(next) {
  const before = state;
  state = next;
  const changed = new Set(Object.keys(DEFAULTS).filter((name) => String(before[name]) !== String(next[name])));
  if (changed.size) for (const listener of listeners) listener(changed);
}

for (const kind of ["popstate", "hashchange"]) addEventListener(kind, () => follow(read()));

