//! 两处改过: no kind of record but what stands differently in the logs of several; the list that the console shows of it.

use crate::list::{End, ListSpec, told};
use crate::schema::{FieldType, Label};

/// 两处改过: what was said differently in two places and waits for a person at a desk.
pub static CONFLICTS: ListSpec = ListSpec::by_hand(
    "conflicts",
    Label::new("两处改过", "Conflicts"),
    &[
        told("site", Label::new("饭堂或村社区", "Canteen or village"), FieldType::Text).wide(20),
        told("title", Label::new("哪一份", "Record"), FieldType::Text).wide(32),
        told("field", Label::new("哪一项", "Field"), FieldType::Text),
        told("shown", Label::new("现在用的", "Shown now"), FieldType::Text).wide(32),
        told("others", Label::new("另一处写的", "Said elsewhere"), FieldType::Text).wide(32),
    ],
)
.about("id")
.ends(&[End::Console])
.card("title");
