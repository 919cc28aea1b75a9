//! 忌口冲突: a dish of the day against what somebody must not or does not want to eat. Only what was stated counts: an allergy stops, a dislike is a hint.

use super::Needs;
use serde::{Deserialize, Serialize};

/// A dish of the meal, and what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// 菜名
    pub name: String,
    /// 配料 and 过敏原, as the canteen wrote them.
    pub holds: String,
    /// It is a whole meal by itself.
    pub set: bool,
}

/// What of the menu of a meal is in a box for which a dish was ordered: the set of that name where it says what it holds, else all dishes that are none.
#[must_use]
pub fn in_the_box<'a>(dish: &str, menu: &'a [Served]) -> Vec<&'a Served> {
    let named: Vec<&Served> = menu.iter().filter(|served| served.name == dish).collect();
    if named.iter().any(|served| !served.holds.is_empty()) {
        return named;
    }
    menu.iter().filter(|served| !served.set || served.name == dish).collect()
}

/// A dish that somebody should not get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Clash {
    /// It must not be given; else it is not wanted.
    pub stops: bool,
    /// 菜名
    pub dish: String,
    /// What was stated: 花生过敏.
    pub stated: String,
    /// The word by which the dish was found.
    pub found: String,
}

/// What is said before and behind a food.
const AROUND: [&str; 20] = [
    "过敏",
    "严重",
    "绝对",
    "不能吃",
    "不可以吃",
    "不可吃",
    "不要吃",
    "不喜欢吃",
    "不爱吃",
    "不吃",
    "不要放",
    "不要",
    "别放",
    "不放",
    "忌口",
    "忌食",
    "忌",
    "对",
    "：",
    ":",
];
/// Of these somebody wants less, not none.
const LESS: [&str; 4] = ["少", "低", "淡", "清淡"];
/// A word for many foods, and by which these are known in the names of dishes and their ingredients.
const FOODS: [(&[&str], &str); 13] = [
    (&["海鲜", "水产", "河鲜"], "虾 蟹 鱼 贝 蚝 鱿 墨鱼 螺 蛤 海鲜"),
    (&["虾"], "虾"),
    (&["坚果"], "花生 核桃 腰果 杏仁 坚果 瓜子 芝麻"),
    (&["猪肉", "猪", "清真"], "猪 排骨 叉烧 腊肉 腊肠 五花 肉饼 瘦肉 肉丸 红烧肉 扣肉 香肠"),
    (&["牛羊肉"], "牛 羊"),
    (&["鸡蛋", "蛋", "蛋类"], "蛋"),
    (&["牛奶", "奶", "乳", "乳制品", "奶制品"], "奶 芝士 乳"),
    (&["豆制品", "黄豆", "豆类", "大豆"], "豆腐 豆干 腐竹 豆浆 黄豆 千张 豆皮 豆"),
    (&["麸质", "小麦", "面食", "面粉"], "面 馒头 包子 饺 麦"),
    (&["辣", "辣椒", "辛辣"], "辣 剁椒 麻婆 尖椒 泡椒"),
    (&["内脏", "动物内脏"], "猪肝 鸡肝 猪肚 猪腰 大肠 牛杂 鸡杂 内脏 猪红"),
    (&["荤", "荤菜", "荤腥", "肉", "素食", "吃素", "全素"], "肉 鱼 鸡 鸭 鹅 猪 牛 羊 虾 蟹 排骨 叉烧 腊 肠 蛋饺"),
    (&["酒"], "酒 醉"),
];

/// The foods that a stated restriction names.
fn foods(stated: &str) -> Vec<&str> {
    let mut rest = stated.trim();
    // What stands around it may stand in any order: 对花生严重过敏.
    while let Some(shorter) = AROUND.iter().find_map(|word| rest.strip_prefix(word).or_else(|| rest.strip_suffix(word))) {
        rest = shorter.trim();
    }
    if rest.is_empty() || LESS.iter().any(|less| rest.starts_with(less)) {
        return Vec::new();
    }
    let group = FOODS.iter().find(|(names, _)| names.contains(&rest));
    group.map_or_else(|| vec![rest], |(_, known)| known.split(' ').collect())
}

/// The dishes of a meal that somebody should not get: those that stop first.
#[must_use]
pub fn clashes(needs: &Needs, served: &[&Served]) -> Vec<Clash> {
    let mut found = Vec::new();
    for (stops, stated) in [(true, &needs.allergies), (false, &needs.minded)] {
        for stated in stated {
            let foods = foods(stated);
            for dish in served {
                let named = foods.iter().find(|food| dish.name.contains(**food) || dish.holds.contains(**food));
                found.extend(named.map(|food| Clash { stops, dish: dish.name.clone(), stated: stated.clone(), found: (*food).to_owned() }));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::needs;
    use super::*;

    fn dish(name: &str, holds: &str) -> Served {
        Served { name: name.into(), holds: holds.into(), set: name.starts_with("套餐") }
    }

    #[test]
    fn a_dish_is_found_by_its_name_by_what_it_holds_and_by_its_group() {
        let menu = [
            dish("宫保鸡丁", "鸡肉、花生、干辣椒"),
            dish("蒸水蛋", ""),
            dish("白灼虾", "基围虾"),
            dish("清炒菜心", "菜心、蒜"),
            dish("梅菜扣肉", "五花肉"),
        ];
        for (diet, wanted) in [
            ("花生过敏", vec![(true, "宫保鸡丁", "花生")]),
            ("对花生严重过敏", vec![(true, "宫保鸡丁", "花生")]),
            ("过敏：花生、鸡蛋", vec![(true, "宫保鸡丁", "花生"), (true, "蒸水蛋", "蛋")]),
            ("海鲜过敏、不吃辣", vec![(true, "白灼虾", "虾"), (false, "宫保鸡丁", "辣")]),
            ("不吃猪肉", vec![(false, "梅菜扣肉", "五花")]),
            ("忌蒜", vec![(false, "清炒菜心", "蒜")]),
            // A wish for less, an illness and a texture clash with no dish: nothing is inferred.
            ("少盐、低糖、清淡、糖尿病、软食", vec![]),
            ("", vec![]),
        ] {
            let found = clashes(&needs(diet, ""), &menu.iter().collect::<Vec<_>>());
            let said: Vec<_> = found.iter().map(|clash| (clash.stops, clash.dish.as_str(), clash.found.as_str())).collect();
            assert_eq!(said, wanted, "{diet}");
        }
    }

    #[test]
    fn a_set_that_says_what_it_holds_is_the_whole_box() {
        let menu = [dish("套餐甲", "花生"), dish("套餐乙", ""), dish("白灼虾", "虾"), dish("冬瓜汤", "")];
        let names = |ordered: &str| in_the_box(ordered, &menu).into_iter().map(|served| served.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names("套餐甲"), ["套餐甲"]);
        assert_eq!(names("套餐乙"), ["套餐乙", "白灼虾", "冬瓜汤"]);
        assert_eq!(names("普通"), ["白灼虾", "冬瓜汤"]);
    }
}
