// The progress of a run while it is watched: the page names the stream in `data-events`, each event has the
// texts of the page's figures. Without this file the page shows where the run stood when it was opened.
import { refresh } from "./live.js";

// The journal below is fetched again at most this often.
const JOURNAL_EVERY = 4000;

function show(told) {
  const bar = document.querySelector("[data-events] progress");
  if (bar && told.total > 0) {
    bar.max = told.total;
    bar.value = told.done;
  }
  const set = (selector, text) => {
    const place = document.querySelector(`[data-events] ${selector}`);
    if (place && place.textContent !== text) place.textContent = text;
  };
  set("[data-sentence]", told.sentence);
  set("[data-asking]", told.asking);
  for (const [name, text] of Object.entries(told.figures)) set(`[data-figure="${name}"]`, text);
}

export function watch(part) {
  const stream = new EventSource(part.dataset.events);
  part.querySelector("[data-again]")?.remove();
  let [done, state, fetched] = [-1, "", Date.now()];
  stream.addEventListener("progress", async (event) => {
    const told = JSON.parse(event.data);
    if (told.over) stream.close();
    show(told);
    const moved = told.done !== done || told.state !== state;
    if (told.over || (moved && Date.now() - fetched > JOURNAL_EVERY)) {
      [done, state, fetched] = [told.done, told.state, Date.now()];
      await refresh();
    }
  });
  addEventListener("pagehide", () => stream.close());
}
