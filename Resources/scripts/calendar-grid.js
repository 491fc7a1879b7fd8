// How the calendar's grid is drawn by FullCalendar: entries with the signs of their reminders, the hours, the texts.
"use strict";

{
  // An element with a class and a text.
  const element = (name, className, text) => {
    const node = document.createElement(name);
    node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  // Of several signs one has its word: what the patient said, else what went wrong, else the first.
  const loud = (signs) =>
    signs.find(({ look }) => ["confirmed", "cancel_asked", "wrong_number"].includes(look)) ??
    signs.find(({ look }) => look === "failed") ??
    signs[0];

  function sign({ look, word, detail }, isLoud, isAlone) {
    const node = element("span", `status ${look}`);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#look-${look}`);
    svg.append(use);
    node.append(svg);
    if (isLoud) node.append(element("span", "word", word));
    if (isAlone && detail) node.append(element("span", "detail", detail));
    return node;
  }

  // The given name is left out where there is little room.
  function name(listed) {
    const [family, ...given] = listed.split(", ");
    const node = element("b", "", family);
    if (given.length) node.append(element("span", "given", `, ${given.join(", ")}`));
    return node;
  }

  function content({ event, timeText }) {
    const { signs, practitioner, isDay } = event.extendedProps;
    if (!signs) return true;
    const node = element("div", "entry");
    const looks = element("span", "looks");
    // First, so that it has its place however small the entry is.
    const worded = loud(signs);
    const others = signs.filter((one) => one !== worded);
    looks.append(...others.map((one) => sign(one)));
    if (worded) looks.append(sign(worded, true, signs.length === 1));
    node.append(looks);
    if (!isDay) node.append(element("span", "at", timeText));
    node.append(name(event.title));
    if (practitioner) node.append(element("small", "", practitioner));
    return { domNodes: [node] };
  }

  // What is drawn: the entries, and the days that have a name, shaded. In a month the name stands on a bar over all its days,
  // where it neither lies over a date nor below an entry.
  function events({ view, spans, events: entries }) {
    const isMonth = view === "monat";
    const days = spans.flatMap(({ start, end, name }) => {
      const span = { start, end, allDay: true, editable: false };
      const shade = { ...span, display: "background", title: isMonth ? "" : name };
      return isMonth ? [shade, { ...span, title: name, classNames: ["named-bar"] }] : [shade];
    });
    return days.concat(entries);
  }

  const openedAt = Date.now();

  // What stays the same whatever is shown.
  const settings = (options) => ({
    timeZone: "UTC",
    locale: options.language,
    firstDay: 1,
    now: () => new Date(Date.parse(`${options.now}Z`) + Date.now() - openedAt),
    headerToolbar: false,
    allDaySlot: false,
    slotDuration: "00:15:00",
    slotLabelInterval: "01:00",
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    scrollTime: "07:00:00",
    scrollTimeReset: false,
    nowIndicator: true,
    slotEventOverlap: false,
    eventDisplay: "block",
    displayEventEnd: false,
    eventShortHeight: 34,
    fixedWeekCount: false,
    navLinks: true,
    navLinkHint: options.words.to_day.replace("{day}", "$0"),
    selectable: options.mayWrite,
    selectMirror: true,
    selectMinDistance: 8,
    // At the same time always in the same order.
    eventOrder: "start,-duration,rank,title",
    views: { dayGridMonth: { selectable: false, eventDurationEditable: false } },
    eventContent: content,
    eventDidMount: ({ el, event }) => {
      const { label } = event.extendedProps;
      if (!label) {
        el.title = event.title;
        return;
      }
      el.dataset.id = event.id;
      el.title = label;
      el.setAttribute("aria-label", label);
    },
  });

  window.vortagGrid = { element, settings, events };
}
