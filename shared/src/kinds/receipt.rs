//! 回单: what the courier brings back for an order.

use super::RecordKind;
use crate::schema::{FieldType, IdFrom, Kept, KeySet, Open, Purpose, RecordId, record, words};
use jiff::civil::DateTime;

words! {
    /// Who took the meal at the door.
    ReceivedBy { Elder = "elder" "本人收到" "The elder", Family = "family" "家人代收" "Family", Door = "door" "放门口" "Left at the door" }
}
words! {
    /// 看到老人了吗 (requirement B5)
    Seen { Well = "well" "看到，一切正常" "Seen, well", Concern = "concern" "看到，需要关注" "Seen, a concern", Unseen = "unseen" "没看到" "Not seen" }
}

record! {
    /// 回单 (requirement A7). Its id is the order's id.
    Receipt "receipt" 2 "回单" "Receipt" [id(IdFrom::Kind(RecordKind::Order)), titled_by(&[]), of_persons(Purpose::Meals, Kept::Voucher)];
    order: RecordId, "订单" "Order" [refers(RecordKind::Order), derived, silent, other];
    canteen: String, "饭堂" "Canteen" [is(FieldType::Canteen), derived, silent, other];
    arrived_at: DateTime, "送达时间" "Arrived at" [other];
    /// When it was written, by the device's clock; the server keeps its own time beside it.
    recorded_at: DateTime, "记录时间" "Recorded at" [derived, silent, other];
    received_by: Option<ReceivedBy>, "谁收的" "Received by" [family, purpose(Purpose::Settlement), open(Open::Proof)];
    seen: Option<Seen>, "探访" "Visit" [health, purpose(Purpose::Care), open(Open::Followed)];
    note: Option<String>, "备注" "Note" [health, purpose(Purpose::Care), open(Open::Outlives)];
    /// Content hashes (SHA-256, hex) of the photos as stored.
    photos: KeySet, "照片" "Photos" [picture, purpose(Purpose::Settlement), open(Open::Hash)];
}
