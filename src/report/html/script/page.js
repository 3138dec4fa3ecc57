// What all parts share: the data, the view, and how elements are made. What a template says only ever becomes text.
const data = JSON.parse(document.getElementById("data").textContent);
const section = document.getElementById("decisions");
const form = document.getElementById("filters");
const rows = document.getElementById("rows");

const SIZE = 50;
// In the order of what is to be done.
const STATES = ["open", "justified", "accepted", "serverless", "left out"];
// A view: what the filters ask for, the order, the page.
const START = {
  q: "", state: "", change: "", owner: "", stream: "", ladder: "", rung: "", lifecycle: "", doubt: "",
  path: "", component: "", ends: "", owned: "", finding: "", row: "", sort: "state", page: 1,
};
const compare = new Intl.Collator(undefined, { numeric: true }).compare;
const all = data.decisions.map((view, at) => ({ at, view, owner: (view.owners ?? []).join(", "), words: null }));
let state = { ...START };
let found = [];
let timer = 0;

function make(name, kind, ...inner) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  for (const part of inner) if (part !== "" && part != null) element.append(part);
  return element;
}
function button(kind, words, values) {
  const element = make("button", kind, words);
  element.type = "button";
  Object.assign(element.dataset, values);
  return element;
}
function link(text, href) {
  const element = make("a", "", text);
  element.href = href;
  element.rel = "noreferrer noopener";
  return element;
}
function cell(name, role, kind, ...inner) {
  const element = make(name, kind, ...inner);
  element.setAttribute("role", role);
  return element;
}
const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
const unique = (values) => [...new Set(values)];
