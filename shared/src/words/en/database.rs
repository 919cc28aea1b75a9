//! The data folder and its file: opening, damage, recovery.

use crate::words::Told;
use std::path::Path;

pub const FOLDER_OF_A_NEWER_PROGRAM: Told = (
    "This data folder was written by a newer program, and this version can't open it.",
    "Update this program and open it again. The data folder was not touched; do not delete it.",
);
pub const FOLDER_DOES_NOT_OPEN: Told = (
    "The data folder of this computer does not open.",
    "Make sure that the disk is neither full nor read-only; if that does not help, call support. Do not delete the folder.",
);
pub const NO_DESK_FILE: Told = ("There is no data file of the canteens here.", "Check the data folder.");
pub const DESK_FILE_LOST: Told = (
    "The data file is damaged from its beginning, and nothing can be read from it.",
    "Keep this folder and enrol again with a new one; what was synced comes back from the server.",
);

#[must_use]
pub fn rotten_page(page: &str) -> String {
    format!("Page {page} of the data file is damaged. Quit the other canteen programs on this computer, run desk recover, then sync.")
}

/// What the file's own check found.
#[must_use]
pub fn damaged(found: &str) -> String {
    format!("The data file is damaged: {found}")
}

/// A row is not what its changes make of it.
#[must_use]
pub fn row_differs(title: &str) -> String {
    format!("{title} does not agree with its changes")
}

pub const SERVER_FULL: Told = (
    "The server's disk is full, and it took nothing in.",
    "What is on this computer stays and goes up by itself; tell those above, who make room there.",
);
pub const AWAY: Told = ("The server can't reach its database for now.", "Try again later; nothing that was entered is lost.");
pub const ADDRESS: Told = (
    "The address of the database is malformed.",
    "Write it as postgres://user:password@host/name, special characters of the password as %XX.",
);
pub const NOT_UTF8: Told = ("The encoding of this database is not UTF8.", "Make a new database with the encoding UTF8.");
pub const WRONG_PASSWORD: Told = ("The database does not accept this user or password.", "Check the user name and the password.");
pub const NOT_FROM_HERE: Told = (
    "The database does not let this user in from here.",
    "Check the user name and pg_hba.conf; if it takes encrypted connections only, write sslmode=verify-full in the address.",
);
pub const NO_SUCH_NAME: Told = ("There is no database of this name on the database server.", "Make the database first, or check its name.");
pub const MAY_NOT_MAKE_TABLES: Told = ("This user may not make tables in the database.", "Make this user the owner of the database.");
pub const UNREACHABLE: Told = (
    "The PostgreSQL database can't be reached.",
    "Make sure that the database is running, check its host and port, and start the server again.",
);
pub const OTHER_TABLES: Told = (
    "The tables in the database do not go with this program.",
    "Make sure that the program is not older than the one used last, and that the user may make tables.",
);
pub const UNKNOWN_MODE: Told = (
    "The sslmode in the address of the database is not known.",
    "Write one of disable, prefer, require, verify-ca and verify-full; if left out, databases on other machines need verify-full.",
);

/// A file that holds no certificate of an authority.
#[must_use]
pub fn no_authority_in(file: &Path) -> (String, &'static str) {
    (
        format!("The certificate file {} can't be read, or contains no certificate.", file.display()),
        "Check its path and that it may be read; the file has to be PEM (BEGIN CERTIFICATE).",
    )
}

pub const NO_AUTHORITY: Told = (
    "No certificate authority is set, so the certificate of the database can't be checked.",
    "Name the certificate of the authority that signed it with --database-ca (or sslrootcert in the address).",
);
pub const NOT_ENCRYPTED: Told = (
    "The database is on another machine, or its address asks for encryption, but it offers no encrypted connection. To keep data from crossing the network in plain, no connection was made.",
    "Turn on ssl at the database; write sslmode=disable in the address only if you are sure that nobody else is on this network.",
);
pub const CERTIFICATE_BY_A_STRANGER: Told = (
    "The certificate of the database is not signed by a trusted authority, so no connection was made.",
    "If the authority is your own, name its certificate with --database-ca (or sslrootcert in the address). If it is named, ask the database administrator: the certificate may be a new one, or this may be somebody else's machine.",
);
pub const CERTIFICATE_OF_ANOTHER_HOST: Told = (
    "The certificate of the database does not bear the host name of the address, so no connection was made.",
    "Write the host in the address as the certificate has it (subjectAltName), or get a certificate with this name; to check the authority and not the name, write sslmode=verify-ca.",
);
pub const CERTIFICATE_OF_ANOTHER_TIME: Told = (
    "The certificate of the database has expired or is not valid yet, so no connection was made.",
    "Check date and time of this machine; if they are right, ask the database administrator for a new certificate.",
);
pub const NOT_A_SERVER_CERTIFICATE: Told = (
    "The certificate of the database can't be used as one of a server, so no connection was made.",
    "Have the authority sign a server certificate: X.509 version 3, CA:FALSE, with the host name in subjectAltName.",
);
pub const NO_HANDSHAKE: Told = (
    "An encrypted connection with the database could not be established.",
    "Make sure that the database supports TLS 1.2 or later and common algorithms; the details are in the log of the server.",
);

pub const FORGED: Told = (
    "Something in the database was altered from outside the program, and does not count.",
    "Keep everything as it is, run sync-server verify on the server, and report it.",
);

pub const LOG_FORGED: Told = (
    "The change log was altered from outside the program; nothing was rebuilt.",
    "Keep everything as it is, look with sync-server verify, report it, and restore from a backup. Only once it is clear that what stands there is to be kept, run sync-server seal, then rebuild.",
);
