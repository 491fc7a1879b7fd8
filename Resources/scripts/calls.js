// The call list: where the eye and the keyboard are after a tick, and the printer. Both work without this script.
"use strict";

// What was refused, because of the note or of somebody who called before, comes with the list.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target.id !== "anrufe" || ![409, 422].includes(xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "anrufe") return;
  document.querySelector("#anrufe .taken input[name=note], #anrufe [aria-invalid], #anrufe .ticked button")?.focus();
});

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
