// The heat map: a canvas over the visible window, and a table of it for readers who listen.
const grid = element("grid"), canvas = element("canvas");
let context = canvas.getContext("2d");
const SIZES = [5, 9, 18, 24, 32];
const view = { rows: [], count: 0, columns: [], size: 18, label: 300, head: 112, row: 0, column: 0, hovered: null };
let colors = {};
// The part of the matrix that is being drawn for a printer; null for the one on the screen.
let sheet = null;

function readColors() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["panel", "ink", "muted", "line", "hover", "accent", "gain", "loss", "kept", "foreign",
                      "denied", "warning", "row", "on"]) {
    colors[name] = style.getPropertyValue("--" + name).trim();
  }
}

let isDrawing = false;
function redraw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => { isDrawing = false; draw(); });
}

// Gives the scrolled area its size after the rows, columns or zoom have changed.
function resize() {
  const space = element("space");
  view.label = Math.min(300, Math.max(140, grid.clientWidth * .3));
  space.style.width = Math.max(grid.clientWidth, view.label + view.columns.length * view.size + 16) + "px";
  space.style.height = Math.max(grid.clientHeight, view.head + view.rows.length * view.size + 4) + "px";
  redraw();
}

function clip(text, width, atStart) {
  if (context.measureText(text).width <= width) return text;
  let low = 0, high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const part = atStart ? "…" + text.slice(text.length - middle) : text.slice(0, middle) + "…";
    if (context.measureText(part).width <= width) low = middle; else high = middle - 1;
  }
  return atStart ? "…" + text.slice(text.length - low) : text.slice(0, low) + "…";
}

const frame = () => sheet
  || { left: grid.scrollLeft, top: grid.scrollTop, width: grid.clientWidth, height: grid.clientHeight };
const isFocused = () => !sheet && document.activeElement === grid;

function visibleRange() {
  const { size, head, label } = view, { left, top, width, height } = frame();
  return {
    top: Math.floor(top / size),
    bottom: Math.min(view.rows.length, Math.ceil((top + height - head) / size)),
    left: Math.floor(left / size),
    right: Math.min(view.columns.length, Math.ceil((left + width - label) / size)),
  };
}

// Draws what lies within a part of the window.
function within(left, top, width, height, drawing) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  drawing();
  context.restore();
}

function fill(color, left, top, width, height) {
  context.fillStyle = color;
  context.fillRect(left, top, width, height);
}

function setFont(font, alignment = "left", baseline = "middle") {
  context.font = font;
  context.textAlign = alignment;
  context.textBaseline = baseline;
}

function write(color, text, left, top) {
  context.fillStyle = color;
  context.fillText(text, left, top);
}

function draw() {
  const canvas = context.canvas, { left, top, width, height } = frame();
  const scale = sheet ? 2 : window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  fill(colors.panel, 0, 0, width, height);
  const { size, head, label } = view, shown = visibleRange();
  const x = (column) => label + column * size - left;
  const y = (row) => head + row * size - top;

  within(0, head, width, height - head, () => {
    for (let place = shown.top; place < shown.bottom; place++) drawRow(place, y(place), shown, x, width);
  });

  fill(colors.panel, 0, 0, width, head);
  within(label, 0, width - label, head, () => drawHead(shown, x));
  drawCorner();
  fill(colors.line, 0, head - 1, width, 1);
  fill(colors.line, label - 1, 0, 1, height);
  if (!isFocused() || view.rows.length === 0) return;
  within(0, head, width, height - head, () => {
    context.strokeStyle = colors.accent;
    context.lineWidth = 2;
    if (view.column < 0) context.strokeRect(1, y(view.row) + 1, label - 3, size - 2);
    else if (x(view.column) >= label - 1) context.strokeRect(x(view.column), y(view.row), size, size);
  });
}

const fontOf = (size, weight) =>
  (weight || 400) + " " + size + "px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

function drawRow(place, top, shown, x, width) {
  const { size, label } = view, row = view.rows[place];
  if (row.kind === SECTION) {
    fill(colors.line, 0, top, width, size);
    if (size < 9) return;
    setFont(fontOf(Math.min(12, size - 2), 700));
    write(colors.ink, sectionWords(row), 8, top + size / 2);
    return;
  }
  const isCurrent = (isFocused() && place === view.row) || (!sheet && view.hovered && view.hovered.row === place);
  if (isCurrent || place % 2) fill(isCurrent ? colors.hover : colors.row, 0, top, width, size);
  const cells = cellsOf(row), middle = top + size / 2;
  within(label, top, width - label, size, () => {
    for (let column = shown.left; column < shown.right; column++) {
      const cell = cells[view.columns[column]];
      if (cell) drawCell(cell, row, x(column), top, size);
    }
    const isProblem = row.kind === PROBLEM;
    const isEmpty = row.kind >= UNCHANGED
      && (!isAccess || isProblem || row.cells < 0 || cells.every((cell) => !cell));
    if (!isEmpty || size < 9) return;
    setFont(fontOf(Math.min(12, size - 2)));
    // On paper the text is among the problems, and here it would be cut.
    const problem = sheet ? (isAccess ? "not read" : "left out of the plan") : plan.texts[row.notes[0]];
    const text = isProblem ? problem : isAccess ? "nobody" : "already as wanted";
    write(isProblem ? colors.loss : colors.muted, clip(text, width - label - 24), label + 8, middle);
  });
  if (size < 9) return;
  setFont(fontOf(Math.min(12, size - 2)));
  const [mark, color] = rowMark(row);
  write(color, mark, 8, middle);
  const ink = row.kind === UNCHANGED || !row.isDone ? colors.muted : colors.ink;
  write(ink, clip(rowName(row), label - 34, true), 22, middle);
}

const sectionWords = (row) => registryName(row) + ": " + counting(row.count, "repository", "repositories");

function rowMark(row) {
  if (row.kind === PROBLEM || isFailed(row)) return ["x", colors.loss];
  if (!row.isDone) return isInDoubt(row) ? ["?", colors.warning] : ["○", colors.warning];
  if (row.removed > 0) return ["−", colors.loss];
  if (row.added > 0) return ["+", colors.gain];
  return [row.kind === UNCHANGED ? " " : "~", colors.muted];
}

// What was not done is an outline, around what is still there.
function drawCell(cell, row, left, top, size) {
  const gap = size > 12 ? 1 : size > 6 ? .5 : 0, side = size - 2 * gap;
  const color = (color, from, to) => fill(color, left + gap, top + gap + side * from, side, side * (to - from));
  if (!row.isDone && cell & 3) {
    if (cell & KEPT) color(colors.kept, 0, 1);
    context.strokeStyle = colors.warning;
    context.lineWidth = 1;
    context.setLineDash(size > 12 ? [3, 2] : [1, 1]);
    context.strokeRect(left + gap + .5, top + gap + .5, side - 1, side - 1);
    context.setLineDash([]);
  } else if (cell & ADDED && cell & REMOVED) { color(colors.loss, 0, .5); color(colors.gain, .5, 1); }
  else if (cell & REMOVED) color(colors.loss, 0, 1);
  else if (cell & ADDED) color(colors.gain, 0, 1);
  else if (cell & KEPT) color(colors.kept, 0, 1);
  if (cell & FOREIGN) {
    context.strokeStyle = colors.foreign;
    context.lineWidth = size > 12 ? 2 : 1;
    context.strokeRect(left + gap + 1.5, top + gap + 1.5, side - 3, side - 3);
  }
  if (cell & DENIED) {
    context.strokeStyle = cell & 7 ? colors.ink : colors.denied;
    context.lineWidth = size > 12 ? 2 : 1;
    context.beginPath();
    const inset = size > 12 ? 4 : 1;
    context.moveTo(left + inset, top + inset);
    context.lineTo(left + size - inset, top + size - inset);
    context.moveTo(left + size - inset, top + inset);
    context.lineTo(left + inset, top + size - inset);
    context.stroke();
  } else if (size >= 16) {
    setFont(fontOf(size >= 24 ? 13 : 11, 700), "center");
    const mark = cell & REMOVED ? (cell & ADDED ? "±" : "−") : cell & ADDED ? "+" : "";
    const letter = cell & PUSH ? "W" : cell & PULL ? "R" : cell & LAMBDA ? "λ" : "";
    const second = cell & PERHAPS ? "?" : size >= 24 ? letter : "";
    const ink = cell & 3 && row.isDone ? colors.on : colors.ink;
    write(ink, mark + second, left + size / 2, top + size / 2 + .5);
  }
}

function drawHead(shown, x) {
  const { size, head } = view;
  const step = Math.max(1, Math.ceil(11 / size));
  setFont(fontOf(Math.min(11, Math.max(9, size - 3))));
  for (let column = shown.left; column < shown.right; column++) {
    const consumer = view.columns[column];
    const isCurrent = (isFocused() && column === view.column)
      || (!sheet && view.hovered && view.hovered.column === column);
    if (isCurrent) fill(colors.hover, x(column), 0, size, head);
    if (column % step && !isCurrent) continue;
    context.save();
    context.translate(x(column) + size / 2, head - 6);
    context.rotate(-Math.PI / 2);
    const ink = losses[consumer] ? colors.loss : gains[consumer] && !isAccess ? colors.gain : colors.muted;
    write(ink, clip(consumerName(shortName(plan.consumers[consumer])), head - 12, true), 0, 0);
    context.restore();
  }
}

function drawCorner() {
  const { head, label } = view;
  setFont("600 12px system-ui, sans-serif", "left", "alphabetic");
  const top = view.rows[Math.min(view.rows.length - 1, Math.floor(frame().top / view.size))];
  write(colors.ink, top ? clip(registryName(top), label - 20) : "", 8, head - 10);
  context.fillStyle = colors.muted;
  context.font = "400 12px system-ui, sans-serif";
  const text = counting(view.count, "repository", "repositories") + " × ";
  const consumers = counting(view.columns.length, "consumer", "consumers");
  const isNarrow = context.measureText(text + consumers).width > label - 20;
  context.fillText(text + (isNarrow ? "" : consumers), 8, 20);
  if (isNarrow) context.fillText(consumers, 8, 36);
  if (view.rows.length === 0) context.fillText("Nothing matches the filters.", 8, head + 24);
}

// The cell at a point of the window; column -1 is the row's name, row -1 a column's head.
function placeAt(event) {
  const box = grid.getBoundingClientRect();
  const x = event.clientX - box.left - grid.clientLeft, y = event.clientY - box.top - grid.clientTop;
  if (x < 0 || y < 0 || x > grid.clientWidth || y > grid.clientHeight) return null;
  const row = y < view.head ? -1 : Math.floor((y - view.head + grid.scrollTop) / view.size);
  const column = x < view.label ? -1 : Math.floor((x - view.label + grid.scrollLeft) / view.size);
  if (row >= view.rows.length || column >= view.columns.length) return null;
  return row < 0 && column < 0 ? null : { row, column };
}

function wordsAt(place) {
  const consumer = place.column < 0 ? undefined : view.columns[place.column];
  const name = consumer === undefined ? "" : consumerName(plan.consumers[consumer]);
  if (place.row < 0) {
    const [gain, lose] = isRun ? ["gained", "lost"] : ["gains", "loses"];
    if (isAccess) return name + "\nhas access to " + counting(gains[consumer], "repository", "repositories");
    return name + "\n" + gain + " access to " + counting(gains[consumer], "repository", "repositories")
      + ", " + lose + " it to " + number(losses[consumer]);
  }
  const row = view.rows[place.row];
  if (row.kind === SECTION) return sectionWords(row);
  const where = rowName(row) + " in " + registryName(row);
  if (consumer === undefined) {
    const notes = row.notes.map((note) => "\n" + plan.texts[note]).join("");
    const isChange = row.kind < UNCHANGED && row.isDone;
    const counts = isChange ? ": " + number(row.added) + " added, " + number(row.removed) + " removed" : "";
    return where + "\n" + rowWords(row) + counts + notes;
  }
  return where + "\n" + name + ": " + cellWords(cellsOf(row)[consumer], row);
}

// Scrolls until the focused cell is seen.
function reveal() {
  const { size, head, label } = view, top = view.row * size, left = Math.max(0, view.column) * size;
  if (top < grid.scrollTop) grid.scrollTop = top;
  if (top + size > grid.scrollTop + grid.clientHeight - head) grid.scrollTop = top + size - grid.clientHeight + head;
  if (left < grid.scrollLeft) grid.scrollLeft = left;
  if (left + size > grid.scrollLeft + grid.clientWidth - label) {
    grid.scrollLeft = left + size - grid.clientWidth + label;
  }
}

// The visible window as a table, for those who listen to the page.
let windowTimer = 0;
function updateWindow() {
  clearTimeout(windowTimer);
  windowTimer = setTimeout(() => {
    const shown = visibleRange(), table = make("table");
    shown.bottom = Math.min(shown.bottom, shown.top + 40);
    shown.right = Math.min(shown.right, shown.left + 30);
    table.createCaption().textContent = "Rows " + number(shown.top + 1) + " to " + number(shown.bottom) + " of "
      + number(view.rows.length) + ", consumers " + number(shown.left + 1) + " to " + number(shown.right) + " of "
      + number(view.columns.length);
    const head = table.createTHead().insertRow();
    const heading = (text, scope) => {
      const cell = make("th", text);
      cell.scope = scope;
      return cell;
    };
    head.append(heading("Repository", "col"));
    for (let column = shown.left; column < shown.right; column++) {
      head.append(heading(consumerName(plan.consumers[view.columns[column]]), "col"));
    }
    const body = table.createTBody();
    for (let place = shown.top; place < shown.bottom; place++) {
      const row = view.rows[place], line = body.insertRow(), name = heading("", "row");
      if (row.kind === SECTION) {
        line.append(heading(sectionWords(row), "rowgroup"));
        continue;
      }
      const open = make("button", rowName(row) + " in " + registryName(row) + ", " + rowWords(row));
      open.type = "button";
      open.tabIndex = -1;
      open.addEventListener("click", () => showDetail(row));
      name.append(open);
      line.append(name);
      const cells = cellsOf(row);
      for (let column = shown.left; column < shown.right; column++) {
        line.append(make("td", cellWords(cells[view.columns[column]], row)));
      }
    }
    table.id = "window";
    element("window").replaceWith(table);
  }, 250);
}
