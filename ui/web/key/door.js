// The door to the program that holds keys: it is loaded when one is made or used, and not before.
let opened;
const program = () =>
  (opened ??= import("./ui.js")
    .then(async (program) => {
      await program.default({ module_or_path: new URL("./ui_bg.wasm", import.meta.url) });
      return program;
    })
    .catch((error) => {
      opened = undefined;
      throw error;
    }));
export const prove = async (challenge) => (await program()).prove(challenge);
export const make = async (challenge, account) => (await program()).make(challenge, account);
