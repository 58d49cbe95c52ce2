// The live parts of a page, `[data-live]`: fetched again and put in place of the old ones.
import { copyable } from "./copy.js";
import { localDates } from "./dates.js";

// Fetches this page again and replaces its live parts, but for one somebody types in.
export async function refresh() {
  const parts = [...document.querySelectorAll("[data-live]")];
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = [...page.querySelectorAll("[data-live]")];
  if (fresh.length !== parts.length) return;
  parts.forEach((part, index) => {
    if (part.contains(document.activeElement) && document.activeElement.matches("input, select")) return;
    const shown = document.importNode(fresh[index], true);
    part.replaceWith(shown);
    localDates(shown);
    copyable(shown);
  });
}
