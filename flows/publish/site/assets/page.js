// What scripts share: making elements, reading files, and telling numbers in the language of the page.
export const ROOT = new URL("..", import.meta.url);
export const LANGUAGE = document.documentElement.lang;

/** An element; text goes in as text, so that no name is ever read as HTML. */
export function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "path", "use", "title", "rect", "circle", "g", "line", "text"].includes(tag) && tag !== "title" || attributes.svg;
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "svg" || value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listen] of Object.entries(value)) element.addEventListener(event, listen);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const files = new Map();

/** A JSON file of the release, read once. */
export function read(path) {
  if (!files.has(path)) {
    files.set(path, fetch(new URL(path, ROOT)).then((reply) => {
      if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
      return reply.json();
    }));
  }
  return files.get(path);
}

export const readWords = () => read(`assets/words-${LANGUAGE}.json`);
export const readIndicators = () => read(`assets/indicators-${LANGUAGE}.json`);

const MARKS = { fr: ["\u202f", ","], en: [",", "."] }[LANGUAGE] ?? [",", "."];

export function tell(value, decimals = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const told = whole.replace(/\B(?=(\d{3})+$)/g, MARKS[0]) + (part ? MARKS[1] + part : "");
  return (value < 0 && /[1-9]/.test(told) ? "\u2212" : "") + told;
}

export function ordinal(rank) {
  if (LANGUAGE === "fr") return `${tell(rank)}${rank === 1 ? "er" : "e"}`;
  const teen = [11, 12, 13].includes(rank % 100);
  return `${tell(rank)}${teen ? "th" : { 1: "st", 2: "nd", 3: "rd" }[rank % 10] ?? "th"}`;
}

/** Put values in a text of the words: "{rank} sur {count}". */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** The first of two forms if one is counted (in French, none too), else the second. */
export const counted = (forms, count, values = {}) => fill(forms[(LANGUAGE === "fr" ? count < 2 : count === 1) ? 0 : 1], { count: tell(count), ...values });

export const folder = (id) => id.replace(/[^A-Za-z0-9_-]/g, (letter) => `~${letter.codePointAt(0).toString(16)}`);

/** Where a territory's page is. */
export const pageOf = (words, id) => new URL(`${LANGUAGE}/${words.paths.territory}/${folder(id)}/`, ROOT).href;

/** Hand a file to the reader. */
export function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
