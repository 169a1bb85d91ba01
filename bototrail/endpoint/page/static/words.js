// The filter language, as far as a browser must know it: words, and terms in them. What it means, the server says.

const BLANK = /[ \t\r\n]/;

/**
 * The words of a line; quotes hold together, and one that is not closed holds to the end.
 * @returns {string[]}
 */
export function split(line) {
  const words = [];
  let word = null;
  let quote = "";
  for (const character of line) {
    if (quote) {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (BLANK.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== null) words.push(word);
  return words.filter((each) => each.trim());
}

/** The line of which `split` makes these words. */
export const joined = (words) => words.map(quoted).join(" ");

function quoted(word) {
  return word && !/[\s'"]/.test(word) ? word : `"${word.replaceAll('"', `"'"'"`)}"`;
}

/** The same for a shell. */
export function forShell(words) {
  return words.map((word) => (/^[A-Za-z0-9_=.,:/@!%+-]+$/.test(word) && !word.includes("!") ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(" ");
}

const TERM = /^([A-Za-z][A-Za-z_.-]*)(!?=)([\s\S]*)$/;

/**
 * What a word says.
 * @param {string} word
 * @param {Map<string, string>} names every name of a field, in lower case without punctuation, and its own one
 * @returns {{field: string, negated: boolean, values: string[], known: boolean}} values as they are written
 */
export function term(word, names) {
  const found = TERM.exec(word);
  if (!found) return { field: "text", negated: false, values: [word], known: true };
  const field = names.get(found[1].replace(/[._-]/g, "").toLowerCase());
  const values = field === "text" ? [found[3]] : (found[3].match(/(?:[^,\\]|\\[\s\S]|\\$)+/g) ?? []);
  return { field: field ?? found[1], negated: found[2] === "!=", values, known: field !== undefined };
}

/** The word of a term. */
export function wordOf({ field, negated, values }) {
  return `${field}${negated ? "!=" : "="}${values.join(",")}`;
}

/** A value as it is written where it means itself. */
export const escaped = (value) => value.replace(/[,*?\\]/g, "\\$&");

/** What a written value means, if it has no wildcards. */
export const plain = (value) => value.replace(/\\([,*?\\])/g, "$1");

// The server cuts values at 500 characters in tables: what is as long may go on.
const MOST = 499;

/**
 * A value as a filter wants it: one that is too long for a term is what it begins with.
 * @param {string} field
 * @param {string} value
 * @param {boolean} cut whether it goes on beyond its end
 */
export function written(field, value, cut = false) {
  if (value.length <= MOST && !cut) return escaped(value);
  const start = escaped([...value.slice(0, MOST)].slice(0, -1).join(""));
  return field === "text" ? start : `${start}*`;
}

/** The filter's words with a value of a field wanted, or not wanted, or left alone (`mode` is `is`, `not` or ``). */
export function withValue(words, names, field, value, mode) {
  const rest = [];
  let place = -1;
  for (const word of words) {
    const found = term(word, names);
    if (found.field !== field || field === "text") {
      if (field === "text" && found.field === "text" && found.values[0] === value) continue;
      rest.push(word);
      continue;
    }
    found.values = found.values.filter((each) => each !== value);
    if (mode === "is" && !found.negated && place < 0) {
      found.values.push(value);
      place = rest.length;
    } else if (mode === "not" && found.negated && place < 0) {
      found.values.push(value);
      place = rest.length;
    }
    if (found.values.length) rest.push(wordOf(found));
  }
  if (place < 0 && mode) rest.push(wordOf({ field, negated: mode === "not", values: [value] }));
  return rest;
}

/** Whether a value of a field is wanted (`is`), not wanted (`not`), or neither. */
export function modeOf(words, names, field, value) {
  for (const word of words) {
    const found = term(word, names);
    if (found.field === field && found.values.includes(value)) return found.negated ? "not" : "is";
  }
  return "";
}
