// Waiting for news from the server, while somebody looks.

import { ask, forget } from "./api.js";

const LEAST = 1000;
const MOST = 30_000;

/**
 * Follow the server's state.
 * @param {(state: Object) => void} news called with each state that is another one
 * @param {(error: Error|null) => void} trouble called when the server does not answer, and when it does again
 */
export function follow(news, trouble) {
  let seen = "";
  let pause = 0;
  let running = false;

  async function run() {
    if (running) return;
    running = true;
    while (!document.hidden) {
      const began = Date.now();
      try {
        const state = await ask("state", { seen }, "state");
        if (!state) continue;
        if (pause) trouble(null);
        pause = 0;
        const isNews = state.mark !== seen;
        seen = state.mark;
        if (isNews) await news(state);
        // A server with too many who wait answers at once.
        await wait(Math.max(isNews ? 300 : 0, LEAST - (Date.now() - began)));
      } catch (error) {
        trouble(error);
        pause = Math.min(MOST, (pause || LEAST) * 2);
        await wait(pause);
      }
    }
    running = false;
  }

  document.addEventListener("visibilitychange", () => {
    // A browser has six connections to a server at most, for all of its tabs.
    if (document.hidden) forget("state");
    else run();
  });
  run();
}

const wait = (time) => new Promise((done) => setTimeout(done, time));
