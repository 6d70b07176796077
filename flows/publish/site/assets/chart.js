// Charts: a button loads Vega, shipped beside this file, and draws the specification in place of the picture.
import { LANGUAGE } from "./page.js";

const LOCALES = {
  fr: { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"] },
  en: { decimal: ".", thousands: ",", grouping: [3], currency: ["€", ""] },
};
let loading;

/** Vega, once; it is 0.9 MB, so only who asks for it gets it. */
function loadVega() {
  loading ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = new URL("vega.js", import.meta.url);
    script.addEventListener("load", () => done(globalThis.vegaEmbed));
    script.addEventListener("error", fail);
    document.head.append(script);
  });
  return loading;
}

/** Draw a specification in *place*. Expressions are interpreted: the policy of the page allows no eval. */
export async function drawChart(place, spec) {
  const embed = await loadVega();
  await embed(place, { ...spec, width: "container", autosize: { type: "fit-x", contains: "padding" } }, {
    actions: false, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true }, renderer: "svg",
    formatLocale: LOCALES[LANGUAGE],
  });
}

for (const button of document.querySelectorAll("button[data-chart]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const figure = button.closest("figure"), place = document.createElement("div");
    place.className = "chart";
    figure.querySelector("img").replaceWith(place);
    button.remove();
    const spec = await (await fetch(button.dataset.chart)).json();
    await drawChart(place, spec);
  });
}
