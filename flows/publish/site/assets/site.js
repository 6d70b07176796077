// What every page has: the search field. Its index is loaded when the field is first used.
import { openSearch } from "./search.js";

if (new URLSearchParams(location.search).has("embed")) document.documentElement.classList.add("embed");
for (const form of document.querySelectorAll("form.search")) openSearch(form);
