//! The program itself, the disk, the command line.

use crate::words::Told;
use std::net::SocketAddr;

pub const BROKEN: Told = (
    "The program or the disk failed, and this step was not saved.",
    "Try again; if it fails once more, call support. What was saved is all there.",
);
pub const DISK_FULL: Told =
    ("The disk is full, and this step was not saved.", "Make some room and do it again; what was saved is all there and can be looked at.");

/// A command line that can't be understood, with the parts it stumbled over.
#[must_use]
pub fn usage(parts: &[&str]) -> (String, &'static str) {
    let about = if parts.is_empty() {
        "The command is incomplete or wrong.".to_owned()
    } else {
        format!("In the command, {} is missing, unexpected or wrong.", parts.join(", "))
    };
    (about, "--help shows how it is used.")
}

pub const CLOSE: &str = "Close";
pub const HOW_TO_USE: &str = "Help";

/// How much of a long act is done.
#[must_use]
pub fn part_done(done: u64, total: u64) -> String {
    format!("{done} of {total} ({}%)", done.min(total) * 100 / total.max(1))
}

pub const NO_ANSWER: Told = ("The program does not answer.", "See whether network and program are on; it connects again by itself.");
pub const NO_SUCH_COMMAND: Told = ("There is no such function.", "The program may need an update.");
pub const COMMAND_UNREAD: Told = ("The program does not understand what was filled in.", "Check it and try again.");
pub const FILE_WITHOUT_CONTENT: Told = ("The content of the file did not arrive.", "Choose the file again.");
pub const FILE_OVER_50_MB: Told = ("The file is larger than 50 MB.", "Split it into several smaller ones.");
pub const FILE_GONE: Told = ("This file is gone.", "Choose the file again.");
pub const STDIN_NOT_TEXT: Told = ("Standard input is not text, or too long.", "Give one JSON object on standard input.");
pub const STDIN_NOT_JSON: Told = ("Standard input is not a JSON object.", "Check quotes and brackets; --shapes shows how it is written.");
pub const LISTING_CUT_OFF: Told = ("The list was not written to its end; the disk may be full.", "Try again.");
pub const ONLY_ON_THIS_COMPUTER: Told = ("It can be opened on this computer only.", "Listen on 127.0.0.1.");
pub const PORT_IN_USE: Told = ("This port is in use.", "Take another one, or 127.0.0.1:0 to have one chosen.");
pub const PAGE_EXPIRED: Told = ("This page is no longer valid.", "Open it again from the desk program.");
pub const DEMO_NOT_WRITTEN: Told =
    ("The demo can't be written into the data folder.", "Make sure that the disk is not full and the folder is not read-only.");

/// A row of the demo's list is not taken; what is said of it is one sentence.
#[must_use]
pub fn demo_row(row: u32, code: &str) -> (String, &'static str) {
    (format!("Row {row} of the demo's list is wrong: {code}."), "Tell the developers.")
}

#[must_use]
pub fn no_command_named(name: &str) -> (String, &'static str) {
    (format!("There is no function {name}."), "desk call --help lists all of them.")
}

#[must_use]
pub fn file_unread(path: &str) -> (String, &'static str) {
    (format!("The file {path} can't be read."), "Check the path and the permissions.")
}

#[must_use]
pub fn condition_unread(word: &str) -> (String, &'static str) {
    (format!("The filter “{word}” is not understood."), "Write name=content, meal=lunch for instance.")
}

pub const NOT_MADE_UP: Told =
    ("This data folder holds real records, so made-up ones can't be written here.", "Choose an empty data folder.");
pub const FOLDER_SERVED_ALREADY: Told =
    ("A server is running on this data folder already.", "Stop that server first, or choose another data folder.");

/// What was typed for a network.
#[must_use]
pub fn no_network(text: &str) -> (String, &'static str) {
    (format!("“{text}” is no address of a network."), "Write 10.1.0.0/16 or 10.1.2.3.")
}

/// An address on which the server can't listen.
#[must_use]
pub fn address_taken(address: SocketAddr) -> (String, &'static str) {
    (format!("The address {address} can't be used."), "Choose another port, or stop the program that holds it.")
}

/// There is no certificate to serve under; what the file or the authority says of it.
#[must_use]
pub fn no_certificate(about: &str) -> (String, &'static str) {
    (
        format!("There is no certificate to serve under: {about}."),
        "Check the files of --certificate and --certificate-key: PEM, and a pair.",
    )
}

pub const ONLY_OVER_HTTPS: Told = ("This address takes encrypted connections only.", "Begin the address with https:// instead of http://.");
