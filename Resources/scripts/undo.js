// What was just done stays for ten seconds, and as long as somebody is at it. Who goes by keys needs longer to get there,
// and has the half minute in which it can be taken back.
"use strict";

window.vortagToast = (toast) => {
  const end = Date.now() + 30000;
  let timer = 0;
  const isByKeys = () => document.activeElement !== document.body && document.activeElement.matches(":focus-visible");
  const stay = () => clearTimeout(timer);
  const leave = (after) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const left = end - Date.now();
      if (left > 0 && isByKeys()) leave(left);
      else toast.remove();
    }, after);
  };
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusout", () => leave(10000));
  toast.addEventListener("pointerleave", () => leave(10000));
  leave(10000);
};

for (const toast of document.querySelectorAll(".toast")) window.vortagToast(toast);

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
