// Drag and drop with progress for <form data-upload>: one request a file, two at a time, so that one bad
// file spoils no other. Expects a file input, a `.drop` area and a list `[data-upload-list]` in the form or
// beside it. Without script the same form sends all files at once.
const ATONCE = 2;

export function upload(form) {
  const input = form.querySelector('input[type="file"]');
  const area = form.querySelector(".drop") ?? form;
  const list = form.querySelector("[data-upload-list]") ?? form.parentElement.querySelector("[data-upload-list]");
  if (!input || !list) return;
  const waiting = [];
  let running = 0;
  let refused = 0;

  const add = (files) => {
    for (const file of files) waiting.push({ file, line: show(list, file) });
    pump();
  };
  const pump = () => {
    while (running < ATONCE && waiting.length) {
      running += 1;
      send(form, input.name, waiting.shift()).then((good) => {
        running -= 1;
        if (!good) refused += 1;
        if (!running && !waiting.length && !refused) location.assign(form.dataset.upload || location.pathname);
        pump();
      });
    }
  };

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    add(input.files);
    input.value = "";
  });
  input.addEventListener("change", () => form.requestSubmit());
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer.files);
  });
}

function show(list, file) {
  const item = document.createElement("li");
  const name = document.createElement("b");
  const state = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  state.className = "soft";
  state.textContent = " waiting";
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `Upload of ${file.name}`);
  item.append(name, state, bar);
  list.append(item);
  return { state, bar };
}

function send(form, field, { file, line }) {
  return new Promise((resolve) => {
    const body = new FormData();
    for (const [key, value] of new FormData(form)) if (typeof value === "string") body.append(key, value);
    body.append(field, file, file.name);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) line.bar.value = event.loaded / event.total;
      line.state.textContent = line.bar.value < 1 ? ` ${Math.round(line.bar.value * 100)} %` : " being read";
    });
    const end = (good, text) => {
      line.state.textContent = ` ${text}`;
      line.bar.remove();
      resolve(good);
    };
    request.addEventListener("load", () => {
      if (request.status < 400) return end(true, "taken in");
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      end(false, page.querySelector("main .lead")?.textContent ?? `refused (${request.status})`);
    });
    request.addEventListener("error", () => end(false, "not sent: the server did not answer"));
    request.open("POST", form.action);
    request.send(body);
  });
}
