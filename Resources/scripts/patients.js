// Comfort only: finding patients by the keyboard, and asking how a consent came to be known once it is changed.
"use strict";

const search = document.querySelector("input[data-hits]");
if (search) {
  const hits = () => [...document.querySelectorAll(`${search.dataset.hits} a.hit`)];
  // The address follows the search, so that coming back shows it again.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.elt.id !== "found") return;
    const query = search.value.trim();
    history.replaceState(null, "", query ? `?suche=${encodeURIComponent(query)}` : location.pathname);
  });
  document.addEventListener("keydown", (event) => {
    const found = hits();
    const place = found.indexOf(document.activeElement);
    const isSearching = document.activeElement === search;
    if (!isSearching && place < 0) return;
    if (event.key === "ArrowDown" && place + 1 < found.length) found[place + 1].focus();
    else if (event.key === "ArrowUp" && place > 0) found[place - 1].focus();
    else if (event.key === "ArrowUp" && place === 0) search.focus();
    else return;
    event.preventDefault();
  });
}

// How somebody said it is asked once what was said is another.
for (const part of document.querySelectorAll(".consent")) {
  const [consent, means] = part.querySelectorAll("select");
  const show = () => { means.closest(".field").hidden = consent.value === part.dataset.saved && means.value === ""; };
  consent.addEventListener("change", show);
  show();
}

// A form that asks back is read there first.
document.querySelector(".alike[role=alert]")?.focus();
