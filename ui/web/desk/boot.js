// Loads one of the two programs of the desk, by the address, and nothing else; all behaviour is in the wasm.
const ofOffice = ["/plan", "/menu", "/import", "/conflicts", "/settings", "/list/"];
const at = location.pathname;
const program = ofOffice.some((path) => at === path || (path.endsWith("/") && at.startsWith(path))) ? "office" : "ui";

const note = document.getElementById("boot");
import(`./${program}.js`)
  .then(({ default: init }) => init({ module_or_path: new URL(`./${program}_bg.wasm`, import.meta.url) }))
  .catch(() => {
    note.textContent = "页面没有打开。请刷新再试；仍不行，请换用较新的浏览器或联系运维。";
    note.hidden = false;
  });
