// The call list: where the eye and the keyboard are after a tick, and the printer. Both work without this script.
"use strict";

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "anrufe") document.querySelector("#anrufe .ticked button")?.focus();
});

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
