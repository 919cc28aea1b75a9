//! The ledger read back as a workbook.

use super::*;
use calamine::{Data, Reader, Xlsx, open_workbook};
use jiff::civil::date;
use shared::command::ReceiptSummary;
use shared::kinds::{Meal, OrderState, ReceivedBy, Seen};
use shared::schema::RecordId;

pub(crate) fn row(number: u32) -> LedgerExportRow {
    let id = RecordId(uuid::Uuid::nil());
    let at = date(2026, 11, 20).at(11, 30, 0, 0);
    LedgerExportRow {
        order: OrderSummary {
            id,
            number: format!("12-{number:04}"),
            elder: id,
            name: "=1+1".into(),
            address: "@细坑路117号".into(),
            phone: "18773589597".into(),
            diet: "+忌辣".into(),
            date: date(2026, 11, 20),
            meal: Meal::Lunch,
            mode: Mode::OwnDelivery,
            dish: "软饭".into(),
            price: Fen(1_250),
            note: "-放门口".into(),
            state: OrderState::Delivered,
            state_at: at,
            reason: None,
            taken_at: at,
            supplement: true,
            receipt: Some(ReceiptSummary {
                arrived_at: at,
                recorded_at: at,
                received_by: Some(ReceivedBy::Family),
                seen: Some(Seen::Well),
                note: "\tcmd".into(),
                photos: vec!["a".into(), "b".into()],
            }),
            receipt_missing: false,
            unsent: false,
        },
        canteen: "罗城街道长者饭堂".into(),
        taken_by: "李某".into(),
        id_number: "445381192801141162".into(),
    }
}

#[test]
fn what_is_written_reads_back_and_nothing_computes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("台账.xlsx");
    let rows: Vec<_> = (1..=700).map(row).collect();
    let last = std::cell::Cell::new((0, 0));
    assert_eq!(write_ledger(&rows, "订单台账 2026年11月", &path, &|done, all| last.set((done, all))).unwrap(), 700);
    assert_eq!(last.get(), (700, 700));

    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let range = book.worksheet_range("订单台账").unwrap();
    let text = |row, column| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!(text(0, 0), "订单台账 2026年11月");
    assert_eq!(COLUMNS.iter().zip(0..).filter(|((word, _), column)| text(1, *column) != *word).count(), 0);
    for (column, expect) in
        [(1, "午餐"), (2, "12-0001"), (4, "=1+1"), (5, "445381192801141162"), (6, "18773589597"), (7, "@细坑路117号"), (8, "自行配送")]
    {
        assert_eq!(range.get_value((2, column)), Some(&Data::String(expect.into())), "{column}");
    }
    for (column, expect) in [(11, "-放门口"), (13, "已送达"), (17, "补录"), (20, "家人代收"), (21, "看到，一切正常"), (24, "有")]
    {
        assert_eq!(text(2, column), expect, "{column}");
    }
    assert_eq!(range.get_value((2, 10)), Some(&Data::Float(12.5)));
    assert_eq!(range.get_value((2, 23)), Some(&Data::Float(2.0)));
    assert!(matches!(range.get_value((2, 0)), Some(Data::DateTime(at)) if at.as_f64() == 46_346.0), "{:?}", range.get_value((2, 0)));
    assert!(matches!(range.get_value((2, 19)), Some(Data::DateTime(_))));
    assert_eq!((text(702, 0).as_str(), text(702, 2).as_str(), text(702, 10).as_str()), ("合计", "700 单", "8750"));
    assert!(book.worksheet_formula("订单台账").unwrap().used_cells().next().is_none());
}

#[test]
fn an_empty_ledger_is_a_workbook_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("空.xlsx");
    assert_eq!(write_ledger(&[], "空", &path, &|_, _| {}).unwrap(), 0);
    assert!(write_ledger(&[], "空", &folder.path().join("没有").join("空.xlsx"), &|_, _| {}).is_err());
}
