//! Web pages under the name of a workbook: what systems call "export to Excel". Each table of a page becomes a sheet; so does each
//! worksheet of the XML that spreadsheets wrote in 2003. Tags are read as they come, closed or not; nothing of a page is carried out.

use super::sheet::{Collector, Marks, Region};
use super::strikes::Parts;
use super::{Cell, MAX_COLUMNS, MAX_ROWS, Sheet, all_within};
use shared::fault::Fault;
use std::borrow::Cow;
use std::collections::HashSet;

/// Whether a text is marked up as a page or as a workbook in XML: some tag of tables stands near its beginning.
pub(super) fn is_page(text: &str) -> bool {
    let end = text.char_indices().nth(4_000).map_or(text.len(), |(at, _)| at);
    let head = text[..end].trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']).to_ascii_lowercase();
    const TAGS: &[&str] =
        &["<html", "<table", "<tr", "<td", "<meta", "<head", "<body", "<style", "<div", "<workbook", "<ss:workbook", "<!doctype"];
    head.starts_with('<') && (head.starts_with("<!") || head.starts_with("<?xml") || TAGS.iter().any(|tag| head.contains(tag)))
}

/// A tag or the text before the next one.
enum Piece<'a> {
    Text(&'a str),
    Tag { name: String, attributes: &'a str, closing: bool, alone: bool },
}

/// The pieces of a page, one after the other.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = self.0;
            if rest.is_empty() {
                return None;
            }
            let opens = |at: &usize| rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
            let at = rest.match_indices('<').map(|(at, _)| at).find(opens).unwrap_or(rest.len());
            if at > 0 {
                self.0 = &rest[at..];
                return Some(Piece::Text(&rest[..at]));
            }
            if let Some(after) = rest.strip_prefix("<![CDATA[") {
                let end = after.find("]]>").unwrap_or(after.len());
                self.0 = after.get(end + 3..).unwrap_or_default();
                return Some(Piece::Text(&after[..end]));
            }
            if rest.starts_with("<!--") {
                // Remarks by which pages speak to one browser only hold tables at times: only the mark itself is left out.
                let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
                let conditional = rest.starts_with("<!--[if") && rest[..end].contains("<table");
                self.0 = if conditional { &rest[rest.find('>').map_or(rest.len(), |at| at + 1)..] } else { &rest[end..] };
                continue;
            }
            let end = end_of_tag(rest);
            let inside = rest[1..end].trim_end_matches('>');
            self.0 = &rest[end..];
            if inside.starts_with(['!', '?']) {
                continue;
            }
            let closing = inside.starts_with('/');
            let inside = inside.trim_start_matches('/');
            let length = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
            let name = inside[..length].rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
            if !closing && matches!(name.as_str(), "script" | "style" | "xml") {
                let close = format!("</{}", &inside[..length]).to_ascii_lowercase();
                let until = self.0.to_ascii_lowercase().find(&close).unwrap_or(self.0.len());
                self.0 = &self.0[until..];
                continue;
            }
            return Some(Piece::Tag { name, attributes: &inside[length..], closing, alone: inside.ends_with('/') });
        }
    }
}

/// Where the tag at the beginning ends; a `>` in quotes ends none, unless the quotes never close.
fn end_of_tag(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'>', None) => return at + 1,
            _ => {}
        }
        if at > 20_000 {
            break;
        }
    }
    rest.find('>').map_or(rest.len(), |at| at + 1)
}

/// The value of an attribute by its name without prefix, in small letters.
fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower[from..].find(wanted) {
        let (start, end) = (from + found, from + found + wanted.len());
        from = end;
        let apart = lower[..start].ends_with(|c: char| c.is_whitespace() || c == ':') || start == 0;
        let Some(value) = lower[end..].trim_start().strip_prefix('=').filter(|_| apart) else { continue };
        let skipped = lower.len() - value.trim_start().len();
        let value = &attributes[skipped..];
        let quoted = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        return Some(match quoted {
            Some(quote) => value[1..].split(quote).next().unwrap_or_default().to_owned(),
            None => value.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default().to_owned(),
        });
    }
    None
}

/// The table under way.
struct Table {
    name: String,
    collector: Collector,
    marks: Marks,
    /// The row under way, counted from 0; none before the first.
    row: Option<u32>,
    column: u32,
    /// Cells of rows above that reach down: the last row of each column.
    taken: Vec<u32>,
    cell: Option<CellUnderWay>,
    /// Whether the row under way is struck out.
    row_struck: bool,
}

#[derive(Default)]
struct CellUnderWay {
    text: Parts,
    row: u32,
    column: u32,
    kind: String,
    struck: bool,
    /// The tags within it that are open, and whether each strikes out.
    open: Vec<(String, bool)>,
}

impl CellUnderWay {
    fn push(&mut self, text: &str) {
        self.text.push(text, self.open.iter().any(|(_, struck)| *struck));
    }
}

/// What a page calls a style that strikes out: classes of its stylesheet, and ids of the XML of 2003.
#[derive(Default)]
struct Strikes {
    names: HashSet<String>,
    now: String,
}

impl Strikes {
    fn of(page: &str) -> Self {
        let mut names = HashSet::new();
        for (rule, _) in page.match_indices("line-through") {
            let selector = page[..rule].rfind('{').map(|end| &page[page[..end].rfind(['}', '>', ';']).map_or(0, |start| start + 1)..end]);
            let classes = selector.into_iter().flat_map(|selector| selector.split(',')).filter_map(|one| one.rsplit_once('.'));
            names.extend(classes.map(|(_, class)| class.trim().to_owned()));
        }
        Self { names, now: String::new() }
    }

    /// Whether a tag strikes out what is in it.
    fn by(&self, tag: &str, attributes: &str) -> bool {
        let named =
            |attribute_name| attribute(attributes, attribute_name).is_some_and(|all| all.split(' ').any(|name| self.names.contains(name)));
        matches!(tag, "s" | "del" | "strike")
            || attribute(attributes, "style").is_some_and(|style| style.contains("line-through"))
            || named("class")
            || named("styleid")
    }

    /// The styles of the XML of 2003.
    fn hear(&mut self, tag: &str, attributes: &str) {
        match tag {
            "style" => self.now = attribute(attributes, "id").unwrap_or_default(),
            "font" if attribute(attributes, "strikethrough").is_some_and(|yes| yes == "1") && !self.now.is_empty() => {
                self.names.insert(self.now.clone());
            }
            _ => {}
        }
    }
}

impl Table {
    fn new(name: String) -> Self {
        Self {
            name,
            collector: Collector::default(),
            marks: Marks::default(),
            row: None,
            column: 0,
            taken: Vec::new(),
            cell: None,
            row_struck: false,
        }
    }

    fn begin_row(&mut self, attributes: &str) -> Result<(), Fault> {
        self.end_cell()?;
        let next = self.row.map_or(0, |row| row + 1);
        let row = index(attributes, "index").map_or(next, |index| index.max(next)).min(MAX_ROWS);
        (self.row, self.column) = (Some(row), 0);
        let style = attribute(attributes, "style").unwrap_or_default().to_ascii_lowercase();
        if style.replace(' ', "").contains("display:none") || attribute(attributes, "hidden").is_some_and(|hidden| hidden == "1") {
            self.marks.hidden.insert(row);
        }
        Ok(())
    }

    fn begin_cell(&mut self, attributes: &str, strikes: &Strikes) -> Result<(), Fault> {
        if self.row.is_none() {
            self.begin_row("")?;
        }
        self.end_cell()?;
        let row = self.row.unwrap_or_default();
        self.column = index(attributes, "index").map_or(self.column, |index| index.max(self.column));
        while self.taken.get(self.column as usize).is_some_and(|last| *last > row) {
            self.column += 1;
        }
        let number =
            |name, add| attribute(attributes, name).and_then(|count| count.parse::<u32>().ok()).map(|count| count.saturating_add(add));
        let wide = number("colspan", 0).or_else(|| number("mergeacross", 1)).unwrap_or(1).clamp(1, MAX_COLUMNS);
        let high = number("rowspan", 0).or_else(|| number("mergedown", 1)).unwrap_or(1).clamp(1, MAX_ROWS);
        let (last_row, last_column) = (row + high - 1, self.column + wide - 1);
        if (wide, high) != (1, 1) {
            self.marks.merged.push(Region { first: (row, self.column), last: (last_row, last_column) });
        }
        if high > 1 {
            self.taken.resize(self.taken.len().max(last_column as usize + 1), 0);
            self.taken[self.column as usize..=last_column as usize].fill(last_row + 1);
        }
        let struck = self.row_struck || strikes.by("", attributes);
        self.cell = Some(CellUnderWay { row, column: self.column, struck, ..CellUnderWay::default() });
        self.column = last_column + 1;
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Fault> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let text = cell.text.whole();
        let text = text.trim();
        if cell.struck && !text.is_empty() {
            self.collector.strike(cell.row, cell.column);
        }
        let value = match cell.kind.as_str() {
            "number" => text.parse().map_or(Cell::Text(text), Cell::Number),
            "datetime" => text.split('.').next().and_then(|at| at.parse().ok()).map_or(Cell::Text(text), Cell::Date),
            "error" => Cell::NoValue,
            _ => return self.collector.put_parts(cell.row, cell.column, &cell.text),
        };
        self.collector.put(cell.row, cell.column, value)
    }

    fn finish(mut self) -> Result<Sheet, Fault> {
        self.end_cell()?;
        self.collector.finish(&self.name, self.marks)
    }
}

/// A place that is counted from 1 in the file.
fn index(attributes: &str, name: &str) -> Option<u32> {
    attribute(attributes, name)?.parse::<u32>().ok()?.checked_sub(1)
}

/// Each table of a page as a sheet; the first is named as the file.
pub(super) fn sheets(text: &str, name: &str, progress: &dyn Fn(u64, u64)) -> Result<Vec<Sheet>, Fault> {
    let mut sheets = Vec::new();
    // A table within a cell of another one is a table of its own; the outer goes on behind it.
    let mut open: Vec<Table> = Vec::new();
    let mut next_name: Option<String> = None;
    let mut strikes = Strikes::of(text);
    let mut count = 0_u32;
    for piece in Pieces(text) {
        let (tag, attributes, closing, alone) = match piece {
            Piece::Text(text) => {
                if let Some(cell) = open.last_mut().and_then(|table| table.cell.as_mut()) {
                    cell.push(&unescaped(text));
                }
                continue;
            }
            Piece::Tag { name, attributes, closing, alone } => (name, attributes, closing, alone),
        };
        match (tag.as_str(), closing) {
            ("worksheet", false) => next_name = attribute(attributes, "name"),
            ("table", false) => {
                count += 1;
                let own = next_name.take().map(|name| unescaped(&name).into_owned());
                open.push(Table::new(own.unwrap_or_else(|| if count == 1 { name.to_owned() } else { format!("{name} {count}") })));
            }
            ("table", true) => {
                if let Some(table) = open.pop() {
                    sheets.push(table.finish()?);
                }
            }
            ("tr" | "row", false) => {
                if open.is_empty() {
                    open.push(Table::new(name.to_owned()));
                }
                if let Some(table) = open.last_mut() {
                    table.begin_row(attributes)?;
                    table.row_struck = strikes.by("", attributes);
                    progress(u64::from(table.row.unwrap_or_default()), 0);
                }
            }
            ("td" | "th" | "cell", false) => {
                if let Some(table) = open.last_mut() {
                    table.begin_cell(attributes, &strikes)?;
                    if alone {
                        table.end_cell()?;
                    }
                }
            }
            ("td" | "th" | "cell" | "tr" | "row", true) => {
                if let Some(table) = open.last_mut() {
                    table.end_cell()?;
                }
            }
            (other, closing) => {
                if let Some(cell) = open.last_mut().and_then(|table| table.cell.as_mut()) {
                    match other {
                        "data" if !closing => cell.kind = attribute(attributes, "type").unwrap_or_default().to_ascii_lowercase(),
                        "br" | "p" | "div" if !closing && !cell.text.is_blank() => cell.push("\n"),
                        _ => {}
                    }
                    match cell.open.iter().rposition(|(open, _)| open == other).filter(|_| closing) {
                        Some(at) => cell.open.truncate(at),
                        None if closing || alone || other == "br" || cell.open.len() > 64 => {}
                        None => cell.open.push((other.to_owned(), strikes.by(other, attributes))),
                    }
                } else if open.is_empty() && !closing {
                    strikes.hear(other, attributes);
                }
            }
        }
    }
    for table in open.into_iter().rev() {
        sheets.push(table.finish()?);
    }
    all_within(sheets.into_iter().map(Ok))
}

/// Text without entities; ends of lines in the page are blanks.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '\n', '\r', '\t']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '\n', '\r', '\t']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if !rest.starts_with('&') {
            if !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
            rest = &rest[1..];
            continue;
        }
        let named = rest[1..].split_once(';').filter(|(name, _)| name.len() <= 8 && !name.contains(char::is_whitespace));
        match named.and_then(|(name, after)| Some((entity(name)?, after))) {
            Some((letter, after)) => {
                out.push(letter);
                rest = after;
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "middot" | "bull" => '·',
        "times" => '×',
        "radic" => '√',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
            char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(String, Vec<Vec<String>>)> {
        let sheets = sheets(text, "名单", &|_, _| {}).unwrap();
        sheets
            .iter()
            .map(|sheet| (sheet.name.clone(), sheet.rows().map(|row| row.cells().map(|cell| cell.text()).collect()).collect()))
            .collect()
    }

    #[test]
    fn tables_of_pages_as_systems_write_them() {
        let page = "<META charset=gbk><style>td{a:'<td>'}</style><TABLE><TR><TH COLSPAN=2>名 单<TH>电&nbsp;话
            <tr><td rowspan='2'>细坑&#31038;区</td><td>甲<br>乙<td x:num='1'>1&amp;2 <!-- <td>no</td> --></tr><tr><td>丙 < 丁</table><p><table><tr><td>x</table>";
        let [(name, first), (_, second)] = &rows(page)[..] else { panic!("{:?}", rows(page)) };
        assert_eq!(name, "名单");
        assert_eq!(first, &[vec!["名 单", "", "电 话"], vec!["细坑社区", "甲\n乙", "1&2"], vec!["细坑社区", "丙 < 丁"]]);
        assert_eq!(second, &[vec!["x"]]);
        assert!(is_page(page) && is_page("\u{feff} <?xml version='1.0'?><x/>") && !is_page("<5岁,姓名") && !is_page("姓名,<table>"));
    }

    #[test]
    fn the_xml_of_2003() {
        let xml = r#"<?xml version="1.0"?><Workbook xmlns:ss="urn"><Worksheet ss:Name="甲&amp;乙"><Table><Row ss:Index="2"><Cell ss:Index="2"><Data ss:Type="String">姓名</Data></Cell>
            <Cell ss:MergeDown="1"><Data ss:Type="Number">7</Data></Cell><Cell/></Row><Row ss:Hidden="1"><Cell><Data ss:Type="DateTime">1950-01-02T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>"#;
        assert_eq!(
            rows(xml),
            [("甲&乙".to_owned(), vec![vec!["".to_owned(), "姓名".into(), "7".into()], vec!["1950-01-02".into(), "".into(), "7".into()]])]
        );
        let sheets = sheets(xml, "名单", &|_, _| {}).unwrap();
        assert!(!sheets[0].row(0).unwrap().hidden && sheets[0].row(1).unwrap().hidden);
    }
}
