// A commune: its page is drawn here, from the file of the API that its link names.
const style = document.createElement("link");
style.rel = "stylesheet";
style.href = new URL("site.css", import.meta.url);
document.head.append(style);

const { drawCommune } = await import("./territory.js");
await drawCommune(document.querySelector("a").textContent);
export {};
