// Times as they are shown: UTC, or the zone of this browser.

import { keep, kept } from "./dom.js";

let utc = kept("zone") !== "local";
const listeners = new Set();

export const isUtc = () => utc;
export const onZone = (listener) => listeners.add(listener);

export function setUtc(wanted) {
  utc = wanted;
  keep("zone", wanted ? "utc" : "local");
  for (const listener of listeners) listener();
}

/** The name of the zone: `UTC`, `UTC+1`. */
export function zone(seconds = Date.now() / 1000) {
  if (utc) return "UTC";
  const minutes = -new Date(seconds * 1000).getTimezoneOffset();
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return minutes ? `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${rest}` : ""}` : "UTC";
}

/** A date whose UTC parts are those to be shown. */
function parts(seconds) {
  const moment = new Date(seconds * 1000);
  return utc ? moment : new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
}

/** `2026-11-21 22:59:19` */
export function stamp(seconds) {
  const date = parts(seconds);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace("T", " ").slice(0, -5);
}

/** `2026-11-21T22:59:19Z`, always in UTC: what a filter is told. */
export const iso = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, -5)}Z`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const day = (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
const clock = (date, withSeconds) => date.toISOString().slice(11, withSeconds ? 19 : 16);

/** A range in few words: `21 Nov 22:00 – 23:00`. */
export function range(start, end, step = 1) {
  const [from, to] = [parts(start), parts(end)];
  const withSeconds = step < 60;
  const year = from.getUTCFullYear() === to.getUTCFullYear() ? "" : ` ${to.getUTCFullYear()}`;
  if (step >= 86_400 && clock(from, true) === "00:00:00") {
    const last = parts(end - 1);
    return day(from) === day(last) ? day(from) : `${day(from)} – ${day(last)}${year}`;
  }
  const second = day(from) === day(to) && !year ? clock(to, withSeconds) : `${day(to)}${year} ${clock(to, withSeconds)}`;
  return `${day(from)} ${clock(from, withSeconds)} – ${second}`;
}

/** A mark of an axis: the day where a day begins, the time elsewhere. */
export function tick(seconds, step) {
  const date = parts(seconds);
  if (step >= 365 * 86_400) return String(date.getUTCFullYear());
  if (step >= 86_400 || date.toISOString().slice(11, 19) === "00:00:00") return day(date);
  return clock(date, step < 60);
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 259_200, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000, 315_360_000, 3_153_600_000];

/** Seconds that the clock is ahead of UTC. */
const ahead = (seconds) => (utc ? 0 : -new Date(seconds * 1000).getTimezoneOffset() * 60);

/** Where an axis has marks, at most so many. */
export function ticks(start, end, most) {
  const step = STEPS.find((each) => (end - start) / each <= most) ?? STEPS.at(-1);
  const found = [];
  // Clocks are turned between marks, so each one is looked for by what the clock shows there.
  for (let shown = Math.ceil((start + ahead(start)) / step) * step; ; shown += step) {
    const at = shown - ahead(shown - ahead(shown));
    if (!(at < end)) return { step, marks: found };
    if (at >= start && at > (found.at(-1) ?? -Infinity)) found.push(at);
  }
}

/** How long ago: `3 min ago`. */
export function ago(seconds, now = Date.now() / 1000) {
  const passed = now - seconds;
  if (passed < 0) return "in the future";
  for (const [size, unit] of [[86_400, "d"], [3600, "h"], [60, "min"]]) {
    if (passed >= size) return `${Math.floor(passed / size)} ${unit} ago`;
  }
  return passed < 10 ? "just now" : `${Math.floor(passed)} s ago`;
}

/** How long something takes, in words: `2 h`, `5 min`. */
export function length(seconds) {
  for (const [size, unit] of [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]]) {
    if (seconds >= size && seconds % size === 0) return seconds === size ? unit : `${seconds / size} ${unit}s`;
  }
  return `${seconds} seconds`;
}
