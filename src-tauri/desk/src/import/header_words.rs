//! Which field of an elder a word above a column stands for: the words that offices write are declared with the fields; here is
//! how a word that is none of them is understood by its parts, and by what stands over it. Where the header is in a sheet is found in
//! `header.rs`.

use crate::letters::simplified;
use shared::kinds::RecordKind;
use shared::label;
use shared::rule::half_width::half_width;
use shared::schema::Label;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A column that is no field of an elder, but says in which town the village of the next one lies.
const TOWN: (&str, Label) = ("town", label!(import::TOWN));
/// Words above it, normalised, as those of the fields stand in their declarations.
const TOWN_WORDS: &str = "镇街 镇 街道 镇街道 乡镇 乡镇街道 所属镇街 所在镇街 所属街道 所属镇 镇名 街镇 街道镇 所在镇 所在街道 镇街名称 镇名称 镇街道名称 街道名称 乡镇名称 所在乡镇 所属乡镇";

/// Words for people who are called in an emergency.
const KIN: &[&str] = &[
    "紧急",
    "应急",
    "家属",
    "家人",
    "亲人",
    "亲属",
    "亲友",
    "监护",
    "子女",
    "儿女",
    "联系人",
    "儿子",
    "女儿",
    "儿媳",
    "女婿",
    "孙",
    "侄",
    "赡养",
    "扶养",
    "照料",
    "照护",
    "陪护",
    "看护",
];
/// Words for people who are neither the elder nor called for them.
const OTHERS: &[&str] = &[
    "户主",
    "家长",
    "配偶",
    "老伴",
    "爱人",
    "丈夫",
    "妻子",
    "邻居",
    "送餐员",
    "配送员",
    "志愿者",
    "义工",
    "经办",
    "负责人",
    "代办",
    "代领",
    "填表",
    "填报",
    "制表",
    "登记人",
    "调查",
    "审核",
    "书记",
    "主任",
    "干部",
    "网格",
    "联络员",
    "医生",
    "护理员",
    "户名",
    "走访",
    "探访",
    "结对",
    "帮扶",
    "包保",
    "村医",
    "社工",
    "担保",
    "骑手",
    "单位",
    "机构",
    "饭堂",
    "食堂",
    "供餐",
    "站点",
    "助餐点",
];
/// Words for columns that say nothing of a person which a file holds.
const NOTHING: &[&str] = &[
    "序号", "编号", "年龄", "岁", "制表", "填报", "审核", "银行", "开户", "补贴", "金额", "签名", "签字", "签收", "照片", "时间", "关系",
    "户号", "账号", "卡号", "餐标", "价格", "数量", "份数", "日期", "原因", "民族", "类型", "类别", "人数", "户数", "次数", "比例", "标准",
    "错误",
];
const CALL: &[&str] = &["电话", "手机", "联系方式", "号码", "联系号"];
const DOCUMENTS: &[&str] =
    &["残疾证", "残疾人证", "护照", "通行证", "回乡证", "台胞证", "居住证", "军官证", "士兵证", "居留", "其他证件", "其它证件", "残疾号"];

/// The fields a column may be taken for, name and label: those of an elder for which offices have words, and the town.
pub fn fields() -> Vec<(&'static str, Label)> {
    let declared = RecordKind::Elder.fields.iter().filter(|field| !field.heard_as.is_empty());
    let mut fields: Vec<_> = declared.map(|field| (field.name, field.label)).collect();
    fields.insert(fields.iter().position(|(name, _)| *name == "division").unwrap_or(0), TOWN);
    fields
}

/// Words and the fields they stand for exactly.
static EXACT: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let towns = TOWN_WORDS.split(' ').map(|word| (word, TOWN.0));
    let heard = RecordKind::Elder.fields.iter().filter(|field| !field.heard_as.is_empty());
    let declared = heard.flat_map(|field| field.heard_as.split(' ').chain([field.label.zh]).map(|word| (word, field.name)));
    towns.chain(declared).collect()
});

/// The field of exactly that word.
fn exact(word: &str) -> Option<&'static str> {
    EXACT.get(word).copied()
}

fn has(word: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| word.contains(part))
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
    if has(&whole, OTHERS) {
        return None;
    }
    exact(&short).map(|field| (field, 1)).or_else(|| by_part(&short).map(|field| (field, if whole.contains("户籍") { 3 } else { 2 })))
}

/// The field of a word that has another word, or several, over it: whose column it is, that one may say.
pub(super) fn recognise_below(over: &str, word: &str) -> Option<(&'static str, u8)> {
    let (over, own) = (normalised(over).0, normalised(word).0);
    let elder = has(&over, &["老人", "长者", "本人", "老年人", "对象"]);
    if !elder && over.chars().count() <= 12 && (has(&over, OTHERS) || has(&over, KIN)) && !own.is_empty() {
        if has(&over, OTHERS) {
            return None;
        }
        // One word for the kin is enough: 紧急联系人 over 姓名 and 电话.
        let kin = if has(&own, &["姓名", "名字"]) || own == "名" { "emergency_name" } else { by_part(&format!("家属{own}"))? };
        return kin.starts_with("emergency").then_some((kin, 1));
    }
    let joined = || exact(&format!("{over}{own}")).map(|field| (field, 1));
    recognise(word).or_else(|| joined().filter(|_| over.chars().count() <= 8))
}

/// Whether a word is exactly one that stands for a field.
pub(super) fn exactly(word: &str) -> bool {
    exact(&normalised(word).0).is_some()
}

/// Whether a word above a column speaks of people who are not the elder.
pub(super) fn is_of_others(word: &str) -> bool {
    let word = normalised(word).0;
    has(&word, OTHERS) || has(&word, KIN)
}

/// Whether a word stands for a column that says nothing which a file holds: a running number, an age, a signature.
pub(super) fn says_nothing(word: &str) -> bool {
    has(&normalised(word).0, NOTHING)
}

/// The field by parts of the word, the telling ones first.
fn by_part(word: &str) -> Option<&'static str> {
    let has = |parts: &[&str]| has(word, parts);
    let kin = has(KIN);
    if has(DOCUMENTS) && !kin {
        return Some("other_document");
    }
    let meal = has(&["就餐类", "用餐类", "助餐类"]);
    if has(NOTHING) && !(kin && has(CALL)) && !meal {
        return None;
    }
    let call = has(CALL);
    Some(match () {
        () if has(&["身份证", "身份号", "证件号"]) && !kin => "id_number",
        () if kin && call && !has(&["身份证", "证件"]) => "emergency_phone",
        () if kin && !has(&["身份证", "关系", "地址", "住址", "居住", "情况", "状况", "同住"]) => "emergency_name",
        () if kin && !has(&["居住", "同住"]) => return None,
        () if has(&["电话", "手机", "联系方式", "联系号"]) => "phone",
        () if has(&["出生"]) => "birth_date",
        () if has(&["住址", "地址", "住所", "居所", "居住地", "居地", "住处"]) => "address",
        () if has(&["姓名"]) => "name",
        () if has(&["独居", "居住状", "居住情", "居住方", "居住类"]) => "living_alone",
        () if has(&["送餐", "配送", "就餐方", "用餐方", "取餐", "助餐方", "就餐类", "用餐类", "就餐形"]) && !has(&["员", "单位", "人"]) => {
            "delivery_need"
        }
        () if has(&["自理", "失能", "能力", "护理等级", "护理级别", "评估结", "评估等"]) => "ability",
        () if has(&["禁忌", "忌口", "饮食", "过敏"]) => "diet",
        () if has(&["社区", "村居", "村委", "居委", "行政村", "居村", "村民委", "村组", "村别"])
            && !has(&["农村", "户口", "低保", "书记"]) =>
        {
            "division"
        }
        () if (word.starts_with("村") || word.ends_with('村')) && !has(&["农村", "户口"]) => "division",
        () if has(&["镇街", "街道", "乡镇"]) => "town",
        () if has(&["备注"]) => "note",
        () if has(&["长者", "老人", "老年人", "用餐", "就餐", "助餐", "服务"])
            && (word.ends_with('人') || has(&["人员", "对象", "名称"]))
            && word.chars().count() <= 7 =>
        {
            "name"
        }
        () => return None,
    })
}

/// The word without blanks, marks and brackets, simplified: once with what stands in brackets, once without.
pub(super) fn normalised(word: &str) -> (String, String) {
    let (mut whole, mut short, mut depth) = (String::new(), String::new(), 0_u32);
    for c in word.chars().map(|c| simplified(half_width(c))) {
        match c {
            '(' | '[' | '【' | '〔' | '<' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' => depth = depth.saturating_sub(1),
            c if c.is_whitespace()
                || c.is_control()
                || matches!(c, '*' | ':' | '、' | '/' | '\\' | '_' | '-' | '.' | '★' | '·' | '#' | '"' | '“' | '”' | '?') => {}
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
            // Probed one by one.
            ("居住村（社区）", "division"),
            ("村民委员会", "division"),
            ("村组", "division"),
            ("村别", "division"),
            ("所在村（社区）", "division"),
            ("居住社区（村）", "division"),
            ("镇（街道）名称", "town"),
            ("所在镇", "town"),
            ("现居住地", "address"),
            ("现居地", "address"),
            ("居所", "address"),
            ("就餐人员", "name"),
            ("用餐人", "name"),
            ("助餐对象", "name"),
            ("长者名称", "name"),
            ("家庭成员姓名", "name"),
            ("助餐方式", "delivery_need"),
            ("就餐类型", "delivery_need"),
            ("居住状态", "living_alone"),
            ("护理等级", "ability"),
            ("评估结果", "ability"),
            ("家人电话", "emergency_phone"),
            ("应急电话", "emergency_phone"),
            ("儿女联系方式", "emergency_phone"),
            ("户主姓名", "-"),
            ("户主身份证号", "-"),
            ("户主（联系电话）", "-"),
            ("与户主关系", "-"),
            ("监护人身份证号码", "-"),
            ("配偶姓名", "-"),
            ("送餐员姓名", "-"),
            ("社保卡号", "-"),
            ("餐标", "-"),
            ("残疾人证号", "other_document"),
            ("護照號碼", "other_document"),
            ("農村戶口", "-"),
            ("身份證號", "id_number"),
            ("與子女同住情況", "-"),
        ] {
            assert_eq!(recognise(word).map_or("-", |(field, _)| field), field, "{word}");
        }
    }

    #[test]
    fn what_stands_over_a_word_says_whose_it_is() {
        for (over, word, field) in [
            ("紧急联系人", "姓名", "emergency_name"),
            ("紧急联系人", "电话", "emergency_phone"),
            ("家属信息", "联系方式", "emergency_phone"),
            ("家属信息", "身份证号", "-"),
            ("紧急联系人", "与老人关系", "-"),
            ("户主信息", "姓名", "-"),
            ("户主", "身份证号", "-"),
            ("老人基本信息", "姓名", "name"),
            ("居住地址", "村（社区）", "division"),
            ("居住地址", "详细地址", "address"),
            ("身份证", "号码", "id_number"),
            ("联系", "电话", "phone"),
            ("罗城街道长者助餐名单", "姓名", "name"),
        ] {
            assert_eq!(recognise_below(over, word).map_or("-", |(field, _)| field), field, "{over} {word}");
        }
    }
}
