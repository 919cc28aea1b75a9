//! Keys: what opens the data file, and the system's keyring.

use crate::words::Told;

const WHERE_IT_WAS: &str = "Open it on the computer and under the user where it was, or restore the key from a backup. \
     What was synced is at the server: enrol with a new folder to get it back. Do not delete this folder.";

pub const KEYRING_CLOSED: Told = (
    "The data of this computer is encrypted, and its key can't be read from the keyring now.",
    "Sign in to the computer, unlock the keyring and open it again; if that does not help, call support. Do not delete the folder.",
);
pub const LEFT_THE_KEYRING: Told =
    ("The data of this computer is encrypted, and its key is no longer in the system's keyring.", WHERE_IT_WAS);
pub const OPENS_NOTHING: Told = (
    "The data of this computer is encrypted, and the key here does not open it: the folder may be a copy from another computer or user.",
    WHERE_IT_WAS,
);
pub const MISSING_BESIDE: Told = ("The data of this computer is encrypted, but the key file desk.key beside it is missing.", WHERE_IT_WAS);
pub const UNREADABLE: Told = (
    "The file of the root key can't be read, or it is not the root key of this database.",
    "Fetch the original keeper.key from the backup (or say with --keeper where it is) and start again. Do not make another one: what is sealed could not be opened with it.",
);
pub const NOT_KEPT: Told = (
    "The new root key was not safely kept on the disk, so it is not used.",
    "Check the disk and the permissions of the folder where the root key lies (or choose another place with --keeper), and start again.",
);
pub const NOT_ROTATED: Told = (
    "The change of the root key did not finish: a key file was not safely kept on the disk.",
    "Check the disk and run admin keys rotate once more; until then, delete neither the file of the root key nor the .next and .old files beside it.",
);
