// A record as it is written: its own text, in lines, each value a link. It does not go through JavaScript's numbers.

import { cutAt, el, grouped, shown } from "./dom.js";

const TOKEN = /[{}[\],:]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}[\],:"]+/gs;
const INDENT = 2;
const DEEPEST = 40; // levels that are moved in; deeper ones only say how deep they are
const LINES = 1500; // that are shown at once
const LONG = 2000; // characters of a text that are shown at once
const MORE = 20_000; // that are shown with each click; a megabyte of what cannot be seen would stop a browser

/**
 * The lines of a JSON text.
 * @param {string} text
 * @returns {Array<{depth: number, tokens: Array<{kind: string, text: string, path?: string[]}>}>}
 *   kind is `key`, `string`, `number`, `word` or `mark`; path is that of a value
 */
export function lines(text) {
  const found = [];
  const path = []; // keys, and numbers in lists
  const kinds = []; // of what is open: `{` or `[`
  let line = { depth: 0, tokens: [] };
  let key = null; // the last one, while its value is waited for
  const tokens = text.match(TOKEN) ?? [];
  const end = () => {
    if (line.tokens.length) found.push(line);
    line = { depth: kinds.length, tokens: [] };
  };
  const enter = () => {
    if (kinds.at(-1) === "{") path[kinds.length - 1] = key;
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === "{" || token === "[") {
      enter();
      const closing = token === "{" ? "}" : "]";
      if (tokens[at + 1] === closing) {
        line.tokens.push({ kind: "mark", text: token + closing });
        at++;
        continue;
      }
      line.tokens.push({ kind: "mark", text: token });
      kinds.push(token);
      path[kinds.length - 1] = token === "[" ? 0 : null;
      end();
    } else if (token === "}" || token === "]") {
      kinds.pop();
      path.length = kinds.length;
      end();
      line.tokens.push({ kind: "mark", text: token });
    } else if (token === ",") {
      line.tokens.push({ kind: "mark", text: "," });
      if (kinds.at(-1) === "[") path[kinds.length - 1] += 1;
      end();
    } else if (token === ":") {
      line.tokens.push({ kind: "mark", text: ": " });
    } else if (token[0] === '"' && tokens[at + 1] === ":" && kinds.at(-1) === "{") {
      key = read(token);
      line.tokens.push({ kind: "key", text: token });
    } else {
      enter();
      const kind = token[0] === '"' ? "string" : /^-?\d/.test(token) ? "number" : "word";
      line.tokens.push({ kind, text: token, path: path.slice(0, kinds.length).map(String) });
    }
  }
  end();
  return found;
}

/** The text of a JSON string. */
export function read(token) {
  try {
    return JSON.parse(token);
  } catch {
    return token;
  }
}

/** A JSON text in lines. */
export function pretty(text) {
  return lines(text).map(({ depth, tokens }) => " ".repeat(depth * INDENT) + tokens.map((token) => token.text).join("")).join("\n");
}

/**
 * A JSON text as it is shown.
 * @param {string} text
 * @param {(path: string[], value: string, kind: string) => string|null} address of "all events with this value"
 */
export function view(text, address) {
  const all = lines(text);
  const code = el("code");
  const block = el("pre.json", { tabindex: "0", role: "region", "aria-label": "The record as JSON" }, code);
  const more = (from) => {
    for (const line of all.slice(from, from + LINES)) code.append(drawn(line, address));
    const left = all.length - from - LINES;
    if (left > 0) {
      const button = el("button.plain.more", { click: () => (button.remove(), more(from + LINES)) }, `Show more (${grouped(left)} lines left)`);
      code.append(button);
    }
  };
  more(0);
  return block;
}

function drawn({ depth, tokens }, address) {
  const line = el("span.line", null, " ".repeat(Math.min(depth, DEEPEST) * INDENT));
  if (depth > DEEPEST) line.append(el("span.note", null, `${depth}│ `));
  for (const token of tokens) line.append(token.path ? value(token, address) : token.kind === "key" ? el("span.key", { text: token.text }) : token.text);
  line.append("\n");
  return line;
}

function value({ kind, text, path }, address) {
  const plain = kind === "string" ? read(text) : text;
  const where = kind === "word" && text === "null" ? null : address(path, plain, kind);
  const element = where ? el(`a.${kind}`, { href: where, title: "All events with this value" }) : el(`span.${kind}`);
  // Escapes that JSON needs not stay as they are; what cannot be seen is spelt out.
  if (text.length <= LONG) {
    element.append(shown(text));
    return element;
  }
  let end = 0;
  const rest = el("button.plain.more", { click: () => more(MORE) });
  const more = (number) => {
    const start = end;
    end = cutAt(text, Math.min(text.length, start + number));
    element.append(shown(text.slice(start, end)));
    rest.textContent = `… ${grouped(text.length - end)} characters more`;
    if (end >= text.length) rest.remove();
  };
  more(LONG);
  const both = document.createDocumentFragment();
  both.append(element, rest);
  return both;
}
