// The first part: reads the data elements and answers questions about rows, cells and documents.
"use strict";
const element = (id) => document.getElementById(id);
const ADDED = 1, REMOVED = 2, KEPT = 4, FOREIGN = 8, DENIED = 16, PULL = 32, PUSH = 64, LAMBDA = 128,
  PERHAPS = 256;
const CREATE = 0, UPDATE = 1, DELETE = 2, UNCHANGED = 3, PROBLEM = 4, SECTION = 5;
const KINDS = ["policy created", "policy updated", "policy deleted", "unchanged", "problem"];
const KINDS_TO_DO = ["policy to create", "policy to update", "policy to delete"];

// Makes an element that holds nothing but text: the only way by which data reach the page.
function make(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const number = (value) => value.toLocaleString("en-US");
const counting = (value, one, many) => number(value) + " " + (value === 1 ? one : many);

const plan = { consumers: [], registries: [], texts: [], cells: [], reasons: [], pieces: [], documents: [], rows: [] };
for (const part of document.querySelectorAll("script.part")) {
  const data = JSON.parse(part.textContent);
  for (const name of Object.keys(plan)) for (const item of data[name]) plan[name].push(item);
  part.remove();
}
const about = JSON.parse(document.querySelector("script.about").textContent);

// A page about live policies instead of a plan: who has what.
const isAccess = about.mode === "access";
if (isAccess) [KINDS[UNCHANGED], KINDS[PROBLEM]] = ["live policy", "not read"];

plan.rows = plan.rows.map(
  ([registry, name, kind, group, added, removed, cells, reasons, before, after, size, notes, outcome], index) =>
    ({ index, registry, name, kind, group, added, removed, cells, reasons, before, after, size, notes, outcome }));

// A problem of a whole registry has a row without a name.
const isRepository = (row) => row.name !== "";
const rowName = (row) => row.name || "the whole registry";

// What a run made of a row's change; undefined in a plan.
const isRun = about.outcomes !== undefined;
const outcomeOf = (row) => about.outcomes?.[row.outcome];
const isFailed = (row) => ["failed", "conflict"].includes(outcomeOf(row));
const isInDoubt = (row) => outcomeOf(row) === "perhaps written";
// Whether a row's change is to be told as one: in a plan always, in a run when it was done.
for (const row of plan.rows) {
  row.isDone = row.outcome === undefined || ["written", "done already"].includes(outcomeOf(row));
}
const gainsOf = (row) => row.isDone ? row.added : 0, lossesOf = (row) => row.isDone ? row.removed : 0;

// The last note of a row that was not done says why.
const warningsOf = (row) => row.kind === PROBLEM ? 0 : row.notes.length - (row.isDone ? 0 : 1);

// What a row is, and what a run made of it.
function rowWords(row) {
  if (isAccess && row.kind === UNCHANGED && row.before < 0) return "no policy";
  if (row.outcome === undefined) return KINDS[row.kind];
  return (row.isDone ? KINDS : KINDS_TO_DO)[row.kind] + ": " + outcomeOf(row);
}

// Calls with the first and the last number of each run of "0-4,9,2".
function eachRun(text, call) {
  for (const run of text.split(",")) {
    const dash = run.indexOf("-");
    if (dash < 0) call(Number(run), Number(run));
    else call(Number(run.slice(0, dash)), Number(run.slice(dash + 1)));
  }
}

// Calls with the value and the runs of "33:0-4,7;4:9".
function eachRange(text, call) {
  if (!text) return;
  for (const part of text.split(";")) {
    const colon = part.indexOf(":"), value = Number(part.slice(0, colon));
    eachRun(part.slice(colon + 1), (first, last) => call(value, first, last));
  }
}

// A row's cells, two bytes for each consumer. Rows with equal cells share them; only the latest are kept.
const unpacked = new Map();
const noCells = new Uint16Array(plan.consumers.length);
function cellsOf(row) {
  if (row.cells < 0) return noCells;
  let cells = unpacked.get(row.cells);
  if (cells) return cells;
  if (unpacked.size > 4000) unpacked.clear();
  cells = new Uint16Array(plan.consumers.length);
  eachRange(plan.cells[row.cells], (value, first, last) => cells.fill(value, first, last + 1));
  unpacked.set(row.cells, cells);
  return cells;
}

// How many repositories each consumer gains and loses access to; of live policies, how many it has access to.
const gains = new Uint32Array(plan.consumers.length), losses = new Uint32Array(plan.consumers.length);
{
  const uses = new Map();
  for (const row of plan.rows) if (row.cells >= 0 && row.isDone) uses.set(row.cells, (uses.get(row.cells) || 0) + 1);
  for (const [cells, count] of uses) {
    eachRange(plan.cells[cells], (value, first, last) => {
      for (let consumer = first; consumer <= last; consumer++) {
        if (value & (isAccess ? KEPT | FOREIGN : ADDED)) gains[consumer] += count;
        if (value & REMOVED) losses[consumer] += count;
      }
    });
  }
}

function documentText(index) {
  if (index < 0) return null;
  let text = "";
  if (plan.documents[index] === "") return text;
  eachRun(plan.documents[index], (first, last) => {
    for (let piece = first; piece <= last; piece++) text += plan.pieces[piece];
  });
  return text;
}

// A row above a registry's repositories.
const sectionOf = (registry, count) =>
  ({ registry, name: "", kind: SECTION, isDone: true, count, cells: -1, notes: [], added: 0, removed: 0 });

const registryName = (row) => plan.registries[row.registry].join(" ");

function accessWords(cell) {
  const words = [];
  if (cell & PULL) words.push(cell & LAMBDA ? "lambda" : "pull");
  if (cell & PUSH) words.push("push");
  if (cell & LAMBDA && !(cell & PULL)) words.push("lambda-only");
  return words.join(" and ") || "other actions";
}

function stateWords(cell, row) {
  const words = [], not = row.isDone ? "" : isInDoubt(row) ? "perhaps " : "not ";
  if (cell & REMOVED) words.push(not + "removed");
  if (cell & ADDED) words.push(not + "added");
  if (cell & KEPT) words.push(isAccess ? "granted by ecr-share" : "kept");
  if (cell & FOREIGN) words.push("granted by a foreign statement");
  if (cell & DENIED) words.push("denied by a foreign statement");
  return words.join(", ");
}

function cellWords(cell, row) {
  if (!(cell & 31)) return "no access";
  return (cell & PERHAPS ? "perhaps " : "") + (cell & 15 ? accessWords(cell) + " " : "") + stateWords(cell, row);
}

// A name in a column head, where only the end of a long one is seen: what distinguishes it is there.
const shortName = (consumer) => consumer.replace(/^arn:[a-z-]+:iam::(\d{12}):/, "$1 ")
  .replace(/^service (.+)\.amazonaws\.com(\.cn)?$/, "$1");
const consumerName = (consumer) => consumer === "*" ? "everyone" : consumer === "o-*" ? "o-* (any org)" : consumer;
