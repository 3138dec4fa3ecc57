// The map: zoomed by the width of its picture, moved by what scrolls; a card says what stands where.
const mapView = document.getElementById("map-view");
const picture = mapView?.querySelector("svg");
const card = document.getElementById("map-card");
const signs = [...(picture?.querySelectorAll(".component") ?? [])];
// The width at which nothing is scaled; smaller letters than at LEAST are not read.
const WIDE = 1200;
const LEAST = 0.72;
const MOST = 4;
let scale = 1;

const fitted = () => mapView.clientWidth / WIDE;
// What stands under a point of the view stays there.
function zoom(wanted, x = mapView.clientWidth / 2, y = mapView.clientHeight / 2) {
  const old = scale;
  scale = Math.min(MOST, Math.max(Math.min(fitted(), LEAST), wanted));
  picture.style.width = `${Math.floor(WIDE * scale)}px`;
  picture.style.height = "auto";
  mapView.scrollLeft = (mapView.scrollLeft + x) * (scale / old) - x;
  mapView.scrollTop = (mapView.scrollTop + y) * (scale / old) - y;
  document.getElementById("map-scale").textContent = `${Math.round(scale * 100)} %`;
  card.hidden = true;
}
// As wide as the page, but never too small to be read.
const zoomToRead = () => zoom(Math.max(LEAST, fitted()));

function says(sign) {
  const at = signs.indexOf(sign);
  const own = all.filter((one) => one.view.component === at);
  const words = sign.getAttribute("aria-label");
  const name = data.components[at];
  // A name that is shortened on the map stands before the whole one.
  const parts = words.slice(words.indexOf(`${name}: `) + name.length + 2).split("; ");
  const files = unique(own.map((one) => one.view.path));
  const owners = unique(own.flatMap((one) => one.view.owners ?? []));
  const few = (list) => (list.length > 3 ? `${list.slice(0, 3).join(", ")} and ${list.length - 3} more` : list.join(", "));
  const lines = [make("b", "data", name), ...parts.map((part) => make("span", "data", part)), make("span", "data faint", few(files))];
  if (owners.length > 0) lines.push(make("span", "data faint", `owner: ${few(owners)}`));
  card.replaceChildren(...lines);
  card.hidden = false;
  // Below its component, or above where there is no room; always inside.
  const frame = card.parentElement.getBoundingClientRect();
  const box = sign.getBoundingClientRect();
  const left = Math.min(Math.max(0, box.left - frame.left), frame.width - card.offsetWidth);
  const below = box.bottom - frame.top + 8;
  const fits = below + card.offsetHeight <= frame.height || box.top - frame.top < card.offsetHeight + 8;
  card.style.left = `${Math.max(0, left)}px`;
  card.style.top = `${fits ? below : box.top - frame.top - card.offsetHeight - 8}px`;
}

// The component that the rows belong to.
function markMap() {
  for (const [at, sign] of signs.entries()) sign.classList.toggle("wanted", state.component !== "" && data.components[at] === state.component);
}
function locate(at) {
  mapView.scrollIntoView({ block: "nearest" });
  signs[at]?.focus();
}

function startMap() {
  if (!picture) return;
  zoomToRead();
  document.querySelector("#map .tools").addEventListener("click", (event) => {
    const way = event.target.closest("button")?.dataset.zoom;
    if (way === "whole") zoom(Math.min(fitted(), (mapView.clientHeight * scale) / picture.clientHeight));
    else if (way) zoom(way === "in" ? scale * 1.25 : scale / 1.25);
  });
  mapView.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = mapView.getBoundingClientRect();
    zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  mapView.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoom(scale * 1.25);
    else if (event.key === "-") zoom(scale / 1.25);
    else if (event.key === "0") zoomToRead();
    else if (event.key === "Escape") card.hidden = true;
    else return;
    event.preventDefault();
  });
  drag();
  for (const sign of signs) {
    sign.addEventListener("pointerenter", () => says(sign));
    sign.addEventListener("focus", () => {
      sign.scrollIntoView({ block: "nearest", inline: "nearest" });
      says(sign);
    });
    sign.addEventListener("pointerleave", () => { card.hidden = true; });
    sign.addEventListener("blur", () => { card.hidden = true; });
  }
  mapView.addEventListener("scroll", () => { if (!signs.includes(document.activeElement)) card.hidden = true; });
  addEventListener("resize", () => { if (scale < fitted()) zoomToRead(); });
}

// By mouse, the map is taken and moved; fingers scroll by themselves.
function drag() {
  let from = null;
  let moved = false;
  mapView.addEventListener("pointerdown", (event) => {
    moved = false;
    if (event.pointerType === "mouse" && event.button === 0) {
      from = { x: event.clientX + mapView.scrollLeft, y: event.clientY + mapView.scrollTop };
    }
  });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [from.x - event.clientX, from.y - event.clientY];
    moved ||= Math.abs(x - mapView.scrollLeft) + Math.abs(y - mapView.scrollTop) > 4;
    if (moved) {
      mapView.scrollLeft = x;
      mapView.scrollTop = y;
      card.hidden = true;
    }
  });
  addEventListener("pointerup", () => {
    from = null;
    // The click comes first.
    setTimeout(() => { moved = false; }, 0);
  });
  mapView.addEventListener("dragstart", (event) => event.preventDefault());
  // What was moved was not clicked.
  mapView.addEventListener("click", (event) => {
    if (moved) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, { capture: true });
}
