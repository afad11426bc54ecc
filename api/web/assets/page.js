// Light or dark before the first paint, as chosen here or as the system has it.
(() => {
  const kept = document.cookie.match(/(?:^|; )theme=(light|dark)/);
  const dark = kept ? kept[1] === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
function rcTheme() {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.dataset.theme = next;
  Quasar.Dark.set(next === "dark");
}
function rcMenu(button) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
}
// Handles that the person typed to know who is who: kept in this browser, sent only to name rows.
function rcNames(given) {
  if (given !== undefined) localStorage.setItem("rc-names", given);
  return localStorage.getItem("rc-names") || "";
}
// A plan that is being made: kept in this browser, so that a reload does not lose it.
function rcDraft(given) {
  if (given !== undefined) localStorage.setItem("rc-plan", given);
  return localStorage.getItem("rc-plan") || "";
}
// Puts HTML into elements by their ids; sliders being dragged stay as they are.
function rcFill(cells) {
  for (const [id, html] of Object.entries(cells)) {
    const place = document.getElementById(id);
    if (place && place.tagName === "INPUT") place.value = html;
    else if (place) place.innerHTML = html;
  }
}
// Sends files to the API that the zone names, tells how far it is, and hands each answer to the page.
function rcUpload(zone, files) {
  for (const file of files) rcSend(zone, file);
}
function rcSend(zone, file) {
  const told = zone.querySelector("[role=status]"), bar = zone.querySelector("progress");
  const form = new FormData(), request = new XMLHttpRequest();
  form.append("file", file);
  for (const box of zone.querySelectorAll("input[name]")) if (box.value) form.append(box.name, box.value);
  bar.hidden = false;
  told.textContent = `Sending ${file.name}`;
  request.upload.onprogress = (e) => { bar.max = e.total; bar.value = e.loaded; };
  request.onerror = () => { bar.hidden = true; told.textContent = `${file.name}: the server cannot be reached`; };
  request.onload = () => {
    bar.hidden = true;
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* told below */ }
    const taken = request.status < 300;
    told.textContent = taken ? `${file.name} is there` : `${file.name}: ${answer.detail || request.statusText}`;
    if (taken) zone.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: answer }));
  };
  request.open("POST", zone.dataset.url);
  request.send(form);
}
