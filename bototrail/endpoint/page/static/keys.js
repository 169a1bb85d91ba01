// What keys do, wherever one is; and the list of them.

/** Keys and what they do, as `?` lists them. */
export const KEYS = [
  ["/", "Type a filter"],
  ["j  k  ↓  ↑", "Move through the events"],
  ["←  →", "Move through the columns"],
  ["Enter", "Show the event; narrow the time on the timeline"],
  ["Esc", "Close what is open"],
  ["f", "Only events with the value that is marked"],
  ["x", "Exclude the value that is marked"],
  ["c", "What did the caller of this event do?"],
  ["y", "Copy the event as JSON"],
  ["t", "Go to the timeline; arrow keys move, with Shift they choose a range"],
  ["o", "Newest or oldest first"],
  ["n", "Show new events"],
  ["l", "Live update on or off"],
  ["g  G", "First event, last one that is loaded"],
  ["?", "This list"],
];

const TYPING = "input, textarea, select, [contenteditable]";

/**
 * Listen to keys.
 * @param {Object<string, (event: KeyboardEvent) => boolean|void>} actions by key; false: it is not for us
 */
export function keys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.matches?.(TYPING) && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    if (action && action(event) !== false) event.preventDefault();
  });
}
