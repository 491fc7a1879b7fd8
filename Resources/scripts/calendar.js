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
  const { element, settings, events } = window.vortagGrid;
  const { stay, settle } = window.vortagFocus;
  const phone = matchMedia("(max-width: 760px)");
  let calendar = null;
  // What stands above the days, by their dates.
  let headings = new Map();
  let asked = 0;
  // What springs back when a question is left without an answer.
  let springBack = null;
  // What is drawn, as the server told it.
  let drawn = "";
  // Whether the server knows it otherwise than the grid shows it.
  let outdated = false;

  const here = () => {
    const query = new URLSearchParams(location.search);
    query.delete("rueckgaengig");
    return location.pathname + (query.size ? `?${query}` : "");
  };
  // The server writes an object's properties in any order.
  const inOrder = (_, value) => (value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value);
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
      if (event.id) ask(`/kalender/termin/${event.id}?zurueck=${encodeURIComponent(here())}`);
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
    headings = new Map(feed.headings.map(({ day, name }) => [day, name]));
    const hiddenDays = feed.view === "woche" ? feed.hidden : [];
    const height = feed.view === "monat" ? "auto" : "100%";
    place.classList.toggle("month", feed.view === "monat");
    if (!calendar) {
      calendar = new FullCalendar.Calendar(place, {
        ...settings(options), ...deeds, initialView: view, initialDate: feed.day, hiddenDays, height, events: events(feed),
        dayHeaderContent: ({ date, text }) => headings.get(iso(date).slice(0, 10)) ?? text,
      });
      calendar.render();
      return;
    }
    calendar.batchRendering(() => {
      calendar.getEventSources().forEach((source) => source.remove());
      if (`${calendar.getOption("hiddenDays")}` !== `${hiddenDays}`) calendar.setOption("hiddenDays", hiddenDays);
      if (calendar.getOption("height") !== height) calendar.setOption("height", height);
      if (calendar.view.type !== view || iso(calendar.getDate()).slice(0, 10) !== feed.day) calendar.changeView(view, feed.day);
      calendar.addEventSource(events(feed));
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

  // Alone: nobody asked, so the session does not live on by it, and what is the same stays as it stands.
  async function show(loud, alone = false, chosen = []) {
    const turn = ++asked;
    const query = new URLSearchParams(location.search);
    if (phone.matches) query.set("kurz", "1");
    // Also that all are wanted, which an address does not say: the server remembers it.
    for (const [name, value] of chosen) query.set(name, value);
    const headers = alone ? { "X-Vortag-Unattended": "1" } : {};
    const answer = await fetch(`/kalender/termine?${query}`, { headers }).catch(() => null);
    if (turn !== asked) return;
    if (!answer || !answer.ok || answer.redirected) return complain();
    const feed = await answer.json();
    const text = JSON.stringify(feed, inOrder);
    if (turn !== asked || (alone && (text === drawn || isBusy()))) return;
    drawn = text;
    drawHead(feed);
    if (loud) said.textContent = feed.lead;
    stay(() => draw(feed));
    place.dataset.ready = String(turn);
  }

  function draw(feed) {
    const isList = feed.view === "liste";
    grid.hidden = isList;
    list.hidden = !isList;
    list.innerHTML = feed.list;
    if (!isList) drawGrid(feed);
    document.getElementById("calendar-keys").hidden = isList;
  }

  function go(search, chosen) {
    history.pushState(null, "", `/kalender${search}`);
    return show(true, false, chosen);
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
      settle(/termine\/(\d+)\//.exec(action)?.[1]);
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
    if (event.defaultPrevented) return; // Under way already.
    if (form.closest("#calendar-dialog") || form.matches("[data-undo]")) {
      event.preventDefault();
      send(form.action, new FormData(form, event.submitter));
    } else if (head.contains(form)) {
      event.preventDefault();
      filter(form);
    }
  });

  function filter(form) {
    const chosen = [...new FormData(form)];
    go(`?${new URLSearchParams(chosen.filter(([, value]) => value))}`, chosen);
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

  // Arrows turn the pages, t is today, n a new appointment.
  document.addEventListener("keydown", (event) => {
    if (!window.vortagKeys(event)) return;
    const key = { ArrowLeft: "previous", ArrowRight: "next", t: "today", n: "new" }[event.key];
    if (!key) return;
    event.stopImmediatePropagation();
    if (dialog.open) return;
    event.preventDefault();
    head.querySelector(`[data-key="${key}"]`)?.click();
  }, true);

  window.addEventListener("popstate", () => show(true));

  // A status changes by itself; nothing else moves.
  const isBusy = () => dialog.open || springBack || place.querySelector(".fc-event-dragging, .fc-event-resizing");
  setInterval(() => {
    if (document.visibilityState === "visible" && !isBusy()) show(false, true);
  }, 60000);
  phone.addEventListener("change", () => show(false));

  // On a phone a week has no room.
  const first = new URLSearchParams(location.search);
  if (!first.has("ansicht") && phone.matches) {
    first.set("ansicht", "tag");
    history.replaceState(null, "", `/kalender?${first}`);
  }
  show(false);
})();
