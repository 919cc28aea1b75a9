//! What a key signs as a second factor: a one-time challenge of the server, bound to the account, to the sign-in or session that asks for it,
//! and to the address of the server. Server and page write and read it by these lines; whether it may still be used the server knows.

/// How each challenge begins: what is signed for it is good for nothing else.
const BEGIN: &str = "yinling second factor 1";

/// What is to be signed. `account`, `bound` and `nonce` are hexadecimal; `origin` is as browsers write it (`https://host:port`).
#[must_use]
pub fn challenge(origin: &str, account: &str, bound: &str, nonce: &str) -> String {
    format!("{BEGIN}\norigin {origin}\naccount {account}\nfor {bound}\nnonce {nonce}\n")
}

/// Whether that is a challenge of the server at this address: a key signs nothing else.
#[must_use]
pub fn is_of(text: &str, origin: &str) -> bool {
    let rest = [BEGIN, "\norigin ", origin, "\n"].iter().try_fold(text, |rest, part| rest.strip_prefix(part));
    let Some(mut lines) = rest.map(|rest| rest.split('\n')) else { return false };
    let mut said = |word: &str| lines.next().and_then(|line| line.strip_prefix(word)).is_some_and(is_hex);
    said("account ") && said("for ") && said("nonce ") && lines.eq([""])
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_of_its_own_server_and_nothing_else_is_one() {
        let text = challenge("https://canting.example:8443", "0a1b", "ff", "00");
        assert!(is_of(&text, "https://canting.example:8443"));
        for other in ["https://canting.example", "https://canting.example:844", "http://canting.example:8443", "", "https://evil.example"] {
            assert!(!is_of(&text, other), "{other}");
        }
        let here = "http://127.0.0.1:1";
        for text in [
            String::new(),
            challenge(here, "", "ff", "00"),
            challenge(here, "0a", "ff", "x"),
            challenge(here, "0a\nfor ff", "ff", "00"),
            format!("{}more", challenge(here, "0a", "ff", "00")),
            challenge(here, "0a", "ff", "00").replace("factor 1", "factor 2"),
            format!(" {}", challenge(here, "0a", "ff", "00")),
        ] {
            assert!(!is_of(&text, here), "{text:?}");
        }
    }
}
