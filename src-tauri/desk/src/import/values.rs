//! The words in cells: names, yes and no, sex, ability, phones, plain text. What is only a filler
//! (无, /, 不详) counts as nothing.

use super::Cell;
use super::encoding::BROKEN;
use crate::letters::is_dot;
use shared::kinds::{Ability, Sex};
use shared::rule::half_width::half_width;
use shared::rule::id_number::{IdNumber, IdNumberError};
use shared::rule::name::is_seen;
use shared::rule::phone::{PhoneNumber, PhonesInCell};

/// Whether the text only fills the cell.
fn filler(text: &str) -> bool {
    matches!(
        text,
        "" | "/"
            | "\\"
            | "-"
            | "--"
            | "—"
            | "——"
            | "无"
            | "没有"
            | "暂无"
            | "不详"
            | "未知"
            | "空"
            | "0"
            | "."
            | "、"
            | "N/A"
            | "n/a"
            | "无电话"
            | "没有电话"
            | "无手机"
            | "未填"
            | "待补"
    )
}

/// The text of a cell, trimmed, or nothing where it is a filler.
pub(super) fn text(cell: Cell<'_>, longest: usize) -> Option<String> {
    let text = cell.text();
    (!filler(&text)).then(|| text.chars().filter(|c| *c != BROKEN).take(longest).collect())
}

/// Whether a byte of it was broken, or the file has no letter for a character: what is read is not what was written.
pub(super) fn is_broken(text: &str) -> bool {
    text.contains(|c: char| c == BROKEN || matches!(c, '□' | '〓' | '\u{e000}'..='\u{f8ff}'))
}

/// A name without the blanks that line up short ones; the dot of long names in one form.
pub(super) fn name(cell: Cell<'_>) -> Option<String> {
    let text = cell.text();
    let latin = text.is_ascii();
    let letters: Vec<char> =
        text.chars().map(|c| if is_dot(c) { '·' } else { half_width(c) }).filter(|c| latin || !c.is_whitespace()).collect();
    let dotted = letters.iter().enumerate().map(|(at, c)| {
        // A full stop between characters is the dot of a long name as well.
        let between = at > 0 && letters.get(at + 1).is_some_and(|next| !next.is_ascii()) && !letters[at - 1].is_ascii();
        if *c == '.' && between { '·' } else { *c }
    });
    let name: String = dotted.filter(|c| is_seen(*c)).take(50).collect();
    let name = name.trim_matches('·').to_owned();
    (!filler(&name) && !matches!(name.as_str(), "同上" | "不详")).then_some(name)
}

/// What a cell says in a column of ID numbers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// The number of an ID card.
    Number(IdNumber),
    /// That number, and the longer one of a disability card that begins with it.
    Both(IdNumber, String),
    /// The number of another document: a passport, a permit of Hong Kong, Macao or Taiwan, a foreigner's card.
    Document(String),
    /// An ID number with something wrong in it.
    Wrong(IdNumberError),
}

/// Who somebody is by the cell; none for an empty one. A number cell of more than fifteen digits has lost some.
pub(super) fn identity(cell: Cell<'_>) -> Option<Identity> {
    let text = cell.text();
    if matches!(cell, Cell::Number(number) if number >= 1e15) {
        return Some(Identity::Wrong(IdNumberError::Rounded));
    }
    if filler(&text) {
        return None;
    }
    let text = text.strip_suffix(".0").unwrap_or(&text);
    Some(match IdNumber::parse(text) {
        Ok(number) => Identity::Number(number),
        Err(error) => {
            let plain: String = text.chars().map(half_width).filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
            // A disability card has the ID number, the kind and the grade, and at times which copy it is: 20 signs, or 22.
            let head =
                plain.get(..18).filter(|_| matches!(plain.len(), 20 | 22) && plain.is_ascii()).and_then(|head| IdNumber::parse(head).ok());
            match head {
                Some(number) => Identity::Both(number, plain),
                None if is_document(&plain) => Identity::Document(plain),
                None => Identity::Wrong(error),
            }
        }
    })
}

/// Whether it has the form of another document's number: letters before digits, as passports, permits and foreigners' cards have.
fn is_document(plain: &str) -> bool {
    let letters = plain.len() - plain.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
    let (head, rest) = plain.split_at(letters);
    let digits = rest.chars().all(|c| c.is_ascii_digit());
    match (head.len(), digits) {
        // Passports, permits of Hong Kong and Macao (H, M) and of Taiwan (T), with 8 to 10 digits.
        (1 | 2, true) => (6..=10).contains(&rest.len()),
        // A foreigner's card of the old form: three letters of a country and twelve digits.
        (3, true) => matches!(rest.len(), 12 | 6 | 7),
        // An ID card of Hong Kong ends with a sign in brackets: A123456(7), A1234567.
        (1, false) => rest.len() == 7 && rest.ends_with('A') && rest[..6].chars().all(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// A document's number as it stands, where its column says that it is one.
pub(super) fn document(cell: Cell<'_>) -> Option<String> {
    shared::rule::document::plain(&text(cell, 40)?).filter(|number| !matches!(number.as_str(), "有" | "是" | "否"))
}

/// The phones of a cell; none for an empty one.
pub(super) fn phones(cell: Cell<'_>) -> Option<PhonesInCell> {
    let text = cell.text();
    (!filler(&text)).then(|| PhoneNumber::in_cell(text.strip_suffix(".0").unwrap_or(&text)))
}

/// 男 or 女, as words or as the codes of registers.
pub(super) fn sex(cell: Cell<'_>) -> Option<Sex> {
    match cell.text().to_uppercase().as_str() {
        "男" | "男性" | "M" | "1" => Some(Sex::Male),
        "女" | "女性" | "F" | "2" => Some(Sex::Female),
        _ => None,
    }
}

/// Yes or no; none for an empty cell, an error for what is neither.
pub(super) fn yes_or_no(cell: Cell<'_>) -> Option<Result<bool, ()>> {
    if let Cell::Bool(yes) = cell {
        return Some(Ok(yes));
    }
    let text = cell.text();
    let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    if matches!(plain.as_str(), "无" | "没有" | "0") {
        return Some(Ok(false));
    }
    if filler(&plain) || plain == "不详" {
        return None;
    }
    const NO: &[&str] = &[
        "否",
        "不",
        "×",
        "X",
        "✗",
        "✘",
        "╳",
        "N",
        "NO",
        "FALSE",
        "非独居",
        "空巢",
        "自取",
        "堂食",
        "到店",
        "同住",
        "不独居",
        "无需",
        "暂不",
        "非",
        "自提",
        "打包",
        "到堂",
        "在堂",
        "外带",
        "与",
        "和",
        "跟",
        "集中供养",
        "机构",
        "养老院",
        "敬老院",
        "子女",
        "配偶",
        "夫妻",
        "夫妇",
        "双老",
        "家人",
        "家属",
        "隔代",
        "二代",
        "三代",
        "多代",
        "共同",
        "合住",
        "合居",
        "同居",
        "住院",
        "留守",
    ];
    const YES: &[&str] = &[
        "是", "有", "√", "✓", "✔", "☑", "V", "Y", "YES", "TRUE", "1", "需", "要", "对", "独居", "独自", "单独", "一人", "单身", "孤寡",
        "送", "上门", "配送", "外送", "○",
    ];
    let exact = |words: &[&str]| words.contains(&plain.as_str());
    let begins = |words: &[&str]| words.iter().any(|word| !word.is_ascii() && plain.starts_with(word));
    Some(if exact(NO) || begins(NO) || plain.contains("同住") {
        Ok(false)
    } else if exact(YES) || begins(YES) {
        Ok(true)
    } else {
        Err(())
    })
}

/// How far an elder cares for themselves, in the words of lists or the grades of GB/T 42195.
pub(super) fn ability(cell: Cell<'_>) -> Option<Result<Ability, ()>> {
    let text: String = cell.text().chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    if matches!(text.as_str(), "0" | "0级") {
        return Some(Ok(Ability::Independent));
    }
    if filler(&text) {
        return None;
    }
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    Some(if has(&["不能自理", "无法自理", "完全失能", "重度", "全失能", "全护理", "失智", "完全丧失", "卧床"]) {
        Ok(Ability::Dependent)
    } else if has(&["半", "部分", "轻度", "中度", "介助", "轻微"]) {
        Ok(Ability::Partial)
    } else if has(&["非失能", "未失能"])
        || text.starts_with(['好', '佳'])
        || has(&["自理", "完好", "正常", "健康", "良好", "可以", "较好"]) && !has(&["不", "欠"])
    {
        Ok(Ability::Independent)
    } else if has(&["失能", "介护"]) {
        Ok(Ability::Dependent)
    } else {
        match text.trim_end_matches('级') {
            "1" | "2" | "一" | "二" => Ok(Ability::Partial),
            "3" | "4" | "三" | "四" => Ok(Ability::Dependent),
            _ => Err(()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell<'_> {
        Cell::Text(text)
    }

    #[test]
    fn names() {
        for (text, expect) in [
            (" 王  梅 ", Some("王梅")),
            ("王　冬　梅", Some("王冬梅")),
            ("欧阳•买买提", Some("欧阳·买买提")),
            ("艾山⋅买买提", Some("艾山·买买提")),
            ("阿依古丽･艾合买提", Some("阿依古丽·艾合买提")),
            ("艾山.买买提", Some("艾山·买买提")),
            ("䶮大爷", Some("䶮大爷")),
            ("John Smith", Some("John Smith")),
            ("  ", None),
            ("无", None),
        ] {
            assert_eq!(name(cell(text)).as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn yes_and_no() {
        for (text, expect) in [
            ("是", Some(Ok(true))),
            ("√", Some(Ok(true))),
            ("需要", Some(Ok(true))),
            ("不需要", Some(Ok(false))),
            ("无", Some(Ok(false))),
            ("×", Some(Ok(false))),
            ("与子女同住", Some(Ok(false))),
            ("独居", Some(Ok(true))),
            ("上门送餐", Some(Ok(true))),
            ("自取", Some(Ok(false))),
            ("自提", Some(Ok(false))),
            ("打包", Some(Ok(false))),
            ("与子女居住", Some(Ok(false))),
            ("和老伴同住", Some(Ok(false))),
            ("集中供养", Some(Ok(false))),
            ("独自居住", Some(Ok(true))),
            ("/", None),
            ("", None),
            ("星期三", Some(Err(()))),
        ] {
            assert_eq!(yes_or_no(cell(text)), expect, "{text}");
        }
        assert_eq!(yes_or_no(Cell::Number(1.0)), Some(Ok(true)));
    }

    #[test]
    fn abilities() {
        for (text, expect) in [
            ("自理", Some(Ok(Ability::Independent))),
            ("完全自理", Some(Ok(Ability::Independent))),
            ("部分自理", Some(Ok(Ability::Partial))),
            ("半失能", Some(Ok(Ability::Partial))),
            ("失能", Some(Ok(Ability::Dependent))),
            ("不能自理", Some(Ok(Ability::Dependent))),
            ("2级", Some(Ok(Ability::Partial))),
            ("中度失能", Some(Ok(Ability::Partial))),
            ("紫色", Some(Err(()))),
            ("高血压", Some(Err(()))),
            ("慢性病", Some(Err(()))),
            ("一般", Some(Err(()))),
            ("不健康", Some(Err(()))),
            ("良好", Some(Ok(Ability::Independent))),
            ("无", None),
        ] {
            assert_eq!(ability(cell(text)), expect, "{text}");
        }
    }

    #[test]
    fn numbers_in_cells() {
        let phone = |cell: Cell<'_>| phones(cell).map(|found| found.numbers.iter().map(|one| one.as_str().to_owned()).collect::<Vec<_>>());
        assert_eq!(phone(Cell::Number(13_812_345_678.0)), Some(vec!["13812345678".into()]));
        assert_eq!(phone(Cell::Number(7_668_812_345.0)), Some(vec!["0766-8812345".into()]));
        assert_eq!(phone(cell("无")), None);
        assert_eq!(phone(cell("1381234567")), Some(vec![]));
        let number = |text: &str| IdNumber::parse(text).unwrap();
        for (text, expect) in [
            ("445381 19280114 1162", Identity::Number(number("445381192801141162"))),
            ("44538119280114116243", Identity::Both(number("445381192801141162"), "44538119280114116243".into())),
            ("44538119280114116243B1", Identity::Both(number("445381192801141162"), "44538119280114116243B1".into())),
            ("E12345678", Identity::Document("E12345678".into())),
            ("h 1234567801", Identity::Document("H1234567801".into())),
            ("CHN123456789012", Identity::Document("CHN123456789012".into())),
            ("A123456(7)", Identity::Document("A1234567".into())),
            ("4.45381E+17", Identity::Wrong(IdNumberError::Rounded)),
            ("445381192801141163", Identity::Wrong(IdNumberError::CheckDigit)),
            ("44538119280114116", Identity::Wrong(IdNumberError::Length)),
            ("身份证丢失", Identity::Wrong(IdNumberError::Length)),
        ] {
            assert_eq!(identity(cell(text)), Some(expect), "{text}");
        }
        assert_eq!(identity(Cell::Number(4.453_811_928_011_41e17)), Some(Identity::Wrong(IdNumberError::Rounded)));
        assert_eq!(identity(cell("/")), None);
    }
}
