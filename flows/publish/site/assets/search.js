// Search: territories and indicators, whatever the accents, hyphens and case; all from the keyboard.
const ROOT = new URL("..", import.meta.url);
const LANGUAGE = document.documentElement.lang;
const SHOWN = 12;
let index;

/** Plain letters and single spaces: "Saint-Étienne" and "st etienne" are the same. */
export function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae")
    .replace(/[^a-z0-9]+/g, " ").trim().replace(/\bst\b/g, "saint").replace(/\bste\b/g, "sainte");
}

export async function loadIndex() {
  index ??= (async () => {
    const [body, words] = await Promise.all(
      ["assets/search.json", `assets/words-${LANGUAGE}.json`].map(async (path) => (await fetch(new URL(path, ROOT))).json()));
    const territory = `${LANGUAGE}/${words.paths.territory}/`;
    const entry = (name, kind, path, id, extra = "") => ({ name, kind, path, id, key: ` ${plain(name)} ${plain(extra)}` });
    const rows = (text) => (text ? text.split("\n").map((line) => line.split("|")) : []);
    const indicators = body.indicators.map(([id, fr, en]) =>
      entry(LANGUAGE === "fr" ? fr : en, words.territory.indicator, `${LANGUAGE}/${words.paths.indicator}/${id}/`, id));
    const territories = body.territories.map(([id, level, name]) =>
      entry(name, words.levels[level], `${territory}${id}/`, id, id.split("-").slice(1).join("-")));
    const communes = rows(body.communes).map(([code, around, ...name]) =>
      entry(name.join("|"), around || code, `${territory}COM-${code}/`, `COM-${code}`, code));
    const vanished = rows(body.vanished).map(([code, now, ...name]) =>
      entry(name.join("|"), words.search.vanished, `${territory}COM-${now}/?was=${code}`, `COM-${now}`, code));
    return { words, entries: [...territories, ...communes, ...vanished, ...indicators], indicators };
  })();
  return index;
}

/** The best entries: exact names, then those that begin so, then words that do; all words must be there. */
export function look(entries, asked, count = SHOWN) {
  const key = plain(asked);
  if (!key) return [];
  const words = key.split(" ");
  const found = [[], [], [], []];
  for (const entry of entries) {
    if (!words.every((word) => entry.key.includes(` ${word}`))) continue;
    const name = plain(entry.name);
    const place = name === key ? 0 : name.startsWith(`${key} `) ? 1 : name.startsWith(key) ? 2 : 3;
    found[place].push(entry);
  }
  return found.flat().slice(0, count);
}

let listboxes = 0;

/** Make the field of *form* a combobox; `choose` says what becomes of the chosen entry. */
export function openSearch(form, choose = (entry) => location.assign(new URL(entry.path, ROOT)), only = () => true) {
  const input = form.querySelector("input");
  const list = document.createElement("ul");
  const status = document.createElement("span");
  let found = [], at = -1;
  list.className = "found";
  list.id = `found-${(listboxes += 1)}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels[0]?.textContent || "");
  status.className = "away";
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  input.after(list, status);

  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); status.className = "away"; };
  const pick = (entry) => { close(); choose(entry, input); };
  const mark = () => {
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at >= 0) { input.setAttribute("aria-activedescendant", list.children[at].id); if (document.activeElement === input) list.children[at].scrollIntoView({ block: "nearest" }); } // it moves where Tab goes on
  };
  const show = async () => {
    const { words, entries } = await loadIndex();
    found = look(entries.filter(only), input.value);
    at = found.length ? 0 : -1;
    list.replaceChildren(...found.map((entry, place) => {
      const item = document.createElement("li"), kind = document.createElement("small");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      kind.textContent = entry.kind;
      item.append(kind, entry.name);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); pick(entry); });
      return item;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!!found.length));
    status.textContent = !input.value ? "" : found.length ? words.search.results[found.length > 1 ? 1 : 0].replace("{count}", found.length) : words.search.none;
    status.className = input.value && !found.length ? "found" : "away"; // what is not found is read by everyone
    mark();
  };
  input.addEventListener("focus", loadIndex, { once: true });
  input.addEventListener("input", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || !found.length) return;
    event.preventDefault();
    at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    mark();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (list.hidden || !found.length) await show();
    if (found[at]) pick(found[at]);
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked && form.closest("main, header")) { input.value = asked; show(); }
}
