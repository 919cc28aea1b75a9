//! Enrolment: a computer joins a server.

use crate::words::Told;

pub const NOT_ENROLLED: Told =
    ("This computer is not enrolled yet.", "Fill in the server's address and the enrolment code under Settings.");
pub const COPIED: Told = (
    "The data of this computer is a copy of another one's, and the server takes only one of the two.",
    "What was entered here has been uploaded. \
     Ask your supervising office for a new enrolment code and enrol this computer again under Settings.",
);
pub const SHUT_OUT: Told = (
    "Your supervising office has disabled this computer, and what it had fetched is removed from it.",
    "Records that were not uploaded are still here. To go on, ask for a new enrolment code and enrol again under Settings; they go up by themselves.",
);
pub const ENROL_AGAIN: &str = "Enrol this computer again";
pub const ENROL_THIS: &str = "Enrol this computer";
pub const ENROL: &str = "Enrol";
pub const ENROLLING: &str = "Enrolling; the first sync may take some minutes";
pub const SHUT_OUT_HINT: &str = "Your supervising office has disabled this computer, and what it had fetched is removed from it; \
    records that were not uploaded are still here. Ask for a new enrolment code: after enrolling again they go up by themselves.";
pub const COPIED_HINT: &str = "The data of this computer is a copy of another one's (a copied disk, a restored backup), \
    and the server takes only one of the two. What was entered has been uploaded; \
    ask your supervising office for a new enrolment code and enrol again here.";
pub const FIRST_HINT: &str = "The township or the city gives out the server's address and the enrolment code. This is done once; after it the program works without a network as well.";
pub const SERVER: &str = "Server address";
pub const CODE: &str = "Enrolment code";
pub const DEVICE_NAME: &str = "Name of this computer";
pub const DEVICE_NAME_HINT: &str = "front desk, for instance";

#[must_use]
pub fn enrolled(office: &str) -> String {
    format!("Enrolled. This is {office}.")
}

pub const ENROLLED_ALREADY: Told = (
    "This computer is enrolled already.",
    "To move it to another canteen or township, have it disabled by your supervising office and enrol again.",
);

/// What a computer is called when nobody gave it a name.
pub const COMPUTER_WITHOUT_NAME: &str = "Canteen computer";

pub const UNKNOWN_DEVICE: Told = (
    "This computer is not enrolled, or it was disabled.",
    "Ask your supervising office for a new enrolment code; what was entered is all kept on this computer.",
);
pub const TOO_MANY_TRIES: Told =
    ("Wrong enrolment codes were tried too many times.", "Try again in a quarter of an hour, and check the code.");
pub const WITHOUT_A_NAME: Told = ("The name of the device is missing.", "Give this computer a name, “front desk” for instance.");
pub const KEY_KNOWN_ALREADY: Told =
    ("The key of this computer is enrolled already.", "Restart the program and enrol again; if that fails too, call support.");
pub const WRONG_CODE: Told =
    ("The enrolment code is wrong, was used already or has expired.", "Check the code, or ask your supervising office for a new one.");
pub const CODE_NOT_WHOLE: Told =
    ("The code is not whole.", "It has 8 digits and 12 letters or digits, such as 1234-5678-ABCD-EFGH-JKMN; write all of it.");
pub const ANOTHER_SERVER: Told = (
    "Who answered is not the server that gave this code out; the code was not sent.",
    "Check the server's address and the last 12 letters of the code. If both are right, call the office that gave it to you: somebody may pose as the server.",
);
pub const WITHOUT_A_SERVER: Told = (
    "This computer was enrolled by an older program and can't tell the server from others.",
    "Ask your supervising office for a new code and enrol anew; all that was entered is still here.",
);
