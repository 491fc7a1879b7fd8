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

  function sign({ look, word, detail }) {
    const node = element("span", `status ${look}`);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#look-${look}`);
    svg.append(use);
    node.append(svg, element("span", "word", word));
    if (detail) node.append(element("span", "detail", detail));
    return node;
  }

  function content({ event, timeText }) {
    const { signs, practitioner, isDay } = event.extendedProps;
    if (!signs) return true;
    const node = element("div", "entry");
    const looks = element("span", "looks");
    // First, so that it has its place however small the entry is.
    looks.append(...signs.map(sign));
    node.append(looks);
    if (!isDay) node.append(element("span", "at", timeText));
    node.append(element("b", "", event.title));
    if (practitioner) node.append(element("small", "", practitioner));
    return { domNodes: [node] };
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
    views: {
      timeGridWeek: { dayHeaderFormat: { weekday: "short", day: "2-digit", month: "2-digit" } },
      timeGridDay: { dayHeaderFormat: { weekday: "long", day: "2-digit", month: "2-digit" } },
      dayGridMonth: { selectable: false, eventDurationEditable: false },
    },
    eventContent: content,
    eventDidMount: ({ el, event }) => {
      const { label } = event.extendedProps;
      if (!label) return;
      el.dataset.id = event.id;
      el.title = label;
      el.setAttribute("aria-label", label);
    },
  });

  window.vortagGrid = { element, settings };
}
