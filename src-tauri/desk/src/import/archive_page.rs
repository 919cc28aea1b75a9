//! A web page in a single file (MHTML): its parts of text/html, unwrapped. Named .xls or .mht, it is what spreadsheets write as
//! "single file web page".

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, GB18030, UTF_8};

/// Whether the file begins as a message with parts.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).to_ascii_lowercase();
    let first = head.trim_start_matches(['\u{feff}', ' ', '\r', '\n']);
    let begins = ["mime-version:", "from:", "content-type:", "date:", "subject:", "x-document-type:"];
    begins.iter().any(|word| first.starts_with(word))
        && head.contains("content-type:")
        && (head.contains("multipart/") || head.contains("text/html"))
}

/// The pages in it.
pub(super) fn pages(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let boundary = header(&text, "boundary=").map(|value| format!("--{value}"));
    let parts: Vec<&str> = match &boundary {
        Some(boundary) => text.split(boundary.as_str()).skip(1).collect(),
        None => vec![&text],
    };
    parts.into_iter().filter_map(page).collect()
}

/// What stands behind a word of the head, bare or in quotes.
fn header(text: &str, word: &str) -> Option<String> {
    let at = text.to_ascii_lowercase().find(word)? + word.len();
    let value = text.get(at..)?.trim_start();
    let end = |c: char| c.is_whitespace() || c == ';';
    Some(match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?.to_owned(),
        None => value.split(end).next()?.to_owned(),
    })
    .filter(|value| !value.is_empty())
}

fn page(part: &str) -> Option<String> {
    let part = part.trim_start_matches(['\r', '\n']);
    let (head, body) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"))?;
    let lower = head.to_ascii_lowercase();
    if !lower.contains("text/html") {
        return None;
    }
    let bytes = match header(head, "content-transfer-encoding:").unwrap_or_default().to_ascii_lowercase().as_str() {
        "base64" => STANDARD.decode(body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>()).ok()?,
        "quoted-printable" => unquoted(body.as_bytes()),
        _ => body.as_bytes().to_vec(),
    };
    let named = header(head, "charset=").and_then(|name| Encoding::for_label(name.as_bytes()));
    let encoding = named.unwrap_or_else(|| if std::str::from_utf8(&bytes).is_ok() { UTF_8 } else { GB18030 });
    Some(encoding.decode(&bytes).0.into_owned())
}

/// `=E5=A7=93` as bytes; a `=` at the end of a line joins it with the next.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let hex = |from: usize| text.get(from).and_then(|digit| char::from(*digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        match (byte, text.get(at + 1), text.get(at + 2)) {
            (b'=', Some(b'\r'), Some(b'\n')) => at += 3,
            (b'=', Some(b'\n'), _) => at += 2,
            (b'=', ..) => match (hex(at + 1), hex(at + 2)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    at += 3;
                }
                _ => {
                    out.push(b'=');
                    at += 1;
                }
            },
            (byte, ..) => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_unwrapped() {
        let quoted = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"--=_X\"\r\n\r\n----=_X\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<td>=E5=A7=93=E5=\r\n=90=8D\r\n----=_X\r\nContent-Type: image/png\r\n\r\nxx\r\n----=_X--";
        assert!(is_archive(quoted.as_bytes()) && !is_archive(b"date,name") && !is_archive("姓名,电话".as_bytes()));
        assert_eq!(pages(quoted.as_bytes()), ["<td>姓名\r\n"]);
        let packed = "Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: base64\n\nPHRkPtDV\nw/s=\n";
        assert_eq!(pages(packed.as_bytes()), ["<td>姓名"]);
    }
}
