// The last part: the page's head, the groups, the filters, keys and pointer.
const filter = { group: -1, notes: null };

const LOSS_TOTALS = new Set([
  "grants removed", "grant removed", "problems", "problem", "delete", "failed", "conflict", "perhaps written",
  "not read", "open to everyone", "not in the matrix",
]);

function fillHead() {
  if (about.heading) document.querySelector("h1").textContent = about.heading;
  const when = about.circumstances || (about.createdAt ? "made " + about.createdAt : "");
  element("source").textContent = [about.title, when].filter(Boolean).join(", ");
  element("source").title = about.sha256 ? "SHA-256 of the matrix: " + about.sha256 : "";
  document.title = (isAccess ? "ECR access " : "ECR sharing ") + about.title;
  for (const [name, count] of about.totals) {
    const item = make("div");
    if (count === 0) item.className = "zero";
    else if (LOSS_TOTALS.has(name)) item.className = "loss";
    else if (name === "not started") item.className = "warning";
    else if (/^grants? added$/.test(name)) item.className = "gain";
    item.append(make("dt", name), make("dd", number(count)));
    element("totals").append(item);
  }
  element("digest").textContent = about.digest;
  element("command").textContent = about.command;
  if (about.commandLabel) element("apply").querySelector(".label").textContent = about.commandLabel;
  document.querySelector(".apply").hidden = !about.digest;
  if (!about.command) {
    element("apply").replaceChildren(make("span", about.sentence));
    return;
  }
  element("copy").addEventListener("click", async (event) => {
    try {
      await navigator.clipboard.writeText(about.command);
      event.target.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(element("command"));
    }
  });
}

function fillSections() {
  const sections = element("sections");
  for (const section of about.sections) {
    if (section.items.length === 0) continue;
    sections.append(make("h3", section.title + " (" + number(section.count) + ")", section.kind));
    const list = make("ul");
    for (const item of section.items) {
      const card = make("button", undefined, "card " + section.kind);
      card.type = "button";
      card.setAttribute("aria-pressed", "false");
      const registries = item.registries || 0, isSingle = item.names.length === 1 && item.count + registries === 1;
      const subjects = [];
      if (registries) subjects.push(counting(registries, "registry", "registries"));
      if (item.count) subjects.push(counting(item.count, "repository", "repositories"));
      card.append(make("b", isSingle ? item.names[0][1] : subjects.join(", with ")));
      for (const [className, text] of item.lines) card.append(make("span", text, className));
      for (const [index, [place, names]] of item.names.entries()) {
        card.append(make("span", isSingle || (registries && index === 0) ? place : place + ": " + names, "place"));
      }
      card.addEventListener("click", () => choose(card, item));
      const line = make("li", undefined, section.kind);
      line.append(card);
      list.append(line);
    }
    sections.append(list);
    if (section.hidden > 0) {
      sections.append(make("p", number(section.hidden) + " more are in the matrix only.", "more"));
    }
  }
  if (sections.childElementCount === 0) sections.append(make("p", about.sentence, "more"));
}

// Shows only the rows of one card, or all again.
function choose(card, item) {
  const isChosen = card !== null && card.getAttribute("aria-pressed") !== "true";
  for (const other of document.querySelectorAll(".card")) {
    other.setAttribute("aria-pressed", String(other === card && isChosen));
  }
  filter.group = isChosen && item.kind === "group" ? item.id : -1;
  filter.notes = isChosen && item.kind === "note" ? new Set(item.ids ?? [item.id]) : null;
  element("chosen").hidden = !isChosen;
  if (isChosen) {
    const words = "Only " + card.firstElementChild.textContent + ": " + item.lines[0][1];
    element("chosen").firstElementChild.textContent = words;
  }
  applyFilters();
}

function fillFilters() {
  const fill = (id, all, values) => {
    element(id).append(make("option", all));
    element(id).firstElementChild.value = "";
    for (const value of [...new Set(values)].sort()) element(id).append(make("option", value));
  };
  fill("account", "All accounts", plan.registries.map(([account]) => account));
  fill("region", "All regions", plan.registries.map(([, region]) => region));
  for (const option of element("kind").options) {
    if (["changes", "all"].includes(option.value) || option.value.startsWith("outcome-")) continue;
    const count = plan.rows.filter(kindTests[option.value]).length;
    if (!["loss", "gain", "warning"].includes(option.value)) option.textContent += " (" + number(count) + ")";
    option.disabled = count === 0;
  }
}

// The filters, orders and legend that fit what the page is about.
function fitControls() {
  const kind = element("kind");
  (about.outcomes || []).forEach((outcome, index) => {
    const count = plan.rows.filter((row) => row.kind < UNCHANGED && row.outcome === index).length;
    if (count === 0) return;
    const option = make("option", outcome[0].toUpperCase() + outcome.slice(1) + " (" + number(count) + ")");
    option.value = "outcome-" + index;
    kindTests[option.value] = (row) => row.kind < UNCHANGED && row.outcome === index;
    kind.append(option);
  });
  if (isRun) {
    kind.querySelector("[value=changes]").textContent = "All planned changes";
    element("changes-title").textContent = "Result";
    element("undone").hidden = plan.rows.every((row) => row.isDone);
  }
  if (!isAccess) return;
  const only = (select, names) => {
    for (const option of [...select.options]) {
      if (!(option.value in names)) option.remove();
      else if (names[option.value]) option.textContent = names[option.value];
    }
  };
  only(kind, { all: "", warning: "With findings", problem: "Not read" });
  only(element("columns"), { change: "most access first", name: "" });
  only(element("rows"), { name: "" });
  for (const option of kind.options) option.defaultSelected = option.value === "all";
  element("changes-title").textContent = "Findings";
  for (const state of ["added", "removed"]) document.querySelector(".legend ." + state).parentElement.remove();
  document.querySelector(".legend .kept").nextSibling.textContent = "granted by ecr-share";
  element("chosen").querySelector("button").textContent = "Show all";
  element("help").textContent = "Arrow keys move, Enter shows the document, Escape closes it.";
  element("whole").parentElement.hidden = true;
}

// A test for a part of a text, or for a glob when it has * or ?.
function matcher(pattern) {
  const text = pattern.trim().toLowerCase();
  if (!/[*?]/.test(text)) return (value) => value.toLowerCase().includes(text);
  const source = text.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*").replace(/\?/g, ".");
  const expression = new RegExp("^" + source + "$");
  return (value) => expression.test(value.toLowerCase());
}

const kindTests = {
  all: () => true,
  changes: (row) => row.kind < UNCHANGED || row.kind === PROBLEM,
  loss: (row) => lossesOf(row) > 0,
  gain: (row) => gainsOf(row) > 0,
  create: (row) => row.kind === CREATE && row.isDone,
  update: (row) => row.kind === UPDATE && row.isDone,
  delete: (row) => row.kind === DELETE && row.isDone,
  warning: (row) => warningsOf(row) > 0,
  problem: (row) => row.kind === PROBLEM,
  unchanged: (row) => row.kind === UNCHANGED,
};

function applyFilters() {
  const account = element("account").value, region = element("region").value;
  const isNamed = matcher(element("repository").value), isConsumer = matcher(element("consumer").value);
  const isKind = filter.notes ? kindTests.all : kindTests[element("kind").value];
  const consumerText = element("consumer").value.trim(), order = element("columns").value;
  let rows = plan.rows.filter((row) => {
    const [rowAccount, rowRegion] = plan.registries[row.registry];
    return (!account || account === rowAccount) && (!region || region === rowRegion) && isKind(row)
      && (filter.group < 0 || row.group === filter.group)
      && (!filter.notes || row.notes.some((note) => filter.notes.has(note)))
      && isNamed(row.name);
  });
  // Only consumers that some shown row mentions.
  const seen = new Uint8Array(plan.consumers.length);
  for (const cells of new Set(rows.map((row) => row.cells))) {
    if (cells < 0) continue;
    eachRange(plan.cells[cells], (value, first, last) => {
      for (let consumer = first; consumer <= last; consumer++) seen[consumer] |= value & 3 ? 3 : 1;
    });
  }
  let columns = plan.consumers.map((_, consumer) => consumer).filter(
    (consumer) => seen[consumer] && (order !== "only" || seen[consumer] & 2)
      && (!consumerText || isConsumer(consumerName(plan.consumers[consumer]))));
  if (consumerText) {
    rows = rows.filter((row) => {
      const cells = cellsOf(row);
      return columns.some((consumer) => cells[consumer]);
    });
  }
  const names = (left, right) =>
    plan.consumers[left] < plan.consumers[right] ? -1 : plan.consumers[left] > plan.consumers[right] ? 1 : 0;
  columns.sort(order === "name" ? names : (left, right) =>
    losses[right] - losses[left] || gains[right] - gains[left] || names(left, right));
  view.count = rows.filter(isRepository).length;
  if (element("rows").value === "loss") {
    rows.sort((left, right) =>
      lossesOf(right) - lossesOf(left) || gainsOf(right) - gainsOf(left) || left.index - right.index);
    view.rows = rows;
  } else {
    const counts = new Map();
    for (const row of rows.filter(isRepository)) counts.set(row.registry, (counts.get(row.registry) || 0) + 1);
    view.rows = [];
    let registry = -1;
    for (const row of rows) {
      if (row.registry !== registry) {
        registry = row.registry;
        view.rows.push(sectionOf(registry, counts.get(registry) || 0));
      }
      view.rows.push(row);
    }
  }
  view.columns = columns;
  grid.scrollTop = grid.scrollLeft = 0;
  view.row = view.rows.length > 1 && view.rows[0].kind === SECTION ? 1 : 0;
  view.column = columns.length > 0 ? 0 : -1;
  resize();
  updateWindow();
  element("status").textContent = counting(view.count, "repository", "repositories") + " and "
    + counting(columns.length, "consumer", "consumers") + " shown.";
}

function openFocused() {
  const row = view.rows[view.row];
  if (row && row.kind !== SECTION) showDetail(row, view.column < 0 ? undefined : view.columns[view.column]);
}

function step(by) {
  let place = view.row + by;
  if (view.rows[place]?.kind === SECTION) place += by;
  if (place < 0 || place >= view.rows.length) return;
  view.row = place;
  reveal();
  redraw();
  showDetail(view.rows[place], detail.consumer);
}

grid.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor((grid.clientHeight - view.head) / view.size) - 1);
  const last = view.rows.length - 1, end = view.columns.length - 1;
  const moves = {
    ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-page, 0],
    PageDown: [page, 0], Home: [event.ctrlKey ? -last : 0, -end - 1], End: [event.ctrlKey ? last : 0, end + 1],
  };
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openFocused();
    return;
  }
  const move = moves[event.key];
  if (!move || event.altKey || event.metaKey || view.rows.length === 0) return;
  event.preventDefault();
  view.row = Math.max(0, Math.min(last, view.row + move[0]));
  if (view.rows[view.row].kind === SECTION) view.row += move[0] < 0 && view.row > 0 ? -1 : 1;
  view.column = Math.max(-1, Math.min(end, view.column + move[1]));
  reveal();
  redraw();
  element("status").textContent = wordsAt(view).replaceAll("\n", ", ");
});

grid.addEventListener("scroll", () => { redraw(); updateWindow(); }, { passive: true });
grid.addEventListener("focus", redraw);
grid.addEventListener("blur", redraw);
grid.addEventListener("mousemove", (event) => {
  const place = placeAt(event), tip = element("tip");
  view.hovered = place;
  tip.hidden = !place;
  if (place) {
    tip.textContent = wordsAt(place);
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - box.width - 8)) + "px";
    tip.style.top = Math.max(4, Math.min(event.clientY + 16, innerHeight - box.height - 8)) + "px";
  }
  redraw();
});
grid.addEventListener("mouseleave", () => { view.hovered = null; element("tip").hidden = true; redraw(); });
grid.addEventListener("click", (event) => {
  const place = placeAt(event);
  if (!place || place.row < 0) return;
  view.row = place.row;
  view.column = place.column;
  element("tip").hidden = true;
  openFocused();
});

let filterTimer = 0;
element("filters").addEventListener("input", (event) => {
  clearTimeout(filterTimer);
  filterTimer = setTimeout(applyFilters, event.target.type === "search" ? 120 : 0);
});
element("order").addEventListener("input", (event) => {
  if (event.target.id !== "zoom") {
    applyFilters();
    return;
  }
  view.size = SIZES[Number(event.target.value)];
  resize();
  reveal();
  updateWindow();
});
for (const form of [element("filters"), element("order")]) {
  form.addEventListener("submit", (event) => event.preventDefault());
}
element("show-all").addEventListener("click", () => {
  element("filters").reset();
  choose(null);
});
element("chosen").querySelector("button").addEventListener("click", () => choose(null));
element("whole").addEventListener("change", () => showDetail(detail.row, detail.consumer));
element("previous").addEventListener("click", () => step(-1));
element("next").addEventListener("click", () => step(1));
element("detail").addEventListener("close", () => grid.focus());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColors(); redraw(); });
matchMedia("(forced-colors: active)").addEventListener("change", () => { readColors(); redraw(); });
new ResizeObserver(resize).observe(grid);

addEventListener("beforeprint", drawPaper);
matchMedia("print").addEventListener("change", (event) => { if (event.matches) drawPaper(); });

readColors();
fillHead();
fillSections();
fitControls();
fillFilters();
applyFilters();
