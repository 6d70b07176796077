// What every page has: the search field. Its index is loaded when the field is first used.
import { openSearch } from "./search.js";

if (new URLSearchParams(location.search).has("embed")) embed();
for (const form of document.querySelectorAll("form.search")) openSearch(form);

/** In a frame of another site: the territory, its date and its licence; what leads elsewhere leaves the frame. */
function embed() {
  document.documentElement.classList.add("embed");
  const back = document.createElement("a"), line = document.createElement("p");
  back.href = location.pathname;
  back.textContent = document.title;
  line.append(back);
  document.querySelector("footer").prepend(line);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) Object.assign(link, { target: "_blank", rel: "noopener" });
  }, true);
}
