// What script adds to pages that work without it: `/` focuses search, rows open on click, selects submit,
// digests copy, dates speak the viewer's own zone, wide tables scroll by keyboard, files are dropped and
// show their progress, runs are watched.
import { localDates } from "./dates.js";
import { copyable } from "./copy.js";
import { upload } from "./upload.js";
import { watch } from "./progress.js";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  event.preventDefault();
  document.getElementById("search")?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const row = event.target.closest("tr[data-row]");
  if (!row || event.target.closest("a, button, input, summary, label") || getSelection().toString()) return;
  const { href } = row.querySelector("th a");
  if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
  else location.assign(href);
});

// Where tabs do not fit side by side, the open one is the one to see.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const tabs = tab.closest(".tabs");
  tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - tabs.clientWidth / 3;
}

for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// An untouched filter says nothing in the address.
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}

// What scrolls sideways can be reached and scrolled by keyboard.
function reachable() {
  for (const box of document.querySelectorAll(".scroll, pre")) {
    if (box.scrollWidth <= box.clientWidth || box.tabIndex === 0) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    const heading = box.closest("section")?.querySelector("h2, h3") ?? document.querySelector("h1");
    if (heading) box.setAttribute("aria-label", `${heading.textContent.trim()}, scrolls sideways`);
  }
}
reachable();
addEventListener("resize", reachable);

localDates(document);
copyable(document);
for (const form of document.querySelectorAll("form[data-upload]")) upload(form);
for (const part of document.querySelectorAll("[data-events]")) watch(part);
