//! Which field of an elder a word above a column stands for: the words that offices write are declared with the fields; here is
//! how a word that is none of them is understood by its parts. Where the header is in a sheet is found in `header.rs`.

use shared::kinds::RecordKind;
use shared::label;
use shared::rule::half_width::half_width;
use shared::schema::Label;

/// A column that is no field of an elder, but says in which town the village of the next one lies.
const TOWN: (&str, Label) = ("town", label!(import::TOWN));
/// Words above it, normalised, as those of the fields stand in their declarations.
const TOWN_WORDS: &str = "镇街 镇 街道 镇街道 乡镇 乡镇街道 所属镇街 所在镇街 所属街道 所属镇 镇名 街镇 镇(街) 街道镇";

/// The fields a column may be taken for, name and label: those of an elder for which offices have words, and the town.
pub fn fields() -> Vec<(&'static str, Label)> {
    let declared = RecordKind::Elder.fields.iter().filter(|field| !field.heard_as.is_empty());
    let mut fields: Vec<_> = declared.map(|field| (field.name, field.label)).collect();
    fields.insert(fields.iter().position(|(name, _)| *name == "division").unwrap_or(0), TOWN);
    fields
}

/// The field of exactly that word.
fn exact(word: &str) -> Option<&'static str> {
    let declared = RecordKind::Elder.fields.iter().find(|field| field.hears(word)).map(|field| field.name);
    declared.or_else(|| TOWN_WORDS.split(' ').any(|town| town == word).then_some(TOWN.0))
}

/// The field a word stands for, and how well: the lower, the better.
pub(super) fn recognise(word: &str) -> Option<(&'static str, u8)> {
    if word.chars().count() > 40 {
        return None;
    }
    let (whole, short) = normalised(word);
    if let Some(field) = exact(&whole) {
        return Some((field, 0));
    }
    if let Some(field) = by_part(&whole).filter(|field| field.starts_with("emergency")) {
        return Some((field, 1));
    }
    exact(&short).map(|field| (field, 1)).or_else(|| by_part(&short).map(|field| (field, if whole.contains("户籍") { 3 } else { 2 })))
}

/// The field by parts of the word, the telling ones first.
fn by_part(word: &str) -> Option<&'static str> {
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if has(&["序号", "编号", "年龄", "岁", "制表", "填报", "审核", "银行", "开户", "户名", "补贴", "金额", "签名", "签字", "照片", "时间"])
    {
        return None;
    }
    let call = has(&["电话", "手机", "联系方式", "号码"]);
    let kin = has(&["紧急", "家属", "监护", "子女", "亲属", "联系人", "儿子", "女儿"]);
    Some(match () {
        () if has(&["身份证", "身份号", "证件号"]) && !kin => "id_number",
        () if kin && call => "emergency_phone",
        () if kin && !has(&["身份证", "关系", "地址", "住址"]) => "emergency_name",
        () if kin => return None,
        () if has(&["电话", "手机", "联系方式"]) => "phone",
        () if has(&["出生"]) => "birth_date",
        () if has(&["住址", "地址"]) => "address",
        () if has(&["姓名"]) => "name",
        () if has(&["独居"]) => "living_alone",
        () if has(&["送餐", "配送"]) && !has(&["员", "单位", "人", "日期", "次数"]) => "delivery_need",
        () if has(&["自理", "失能", "能力"]) => "ability",
        () if has(&["禁忌", "忌口", "饮食", "过敏"]) => "diet",
        () if has(&["社区", "村居", "村委", "居委", "村(", "行政村"]) => "division",
        () if has(&["镇街", "街道", "乡镇"]) => "town",
        () if has(&["备注"]) => "note",
        () => return None,
    })
}

/// The word without blanks, marks and brackets: once with what stands in brackets, once without.
fn normalised(word: &str) -> (String, String) {
    let (mut whole, mut short, mut depth) = (String::new(), String::new(), 0_u32);
    for c in word.chars().map(half_width) {
        match c {
            '(' | '[' | '【' | '〔' | '<' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' => depth = depth.saturating_sub(1),
            c if c.is_whitespace()
                || c.is_control()
                || matches!(c, '*' | ':' | '、' | '/' | '\\' | '_' | '-' | '.' | '★' | '·' | '\u{feff}') => {}
            c => {
                whole.push(c.to_ascii_lowercase());
                if depth == 0 {
                    short.push(c.to_ascii_lowercase());
                }
            }
        }
    }
    if short.is_empty() {
        short.clone_from(&whole);
    }
    (whole, short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_offices() {
        for (word, field) in [
            ("姓  名", "name"),
            ("*长者姓名", "name"),
            ("身份证号码（18位）", "id_number"),
            ("公民身份\n号码", "id_number"),
            ("送餐（是/否）", "delivery_need"),
            ("是否需要上门送餐", "delivery_need"),
            ("联系电话（家属）", "emergency_phone"),
            ("紧急联系人及电话", "emergency_phone"),
            ("家属姓名", "emergency_name"),
            ("联系电话(手机)", "phone"),
            ("村（社区）", "division"),
            ("所属村（居）委会", "division"),
            ("镇（街道）", "town"),
            ("现居住详细地址", "address"),
            ("出生年月", "birth_date"),
            ("是否独居老人", "living_alone"),
            ("失能等级", "ability"),
            ("忌口/过敏", "diet"),
            ("备　注", "note"),
            ("序号", "-"),
            ("年龄", "-"),
            ("银行账号", "-"),
            ("送餐时间", "-"),
        ] {
            assert_eq!(recognise(word).map_or("-", |(field, _)| field), field, "{word}");
        }
    }
}
