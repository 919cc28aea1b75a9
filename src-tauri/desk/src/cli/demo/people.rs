//! The elders of the demo as an office would send them: a list in CSV. All of them are invented, and their ID numbers
//! can be nobody's: they begin with a number that no region has.

use jiff::civil::DateTime;
use rand::rngs::StdRng;
use rand::{RngExt, seq::IndexedRandom};
use shared::division;
use shared::rule::id_number::IdNumber;
use std::fmt::Write as _;

/// How many.
pub(super) const MANY: u32 = 300;

const HEADER: &str = "姓名,身份证号,联系电话,紧急联系人,紧急联系电话,村居,住址,自理能力,独居,送餐需求,饮食禁忌,备注\n";
/// A number that no region of the country has.
const REGION: &str = "445399";
const FAMILY: [&str; 20] =
    ["陈", "梁", "李", "黄", "谭", "区", "欧", "莫", "叶", "范", "沈", "邱", "彭", "张", "刘", "罗", "何", "吴", "曾", "单"];
const GIVEN: [&str; 30] = [
    "桂英", "木生", "亚娣", "金水", "秀莲", "观发", "细妹", "火炎", "月好", "伙旺", "玉珍", "锦全", "带好", "水养", "翠莲", "北海", "群娣",
    "灿荣", "少芳", "树基", "凤仙", "石养", "丽珍", "炳坤", "瑞琼", "耀南", "惠贞", "天保", "美容", "国栋",
];
const DIETS: [&str; 10] = ["少盐", "低糖", "忌辛辣", "软食", "不吃海鲜", "少油", "软食、少盐", "碎食", "花生过敏", "少盐、虾过敏"];
const NOTES: [&str; 4] = ["耳背，请大声敲门", "门前有狗", "二楼，请扶手上下", "钥匙在邻居处"];

/// The list, for the town of `division`.
pub(super) fn list(division: &str, now: DateTime, rng: &mut StdRng) -> String {
    let villages: Vec<&str> = division::children(division::town_of(division)).map(|entry| entry.name).collect();
    let mut list = HEADER.to_owned();
    for n in 0..MANY {
        let name = one(&FAMILY, rng).to_owned() + one(&GIVEN, rng);
        let village = villages.choose(rng).copied().unwrap_or_default();
        let kin = format!("{}{}", one(&FAMILY, rng), if rng.random_ratio(1, 2) { "先生" } else { "女士" });
        let ability = if rng.random_ratio(3, 4) { "自理" } else { one(&["半失能", "失能"], rng) };
        let alone = yes(rng.random_ratio(1, 4));
        let brought = yes(rng.random_ratio(3, 5));
        let diet = if rng.random_ratio(1, 4) { one(&DIETS, rng) } else { "" };
        let note = if rng.random_ratio(1, 12) { one(&NOTES, rng) } else { "" };
        let (road, house) = (one(&["大街", "新村", "巷"], rng), rng.random_range(1..200));
        // Writing into a text does not fail.
        let _ = writeln!(
            list,
            "{name},{},1390000{:04},{kin},1380000{:04},{village},{road}{house}号,{ability},{alone},{brought},{diet},{note}",
            id_number(n, now, rng),
            1_000 + n * 7,
            2_000 + n * 11,
        );
    }
    list
}

/// A number of somebody over sixty that offices would take: drawn until it is no round one and its check digit holds.
fn id_number(n: u32, now: DateTime, rng: &mut StdRng) -> String {
    loop {
        let year = now.year() - rng.random_range(62..94);
        let body = format!("{REGION}{year}{:02}{:02}{n:03}", rng.random_range(1..13), rng.random_range(1..29));
        let mut whole = "0123456789X".chars().map(|check| format!("{body}{check}"));
        if let Some(number) = whole.find(|number| IdNumber::parse(number).is_ok()) {
            return number;
        }
    }
}

fn yes(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

fn one<'a>(of: &[&'a str], rng: &mut StdRng) -> &'a str {
    of.choose(rng).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rand::SeedableRng;
    use std::collections::HashSet;

    #[test]
    fn one_seed_tells_one_list_of_three_hundred_different_people() {
        let now = date(2026, 11, 22).at(9, 0, 0, 0);
        let list = |seed| super::list("445381001", now, &mut StdRng::seed_from_u64(seed));
        assert_eq!(list(1), list(1));
        assert_ne!(list(1), list(2));
        let text = list(1);
        let numbers: HashSet<&str> = text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
        assert_eq!(numbers.len(), MANY as usize);
        for number in numbers {
            assert!(number.starts_with(REGION) && IdNumber::parse(number).is_ok(), "{number}");
        }
        assert!(division::all().iter().all(|entry| !entry.code.starts_with(REGION)), "nobody lives there");
    }
}
