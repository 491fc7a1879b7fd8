// The patient's field as a combobox (ARIA Authoring Practices, list autocomplete with manual selection). Without this
// script the button beside the field finds the same patients, as a list to choose from.
"use strict";

for (const instead of document.querySelectorAll(".without-script")) instead.remove();

const field = document.getElementById("suche");
if (field && !field.closest("fieldset[disabled]")) {
  const inputs = document.getElementById("inputs");
  const list = () => document.getElementById("patient-options");
  const chosen = () => document.querySelector("#patients [name=patientId]:checked");
  const options = () => [...list().querySelectorAll("[role=option]:not([aria-disabled])")];
  let active = null;
  // Whether the active one is only offered: nobody has pressed an arrow yet.
  let isOffered = false;
  // What the field says while somebody is chosen; other words take the choice back.
  let settled = chosen()?.dataset.name ?? null;

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "patient-options", "aria-expanded": "false",
  })) field.setAttribute(name, value);

  const activate = (option) => {
    active?.setAttribute("aria-selected", "false");
    active = option ?? null;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) field.setAttribute("aria-activedescendant", active.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list().hidden = true;
    field.setAttribute("aria-expanded", "false");
    activate(null);
  };
  const open = () => {
    if (list().children.length === 0) return;
    list().hidden = false;
    field.setAttribute("aria-expanded", "true");
    activate(options()[0]);
    isOffered = true;
  };
  const changed = () => inputs.dispatchEvent(new Event("change", { bubbles: true }));
  const choose = async (option) => {
    const id = option.dataset.id;
    const typed = field.value;
    if (option.dataset.name) field.value = option.dataset.name;
    settled = option.dataset.name ?? null;
    close();
    const query = new URLSearchParams({ patientId: id, suche: id === "new" ? typed : "" });
    await htmx.ajax("GET", `/termine/patient?${query}`, { target: "#patients", swap: "outerHTML" });
    changed();
    if (id === "new") document.getElementById("firstName").focus();
  };

  field.addEventListener("input", () => {
    if (settled === null || field.value === settled) return;
    settled = null;
    const radio = chosen();
    if (radio) radio.checked = false;
    changed();
  });
  // Words that fewer letters were typed of than anything is found by leave no list behind.
  field.addEventListener("input", () => { if (field.value.trim() === "") close(); });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "patient-options" && event.detail.target?.id !== "patient-options") return;
    document.getElementById("patient-said").textContent = list().dataset.said ?? "";
    if (document.activeElement === field && field.value.trim() !== "") open();
    else close();
  });
  field.addEventListener("keydown", (event) => {
    const isOpen = !list().hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return open();
      const all = options();
      const isDown = event.key === "ArrowDown";
      // The habitual first arrow means who is offered, not who stands below: that may be somebody new.
      const isKept = isOffered && isDown;
      isOffered = false;
      if (isKept) return;
      const next = all[(all.indexOf(active) + (isDown ? 1 : -1) + all.length) % all.length];
      // An arrow that is held down stops at the last one who was found.
      if (!(event.repeat && next.dataset.id === "new")) activate(next);
    } else if (event.key === "Enter") {
      // Saving is the button's business, not that of a field in which somebody is being looked for.
      event.preventDefault();
      if (isOpen && active) choose(active);
      else if (field.value !== settled) open();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") close();
  });
  const searching = field.closest(".searching");
  searching.addEventListener("mousedown", (event) => { if (event.target.closest("[role=option]")) event.preventDefault(); });
  searching.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]:not([aria-disabled])");
    if (option) choose(option);
  });
  field.addEventListener("blur", close);
  // Someone on record instead of a new patient.
  document.getElementById("patientId").addEventListener("change", (event) => {
    if (!event.target.matches("#alike [name=patientId]")) return;
    field.value = settled = event.target.dataset.name;
  });
}

// Whom a new appointment is for comes first, or when it is where that is known.
{
  const first = document.querySelector("form.booking[data-first]")?.dataset.first;
  if (first) document.getElementById(first)?.focus();
}

// What is said already is not said again: only what is another fills the places that a screen reader watches.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.getAttribute("role") === "status" && target.textContent.trim() === fragment.textContent.trim()) {
    event.detail.shouldSwap = false;
  }
});

// Whoever presses the button leaves a field: what that field changes must not move the button away from under the press.
{
  const form = document.querySelector("form.booking");
  let isPressed = false;
  let isLate = false;
  const holdBack = (event) => {
    if (!isPressed || !form.contains(event.target)) return;
    event.preventDefault();
    isLate = true;
  };
  form?.addEventListener("pointerdown", (event) => { isPressed = event.target.closest("button") !== null; });
  const release = () => setTimeout(() => {
    isPressed = false;
    if (!isLate) return;
    isLate = false;
    form.dispatchEvent(new Event("change"));
  });
  // A touch that turns out to be a scroll is cancelled.
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, release);
  document.addEventListener("htmx:beforeRequest", holdBack);
  document.addEventListener("htmx:beforeSwap", holdBack);
}
