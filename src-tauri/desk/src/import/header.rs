//! Finding the header of a list: below title rows, in one row or up to three, under whatever words the office uses. What stands below a
//! word is asked as well: ID numbers, phones, villages, days. What each column is taken for can be corrected by the person who imports.

use super::header_words::{fields, normalised, recognise_below, says_nothing};
use super::profile::{Profile, is_village};
use super::{Cell, Sheet, SheetRow};
use shared::command::FoundColumn;
use shared::rule::{id_number::IdNumber, phone::PhoneNumber};

/// Rows that may stand above the header.
const SEARCHED_ROWS: usize = 60;
/// Rows of one header.
const MOST_ROWS: usize = 3;
/// Bytes of the longest text that is looked at as a header's word.
const LONGEST_WORD: usize = 400;
/// Values shown for each column.
const SAMPLES: usize = 3;

/// The header as found, with what each column is taken for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Its row in the file, from 1; 0 where the list has none.
    pub row: u32,
    /// Its last row.
    pub last_row: u32,
    /// The columns with a word above them or a value below.
    pub columns: Vec<FoundColumn>,
}

impl Header {
    /// The column taken for a field.
    #[must_use]
    pub fn column(&self, field: &str) -> Option<u32> {
        self.columns.iter().find(|column| column.field.as_deref() == Some(field)).map(|column| column.column)
    }

    /// The first column and the last.
    #[must_use]
    pub fn reach(&self) -> (u32, u32) {
        let numbers = || self.columns.iter().map(|column| column.column);
        (numbers().min().unwrap_or_default(), numbers().max().unwrap_or_default())
    }

    /// Takes a column for another field, or for none; a field that moves leaves its former column.
    pub fn take(&mut self, number: u32, field: Option<&str>) {
        let known = field.filter(|field| fields().iter().any(|(name, _)| name == field));
        for column in &mut self.columns {
            if column.column == number {
                column.field = known.map(str::to_owned);
            } else if known.is_some() && column.field.as_deref() == known {
                column.field = None;
            }
        }
    }
}

/// A header as rows and words, before it is parted into the blocks that stand side by side.
struct Candidate {
    /// Index of its first and its last row.
    first: usize,
    last: usize,
    words: Vec<Word>,
    score: usize,
}

/// What stands above a column.
#[derive(Clone, Debug, Default)]
struct Word {
    own: String,
    /// What stands over the own word, where that is another one.
    over: String,
}

/// The headers that begin at a row or below, as many as stand side by side; none where no row names at least two fields.
pub(super) fn find_headers(sheet: &Sheet, from: usize, rows: usize) -> Vec<Header> {
    let Some(best) = best(sheet, from, rows) else { return Vec::new() };
    blocks(&best).into_iter().map(|(first, last)| header_of(sheet, &best, first, last)).collect()
}

fn header_of(sheet: &Sheet, found: &Candidate, first: usize, last: usize) -> Header {
    let number = |at: usize| sheet.row(at).map_or(0, |row| row.number);
    let below = || sheet.rows().skip(found.last + 1);
    let mut taken = assign(&found.words[first..=last]);
    let profiles: Vec<Profile> = (first..=last).map(|at| Profile::of(sheet, found.last + 1, at as u32)).collect();
    judge_by_values(&found.words[first..=last], &profiles, &mut taken);
    let columns = (first..=last).zip(taken).filter_map(|(at, field)| {
        let column = u32::try_from(at).ok()?;
        let values = below().map(|row| row.cell(column)).filter(|cell| !cell.is_blank());
        let samples: Vec<String> = values.take(SAMPLES).map(sample_of).collect();
        let header = said(&found.words[at]);
        (!header.is_empty() || !samples.is_empty()).then(|| FoundColumn { column, header, field: field.map(str::to_owned), samples })
    });
    Header { row: number(found.first), last_row: number(found.last), columns: columns.collect() }
}

/// A value as it is shown for its column.
pub(super) fn sample_of(cell: Cell<'_>) -> String {
    let text = cell.text();
    if text.chars().count() > 40 { text.chars().take(39).chain(['…']).collect() } else { text }
}

fn said(word: &Word) -> String {
    // A short word over the own one belongs to it: 紧急联系人 over 电话.
    if word.over.is_empty() || word.over.chars().count() > 12 { word.own.clone() } else { format!("{}{}", word.over, word.own) }
}

/// How many fields the best header of the sheet names.
pub(super) fn likeness(sheet: &Sheet) -> usize {
    best(sheet, 0, SEARCHED_ROWS).map_or(0, |found| found.score)
}

/// Whether a row names fields as a header does: for lists that stand below each other.
pub(super) fn is_header_again(sheet: &Sheet, at: usize) -> bool {
    let Some(row) = sheet.row(at).filter(|row| !looks_like_data(*row)) else { return false };
    let words: Vec<Word> = row.cells().map(|cell| Word { own: word(cell), over: String::new() }).collect();
    let taken = assign(&words);
    let named = |field| taken.contains(&Some(field));
    taken.iter().flatten().count() >= 2 && (named("name") || named("id_number"))
}

/// The best header among some rows of the sheet.
fn best(sheet: &Sheet, from: usize, rows: usize) -> Option<Candidate> {
    let mut best: Option<Candidate> = None;
    for last in from..sheet.len().min(from + rows) {
        if sheet.row(last).is_none_or(looks_like_data) {
            continue;
        }
        let Some(candidate) = candidate(sheet, from, last) else { continue };
        // Of two that name as much the lower one, if it has all rows of the upper one: words under others say more.
        let better = |best: &Candidate| candidate.score > best.score || candidate.score == best.score && candidate.first <= best.first;
        if best.as_ref().is_none_or(better) {
            best = Some(candidate);
        }
    }
    best
}

/// The header whose last row that is.
fn candidate(sheet: &Sheet, from: usize, last: usize) -> Option<Candidate> {
    let row = sheet.row(last)?;
    let mut rows = vec![row];
    for at in (from..last).rev().take(MOST_ROWS - 1) {
        let above = sheet.row(at)?;
        if looks_like_data(above) || is_title(sheet, above) {
            break;
        }
        rows.push(above);
    }
    let width = rows.iter().map(SheetRow::width).max().unwrap_or_default().min(u32::MAX as usize);
    let words: Vec<Word> = (0..width).map(|column| word_of(sheet, &rows, column as u32)).collect();
    let mut taken = assign(&words);
    let named = taken.iter().flatten().count();
    let telling = taken.iter().any(|field| matches!(field, Some("name" | "id_number")));
    if named < 2 || !telling && named < 3 {
        return None;
    }
    let profiles: Vec<Profile> = (0..width).map(|column| Profile::of(sheet, last + 1, column as u32)).collect();
    judge_by_values(&words, &profiles, &mut taken);
    let score = taken.iter().enumerate().filter_map(|(at, field)| {
        let field = (*field)?;
        let supported = profiles[at].speaks_for(field) == Some(true);
        Some(2 + usize::from(supported) + usize::from(field == "name"))
    });
    let score = score.sum();
    // As many rows as are needed for the words that count.
    let used = rows.iter().rposition(|above| {
        taken.iter().zip(&words).enumerate().any(|(at, (field, word))| {
            field.is_some()
                && (said_in(sheet, *above, at as u32, &word.own) || !word.over.is_empty() && said_in(sheet, *above, at as u32, &word.over))
        })
    });
    let first = last - used.unwrap_or(0).min(last);
    (score >= 4).then_some(Candidate { first, last, words, score })
}

fn said_in(sheet: &Sheet, row: SheetRow<'_>, column: u32, text: &str) -> bool {
    text_above(sheet, row, column, true) == text
}

/// The words above a column: the lowest is its own; what stands over that and says something else stands over it.
fn word_of(sheet: &Sheet, rows: &[SheetRow<'_>], column: u32) -> Word {
    let mut found = Word::default();
    for (at, row) in rows.iter().enumerate() {
        let text = text_above(sheet, *row, column, at > 0 && !found.own.is_empty());
        if text.is_empty() || text == found.own {
            continue;
        }
        if found.own.is_empty() {
            found.own = text;
        } else if !found.over.contains(&text) {
            found.over = format!("{text}{}", found.over);
        }
    }
    found
}

/// The text of a header's cell. A wide cell stands over all its columns; `carried`: so does one with blanks to its right.
fn text_above(sheet: &Sheet, row: SheetRow<'_>, column: u32, carried: bool) -> String {
    let own = word(row.cell(column));
    if !own.is_empty() {
        return own;
    }
    if let Some((first, _)) = sheet.span(row.number, column) {
        return word(row.cell(first));
    }
    let left = (0..column).rev().find(|left| !row.cell(*left).is_blank());
    match left.filter(|left| carried && *left > 0 && sheet.span(row.number, *left).is_none()) {
        Some(left) => word(row.cell(left)),
        None => String::new(),
    }
}

/// A title, a day, who filled the list in: what stands above a list and is no part of its header.
fn is_title(sheet: &Sheet, row: SheetRow<'_>) -> bool {
    let mut texts: Vec<(u32, String)> = Vec::new();
    for (column, cell) in (0..).zip(row.cells()) {
        let text = cell.text();
        if !text.is_empty() && !texts.iter().any(|(_, known)| *known == text) {
            texts.push((column, text));
        }
    }
    let telling = |text: &str| text.chars().count() <= 12 && !text.contains([':', '：']) && recognise_below("", text).is_some();
    match &texts[..] {
        [] => true,
        [(column, text)] => {
            // One word alone stands over some of the columns, or it is a title.
            let group = sheet.span(row.number, *column).map_or(*column > 0, |(first, last)| first > 0 && last - first < 8);
            !group || text.chars().count() > 10
        }
        several => {
            !several.iter().any(|(_, text)| telling(text))
                && several.iter().all(|(_, text)| text.contains([':', '：']) || text.chars().count() > 12)
        }
    }
}

/// A row with numbers of persons or phones, or with the name of a village, is no header.
fn looks_like_data(row: SheetRow<'_>) -> bool {
    row.cells().any(|cell| match cell {
        Cell::Text(text) => {
            text.len() <= LONGEST_WORD && (IdNumber::parse(text).is_ok() || PhoneNumber::parse(text).is_ok() || is_village(text))
        }
        Cell::Number(number) => number >= 1e6,
        Cell::Date(_) => true,
        _ => false,
    })
}

/// What may stand above a column; a whole essay does not.
fn word(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) if text.len() > LONGEST_WORD => String::new(),
        cell => cell.text(),
    }
}

/// The columns, first and last, of each list that stands beside another one: names and numbers stand more than once in the header.
fn blocks(found: &Candidate) -> Vec<(usize, usize)> {
    let fits: Vec<Option<&str>> = found.words.iter().map(|word| recognise_below(&word.over, &word.own).map(|(field, _)| field)).collect();
    let width = fits.len();
    let whole = vec![(0, width.saturating_sub(1))];
    let keys =
        if fits.iter().flatten().filter(|field| **field == "id_number").count() > 1 { ["name", "id_number"] } else { ["name", "phone"] };
    let begin = found.words.iter().position(|word| !word.own.is_empty()).unwrap_or_default();
    let key = keys.iter().filter_map(|key| fits.iter().position(|field| *field == Some(*key))).min().unwrap_or_default();
    let (mut starts, mut seen, mut end) = (vec![0], Vec::new(), 0);
    for (at, field) in fits.iter().enumerate() {
        let Some(field) = field else { continue };
        let both_again = keys.iter().all(|key| seen.contains(key) && fits[at..].contains(&Some(*key)));
        if seen.contains(field) && keys.contains(field) && both_again {
            // The next list begins as far before its first key as the first one does, if its words are the same.
            let same = (at + begin).checked_sub(key).filter(|start| {
                *start > end.min(key)
                    && fits[key] == Some(*field)
                    && (0..=at - start).all(|step| found.words[begin + step].own == found.words[start + step].own)
            });
            starts.push(same.unwrap_or(end + 1));
            seen.clear();
        }
        seen.push(*field);
        end = at;
    }
    if starts.len() == 1 {
        return whole;
    }
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([width - 1]);
    starts.iter().copied().zip(ends).collect()
}

/// The field of each column: for each field the best and then the leftmost word.
fn assign(words: &[Word]) -> Vec<Option<&'static str>> {
    let fits: Vec<Option<(&'static str, u8)>> = words.iter().map(|word| recognise_below(&word.over, &word.own)).collect();
    let mut taken = vec![None; words.len()];
    for (field, _) in fields() {
        let mut columns: Vec<(u8, usize)> =
            fits.iter().enumerate().filter_map(|(at, fit)| fit.filter(|(name, _)| *name == field).map(|(_, fit)| (fit, at))).collect();
        columns.sort_unstable();
        if let Some((_, at)) = columns.first() {
            taken[*at] = Some(field);
        }
        let second = columns.get(1).filter(|_| field == "phone" && !fits.iter().flatten().any(|(name, _)| *name == "second_phone"));
        if let Some((_, at)) = second {
            taken[*at] = Some("second_phone");
        }
    }
    taken
}

/// Holds the words against the values below them: a field leaves a column whose values are something else, and goes to one whose values
/// are nothing else.
fn judge_by_values(words: &[Word], profiles: &[Profile], taken: &mut [Option<&'static str>]) {
    for (at, field) in taken.iter_mut().enumerate() {
        if field.is_some_and(|field| profiles[at].speaks_for(field) == Some(false)) {
            *field = None;
        }
    }
    let fits = |at: usize, field: &str| recognise_below(&words[at].over, &words[at].own).is_some_and(|(name, _)| name == field);
    // The next best word of a field, where the best one was above something else.
    for (field, _) in fields() {
        if taken.contains(&Some(field)) {
            continue;
        }
        let next = (0..words.len()).find(|at| taken[*at].is_none() && fits(*at, field) && profiles[*at].speaks_for(field) != Some(false));
        if let Some(at) = next {
            taken[at] = Some(field);
        }
    }
    // No word of people who are not the elder may be overruled by values.
    let free = |at: usize| {
        let said = format!("{}{}", words[at].over, words[at].own);
        let other = normalised(&said).0;
        !["户主", "配偶", "家属", "监护", "联系人", "经办", "代办", "户籍", "籍贯", "员", "子女", "儿", "女儿"]
            .iter()
            .any(|word| other.contains(word))
    };
    for field in ["id_number", "division", "phone"] {
        let known = taken.contains(&Some(field));
        let column = (0..words.len()).find(|at| {
            taken[*at].is_none() && free(*at) && profiles[*at].is_nothing_but(field) && !(says_nothing(&words[*at].own) && field == "phone")
        });
        if let Some(at) = column.filter(|_| !known) {
            taken[at] = Some(field);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Collector, Marks, Region};
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let mut collector = Collector::default();
        for (at, row) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*row) {
                collector.put(at, column, Cell::Text(text)).unwrap();
            }
        }
        collector.finish("名单", Marks::default()).unwrap()
    }

    fn one_header(sheet: &Sheet) -> Header {
        let mut headers = find_headers(sheet, 0, 60);
        assert_eq!(headers.len(), 1, "{headers:?}");
        headers.remove(0)
    }

    fn fields(header: &Header) -> Vec<&str> {
        header.columns.iter().map(|column| column.field.as_deref().unwrap_or("-")).collect()
    }

    #[test]
    fn below_titles_in_one_row_or_two() {
        let one = sheet(&[
            &["花名册"],
            &["填报单位：罗城街道"],
            &["序号", "姓名", "身份证号", "联系电话", "电话2"],
            &["1", "王冬梅", "445381192801141162", "18773589597"],
        ]);
        let header = one_header(&one);
        assert_eq!((header.row, header.last_row, fields(&header)), (3, 3, vec!["-", "name", "id_number", "phone", "second_phone"]));
        assert_eq!(header.columns[1].samples, ["王冬梅"]);

        let two = sheet(&[
            &["花名册"],
            &["序号", "姓名", "身份证号", "紧急联系人", "", "住址"],
            &["", "", "", "姓名", "电话"],
            &["1", "王冬梅", "445381192801141162", "王小", "18773589597", "细坑"],
        ]);
        let header = one_header(&two);
        assert_eq!((header.row, header.last_row), (2, 3));
        assert_eq!(fields(&header), ["-", "name", "id_number", "emergency_name", "emergency_phone", "address"]);
    }

    #[test]
    fn the_better_address_and_the_second_phone() {
        let header = one_header(&sheet(&[&["姓名", "户籍地址", "现住址", "联系电话", "手机号码"]]));
        assert_eq!(fields(&header), ["name", "-", "address", "phone", "second_phone"]);
    }

    #[test]
    fn a_choice_moves_a_field() {
        let mut header = one_header(&sheet(&[&["姓名", "电话", "某列"]]));
        header.take(2, Some("phone"));
        header.take(0, Some("listed"));
        assert_eq!(fields(&header), ["-", "-", "phone"]);
        assert!(find_headers(&sheet(&[&["花名册"], &["王冬梅", "445381192801141162"]]), 0, 60).is_empty());
    }

    #[test]
    fn titles_of_any_wording_are_no_part_of_the_header() {
        for titles in [
            &["罗城街道长者助餐名单"][..],
            &["送餐花名册"],
            &["村（社区）老人电话表", "2026年11月"],
            &["身份证登记"],
            &["单位：罗城街道", "紧急联系人登记"],
            &["电话"],
        ] {
            let mut rows: Vec<Vec<&str>> = titles.iter().map(|title| vec![*title]).collect();
            rows.push(vec!["", "姓名", "身份证号", "社区", "餐标"]);
            rows.push(vec!["1", "王冬梅", "445381192801141162", "细坑社区", "15元"]);
            let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
            let header = one_header(&sheet(&rows));
            assert_eq!(fields(&header), ["-", "name", "id_number", "division", "-"], "{titles:?}");
            assert_eq!((header.row, header.last_row), (titles.len() as u32 + 1, titles.len() as u32 + 1), "{titles:?}");
        }
    }

    #[test]
    fn three_rows_and_words_parted_by_a_line() {
        let rows = sheet(&[
            &["登记表"],
            &["序", "老人信息", "", "", "联系信息", "", ""],
            &["号", "姓名", "身份证", "居住地址", "", "紧急联系人", ""],
            &["", "", "号码", "村居", "门牌", "姓名", "电话"],
            &["1", "王冬梅", "445381192801141162", "细坑社区", "3号", "王小", "18773589597"],
        ]);
        let header = one_header(&rows);
        assert_eq!(fields(&header), ["-", "name", "id_number", "division", "-", "emergency_name", "emergency_phone"]);
        assert_eq!(header.last_row, 4);
    }

    #[test]
    fn values_speak_where_words_are_silent_or_wrong() {
        let rows = sheet(&[
            &["姓名", "号码", "编码", "所在", "身份证"],
            &["王冬梅", "445381192801141162", "18773589597", "细坑社区", "有"],
            &["李亚水", "445381193306289033", "18773589598", "东区社区", "有"],
            &["陈带娣", "", "", "石围社区", "无"],
        ]);
        assert_eq!(fields(&one_header(&rows)), ["name", "id_number", "phone", "division", "-"]);
        let rows = sheet(&[&["姓名", "户主身份证", "籍贯"], &["王冬梅", "445381192801141162", "细坑社区"]]);
        assert!(find_headers(&rows, 0, 60).is_empty() || fields(&one_header(&rows)) == ["name", "-", "-"]);
    }

    #[test]
    fn lists_side_by_side_are_two() {
        let rows = sheet(&[
            &["序号", "姓名", "身份证号", "电话", "", "序号", "姓名", "身份证号", "电话"],
            &["1", "王冬梅", "445381192801141162", "", "", "2", "李亚水", "445381193306289033", ""],
        ]);
        let headers = find_headers(&rows, 0, 60);
        assert_eq!(
            headers.iter().map(fields).collect::<Vec<_>>(),
            [vec!["-", "name", "id_number", "phone"], vec!["-", "name", "id_number", "phone"]]
        );
        // The family's name and number beside the elder's are no second list.
        let rows = sheet(&[
            &["姓名", "身份证号", "电话", "家属姓名", "家属身份证号", "家属电话"],
            &["王冬梅", "445381192801141162", "", "", "", ""],
        ]);
        assert_eq!(find_headers(&rows, 0, 60).len(), 1);
    }

    #[test]
    fn a_wide_word_stands_over_its_columns() {
        let mut collector = Collector::default();
        let rows: [&[&str]; 3] = [
            &["姓名", "身份证号", "联系人", "", "住址"],
            &["", "", "姓名", "电话", ""],
            &["王冬梅", "445381192801141162", "王小", "18773589597", "细坑"],
        ];
        for (at, row) in (0..).zip(rows) {
            for (column, text) in (0..).zip(row) {
                collector.put(at, column, Cell::Text(text)).unwrap();
            }
        }
        let region = |first, last| Region { first, last };
        let merged = vec![region((0, 2), (0, 3)), region((0, 0), (1, 0)), region((0, 1), (1, 1)), region((0, 4), (1, 4))];
        let sheet = collector.finish("名单", Marks { merged, ..Marks::default() }).unwrap();
        assert_eq!(fields(&one_header(&sheet)), ["name", "id_number", "emergency_name", "emergency_phone", "address"]);
    }
}
