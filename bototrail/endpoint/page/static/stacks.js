// The timeline's numbers: stretches of time with their stacks, and the colours of what is told apart.

/** How many values have a colour of their own. */
export const COLOURS = 6;

const chosenColours = new Map(); // a value keeps its colour while the page is open

/**
 * Stretches by their place, with their stacks: events that failed, those of each series, and of the others.
 * @param {Object} found what the server says of a timeline
 */
export function arranged(found) {
  const { start, end, width } = found;
  const first = start === null ? 0 : Math.floor(start / width) * width;
  const size = start === null ? 0 : Math.max(1, Math.ceil((end - first) / width));
  const stacks = new Map(found.bins.map(([time, ...rest]) => [Math.round((time - first) / width), rest]));
  let [total, failed, most] = [0, 0, 0];
  for (const stack of stacks.values()) {
    const sum = stack.reduce((a, b) => a + b, 0);
    total += sum;
    failed += stack[0];
    most = Math.max(most, sum);
  }
  const colours = colouring(found.field, found.series);
  return { ...found, first, size, stacks, total, failed, most, colours };
}

/** Colours of values, those that they had before as far as they can keep them. */
function colouring(field, series) {
  const keys = series.map((value) => `${field}=${value}`);
  const free = [...Array(COLOURS).keys()].filter((colour) => !keys.some((key) => chosenColours.get(key) === colour));
  const taken = new Set();
  return keys.map((key) => {
    let colour = chosenColours.get(key);
    if (colour === undefined || taken.has(colour)) {
      colour = free.shift() ?? 0;
      chosenColours.set(key, colour);
    }
    taken.add(colour);
    return colour;
  });
}

/** A round number that is not less. */
export function niceTop(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].map((each) => each * power).find((each) => each >= most) ?? 1;
}
