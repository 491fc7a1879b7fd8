// The calendar as a grid: FullCalendar draws it, the server fills it and decides everything.
"use strict";

(() => {
  const place = document.getElementById("calendar");
  if (!place || !window.FullCalendar) return;

  const options = JSON.parse(place.dataset.options);
  const grid = document.getElementById("calendar-grid");
  const head = document.getElementById("calendar-head");
  const list = document.getElementById("calendar-list");
  const said = document.getElementById("calendar-said");
  const toasts = document.getElementById("toasts");
  const dialog = document.getElementById("calendar-dialog");
  const views = { tag: "timeGridDay", woche: "timeGridWeek", monat: "dayGridMonth" };
  const part = { headers: { "HX-Request": "true" } };
  const { element, settings } = window.vortagGrid;
  let calendar = null;
  let asked = 0;
  // What springs back when a question is left without an answer.
  let springBack = null;
  let opened = null;
  // Whether the server knows it otherwise than the grid shows it.
  let outdated = false;

  const here = () => {
    const query = new URLSearchParams(location.search);
    query.delete("rueckgaengig");
    return location.pathname + (query.size ? `?${query}` : "");
  };
  const iso = (date) => date.toISOString().slice(0, 16);

  // The grid.

  const deeds = {
    navLinkDayClick: (date) => go(dayAddress(date)),
    eventClick: ({ event, jsEvent }) => {
      jsEvent.preventDefault();
      if (event.extendedProps.isDay) {
        go(event.url.slice(event.url.indexOf("?")));
        return;
      }
      opened = event.id;
      ask(`/kalender/termin/${event.id}?zurueck=${encodeURIComponent(here())}`);
    },
    eventDrop: (info) => move(info),
    eventResize: (info) => move(info, minutes(info.endDelta)),
    select: ({ start, end }) => create(iso(start), (end - start) / 60000),
    dateClick: ({ date, allDay }) => options.mayWrite && create(allDay ? iso(date).slice(0, 10) : iso(date)),
  };

  function drawGrid(feed) {
    drawEvents(feed);
    // What scrolls can be scrolled by keys, also where nothing in it can be reached.
    for (const scroller of place.querySelectorAll(".fc-scroller-liquid-absolute")) scroller.tabIndex = 0;
  }

  function drawEvents(feed) {
    const view = views[feed.view];
    const events = feed.days
      .map(({ day, name }) => ({ start: day, allDay: true, display: "background", title: name, classNames: ["named-day"] }))
      .concat(feed.events);
    const hiddenDays = feed.view === "woche" ? feed.hidden : [];
    const height = feed.view === "monat" ? "auto" : "100%";
    place.classList.toggle("month", feed.view === "monat");
    if (!calendar) {
      calendar = new FullCalendar.Calendar(place, {
        ...settings(options), ...deeds, initialView: view, initialDate: feed.day, hiddenDays, height, events,
      });
      calendar.render();
      return;
    }
    calendar.batchRendering(() => {
      calendar.getEventSources().forEach((source) => source.remove());
      if (`${calendar.getOption("hiddenDays")}` !== `${hiddenDays}`) calendar.setOption("hiddenDays", hiddenDays);
      if (calendar.getOption("height") !== height) calendar.setOption("height", height);
      if (calendar.view.type !== view || iso(calendar.getDate()).slice(0, 10) !== feed.day) calendar.changeView(view, feed.day);
      calendar.addEventSource(events);
    });
    calendar.updateSize();
  }

  // The page round it.

  function drawHead(feed) {
    const key = head.contains(document.activeElement) && document.activeElement.dataset.key;
    const field = head.contains(document.activeElement) && document.activeElement.id;
    head.innerHTML = feed.head;
    const back = key ? head.querySelector(`[data-key="${key}"]`) : field && document.getElementById(field);
    if (back) back.focus();
    document.title = `${feed.lead} · Vortag`;
  }

  // Alone: nobody asked, so the session does not live on by it.
  async function show(loud, alone = false) {
    const turn = ++asked;
    const answer = await fetch(`/kalender/termine${location.search}`, { headers: alone ? { "X-Vortag-Unattended": "1" } : {} }).catch(() => null);
    if (turn !== asked) return;
    if (!answer || !answer.ok || answer.redirected) return complain();
    const feed = await answer.json();
    drawHead(feed);
    if (loud) said.textContent = feed.lead;
    const isList = feed.view === "liste";
    grid.hidden = isList;
    list.hidden = !isList;
    list.innerHTML = feed.list;
    if (!isList) drawGrid(feed);
    document.getElementById("calendar-keys").hidden = isList;
    place.dataset.ready = String(turn);
    if (opened && !dialog.open && document.activeElement === document.body) {
      document.querySelector(`[data-id="${opened}"]`)?.focus();
      opened = null;
    }
  }

  function go(search) {
    history.pushState(null, "", `/kalender${search}`);
    return show(true);
  }

  function dayAddress(date) {
    const query = new URLSearchParams(location.search);
    query.set("ansicht", "tag");
    query.set("tag", iso(date).slice(0, 10));
    return `?${query}`;
  }

  function create(start, minutes) {
    const query = new URLSearchParams({ start: start.slice(0, 10) });
    if (start.length > 10) query.set("startTime", start.slice(11));
    if (minutes) query.set("end", minutes);
    const current = new URLSearchParams(location.search);
    if (current.get("therapeut")) query.set("practitionerId", current.get("therapeut"));
    if (current.get("standort")) query.set("locationId", current.get("standort"));
    query.set("zurueck", here());
    location.assign(`/termine/neu?${query}`);
  }

  // Changes: the server says what would follow, and whether a person has to hear of it first.

  function move({ event, revert }, longer) {
    const start = iso(event.start);
    springBack = revert;
    send(`/termine/${event.id}/verschieben`, {
      _csrf: place.dataset.csrf,
      version: event.extendedProps.version,
      start: start.slice(0, 10),
      startTime: start.slice(11),
      // Minutes that pass, which its edges do not tell where the clocks change in between.
      ...(longer && { end: event.extendedProps.minutes + longer }),
      zurueck: here(),
    });
  }

  const minutes = ({ days, milliseconds }) => days * 1440 + milliseconds / 60000;

  async function send(action, fields) {
    const body = new URLSearchParams(fields);
    const answer = await fetch(action, { ...part, method: "POST", body }).catch(() => null);
    if (answer && leaves(answer)) return;
    if (answer && answer.ok) {
      springBack = null;
      outdated = false;
      const done = await answer.text();
      dialog.close();
      if (done.trim()) tell(done);
      await show(false);
    } else if (answer && (answer.status === 409 || answer.status === 422)) {
      outdated = true;
      openDialog(await answer.text());
    } else {
      dialog.close();
      back();
      complain();
    }
  }

  async function ask(address) {
    const answer = await fetch(address, part).catch(() => null);
    if (answer && leaves(answer)) return;
    outdated = answer?.status === 409;
    if (answer && (answer.ok || outdated)) openDialog(await answer.text());
    else complain();
  }

  // Where nobody is signed in any more, the answer leads elsewhere.
  function leaves(answer) {
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    return elsewhere;
  }

  function openDialog(html) {
    dialog.innerHTML = html;
    if (!dialog.open) dialog.showModal();
    const first = ["#summary", "input:not([type=hidden])", ".main", "a, button"];
    first.map((selector) => dialog.querySelector(selector)).find(Boolean)?.focus();
  }

  function back() {
    const spring = springBack;
    springBack = null;
    if (spring) spring();
  }

  function tell(html) {
    toasts.innerHTML = html;
    for (const toast of toasts.children) window.vortagToast(toast);
  }

  function complain() {
    const toast = element("div", "toast urgent");
    toast.append(element("p", "", options.words.failed));
    toasts.replaceChildren(toast);
    window.vortagToast(toast);
  }

  dialog.addEventListener("close", () => {
    back();
    if (outdated) show(false);
    outdated = false;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.closest("#calendar-dialog") || form.matches("[data-undo]")) {
      event.preventDefault();
      send(form.action, new FormData(form, event.submitter));
    } else if (head.contains(form)) {
      event.preventDefault();
      filter(form);
    }
  });

  function filter(form) {
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    go(`?${new URLSearchParams(chosen)}`);
  }

  head.addEventListener("change", (event) => filter(event.target.form));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a, button");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches("[data-close]") && dialog.contains(link)) {
      event.preventDefault();
      dialog.close();
    } else if (link.matches("[data-dialog]")) {
      event.preventDefault();
      ask(link.href);
    } else if (link.pathname === "/kalender" && (head.contains(link) || list.contains(link))) {
      event.preventDefault();
      go(link.search);
    }
  });

  // Arrows turn the pages, t is today, n a new appointment; not while somebody types or is asked.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const key = { ArrowLeft: "previous", ArrowRight: "next", t: "today", n: "new" }[event.key];
    if (!key) return;
    event.stopImmediatePropagation();
    if (dialog.open) return;
    event.preventDefault();
    head.querySelector(`[data-key="${key}"]`)?.click();
  }, true);

  window.addEventListener("popstate", () => show(true));

  // A status changes by itself; nothing else moves.
  setInterval(() => {
    if (document.visibilityState === "visible" && !dialog.open && !springBack && !place.querySelector(".fc-event-dragging, .fc-event-resizing")) show(false, true);
  }, 60000);

  // On a phone a week has no room.
  const first = new URLSearchParams(location.search);
  if (!first.has("ansicht") && matchMedia("(max-width: 760px)").matches) {
    first.set("ansicht", "tag");
    history.replaceState(null, "", `/kalender?${first}`);
  }
  show(false);
})();
