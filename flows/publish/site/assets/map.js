// Maps drawn in the page: areas with a value, on the shapes of a level or of a département's communes.
import { make, pageOf, tell } from "./page.js";
import { quantiles } from "./classes.js";

/** Colour each of *areas* (id, name, value, status) and say the same in a legend. */
export function shade(areas, decimals, words) {
  const classes = quantiles(areas.map((area) => area.value).filter((value) => value !== null));
  for (const area of areas) {
    const known = area.value !== null && classes;
    area.shade = known ? `q${classes.number(area.value)}` : { Q: "hidden", M: "void" }[area.status] ?? "missing";
    area.told = known ? tell(area.value, decimals) : words.statuses[area.status] ?? words.map.missing;
  }
  const legend = (classes?.ranges ?? []).map(([low, high], each) => [`q${each}`, `${tell(low, decimals)} – ${tell(high, decimals)}`]);
  legend.push(["hidden", words.map.hidden], ["missing", words.map.missing], ["void", words.map.void]);
  return legend.map(([each, told]) => [each, told, areas.filter((area) => area.shade === each).length])
    .filter(([each, , count]) => count || each.startsWith("q"))
    .map(([each, told, count]) => make("li", {}, make("svg", { class: "swatch", viewBox: "0 0 18 12", "aria-hidden": "true" }, make("rect", { class: each, width: 18, height: 12 })), told, " ", make("small", {}, `(${tell(count)})`)));
}

/** The map of *areas*: each has a `path`. It is for the mouse; the table beside it is for everyone. */
export function drawMap(areas, box, words, patterns) {
  const svg = make("svg", { class: "map", viewBox: box, "aria-hidden": "true", focusable: "false" });
  if (patterns) svg.append(patterns.cloneNode(true));
  for (const area of areas) {
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title"), link = document.createElementNS("http://www.w3.org/2000/svg", "a");
    title.textContent = `${area.name}${words.colon}${area.told}`;
    link.setAttribute("href", pageOf(words, area.id));
    link.setAttribute("tabindex", "-1");
    link.append(make("path", { class: area.shade, d: area.path }, title));
    svg.append(link);
  }
  return svg;
}

/** The same as a table: the best first, or the highest where neither way is better; equal values have the same rank. */
export function rankRows(areas, words, direction) {
  const sign = direction === "lower_is_better" ? 1 : -1, known = areas.filter((area) => area.value !== null);
  const keys = known.map((area) => sign * area.value).sort((one, other) => one - other);
  const ranked = known.map((area) => ({ ...area, rank: keys.indexOf(sign * area.value) + 1 })).sort((one, other) => one.rank - other.rank);
  return [...ranked, ...areas.filter((area) => area.value === null)].map((area) => make("tr", {}, make("td", { class: "n" }, tell(area.rank)),
    make("th", { scope: "row" }, make("a", { href: pageOf(words, area.id) }, area.name)), make("td", { class: "n" }, area.told)));
}

/** The paths of the shapes of a level: by folder of territory. */
export async function readShapes(address) {
  const file = new DOMParser().parseFromString(await (await fetch(address)).text(), "image/svg+xml");
  return new Map([...file.querySelectorAll("path")].map((path) => [path.id, path.getAttribute("d")]));
}

/** Paths by territory out of a TopoJSON, on a plane that keeps the shapes of a département. */
export function unpack(topology, name) {
  const { scale, translate } = topology.transform;
  let middle = 0, count = 0;
  const arcs = topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([right, up]) => {
      x += right; y += up; middle += y * scale[1] + translate[1]; count += 1;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
  const narrow = Math.cos(middle / count * Math.PI / 180), places = arcs.flat();
  const xs = places.map(([x]) => x * narrow), ys = places.map(([, y]) => -y);
  const low = (list) => list.reduce((one, other) => Math.min(one, other), Infinity), high = (list) => list.reduce((one, other) => Math.max(one, other), -Infinity);
  const left = low(xs), top = low(ys), size = 1000 / Math.max(high(xs) - left, high(ys) - top);
  const place = ([x, y]) => `${Math.round((x * narrow - left) * size * 10) / 10} ${Math.round((-y - top) * size * 10) / 10}`;
  const ring = (numbers) => `M${numbers.flatMap((number) => (number < 0 ? [...arcs[~number]].reverse() : arcs[number]).map(place)).join("L")}z`;
  const shapes = topology.objects[name].geometries.map((geometry) => ({ ...geometry.properties, path: geometry.arcs.flat().map(ring).join("") }));
  return { shapes, box: `-6 -6 ${Math.round((high(xs) - left) * size) + 12} ${Math.round((high(ys) - top) * size) + 12}` };
}
