// Uploads of documents with progress, and lists that refresh themselves while documents wait.
// Without this file the same form and pages work by reloading. Refuses to build markup from text:
// every name is set as text.
import { refresh } from "./live.js";

const words = new Intl.NumberFormat();
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

// One line of the list below the form: name, bar, what happened.
class Line {
  constructor(list, file) {
    this.row = element("li", "upload-line");
    this.name = element("span", "upload-name", file.name);
    this.bar = element("progress", "upload-bar");
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Progress of ${file.name}`);
    this.said = element("span", "upload-said", `${size(file.size)}, queued`);
    this.row.append(this.name, this.bar, this.said);
    list.append(this.row);
  }

  progress(share) {
    this.bar.value = share;
    this.said.textContent = share < 1 ? `${Math.floor(share * 100)} % sent` : "sent, being stored";
  }

  say(text, state) {
    this.said.textContent = text;
    this.row.dataset.state = state;
    this.bar.remove();
  }

  link(href) {
    const link = element("a", "upload-name", this.name.textContent);
    link.href = href;
    this.name.replaceWith(link);
    this.name = link;
  }
}

function send(file, fields, line) {
  const address = new URL("/api/v1/documents", location.href);
  address.searchParams.set("name", file.name);
  for (const [key, value] of fields) address.searchParams.set(key, value);
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) line.progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      if (request.status >= 200 && request.status < 300) done(answer);
      else fail(new Error(answer?.detail ?? `The server answered with status ${request.status}.`));
    });
    request.addEventListener("error", () =>
      fail(new Error("The connection broke. Nothing of this file was kept; send it again.")));
    request.send(file);
  });
}

function outcome(found) {
  if (found.state === "failed") return found.error ?? "Could not be read.";
  const parts = [found.kind];
  for (const [key, one, many] of [
    ["findings", "finding", "findings"],
    ["components", "component", "components"],
    ["workloads", "workload", "workloads"],
    ["statements", "statement", "statements"],
    ["records", "record", "records"],
  ]) {
    const count = found.counts[key] ?? 0;
    if (count > 0) parts.push(`${words.format(count)} ${count === 1 ? one : many}`);
  }
  if (found.state === "unresolved") parts.push("no image known for it yet");
  if (found.warning_count > 0) {
    parts.push(`${words.format(found.warning_count)} ${found.warning_count === 1 ? "warning" : "warnings"}`);
  }
  return parts.filter(Boolean).join(", ");
}

// Asks for a document until it is processed; gives up quietly after two minutes.
async function settle(href, line) {
  for (let attempt = 0; attempt < 80; attempt += 1) {
    await pause(Math.min(300 + attempt * 100, 2000));
    const answer = await fetch(href, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) continue;
    const found = await answer.json();
    if (found.state !== "waiting") {
      line.say(outcome(found), found.state);
      return;
    }
  }
  line.say("still waiting to be read", "waiting");
}

async function submit(form, list) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const limit = Number(form.dataset.limit);
  const fields = ["image", "cluster", "as_of", "mapping"]
    .map((name) => [name, form.elements[name]?.value.trim() ?? ""])
    .filter(([, value]) => value !== "");
  const queue = [...input.files].map((file) => ({ file, line: new Line(list, file) }));
  button.disabled = true;
  const settling = [];
  for (const { file, line } of queue) {
    if (file.size > limit) {
      line.say(`${size(file.size)} is more than the ${form.dataset.limitText} a document may have.`, "failed");
      continue;
    }
    try {
      const answer = await send(file, fields, line);
      const [taken] = answer.documents;
      line.link(taken.page);
      line.say(taken.known ? "known already, read again" : "stored, waiting to be read", "waiting");
      settling.push(settle(taken.href, line));
    } catch (error) {
      line.say(error.message, "failed");
    }
  }
  input.value = "";
  chosen(form);
  button.disabled = false;
  refresh();
  await Promise.all(settling);
  refresh();
}

// Says on the button how many files it will send.
function chosen(form) {
  const count = form.querySelector("input[type=file]").files.length;
  const button = form.querySelector("button[type=submit]");
  button.textContent = count > 1 ? `Upload ${words.format(count)} documents` : "Upload";
  const told = form.querySelector("[data-chosen]");
  const names = [...form.querySelector("input[type=file]").files].map((file) => file.name);
  told.textContent = count === 0 ? told.dataset.chosen : names.slice(0, 3).join(", ") +
    (count > 3 ? ` and ${words.format(count - 3)} more` : "");
}

// Called by app.js for each <form data-upload>: a file input, a `[data-drop]` area with the line
// `[data-chosen]`, and a list `[data-uploads]` beside the form.
export function upload(form) {
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector("[data-drop]");
  input.required = false;
  chosen(form);
  const list = form.parentElement.querySelector("[data-uploads]");
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  };
  document.addEventListener("dragenter", over);
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) zone.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!zone.classList.contains("over")) return;
    event.preventDefault();
    zone.classList.remove("over");
    const all = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    chosen(form);
    zone.scrollIntoView({ block: "nearest" });
  });
  input.addEventListener("change", () => chosen(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length > 0) submit(form, list);
    else input.click();
  });
}

async function watch() {
  for (let wait = 1000; ; wait = Math.min(wait * 1.2, 10000)) {
    await pause(wait);
    if (document.hidden) continue;
    if (document.querySelector("[data-live] [data-waiting]")) await refresh();
    else wait = 1000;
  }
}

if (document.querySelector("[data-live]")) watch();
