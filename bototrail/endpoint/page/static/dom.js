// Elements, made of text alone: whatever a record holds never becomes markup.

/**
 * An element.
 * @param {string} name tag, and classes behind dots: `button.chip.on`
 * @param {Object|null} properties attributes; functions are listeners; `text` is shown as `visible` has it
 * @param {...(Node|string|null|undefined|false)} children texts are shown as they are
 */
export function el(name, properties, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  if (tag === "button") element.type = "button";
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "text") element.append(shown(String(value)));
    else if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An element of SVG. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

const PATHS = {
  arrow: "M5 12h14M13 6l6 6-6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M8 10l4 4 4-4",
  clock: "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  close: "M6 6l12 12M18 6L6 18",
  columns: "M4 5h16v14H4zM10 5v14M15 5v14",
  copy: "M9 9h10v11H9zM5 15V4h10",
  down: "M12 4v11M7 11l5 5 5-5M5 20h14",
  filter: "M4 6h16M7 12h10M10 18h4",
  minus: "M6 12h12",
  moon: "M19 14.5A8 8 0 0 1 9.5 5 8 8 0 1 0 19 14.5z",
  next: "M6 9l6 6 6-6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-4 4-6 7.5-6s6.5 2 7.5 6",
  plus: "M12 6v12M6 12h12",
  previous: "M6 15l6-6 6 6",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  warning: "M12 4L2.8 20h18.4zM12 10v4.5M12 17v.6",
  zoomout: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20M7.8 10.5h5.4",
};

/** A drawing beside or instead of a text. */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}

/** A button with a drawing; its label is for those who cannot see it, and its tip. */
export function iconButton(name, label, click, more = {}) {
  return el("button.icon-button", { "aria-label": label, title: label, click, ...more }, icon(name));
}

// What is not seen, or changes the order of what is: controls, zero widths, marks and overrides of direction.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

const spelt = (found) => `⟨U+${found.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** Text in which every character can be seen. */
export function visible(text) {
  return String(text).replace(HIDDEN, spelt);
}

/** The same as nodes, in which what was spelt out stands out. */
export function shown(text) {
  const found = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(HIDDEN)) {
    found.append(text.slice(at, match.index));
    found.append(el("span.control", { title: "A character that cannot be seen" }, spelt(match[0])));
    at = match.index + match[0].length;
  }
  found.append(text.slice(at));
  return found;
}

/** A place in a text at which it can be cut: not within a character that JavaScript has two units for. */
export const cutAt = (text, at) => (/[\ud800-\udbff]/.test(text[at - 1] ?? "") ? at - 1 : at);

/** Text of at most so many characters. */
export function shortened(text, most = 200) {
  return text.length > most ? `${text.slice(0, cutAt(text, most))}…` : text;
}

/** A number with separators of thousands. */
export const grouped = (number) => number.toLocaleString("en-US");

/** A number in few characters: 12.3k. */
export function brief(number) {
  if (number < 10_000) return grouped(number);
  const [divisor, unit] = number < 999_500 ? [1e3, "k"] : [1e6, "M"];
  return `${(number / divisor).toFixed(number / divisor < 99.95 ? 1 : 0).replace(/\.0$/, "")}${unit}`;
}

/** `1 event`, `2 events`. */
export const counted = (number, word) => `${grouped(number)} ${word}${number === 1 ? "" : "s"}`;

let vanishing;

/** Say something for a moment. */
export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  place.classList.add("on");
  clearTimeout(vanishing);
  vanishing = setTimeout(() => place.classList.remove("on"), 2200);
}

/** Put a text into the clipboard; where the connection is not encrypted, by the old way. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea.offscreen", { "aria-hidden": "true" });
    area.value = text;
    const before = document.activeElement;
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    if (!done) return toast("The browser does not let this page copy.");
  }
  toast(`Copied ${what}.`);
}

/** What was kept in this browser, or nothing. */
export function kept(name) {
  try {
    return localStorage.getItem(`bototrail-${name}`);
  } catch {
    return null;
  }
}

/** Keep something in this browser, if it may be. */
export function keep(name, value) {
  try {
    localStorage.setItem(`bototrail-${name}`, value);
  } catch {
    // it is asked again the next time
  }
}

/** Run something soon, and once, however often it is called. */
export function soon(run) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      run();
    });
  };
}
