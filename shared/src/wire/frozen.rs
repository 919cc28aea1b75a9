//! The JSON of version 2, letter by letter. A test here that fails means: this is version 3.

use super::*;
use serde_json::json;

fn frozen<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, expect: serde_json::Value) {
    assert_eq!(serde_json::to_value(&value).unwrap(), expect);
    assert_eq!(serde_json::from_value::<T>(expect).unwrap(), value);
}

#[test]
fn enrolment() {
    let ask = EnrolAsk { code: "12345678".into(), name: "饭堂电脑".into(), public_key: "04".into(), nonce: "05".into() };
    frozen(ask, json!({ "code": "12345678", "name": "饭堂电脑", "public_key": "04", "nonce": "05" }));
    frozen(SealedEnrolAsk { sealed: "06".into() }, json!({ "sealed": "06" }));
    frozen(HelloAsk { nonce: "05".into() }, json!({ "nonce": "05" }));
    frozen(
        Hello { nonce: "05".into(), key: "04".into(), authority: Some("30".into()), at: 7 },
        json!({ "nonce": "05", "key": "04", "authority": "30", "at": 7 }),
    );
    frozen(SignedHello { said: "{}".into(), signature: "06".into() }, json!({ "said": "{}", "signature": "06" }));
    frozen(
        Enrolled {
            device: crate::schema::RecordId(uuid::Uuid::nil()),
            device_number: 12,
            canteen: Some("C001".into()),
            division: "445381001".into(),
            keys: "00".into(),
            server_key: "04".into(),
        },
        json!({ "device": "00000000-0000-0000-0000-000000000000", "device_number": 12, "canteen": "C001", "division": "445381001", "keys": "00", "server_key": "04" }),
    );
}

#[test]
fn reports() {
    frozen(
        DeviceReport { unsent: 1, unsent_photos: 2, refused: 3, version: "0.1.0".into(), agrees: true },
        json!({ "unsent": 1, "unsent_photos": 2, "refused": 3, "version": "0.1.0", "agrees": true }),
    );
}
