//! 已故, 死亡, 迁出, 注销: what a list says of people who no longer eat here, in whatever column. Nobody is filed as an ordinary elder
//! beside such a word, and nobody is taken for gone because somebody of the family is.

use super::header_words::{is_of_others, normalised};
use super::{Cell, Header, SheetRow};
use shared::kinds::ElderStatus;

const DEAD: &[&str] = &[
    "已故",
    "死亡",
    "去世",
    "病故",
    "身故",
    "亡故",
    "逝世",
    "过世",
    "离世",
    "已亡",
    "病亡",
    "已死",
    "殁",
    "辞世",
    "仙逝",
    "离开人世",
    "销户",
];
const MOVED: &[&str] = &["迁出", "注销", "迁走", "外迁", "已迁", "迁移", "搬走", "搬离", "搬迁", "搬出", "户口迁", "迁往", "迁至"];
/// Words for people beside whom such a word says nothing of the elder.
const FAMILY: &[&str] = &[
    "配偶", "老伴", "丈夫", "妻", "夫", "爱人", "父", "母", "儿", "子", "女", "孙", "兄", "弟", "姐", "妹", "家属", "家人", "亲人", "亲属",
    "监护", "邻居", "户主", "媳", "婿",
];
const NOT: &[&str] = &["未", "没", "无", "非", "不", "拟", "勿"];

/// What a list says of somebody who is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// What the file would say of them.
    pub status: ElderStatus,
    /// The words of the list.
    pub words: String,
    /// The column in which they stand.
    pub column: Option<u32>,
}

/// What a text says of the person whose row it stands in.
pub(super) fn in_text(text: &str) -> Option<(ElderStatus, String)> {
    // One of these stands in each of the words: most cells are done with at once.
    if !text.contains(['故', '亡', '世', '死', '殁', '逝', '人', '销', '迁', '搬']) {
        return None;
    }
    let clauses = text.split(|c: char| c.is_whitespace() || "，,；;。、（）()【】[]：:！!".contains(c));
    clauses.filter(|clause| clause.chars().count() <= 24).find_map(|clause| {
        let said = |words: &[&str]| words.iter().filter_map(|word| clause.find(word)).min();
        let (at, status) = match (said(DEAD), said(MOVED)) {
            (Some(at), _) => (at, ElderStatus::Deceased),
            (None, Some(at)) => (at, ElderStatus::Moved),
            (None, None) => return None,
        };
        let before = &clause[..at];
        let other = FAMILY.iter().any(|word| before.contains(word)) || NOT.iter().any(|word| before.ends_with(word));
        (!other).then(|| (status, clause.to_owned()))
    })
}

/// What a column named after such a word says by its value.
fn in_column(header: &str, text: &str) -> Option<ElderStatus> {
    let header = normalised(header).0;
    let has = |words: &[&str]| words.iter().any(|word| header.contains(word));
    let text = normalised(text).0;
    let no = ["否", "无", "未", "没", "不", "n", "0", "x", "×", "正常", "健在", "在世"].iter().any(|word| text.starts_with(word));
    if text.is_empty() {
        return None;
    }
    if has(&["在世", "健在", "存活", "生存"]) {
        let not = ["否", "不", "n", "x", "×", "已", "0"].iter().any(|word| text.starts_with(word));
        return not.then_some(ElderStatus::Deceased);
    }
    let status = if has(DEAD) { ElderStatus::Deceased } else { ElderStatus::Moved };
    (has(DEAD) || has(MOVED)).then_some(status).filter(|_| !no && text != "-")
}

/// What a row says of its person, in whatever column.
pub(super) fn in_row(row: &SheetRow<'_>, header: &Header) -> Option<Gone> {
    header.columns.iter().find_map(|column| {
        let cell = row.cell(column.column);
        let known = column.field.as_deref().unwrap_or_default();
        if cell.is_blank() || known.starts_with("emergency") || matches!(known, "id_number" | "birth_date") || is_of_others(&column.header)
        {
            return None;
        }
        let text = if let Cell::Text(text) = cell { in_text(text) } else { None };
        let told = text.or_else(|| {
            let status = in_column(&column.header, &cell.text()).filter(|_| known.is_empty())?;
            Some((status, format!("{} {}", column.header, cell.text())))
        });
        told.map(|(status, words)| Gone { status, words, column: Some(column.column) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_of_the_elder_counts() {
        const DEAD: Option<ElderStatus> = Some(ElderStatus::Deceased);
        const MOVED: Option<ElderStatus> = Some(ElderStatus::Moved);
        for (text, expect) in [
            ("已故", DEAD),
            ("2026年3月去世", DEAD),
            ("王冬梅（已故）", DEAD),
            ("10月已死亡，停餐", DEAD),
            ("户口注销", MOVED),
            ("已迁出罗定", MOVED),
            ("老伴已故", None),
            ("独居，丈夫去世", None),
            ("儿子迁出", None),
            ("未迁出", None),
            ("少盐", None),
            ("", None),
        ] {
            assert_eq!(in_text(text).map(|(status, _)| status), expect, "{text}");
        }
        for (header, text, expect) in [
            ("是否死亡", "是", DEAD),
            ("是否死亡", "否", None),
            ("死亡日期", "2026-03-01", DEAD),
            ("死亡日期", "/", None),
            ("是否健在", "否", DEAD),
            ("是否健在", "是", None),
            ("迁出时间", "2026.1", MOVED),
            ("颜色", "红", None),
        ] {
            assert_eq!(in_column(header, text), expect, "{header} {text}");
        }
    }
}
