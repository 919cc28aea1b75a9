//! The words in cells: names, yes and no, sex, ability, phones, plain text. What is only a filler
//! (无, /, 不详) counts as nothing.

use super::Cell;
use shared::kinds::{Ability, Sex};
use shared::rule::half_width::half_width;
use shared::rule::id_number::{IdNumber, IdNumberError};
use shared::rule::name::is_seen;
use shared::rule::phone::{PhoneError, PhoneNumber};

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
    )
}

/// The text of a cell, trimmed, or nothing where it is a filler.
pub(super) fn text(cell: Cell<'_>, longest: usize) -> Option<String> {
    let text = cell.text();
    (!filler(&text)).then(|| text.chars().filter(|c| !c.is_control() || *c == '\n').take(longest).collect())
}

/// A name without the blanks that line up short ones; the dot of long names in one form.
pub(super) fn name(cell: Cell<'_>) -> Option<String> {
    let text = cell.text();
    let latin = text.is_ascii();
    let dotted = text.chars().map(|c| if matches!(c, '•' | '．' | '‧' | '∙' | '・' | '●') { '·' } else { half_width(c) });
    let name: String = dotted.filter(|c| is_seen(*c) && (latin || !c.is_whitespace())).take(50).collect();
    (!filler(&name)).then_some(name)
}

/// The ID number; none for an empty cell. A number cell of more than fifteen digits has lost some.
pub(super) fn id_number(cell: Cell<'_>) -> Option<Result<IdNumber, IdNumberError>> {
    let text = cell.text();
    match cell {
        Cell::Number(number) if number >= 1e15 => Some(Err(IdNumberError::Rounded)),
        _ if filler(&text) => None,
        _ => Some(IdNumber::parse(text.strip_suffix(".0").unwrap_or(&text))),
    }
}

/// One or two phones; none for an empty cell. Words beside the number (儿子, 家) are forgiven.
pub(super) fn phones(cell: Cell<'_>) -> Option<Result<(PhoneNumber, Option<PhoneNumber>), PhoneError>> {
    let text = cell.text();
    if filler(&text) {
        return None;
    }
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let plain: String =
        text.chars().map(half_width).map(|c| if c.is_ascii_digit() || " -+()/,;.—–".contains(c) { c } else { '/' }).collect();
    Some(PhoneNumber::parse(text).map(|one| (one, None)).or_else(|_| PhoneNumber::parse_cell(&plain)))
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
    ];
    const YES: &[&str] =
        &["是", "有", "√", "✓", "✔", "☑", "V", "Y", "YES", "TRUE", "1", "需", "要", "对", "独居", "送", "上门", "配送", "○"];
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
    } else if has(&["自理", "完好", "正常", "健康", "良好", "非失能", "未失能", "可以"]) {
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
            ("无", None),
        ] {
            assert_eq!(ability(cell(text)), expect, "{text}");
        }
    }

    #[test]
    fn numbers_in_cells() {
        let phone = |cell: Cell<'_>| {
            phones(cell).map(|read| read.map(|(one, two)| (one.as_str().to_owned(), two.map(|two| two.as_str().to_owned()))))
        };
        for (text, first, second) in [
            ("13812345678（儿子）", "13812345678", None),
            ("王先生：13812345678", "13812345678", None),
            ("13812345678/0766-8812345", "13812345678", Some("0766-8812345")),
            ("+86 138-1234-5678", "13812345678", None),
        ] {
            assert_eq!(phone(cell(text)), Some(Ok((first.to_owned(), second.map(str::to_owned)))), "{text}");
        }
        assert_eq!(phone(Cell::Number(13_812_345_678.0)), Some(Ok(("13812345678".into(), None))));
        assert_eq!(phone(cell("无")), None);
        assert_eq!(phone(cell("1381234567")), Some(Err(PhoneError)));
        assert_eq!(id_number(Cell::Number(4.453_811_928_011_41e17)), Some(Err(IdNumberError::Rounded)));
        assert_eq!(id_number(cell("4.45381E+17")), Some(Err(IdNumberError::Rounded)));
        assert_eq!(id_number(cell("445381 19280114 1162")).unwrap().unwrap().as_str(), "445381192801141162");
        assert_eq!(id_number(cell("/")), None);
    }
}
