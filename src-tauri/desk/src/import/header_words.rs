//! The words that offices write above columns, and the field of an elder each stands for. Where the
//! header is in a sheet is found in `header.rs`.

/// Words above columns, normalised, and the field they stand for.
const WORDS: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "姓名",
            "长者姓名",
            "老人姓名",
            "老年人姓名",
            "本人姓名",
            "服务对象",
            "服务对象姓名",
            "对象姓名",
            "名字",
            "长者",
            "老人",
            "人员姓名",
            "就餐人",
        ],
    ),
    (
        "id_number",
        &[
            "身份证",
            "身份证号",
            "身份证号码",
            "公民身份号码",
            "公民身份证号",
            "公民身份证号码",
            "证件号",
            "证件号码",
            "身份号码",
            "居民身份证",
            "二代身份证号",
        ],
    ),
    ("sex", &["性别"]),
    ("birth_date", &["出生日期", "出生年月", "出生年月日", "生日", "出生时间", "出生"]),
    (
        "phone",
        &[
            "电话",
            "联系电话",
            "手机",
            "手机号",
            "手机号码",
            "电话号码",
            "联系方式",
            "本人电话",
            "长者电话",
            "老人电话",
            "联系手机",
            "移动电话",
            "联系号码",
        ],
    ),
    ("second_phone", &["第二电话", "备用电话", "其他电话", "固定电话", "座机", "电话2", "联系电话2", "家庭电话", "固话"]),
    (
        "emergency_name",
        &[
            "紧急联系人",
            "紧急联系人姓名",
            "家属姓名",
            "家属",
            "监护人",
            "监护人姓名",
            "联系人",
            "联系人姓名",
            "子女姓名",
            "亲属姓名",
            "家庭联系人",
        ],
    ),
    (
        "emergency_phone",
        &[
            "紧急联系人电话",
            "紧急联系电话",
            "紧急电话",
            "家属电话",
            "家属联系电话",
            "监护人电话",
            "联系人电话",
            "子女电话",
            "亲属电话",
            "紧急联系方式",
        ],
    ),
    (
        "town",
        &[
            "镇街",
            "镇",
            "街道",
            "镇街道",
            "乡镇",
            "乡镇街道",
            "所属镇街",
            "所在镇街",
            "所属街道",
            "所属镇",
            "镇名",
            "街镇",
            "镇(街)",
            "街道镇",
        ],
    ),
    (
        "division",
        &[
            "村居",
            "村",
            "社区",
            "村社区",
            "所属村居",
            "所属村",
            "所属社区",
            "所属村社区",
            "所在村居",
            "所在社区",
            "村委",
            "村居委会",
            "村委会",
            "居委会",
            "行政村",
            "村名",
            "社区村",
        ],
    ),
    (
        "address",
        &[
            "住址",
            "地址",
            "家庭住址",
            "家庭地址",
            "详细地址",
            "居住地址",
            "现住址",
            "现居住地址",
            "常住地址",
            "常住地",
            "送餐地址",
            "居住地",
        ],
    ),
    (
        "ability",
        &[
            "自理能力",
            "能力等级",
            "能力评估",
            "生活自理能力",
            "身体状况",
            "失能情况",
            "失能等级",
            "评估等级",
            "自理情况",
            "能力评估等级",
            "失能程度",
            "健康状况",
        ],
    ),
    ("living_alone", &["独居", "是否独居", "独居情况", "居住情况", "居住状况", "独居老人", "居住方式"]),
    (
        "delivery_need",
        &[
            "送餐",
            "送餐需求",
            "是否送餐",
            "需送餐",
            "需要送餐",
            "是否需要送餐",
            "是否需送餐",
            "配送需求",
            "就餐方式",
            "用餐方式",
            "取餐方式",
        ],
    ),
    ("diet", &["饮食禁忌", "忌口", "饮食要求", "饮食习惯", "禁忌", "饮食", "过敏", "忌食"]),
    ("note", &["备注", "说明", "备注说明", "其他", "其它"]),
];

/// The field a word stands for, and how well: the lower, the better.
pub(super) fn recognise(word: &str) -> Option<(&'static str, u8)> {
    if word.chars().count() > 40 {
        return None;
    }
    let (whole, short) = normalised(word);
    let exact = |text: &str| WORDS.iter().find(|(_, words)| words.contains(&text)).map(|(field, _)| *field);
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

/// The narrow form of a wide letter, digit or mark.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
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
