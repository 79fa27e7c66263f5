// One repository's documents side by side, or one of them.

// Spells out what cannot be seen, so that it cannot reorder or hide the text beside it.
const visible = (text) => text.replace(
  /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, (found) => "\\u{" + found.codePointAt(0).toString(16) + "}");

// A document's lines, two spaces for each level; its numbers and strings keep their text.
function prettyLines(text) {
  if (text === null) return [];
  try { JSON.parse(text); } catch { return text.split("\n").map(visible); }
  const lines = [];
  let line = "", depth = 0;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) || [];
  const end = () => { lines.push(visible(line)); line = "  ".repeat(depth); };
  for (let place = 0; place < tokens.length; place++) {
    const token = tokens[place], next = tokens[place + 1];
    if (token === "{" || token === "[") {
      line += token;
      if (next === "}" || next === "]") { line += next; place++; } else { depth++; end(); }
    } else if (token === "}" || token === "]") {
      depth--;
      end();
      line += token;
    } else if (token === ",") {
      line += token;
      end();
    } else {
      line += token === ":" ? ": " : token;
    }
  }
  lines.push(visible(line));
  return lines;
}

// Pairs of equal, removed and added lines: [before, after], a number or -1 each.
function lineDifference(before, after) {
  const core = (line) => line.endsWith(",") ? line.slice(0, -1) : line;
  const left = before.map(core), right = after.map(core);
  let start = 0, leftEnd = left.length, rightEnd = right.length;
  while (start < leftEnd && start < rightEnd && left[start] === right[start]) start++;
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) { leftEnd--; rightEnd--; }
  const pairs = [];
  for (let line = 0; line < start; line++) pairs.push([line, line]);
  const height = leftEnd - start, width = rightEnd - start;
  if (height * width > 16e6) {
    for (let line = start; line < leftEnd; line++) pairs.push([line, -1]);
    for (let line = start; line < rightEnd; line++) pairs.push([-1, line]);
  } else {
    // The longest common subsequence, from the end, so that it can be read from the start.
    const lengths = new Uint16Array((height + 1) * (width + 1));
    for (let row = height - 1; row >= 0; row--) {
      for (let column = width - 1; column >= 0; column--) {
        const place = row * (width + 1) + column;
        lengths[place] = left[start + row] === right[start + column]
          ? lengths[place + width + 2] + 1
          : Math.max(lengths[place + width + 1], lengths[place + 1]);
      }
    }
    let row = 0, column = 0;
    while (row < height || column < width) {
      const place = row * (width + 1) + column;
      if (row < height && column < width && left[start + row] === right[start + column]) {
        pairs.push([start + row++, start + column++]);
      } else if (column >= width || (row < height && lengths[place + width + 1] >= lengths[place + 1])) {
        pairs.push([start + row++, -1]);
      } else {
        pairs.push([-1, start + column++]);
      }
    }
  }
  for (let line = 0; leftEnd + line < left.length; line++) pairs.push([leftEnd + line, rightEnd + line]);
  return sideBySide(pairs);
}

// Removed and added lines of one place are beside each other.
function sideBySide(pairs) {
  const rows = [];
  let removed = [], added = [];
  const flush = () => {
    for (let place = 0; place < Math.max(removed.length, added.length); place++) {
      rows.push([removed[place] ?? -1, added[place] ?? -1, true]);
    }
    removed = [];
    added = [];
  };
  for (const [before, after] of pairs) {
    if (before >= 0 && after >= 0) { flush(); rows.push([before, after, false]); }
    else if (before >= 0) removed.push(before);
    else added.push(after);
  }
  flush();
  return rows;
}

// Text with each occurrence of a word marked.
function marked(cell, text, word) {
  if (!word || !text.includes(word)) { cell.append(text); return cell; }
  text.split(word).forEach((part, index) => {
    if (index > 0) cell.append(make("mark", word));
    cell.append(part);
  });
  return cell;
}

// A table with so many columns of numbered lines.
function numberedTable(className, count) {
  const table = make("table", undefined, className), widths = make("colgroup");
  for (let column = 0; column < count; column++) widths.append(make("col", undefined, "number"), make("col"));
  table.append(widths);
  return table;
}

function differenceTable(row, word, whole) {
  const before = prettyLines(documentText(row.before)), after = prettyLines(documentText(row.after));
  const rows = lineDifference(before, after);
  const near = new Uint8Array(rows.length);
  rows.forEach(([, , changed], index) => { if (changed) near.fill(1, Math.max(0, index - 3), index + 4); });
  const table = numberedTable("diff", 2);
  const head = table.createTHead().insertRow();
  const wanted = row.isDone ? "After" : isInDoubt(row) ? "Perhaps written" : "Planned, not written";
  for (const [name, policy] of [["Before", row.before], [wanted, row.after]]) {
    const cell = make("th", name + (policy < 0 ? ": no policy" : ""));
    cell.colSpan = 2;
    cell.scope = "colgroup";
    head.append(cell);
  }
  const body = table.createTBody();
  let skipped = 0;
  const flush = () => {
    if (skipped === 0) return;
    const line = body.insertRow();
    line.className = "skipped";
    const cell = make("td", counting(skipped, "equal line", "equal lines"));
    cell.colSpan = 4;
    line.append(cell);
    skipped = 0;
  };
  rows.forEach(([left, right, changed], index) => {
    if (!whole && !near[index]) { skipped++; return; }
    flush();
    const line = body.insertRow();
    line.append(make("td", left < 0 ? "" : left + 1, "number"));
    line.append(marked(make("td", undefined, changed && left >= 0 ? "removed" : ""),
      left < 0 ? "" : (changed ? "− " : "  ") + before[left], word));
    line.append(make("td", right < 0 ? "" : right + 1, "number"));
    line.append(marked(make("td", undefined, changed && right >= 0 ? "added" : ""),
      right < 0 ? "" : (changed ? "+ " : "  ") + after[right], word));
  });
  flush();
  return table;
}

// One document with its lines numbered.
function documentTable(row, word) {
  const table = numberedTable("diff whole", 1), body = table.createTBody();
  prettyLines(documentText(row.before)).forEach((text, index) => {
    const line = body.insertRow();
    line.append(make("td", index + 1, "number"), marked(make("td"), text, word));
  });
  return table;
}

// The consumers of a row's cells with one of these bits, by what is said of each.
function consumersByWords(row, bits, wordsOf) {
  const groups = new Map();
  cellsOf(row).forEach((cell, consumer) => {
    if (!(cell & bits)) return;
    const words = wordsOf(cell, consumer);
    if (!groups.has(words)) groups.set(words, []);
    groups.get(words).push(consumerName(plan.consumers[consumer]));
  });
  return [...groups].map(([words, consumers]) => [words, consumers.join(", ")]);
}

// Who has what in a row, equal access together.
function holderLines(row) {
  return consumersByWords(row, 31, (cell) => cellWords(cell, row))
    .map(([words, consumers]) => make("p", consumers + ": " + words));
}

// Who gains or loses what in a row, equal access together.
function grantLines(row) {
  const reasons = new Map(), lines = [];
  eachRange(row.reasons < 0 ? "" : plan.reasons[row.reasons], (text, first, last) => {
    for (let consumer = first; consumer <= last; consumer++) {
      reasons.set(consumer, [...(reasons.get(consumer) || []), plan.texts[text]]);
    }
  });
  const [loses, gains] = !isRun ? ["Loses", "Gains"] : row.isDone ? ["Lost", "Gained"]
    : isInDoubt(row) ? ["Perhaps lost", "Perhaps gained"] : ["Was to lose", "Was to gain"];
  for (const [bit, name, verb] of [[REMOVED, "loss", loses + " access: "], [ADDED, "gain", gains + " access: "]]) {
    const groups = consumersByWords(row, bit, (cell, consumer) => {
      const reason = (reasons.get(consumer) || []).join("; ");
      return (cell & PERHAPS ? "perhaps " : "") + accessWords(cell) + (reason ? " (" + reason + ")" : "");
    });
    for (const [words, consumers] of groups) {
      lines.push(make("p", verb + consumers + ": " + words, row.isDone ? name : "label"));
    }
  }
  return lines;
}

function showDetail(row, consumer) {
  detail.row = row;
  detail.consumer = consumer;
  element("detail-title").textContent = rowName(row);
  element("detail-kind").textContent = registryName(row) + ", " + rowWords(row);
  const body = element("detail-body"), parts = [];
  row.notes.forEach((note, index) => {
    const isCause = !row.isDone && index === row.notes.length - 1;
    const cause = isFailed(row) ? "Not done: " : isInDoubt(row) ? "Perhaps written: " : "Not started: ";
    const label = isAccess ? "" : row.kind === PROBLEM ? "Not planned: " : isCause ? cause : "Warning: ";
    const isGrave = row.kind === PROBLEM || (isCause && isFailed(row));
    parts.push(make("p", label + plan.texts[note], isGrave ? "problem" : "warning"));
  });
  parts.push(...(isAccess ? holderLines(row) : grantLines(row)));
  if (row.size > 0) {
    parts.push(make("p", "Size: " + number(row.size) + " of " + number(about.limit) + " characters",
      row.size * 5 > about.limit * 4 ? "warning" : "label"));
  }
  const word = consumer === undefined ? "" : plan.consumers[consumer];
  const marks = word === "*" ? "" : word;
  if (isAccess && row.before >= 0) parts.push(documentTable(row, marks));
  else if (row.before >= 0 || row.after >= 0) parts.push(differenceTable(row, marks, element("whole").checked));
  if (row.kind === UNCHANGED && !isAccess) {
    parts.push(make("p", "The policy is already as wanted; the plan does not carry it."));
  }
  body.replaceChildren(...parts);
  body.scrollTop = 0;
  if (!element("detail").open) element("detail").showModal();
}

const detail = { row: null, consumer: undefined };
