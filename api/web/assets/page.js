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
