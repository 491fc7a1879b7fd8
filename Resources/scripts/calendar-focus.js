// Who goes by keys stays where they are when the calendar is drawn anew, and has the way to take a change back beside it.
"use strict";

{
  const list = document.getElementById("calendar-list");
  const grid = document.getElementById("calendar-grid");

  // What is left where an entry is gone: the grid or the list itself.
  const whole = () => (!grid || grid.hidden ? list : grid);
  const entry = (id) => document.querySelector(`#calendar [data-id="${id}"], #calendar-list [data-id="${id}"]`);

  // An entry with all that belongs to it.
  const row = (one) => one?.closest("li") ?? one;

  // What has the focus, so told that it is found in what is drawn anew: itself, else the entry that it belongs to.
  function place() {
    const active = document.activeElement;
    const address = active.getAttribute("href");
    const day = active.matches("[data-navlink]") && active.closest("[data-date]")?.dataset.date;
    const id = active.dataset.id ?? row(active).querySelector("[data-id]")?.dataset.id;
    if (!grid?.contains(active) && !list?.contains(active)) return () => null;
    return () =>
      (day && grid.querySelector(`[data-date="${day}"] [data-navlink]`)) ||
      (address && list.querySelector(`a[href="${CSS.escape(address)}"]`)) ||
      (id && entry(id)) ||
      whole();
  }

  function stay(draw) {
    const find = place();
    draw();
    if (document.activeElement === document.body) find()?.focus();
  }

  // After a change: to what was changed, unless the focus is somewhere already.
  function settle(id) {
    if (document.activeElement === document.body) (entry(id) ?? whole()).focus();
  }

  // The button that takes a change back comes after the changed entry, wherever it stands in the page.
  let from = null;
  document.addEventListener("keydown", (event) => {
    const button = document.querySelector("#toasts button");
    if (event.key !== "Tab" || event.ctrlKey || event.metaKey || event.altKey || !button) return;
    const active = document.activeElement;
    if (active === button && from?.isConnected) {
      // Forwards from there as if one came from the entry.
      from.focus();
      if (event.shiftKey) event.preventDefault();
    } else if (!event.shiftKey && active !== button) {
      const changed = entry(/termine\/(\d+)\//.exec(button.form.action)?.[1]);
      if (active !== whole() && !row(changed)?.contains(active)) return;
      from = active;
      event.preventDefault();
      button.focus();
    }
  });

  window.vortagFocus = { stay, settle };
}
