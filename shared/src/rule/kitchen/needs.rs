//! What a box needs beside its dish: texture, size, allergies, and what else is to be minded. Only what somebody said: nothing is inferred.

use crate::schema::words;

words! {
    /// 软硬: how a dish is prepared for those who chew or swallow badly.
    Texture { Usual = "usual" "普通" "Usual", Soft = "soft" "软食" "Soft", Minced = "minced" "碎食" "Minced", Pureed = "pureed" "糊状" "Pureed" }
}
words! {
    /// 份量
    Size { Usual = "usual" "常量" "Usual", Small = "small" "小份" "Small", Large = "large" "大份" "Large" }
}

/// What a box needs beside its dish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// How it is prepared.
    pub texture: Texture,
    /// How much of it.
    pub size: Size,
    /// What she must not get, in her words: 花生过敏.
    pub allergies: Vec<String>,
    /// What she does not want, and what else the kitchen minds, each once: 少盐.
    pub minded: Vec<String>,
}

impl Needs {
    /// Whether it is packed apart from the others.
    #[must_use]
    pub fn special(&self) -> bool {
        self.texture != Texture::Usual || self.size != Size::Usual || !self.allergies.is_empty() || !self.minded.is_empty()
    }

    /// What stands on the box: allergies first.
    pub fn restrictions(&self) -> impl Iterator<Item = &str> {
        self.allergies.iter().chain(&self.minded).map(String::as_str)
    }
}

const ALLERGY: &str = "过敏";
/// Begins what somebody does without, or with less of.
const WITHOUT: [char; 11] = ['不', '忌', '勿', '别', '少', '免', '戒', '无', '低', '禁', '没'];
const TEXTURES: [(Texture, &[&str]); 3] = [
    (Texture::Pureed, &["糊状", "打糊", "打成糊", "匀浆", "流食", "流质", "糊"]),
    (Texture::Minced, &["碎食", "碎", "剁", "切细", "切小"]),
    (Texture::Soft, &["软", "烂", "半流"]),
];
const SIZES: [(Size, &[&str]); 2] = [
    (Size::Small, &["小份", "半份", "少饭", "饭少", "量少", "少量", "少一点饭", "少点饭"]),
    (Size::Large, &["大份", "加饭", "饭多", "量大", "多饭", "多一点饭", "多点饭"]),
];
/// Words by which an instruction is the kitchen's; what has none of them is for who brings it.
const OF_KITCHEN: &str =
    "盐 糖 油 辣 吃 忌 葱 姜 蒜 香菜 肉 鱼 虾 蟹 蛋 奶 豆 素 清真 荤 菜 饭 粥 汤 甜 酸 酱 刺 骨 淡 痛风 嘌呤 海鲜 花生";

/// Reads what a box needs from 饮食禁忌 of the elder's file and the instructions of the order, which come after: what they say of texture and size is
/// of today.
#[must_use]
pub fn needs(diet: &str, note: &str) -> Needs {
    let mut needs = Needs { texture: Texture::Usual, size: Size::Usual, allergies: Vec::new(), minded: Vec::new() };
    for (text, all) in [(diet, true), (note, false)] {
        for sentence in text.split([';', '；', '。', '\n']) {
            hear(&mut needs, sentence, all);
        }
    }
    needs
}

/// One sentence. 花生、虾过敏 and 过敏：花生、虾 name two things each.
fn hear(needs: &mut Needs, sentence: &str, all: bool) {
    let parts: Vec<&str> = sentence.split(['、', '，', ',', '/', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let named = parts.iter().position(|part| part.contains(ALLERGY) && !denied(part));
    let begins = named.is_some_and(|at| parts[at].starts_with(ALLERGY));
    for (at, part) in parts.into_iter().enumerate() {
        let beside = match named {
            Some(named) => at == named || if begins { at > named } else { at < named },
            None => false,
        };
        let size = find(&SIZES, part);
        let texture = if without(part) { None } else { find(&TEXTURES, part) };
        if let Some(size) = size {
            needs.size = size;
        } else if let Some(texture) = texture {
            needs.texture = texture;
        } else if denied(part) {
        } else if beside && !without(part) {
            once(&mut needs.allergies, if part.contains(ALLERGY) { part.to_owned() } else { format!("{part}{ALLERGY}") });
        } else if all || OF_KITCHEN.split(' ').any(|word| part.contains(word)) {
            once(&mut needs.minded, part.to_owned());
        }
    }
}

fn without(part: &str) -> bool {
    part.starts_with(WITHOUT)
}

/// 无过敏, 没有忌口, 无: nothing is to be minded.
fn denied(part: &str) -> bool {
    let rest = part.trim_start_matches(['无', '没', '有', '不']);
    rest != part && ["", ALLERGY, "过敏史", "忌口", "禁忌", "特殊要求", "特殊", "要求", "忌", "食物过敏", "饮食禁忌"].contains(&rest)
}

fn find<T: Copy>(table: &[(T, &[&str])], part: &str) -> Option<T> {
    table.iter().find(|(_, words)| words.iter().any(|word| part.contains(word))).map(|(found, _)| *found)
}

fn once(known: &mut Vec<String>, part: String) {
    if !known.contains(&part) {
        known.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(texture: Texture, size: Size, allergies: &[&str], minded: &[&str]) -> Needs {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Needs { texture, size, allergies: owned(allergies), minded: owned(minded) }
    }

    #[test]
    fn what_was_said_is_heard_and_nothing_else() {
        let (usual, soft) = ((Texture::Usual, Size::Usual), (Texture::Soft, Size::Usual));
        let of = |(texture, size): (Texture, Size), allergies: &[&str], minded: &[&str]| said(texture, size, allergies, minded);
        for (diet, note, wanted) in [
            ("", "", of(usual, &[], &[])),
            ("无", "", of(usual, &[], &[])),
            ("没有忌口；无过敏", "", of(usual, &[], &[])),
            ("少盐、少油", "少盐", of(usual, &[], &["少盐", "少油"])),
            ("软食，糖尿病", "", of(soft, &[], &["糖尿病"])),
            ("牙不好，要烂一点", "", of(soft, &[], &["牙不好"])),
            ("软食", "今天打成糊", of((Texture::Pureed, Size::Usual), &[], &[])),
            ("", "小份，切碎", of((Texture::Minced, Size::Small), &[], &[])),
            ("", "少饭", of((Texture::Usual, Size::Small), &[], &[])),
            ("不要太软", "", of(usual, &[], &["不要太软"])),
            ("花生过敏", "", of(usual, &["花生过敏"], &[])),
            ("少盐、花生、虾过敏", "", of(usual, &["花生过敏", "虾过敏"], &["少盐"])),
            ("过敏：花生、虾；不吃辣", "", of(usual, &["过敏：花生", "虾过敏"], &["不吃辣"])),
            // Who brings it minds these.
            ("", "十二点前送到，放门口、敲门大声点", of(usual, &[], &[])),
            ("", "放门口，不要葱，多加一份汤", of(usual, &[], &["不要葱", "多加一份汤"])),
        ] {
            assert_eq!(needs(diet, note), wanted, "{diet} | {note}");
        }
    }

    #[test]
    fn a_box_with_nothing_to_mind_is_packed_with_the_others() {
        assert!(!needs("", "放门口").special());
        for special in ["软食", "小份", "花生过敏", "少盐"] {
            assert!(needs(special, "").special(), "{special}");
        }
        assert_eq!(needs("少盐、虾过敏", "").restrictions().collect::<Vec<_>>(), ["虾过敏", "少盐"]);
    }
}
