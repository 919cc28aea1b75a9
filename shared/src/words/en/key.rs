//! Keys: second factors in files on a stick.

use crate::rule::password::PASSPHRASE_SHORTEST;
use crate::words::Told;

pub const MAKE: &str = "Make a key";
pub const USE: &str = "Use a key";
pub const SAVED: &str = "Check the key that was just saved";
pub const MAKE_HINT: &str = "A key is an encrypted file. Keep it on a stick of your own and not on this computer. Nobody but you knows its passphrase; once forgotten, only another key helps.";
pub const USE_HINT: &str = "Choose the file of your key on the stick and type its passphrase. Neither leaves this computer.";
pub const SAVED_HINT: &str = "The key is where the browser keeps what it downloads. Move it to your stick, then choose it once more and type its passphrase: it is registered once that went well.";
pub const FILE: &str = "File of the key";
pub const NAME: &str = "Name";
pub const NAME_FIRST: &str = "Key on a stick";
pub const PASSPHRASE: &str = "Passphrase";
pub const PASSPHRASE_AGAIN: &str = "Once more";
pub const SAVE: &str = "Make and save";
pub const SIGN: &str = "Confirm";
pub const WORKING: &str = "The key is being opened…";

/// What a passphrase has to be.
#[must_use]
pub fn passphrase_rule() -> String {
    format!(
        "A passphrase has at least {PASSPHRASE_SHORTEST} characters, letters and digits among them, does not hold the account's name, and is not the password."
    )
}

pub const NO_FILE: Told = ("No file is chosen yet.", "Plug in your stick and choose the file of the key (.pem).");
pub const NOT_A_KEY: Told = ("This file is no key of this system.", "Choose the .pem file that you saved on your stick.");
pub const WRONG_PASSPHRASE: Told =
    ("The passphrase is wrong, or the file is damaged.", "Check the passphrase, capitals too, and try again.");
pub const OTHER_KEY: Told = ("This is not the key that was just saved.", "Choose the file that you just saved.");
pub const WEAK_PASSPHRASE: Told = ("The passphrase is too short or too simple.", "Choose another one by the rule below.");
pub const PASSPHRASES_DIFFER: Told = ("The two passphrases differ.", "Type it once more.");
pub const OTHER_SERVER: Told =
    ("What was to be signed is not of this site.", "Load the page anew; if it stays so, tell the system administrator.");
pub const NOT_LOADED: Told = ("The program for keys did not open.", "Check the network and try again.");
