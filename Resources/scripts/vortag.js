// Comfort only: every page works without this script.
"use strict";

// What was refused is read first.
document.getElementById("summary")?.focus();

// A correction that a rule offers, taken over by one click, also where it came while somebody typed.
const offer = (root) => {
  for (const button of root.querySelectorAll("button[data-take]")) button.hidden = false;
};
offer(document);
document.addEventListener("htmx:afterSwap", (event) => {
  offer(document);
  const note = event.target;
  const field = document.getElementById(String(note.id).replace(/-note$/, ""));
  if (field?.hasAttribute("hx-post") && field !== note) {
    if (note.querySelector(".problem")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-take]");
  const field = button && document.getElementById(button.dataset.take);
  if (!field) return;
  event.preventDefault();
  field.value = button.dataset.value;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// An address to be taken elsewhere.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      document.getElementById(`${field.id}-copied`).hidden = false;
    } catch {
      // Without the right to the clipboard it stays marked, to be copied by hand.
    }
  });
}

// A placeholder, put where the cursor last stood in one of the texts.
let writing = document.getElementById("emailBody");
for (const button of document.querySelectorAll("button[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    writing.setRangeText(button.dataset.insert, writing.selectionStart, writing.selectionEnd, "end");
    writing.dispatchEvent(new Event("input", { bubbles: true }));
    writing.focus();
  });
}
document.addEventListener("focusin", (event) => {
  if (event.target.closest(".writing input, .writing textarea")) writing = event.target;
});

// A form is sent once, however often its button is pressed; a page that comes back from the browser's memory is usable.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
  form.setAttribute("aria-busy", "true");
  // Whoever stopped the browser can press again.
  setTimeout(() => form.removeAttribute("aria-busy"), 10000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

// Single keys are for who reads a page: not while somebody types, nor where a form is that could be left half filled in; and
// each browser can do without them (WCAG 2.2, 2.1.4).
const keys = "vortag.keys";
const fields = "main form[method=post] :is(input:not([type=hidden]), select, textarea)";
const areKeysOff = () => {
  try {
    return localStorage.getItem(keys) === "off";
  } catch {
    return false;
  }
};
window.vortagKeys = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, select, textarea") &&
  !document.querySelector(`${fields}:not(dialog:not([open]) *, details:not([open]) *)`) && !areKeysOff();
for (const box of document.querySelectorAll("input[data-keys]")) {
  box.closest("[hidden]").hidden = false;
  box.checked = !areKeysOff();
  box.addEventListener("change", () => localStorage.setItem(keys, box.checked ? "on" : "off"));
}

// n: new appointment; t: today; /: search.
document.addEventListener("keydown", (event) => {
  const nav = document.querySelector("nav.side");
  if (!nav || !window.vortagKeys(event)) return;
  // Who may only read is led nowhere.
  if (event.key === "n" && nav.dataset.new) location.assign(nav.dataset.new);
  else if (event.key === "t") location.assign("/");
  else if (event.key === "/") {
    event.preventDefault();
    const field = document.getElementById("suche");
    if (field) field.focus();
    else location.assign("/patienten");
  }
});
