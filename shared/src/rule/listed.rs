//! Who is the same person where a list gives no ID number, and the id of her file.

use super::id_number::keyed;
use crate::schema::{Fields, RecordId, Value};

/// The fields in which two rows agree that speak of the same person.
const TELLING: [&str; 4] = ["name", "division", "birth_date", "other_document"];

/// What makes two rows the same person.
#[must_use]
pub fn same_person(row: &Fields) -> String {
    let said = TELLING.map(|field| match row.get(field) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    });
    said.join("|")
}

/// The id of her file, so that two offices that load one list apart meet in it. Its version (5, by name) tells it from an id that follows
/// from a number.
#[must_use]
pub fn listed_id(row: &Fields, person_key: &[u8]) -> RecordId {
    RecordId(uuid::Builder::from_sha1_bytes(keyed(person_key, same_person(row).as_bytes())).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_offices_derive_one_file_from_what_tells_a_person() {
        let row = |name: &str, born: &str, phone: &str| {
            let text = |value: &str| Value::Text(value.into());
            Fields::from([("name".into(), text(name)), ("birth_date".into(), text(born)), ("phone".into(), text(phone))])
        };
        let one = listed_id(&row("王冬梅", "1940-01-02", "13812345678"), b"key");
        assert_eq!(one, listed_id(&row("王冬梅", "1940-01-02", ""), b"key"));
        assert_ne!(one, listed_id(&row("王冬梅", "1941-01-02", ""), b"key"));
        assert_ne!(one, listed_id(&row("王冬梅", "1940-01-02", ""), b"other"));
        assert_eq!(one.0.get_version_num(), 5);
    }
}
