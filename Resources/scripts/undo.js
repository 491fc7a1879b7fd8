// What was just done stays for ten seconds, and as long as somebody is at it.
"use strict";

window.vortagToast = (toast) => {
  let timer = 0;
  const stay = () => clearTimeout(timer);
  const leave = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), 10000);
  };
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusout", leave);
  toast.addEventListener("pointerleave", leave);
  leave();
};

for (const toast of document.querySelectorAll(".toast")) window.vortagToast(toast);

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
