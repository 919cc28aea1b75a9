//! What an import would do, and what it did: four counts, the columns, the rows with their reasons.

use super::Wizard;
use crate::kit::icon::{Draw, Icon};
use crate::kit::list::{Fit, Head, ListTable, Row, cells};
use crate::kit::tag::Tag;
use crate::kit::time::{clock, day_short};
use crate::record::field_said;
use leptos::prelude::*;
use shared::command::{
    AskedAct, Bucket, ColumnChoice, FoundColumn, FoundList, ImportDone, ImportPreview, ImportRow, LeftOut, RowAnswer, SheetChoice,
};
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

#[component]
pub fn Preview(wizard: Wizard, preview: ImportPreview) -> impl IntoView {
    let only = RwSignal::new((preview.error > 0).then_some(Bucket::Error));
    let busy = move || wizard.busy.get().is_some();
    let nothing = preview.new + preview.update == 0;
    let name = wizard.ask.with_untracked(|ask| ask.file_name.clone());
    let fields = StoredValue::new(preview.fields);
    // Open while the names are missing, and while somebody is at it.
    let by_hand = wizard.ask.with_untracked(|ask| ask.mapping.is_some());
    let several = preview.lists.len() > 1;
    let lists = (0..).zip(preview.lists).map(|(number, list)| view! { <List wizard number list fields by_hand several/> });
    view! {
        <p class="file-line"><b>{name}</b></p>
        {preview.same_file.map(|at| view! { <div class="banner due" role="alert" data-testid="import-same-file"><Draw icon=Icon::Alert/><div><b>{say!(import::same_file(&day_short(at.date()), &clock(at)))}</b>{say!(import::SAME_FILE_IS_SAFE)}</div></div> })}
        <Left left_out=preview.left_out/>
        <Counts counts=[preview.new, preview.update, preview.same, preview.error] only/>
        <Asked wizard asked=preview.asked/>
        {lists.collect_view()}
        <Rows rows=preview.rows only/>
        <div class="acts">
            <button type="button" class="btn go" data-testid="import-commit" disabled=move || busy() || nothing on:click=move |_| wizard.commit()>
                {if nothing { say!(import::NO_ROWS_TO_IMPORT).to_owned() } else { say!(import::to_import(preview.new, preview.update)) }}<kbd>"F8"</kbd></button>
            {(preview.error > 0).then(|| view! { <button type="button" class="btn" data-testid="import-errors" disabled=busy on:click=move |_| wizard.save_errors()><Draw icon=Icon::Download/>{say!(import::download_errors(preview.error))}</button> })}
            <button type="button" class="btn" disabled=busy on:click=move |_| wizard.clear()><kbd>"Esc"</kbd>{say!(import::ANOTHER_FILE)}</button>
        </div>
        <ErrorsWritten wizard/>
    }
}

/// What of the file is not taken, in words.
#[component]
fn Left(left_out: Vec<LeftOut>) -> impl IntoView {
    let more = left_out.len().saturating_sub(LEFT_SHOWN);
    (!left_out.is_empty()).then(|| {
        let lines = left_out.into_iter().take(LEFT_SHOWN).map(|left| view! { <div>{left.message}</div> });
        view! { <div class="banner due" role="status" data-testid="import-left"><Draw icon=Icon::Alert/><div><b>{say!(import::LEFT_OUT)}</b>{lines.collect_view()}{(more > 0).then(|| say!(import::and_more(more)))}</div></div> }
    })
}

/// Rows that are asked about: taken all the same, or the files closed.
#[component]
fn Asked(wizard: Wizard, asked: Vec<(String, u64)>) -> impl IntoView {
    let line = move |(code, rows): (String, u64)| {
        let act = |act: AskedAct, words: &'static str| {
            let code = code.clone();
            let test = format!("asked-{code}-{act:?}");
            view! { <button type="button" class="btn small" data-testid=test on:click=move |_| { let code = code.clone(); wizard.again(move |ask| ask.answers.get_or_insert_default().push(RowAnswer { code, act })); }>{words}</button> }
        };
        let close = (code == "gone").then(|| act(AskedAct::Close, say!(import::CLOSE_FILES)));
        view! { <div class="acts" data-testid="import-asked"><b>{say!(import::asked(&code, rows))}</b>{act(AskedAct::Take, say!(import::TAKE_ROWS))}{close}</div> }
    };
    asked.into_iter().map(line).collect_view()
}

/// One list of the file: whether it is taken, and what its columns are.
#[component]
fn List(
    wizard: Wizard,
    number: u32,
    list: FoundList,
    fields: StoredValue<Vec<(String, String)>>,
    by_hand: bool,
    several: bool,
) -> impl IntoView {
    let FoundList { sheet, header_row, taken, columns, .. } = list;
    let open = by_hand || (taken && columns.iter().all(|column| column.field.as_deref() != Some("name")));
    let words = say!(import::sheet_and_header(&sheet, header_row));
    let take = (several || !taken).then(|| view! {
        <label class="check"><input type="checkbox" data-testid=format!("sheet-{number}") prop:checked=taken
            on:change=move |_| { let sheet = sheet.clone(); wizard.again(move |ask| ask.sheets.get_or_insert_default().push(SheetChoice { sheet, take: !taken })); }/>{say!(import::TAKE_SHEET)}</label>
    });
    view! {
        <details class="columns" open=open>
            <summary>{say!(import::COLUMNS)}<span class="muted">{words}{say!(import::COLUMNS_CAN_BE_CHANGED)}</span></summary>
            <div class="column-list">{columns.into_iter().map(|column| view! { <Column wizard list=number column fields/> }).collect_view()}</div>
        </details>
        {take}
    }
}

#[component]
fn ErrorsWritten(wizard: Wizard) -> impl IntoView {
    move || {
        wizard.errors.get().map(|errors| view! { <div class="banner ok" role="status" data-testid="errors-written"><Draw icon=Icon::Check/><div><b>{say!(import::errors_written(&errors.file_name))}</b><div class="path">{errors.path}</div></div></div> })
    }
}

#[component]
fn Column(wizard: Wizard, list: u32, column: FoundColumn, fields: StoredValue<Vec<(String, String)>>) -> impl IntoView {
    let now = column.field.clone().unwrap_or_default();
    let number = column.column;
    let choices = fields.get_value().into_iter().map(|(name, label)| {
        let selected = name == now;
        view! { <option value=name selected=selected>{label}</option> }
    });
    let choose = move |field: String| {
        let field = Some(field).filter(|field| !field.is_empty());
        wizard.again(move |ask| ask.mapping.get_or_insert_default().push(ColumnChoice { list, column: number, field }));
    };
    let test = if list == 0 { format!("column-{number}") } else { format!("column-{list}-{number}") };
    view! {
        <label class="column" class:skipped=column.field.is_none()>
            <b>{if column.header.is_empty() { say!(import::column(number + 1)) } else { column.header.clone() }}</b>
            <span class="muted">{say!(import::samples(&column.samples))}</span>
            <select data-testid=test on:change:target=move |event| choose(event.target().value())>
                <option value="" selected=column.field.is_none()>{say!(import::NOT_IMPORTED)}</option>
                {choices.collect_view()}
            </select>
        </label>
    }
}

#[component]
pub fn Done(wizard: Wizard, done: ImportDone) -> impl IntoView {
    let only = RwSignal::new((done.error > 0).then_some(Bucket::Error));
    let import = done.import;
    view! {
        {move || wizard.undone.with(Option::is_none).then(|| view! { <div class="banner ok" role="status" data-testid="import-done"><Draw icon=Icon::Check/><b>{say!(import::imported(done.new, done.update, done.same, done.error))}</b></div> })}
        <Left left_out=done.left_out/>
        <Counts counts=[done.new, done.update, done.same, done.error] only/>
        <Rows rows=done.rows only/>
        <div class="acts">
            <button type="button" class="btn" on:click=move |_| wizard.clear()><kbd>"Esc"</kbd>{say!(import::IMPORT_ANOTHER)}</button>
            {(done.error > 0).then(|| view! { <button type="button" class="btn" data-testid="import-errors" on:click=move |_| wizard.save_errors()><Draw icon=Icon::Download/>{say!(import::DOWNLOAD_ERRORS)}</button> })}
            <span class="sp"></span>
            <button type="button" class="btn danger" data-testid="import-undo" disabled=move || wizard.busy.get().is_some() || wizard.undone.with(Option::is_some) on:click=move |_| wizard.undo(import)>{say!(import::UNDO_THIS)}</button>
        </div>
        <ErrorsWritten wizard/>
    }
}
