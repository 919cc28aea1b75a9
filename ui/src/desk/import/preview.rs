//! What an import would do, and what it did: four counts, the columns, the rows with their reasons.

use super::Wizard;
use crate::kit::act::{banner, button};
use crate::kit::icon::{Draw, Icon};
use crate::kit::list::{Fit, Head, ListTable, Row, cells};
use crate::kit::tag::Tag;
use crate::kit::time::{clock, day_short};
use crate::record::field_said;
use leptos::prelude::*;
use shared::command::{AskedAct, Bucket, FoundColumn, FoundList, ImportDone, ImportPreview, ImportRow, LeftOut, ListChoice};
use shared::kinds::RecordKind;
use shared::say;

const BUCKETS: [Bucket; 4] = [Bucket::New, Bucket::Update, Bucket::Same, Bucket::Error];
/// As many rows as a screen can carry without getting slow.
const SHOWN: usize = 400;
/// Lines that say what was left out.
const LEFT_SHOWN: usize = 8;

fn look(bucket: Bucket) -> (&'static str, Icon) {
    match bucket {
        Bucket::New => ("ok", Icon::Check),
        Bucket::Update => ("info", Icon::Sync),
        Bucket::Same => ("", Icon::Check),
        Bucket::Error => ("bad", Icon::Cross),
    }
}

#[component]
fn Counts(counts: [u64; 4], only: RwSignal<Option<Bucket>>) -> impl IntoView {
    view! {
        <div class="counts" data-testid="import-counts">
            {BUCKETS.into_iter().zip(counts).map(|(bucket, count)| {
                let (tone, icon) = look(bucket);
                let on = move || only.get() == Some(bucket);
                view! {
                    <button type="button" class=format!("count {tone}") class:on=on aria-pressed=move || on().to_string() data-count=count.to_string()
                        on:click=move |_| only.update(|only| *only = if *only == Some(bucket) { None } else { Some(bucket) })>
                        <span><Draw icon/>{say!(import::bucket(bucket))}</span><b class="big">{count}</b>
                    </button>
                }
            }).collect_view()}
        </div>
    }
}

fn head() -> Vec<Head> {
    vec![
        (say!(import::ROW), Fit::Figure),
        (field_said(RecordKind::Elder, "name"), Fit::Title),
        (say!(import::RESULT), Fit::Plain),
        (say!(import::EXPLANATION), Fit::Wrap),
    ]
}

#[component]
fn Rows(rows: Vec<ImportRow>, only: RwSignal<Option<Bucket>>) -> impl IntoView {
    let rows = StoredValue::new(rows);
    let shown = move || {
        rows.with_value(|rows| rows.iter().filter(|row| only.get().is_none_or(|only| row.bucket == only)).take(SHOWN).map(row_of).collect())
    };
    view! { <ListTable label=say!(import::ROWS) head=head() rows=Box::new(shown) test="import-row" loading=Signal::derive(|| false) icon=Icon::Check empty=say!(import::NO_SUCH_ROWS)/> }
}

fn row_of(row: &ImportRow) -> Row {
    let (tone, icon) = look(row.bucket);
    Row {
        id: None,
        cells: cells![
            row_number(row),
            row.name.clone(),
            view! { <Tag tone icon words=say!(import::bucket(row.bucket))/> },
            row.message.clone()
        ],
    }
}

/// The number of a row, behind its sheet where there are several.
fn row_number(row: &ImportRow) -> String {
    if row.sheet.is_empty() { row.row.to_string() } else { format!("{} {}", row.sheet, row.row) }
}

/// What of the file is not taken, in words.
fn left(left_out: &[LeftOut]) -> Option<AnyView> {
    let mut lines: Vec<String> = left_out.iter().take(LEFT_SHOWN).map(|left| left.message.clone()).collect();
    lines.extend(left_out.len().checked_sub(LEFT_SHOWN + 1).map(|more| say!(import::and_more(more + 1))));
    (!lines.is_empty()).then(|| banner("due", "import-left", Icon::Alert, say!(import::LEFT_OUT).to_owned(), lines.join("\n")))
}

fn errors(wizard: Wizard) -> impl IntoView {
    move || {
        wizard
            .errors
            .get()
            .map(|errors| banner("ok", "errors-written", Icon::Check, say!(import::errors_written(&errors.file_name)), errors.path))
    }
}

#[component]
pub fn Preview(wizard: Wizard, preview: ImportPreview) -> impl IntoView {
    let only = RwSignal::new((preview.error > 0).then_some(Bucket::Error));
    let nothing = preview.new + preview.update == 0;
    let off = move || wizard.busy.get().is_some();
    let name = wizard.ask.with_untracked(|ask| ask.file_name.clone());
    let fields = StoredValue::new(preview.fields);
    // Open while the names are missing, and while somebody is at it.
    let by_hand = wizard.ask.with_untracked(|ask| matches!(ask.mapping.as_deref(), Some([.., ListChoice::Column { .. }])));
    let several = preview.lists.len() > 1;
    let lists: Vec<AnyView> =
        (0..).zip(preview.lists).map(|(number, found)| list(wizard, number, found, fields, by_hand, several)).collect();
    let again = move |code: &str, act: AskedAct, words: &'static str| {
        let rows = code.to_owned();
        let test = format!("asked-{code}{}", if act == AskedAct::Close { "-close" } else { "" });
        button("small", &test, "", words, off, move || wizard.again(ListChoice::Rows { rows: rows.clone(), act }))
    };
    let asked = preview.asked.into_iter().map(|(code, rows)| {
        let close = (code == "gone").then(|| again(&code, AskedAct::Close, say!(import::CLOSE_FILES)));
        view! { <div class="acts"><b>{say!(import::asked(&code, rows))}</b>{again(&code, AskedAct::Take, say!(import::TAKE_ROWS))}{close}</div> }.into_any()
    });
    let asked: Vec<AnyView> = asked.collect();
    let words = if nothing { say!(import::NO_ROWS_TO_IMPORT).to_owned() } else { say!(import::to_import(preview.new, preview.update)) };
    let same = preview.same_file.map(|at| {
        banner(
            "due",
            "import-same-file",
            Icon::Alert,
            say!(import::same_file(&day_short(at.date()), &clock(at))),
            say!(import::SAME_FILE_IS_SAFE).to_owned(),
        )
    });
    let acts = vec![
        Some(button("go", "import-commit", "F8", words, move || nothing || off(), move || wizard.commit())),
        (preview.error > 0)
            .then(|| button("", "import-errors", "", say!(import::download_errors(preview.error)), off, move || wizard.save_errors())),
        Some(button("", "", "Esc", say!(import::ANOTHER_FILE), off, move || wizard.clear())),
    ];
    view! {
        <p class="file-line"><b>{name}</b></p>
        {same}
        {left(&preview.left_out)}
        <Counts counts=[preview.new, preview.update, preview.same, preview.error] only/>
        {asked}
        {lists}
        <Rows rows=preview.rows only/>
        <div class="acts">{acts}</div>
        {errors(wizard)}
    }
}

/// One list of the file: whether it is taken, and what its columns are.
fn list(
    wizard: Wizard,
    number: u32,
    found: FoundList,
    fields: StoredValue<Vec<(String, String)>>,
    by_hand: bool,
    several: bool,
) -> AnyView {
    let off = move || wizard.busy.get().is_some();
    let FoundList { sheet, header_row, taken, columns, .. } = found;
    let open = by_hand || header_row == 0 && !taken || (taken && columns.iter().all(|column| column.field.as_deref() != Some("name")));
    let words = say!(import::sheet_and_header(&sheet, header_row));
    let columns: Vec<AnyView> = columns.into_iter().map(|found| column(wizard, number, found, fields)).collect();
    let take = (several || !taken).then(|| {
        let words = match (taken, header_row) {
            (true, _) => say!(import::LEAVE_SHEET),
            (false, 0) => say!(import::TAKE_BY_VALUES),
            (false, _) => say!(import::TAKE_SHEET),
        };
        let act = move || wizard.again(ListChoice::Sheet { sheet: sheet.clone(), take: !taken });
        button("small", &format!("sheet-{number}"), "", words, off, act)
    });
    view! {
        <details class="columns" open=open>
            <summary>{say!(import::COLUMNS)}<span class="muted">{words}{say!(import::COLUMNS_CAN_BE_CHANGED)}</span></summary>
            <div class="column-list">{columns}</div>
        </details>
        {take}
    }
    .into_any()
}

fn column(wizard: Wizard, list: u32, column: FoundColumn, fields: StoredValue<Vec<(String, String)>>) -> AnyView {
    let number = column.column;
    let now = column.field.unwrap_or_default();
    let skipped = now.is_empty();
    let none = (String::new(), say!(import::NOT_IMPORTED).to_owned());
    let choices: Vec<AnyView> = std::iter::once(none)
        .chain(fields.get_value())
        .map(|(name, label)| {
            let selected = name == now;
            view! { <option value=name selected=selected>{label}</option> }.into_any()
        })
        .collect();
    let choose = move |field: String| {
        wizard.again(ListChoice::Column { list, column: number, field: Some(field).filter(|field| !field.is_empty()) });
    };
    let test = if list == 0 { format!("column-{number}") } else { format!("column-{list}-{number}") };
    let header = if column.header.is_empty() { say!(import::column(number + 1)) } else { column.header };
    view! {
        <label class=if skipped { "column skipped" } else { "column" }>
            <b>{header}</b>
            <span class="muted">{say!(import::samples(&column.samples))}</span>
            <select data-testid=test on:change:target=move |event| choose(event.target().value())>{choices}</select>
        </label>
    }
    .into_any()
}

#[component]
pub fn Done(wizard: Wizard, done: ImportDone) -> impl IntoView {
    let only = RwSignal::new((done.error > 0).then_some(Bucket::Error));
    let import = done.import;
    let off = move || wizard.busy.get().is_some();
    let words = say!(import::imported(done.new, done.update, done.same, done.error));
    let acts = vec![
        Some(button("", "", "Esc", say!(import::IMPORT_ANOTHER), off, move || wizard.clear())),
        (done.error > 0).then(|| button("", "import-errors", "", say!(import::DOWNLOAD_ERRORS), off, move || wizard.save_errors())),
    ];
    let undo = move || {
        button(
            "danger",
            "import-undo",
            "",
            say!(import::UNDO_THIS),
            move || off() || wizard.undone.with(Option::is_some),
            move || wizard.undo(import),
        )
    };
    view! {
        {move || wizard.undone.with(Option::is_none).then(|| banner("ok", "import-done", Icon::Check, words.clone(), String::new()))}
        {left(&done.left_out)}
        <Counts counts=[done.new, done.update, done.same, done.error] only/>
        <Rows rows=done.rows only/>
        <div class="acts">{acts}<span class="sp"></span>{undo}</div>
        {errors(wizard)}
    }
}
