//! The JSON of version 1, letter by letter. A test here that fails means: this is version 2.

use super::*;
use serde_json::json;

fn frozen<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, expect: serde_json::Value) {
    assert_eq!(serde_json::to_value(&value).unwrap(), expect);
    assert_eq!(serde_json::from_value::<T>(expect).unwrap(), value);
}

#[test]
fn enrolment() {
    frozen(EnrolAsk { code: "1234-5678".into(), name: "饭堂电脑".into() }, json!({ "code": "1234-5678", "name": "饭堂电脑" }));
    frozen(
        Enrolled {
            token: "t".into(),
            device_number: 12,
            canteen: Some("C001".into()),
            division: "445381001".into(),
            person_key: "00".into(),
        },
        json!({ "token": "t", "device_number": 12, "canteen": "C001", "division": "445381001", "person_key": "00" }),
    );
}

#[test]
fn answers_to_a_push() {
    let refused = |index, reason| RefusedChange { index, reason };
    frozen(
        Pushed {
            refused: vec![
                refused(0, RefusedReason::Malformed),
                refused(1, RefusedReason::TooLarge),
                refused(2, RefusedReason::ForeignKind),
                refused(3, RefusedReason::ForeignScope),
            ],
        },
        json!({ "refused": [
            { "index": 0, "reason": "malformed" }, { "index": 1, "reason": "too_large" },
            { "index": 2, "reason": "foreign_kind" }, { "index": 3, "reason": "foreign_scope" },
        ] }),
    );
}

#[test]
fn totals_and_reports() {
    frozen(Totals { changes: 7, digest: "ab".into() }, json!({ "changes": 7, "digest": "ab" }));
    frozen(
        DeviceReport { unsent: 1, unsent_photos: 2, refused: 3, version: "0.1.0".into(), agrees: true },
        json!({ "unsent": 1, "unsent_photos": 2, "refused": 3, "version": "0.1.0", "agrees": true }),
    );
}
