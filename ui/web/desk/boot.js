// Loads one of the programs of the desk, by the address, and nothing else; all behaviour is in the wasm.
const programs = {
  meals: ["/kitchen", "/menu", "/plan", "/list/standing_meals"],
  office: ["/import", "/conflicts", "/settings", "/list/"],
};
const at = location.pathname;
const takes = (path) => at === path || (path.endsWith("/") && at.startsWith(path));
const program = Object.keys(programs).find((name) => programs[name].some(takes)) ?? "ui";

const note = document.getElementById("boot");
import(`./${program}.js`)
  .then(({ default: init }) => init({ module_or_path: new URL(`./${program}_bg.wasm`, import.meta.url) }))
  .catch(() => {
    note.textContent = "页面没有打开。请刷新再试；仍不行，请换用较新的浏览器或联系运维。";
    note.hidden = false;
  });
