// An indicator's page: the map at another level, down to the communes of a département.
import "./chart.js";
import { ROOT, fill, folder, make, read, readWords } from "./page.js";
import { drawMap, rankRows, readShapes, shade, unpack } from "./map.js";
import { pick } from "./territory.js";

const atlas = document.querySelector("#atlas");
if (atlas) open(atlas);

async function open(section) {
  const { indicator, level, levels, decimals, direction, title } = section.dataset;
  const words = await readWords(), t = words.indicator, departements = await read("assets/departements.json");
  const first = section.querySelector(".map"), firstBox = first.getAttribute("viewBox"), patterns = first.querySelector("defs");
  const choice = (label, id, options) => [make("label", { for: id }, label), make("select", { id }, options.map(([value, told]) => make("option", { value }, told)))];
  const [levelLabel, levelField] = choice(t.level, "level", levels.split(" ").map((each) => [each, words.levels_plural[each]]));
  const places = Object.entries(departements).sort(([one], [other]) => one.localeCompare(other)).map(([id, name]) => [id, `${id.slice(4)} ${name}`]);
  const [placeLabel, placeField] = choice(t.departement, "place", places);
  const around = make("span", { class: "field" }, placeLabel, placeField);
  levelField.value = level;
  section.querySelector(".atlas").before(make("div", { class: "field" }, levelLabel, levelField, around));
  around.hidden = true;
  const status = make("p", { role: "status", class: "away" });
  section.append(status);

  async function show() {
    const chosen = levelField.value, place = placeField.value;
    around.hidden = chosen !== "commune";
    const drawn = chosen === "commune" ? await communesOf(indicator, place) : await areasOf(indicator, chosen, await read("assets/names.json"), firstBox);
    if (chosen !== levelField.value || place !== placeField.value) return; // something else was chosen meanwhile
    const legend = shade(drawn.areas, Number(decimals), words);
    section.querySelector(".map").replaceWith(drawMap(drawn.areas, drawn.box, words, patterns));
    section.querySelector(".legend").replaceChildren(...legend);
    section.querySelector("tbody").replaceChildren(...rankRows(drawn.areas, words, direction));
    section.querySelector("thead th:nth-child(2)").textContent = words.levels[chosen];
    const caption = fill(t.map_caption, { title, period: drawn.period });
    section.querySelector("caption").textContent = caption;
    section.querySelector("figcaption").firstChild.textContent = `${caption} `;
    status.textContent = `${caption}, ${words.levels_plural[chosen]}`;
  }
  levelField.addEventListener("change", show);
  placeField.addEventListener("change", show);
}

async function areasOf(indicator, level, names, box) {
  const [values, shapes] = await Promise.all([read(`assets/values/${indicator}.json`), readShapes(new URL(`assets/maps/${level}.svg`, ROOT))]);
  const { period, ids, values: known, statuses } = values[level];
  const areas = ids.map((id, each) => ({ id, name: names[level][id] ?? id, value: known[each], status: statuses[each], path: shapes.get(folder(id)) }));
  return { areas: areas.filter((area) => area.path), box, period };
}

/** The communes of a département: their shapes, and the values of the files that have them. */
async function communesOf(indicator, departement) {
  const [topology, { files }] = await Promise.all([read(`boundaries/commune/${departement.slice(4)}.topojson`), read(`assets/around/${departement}.json`)]);
  const { shapes, box } = unpack(topology, "commune");
  const known = new Map();
  let period = "";
  for (const file of await Promise.all(Object.keys(files).map((each) => read(`api/v1/communes/${folder(each)}.json`)))) {
    for (const id of [file.territories.territory_id].flat()) {
      const line = pick(file, id).lines.find((each) => each.indicator === indicator);
      if (line) { known.set(id, line); if (line.periods.at(-1) > period) period = line.periods.at(-1); }
    }
  }
  const areas = shapes.map(({ territory_id: id, name, path }) => {
    const line = known.get(id), each = line?.periods.indexOf(period) ?? -1;
    return { id, name, path, value: each < 0 ? null : line.values[each], status: each < 0 ? "O" : line.statuses[each] };
  });
  return { areas, box, period };
}
