// Loads the program beside it and nothing else; all behaviour is in the wasm.
import init from "./ui.js";

const note = document.getElementById("boot");
init({ module_or_path: new URL("./ui_bg.wasm", import.meta.url) }).catch(() => {
  note.textContent = "页面没有打开。请刷新再试；仍不行，请换用较新的浏览器或联系运维。";
  note.hidden = false;
});
