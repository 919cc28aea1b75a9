//! 转档申请: a place asks for the file of a person whom another place holds.

use super::{FILES, RecordKind};
use crate::form::FormSpec;
use crate::list::{Direction, Filter, ListSpec, column};
use crate::schema::{Author, FieldType, Kept, Label, Open, Purpose, RecordId, record, words};
use jiff::civil::DateTime;

words! {
    /// At which of the two places a request is told.
    TransferSide { Asking = "asking" "本处提出" "Asked from here", Holding = "holding" "别处要转走" "Asked by others" }
}
words! {
    /// What the place that holds the file says.
    TransferAnswer { Agreed = "agreed" "同意转出" "Hand over", Declined = "declined" "不同意" "Keep here" }
}

record! {
    /// 转档申请. A file that another place holds moves by no claim: who enrols such a person asks for the file, and the township that holds it answers (000 (三)1,
    /// requirement B1). The server makes two records, one told where the file is, one where it is asked for; neither says who holds it.
    Transfer "transfer" 14 "转档申请" "Transfer request" [author(Author::Town), titled_by(&["elder", "asked_by"]), of_persons(Purpose::Meals, Kept::File)];
    elder: RecordId, "长者" "Elder" [refers(RecordKind::Elder), author(Author::Centre), identifying, open(Open::Linked)];
    side: TransferSide, "方向" "Side" [author(Author::Centre), nobody];
    /// Where this record is told.
    canteen: Option<String>, "饭堂" "Canteen" [is(FieldType::Canteen), author(Author::Centre), silent, other];
    division: String, "区划" "Division" [is(FieldType::Division), author(Author::Centre), silent, other];
    /// Name of the place that asks.
    asked_by: String, "申请方" "Asked by" [author(Author::Centre), width(20), nobody];
    asked_at: DateTime, "申请时间" "Asked at" [author(Author::Centre), other];
    answer: Option<TransferAnswer>, "答复" "Answer" [only_with("side", "holding"), other];
    reason: Option<String>, "说明" "Reason" [only_with("side", "holding"), width(24), other];
}

pub(super) static FORM: FormSpec = FormSpec::new(RecordKind::Transfer, &["answer", "reason"]);

/// 转档申请, of both sides.
pub static TRANSFERS: ListSpec = ListSpec::new(
    "transfers",
    Label::new("转档申请", "Transfer requests"),
    RecordKind::Transfer,
    &[column("elder").wide(16), column("side"), column("asked_by").wide(20), column("asked_at"), column("answer"), column("reason")],
)
.about("elder")
.filters(&[Filter::One("side"), Filter::One("answer")])
.order(&[("asked_at", Direction::Down)])
.menu(FILES, "zdsq");
