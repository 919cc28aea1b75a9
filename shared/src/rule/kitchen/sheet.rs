//! 备餐单: how many of what. Screen, paper and the frozen count come from these portions.

use super::{Needs, Size, Texture};
use crate::kinds::Mode;
use crate::schema::RecordId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// More of a hundred cooked beyond what is ordered is a slip.
pub const MAX_SPARE_PERCENT: u32 = 50;
/// A warm meal is eaten within so many hours after it was packed.
pub const EAT_WITHIN_HOURS: i64 = 2;

/// One meal to be prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Its order.
    pub order: RecordId,
    /// 餐品
    pub dish: String,
    /// How it is got.
    pub mode: Mode,
    /// What it needs beside the dish.
    pub needs: Needs,
}

/// A line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SheetRow {
    /// 餐品
    pub dish: String,
    /// How it is prepared.
    pub texture: Texture,
    /// How much of it.
    pub size: Size,
    /// How many for each way of getting it, in the order of [`Mode::ALL`].
    pub by_mode: Vec<u32>,
    /// How many.
    pub total: u32,
}

/// The sheet: the dish that is wanted most first, within a dish the usual ones first.
#[must_use]
pub fn sheet(portions: &[Portion]) -> Vec<SheetRow> {
    let mut dishes: BTreeMap<&str, u32> = BTreeMap::new();
    let mut rows: BTreeMap<(&str, Texture, Size), Vec<u32>> = BTreeMap::new();
    for portion in portions {
        *dishes.entry(&portion.dish).or_default() += 1;
        let counts = rows.entry((&portion.dish, portion.needs.texture, portion.needs.size)).or_insert_with(|| vec![0; Mode::ALL.len()]);
        for (count, mode) in counts.iter_mut().zip(Mode::ALL) {
            *count += u32::from(portion.mode == *mode);
        }
    }
    let mut rows: Vec<SheetRow> = rows
        .into_iter()
        .map(|((dish, texture, size), by_mode)| SheetRow { dish: dish.to_owned(), texture, size, total: by_mode.iter().sum(), by_mode })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(dishes.get(row.dish.as_str()).copied().unwrap_or_default()));
    rows
}

/// How many are cooked beyond what is ordered: so many of a hundred, whole ones.
#[must_use]
pub fn spare(portions: u32, percent: u32) -> u32 {
    u32::try_from((u64::from(portions) * u64::from(percent)).div_ceil(100)).unwrap_or(u32::MAX)
}

/// A name as it stands on a box, which anybody may see: the surname alone.
#[must_use]
pub fn on_box(name: &str) -> String {
    name.chars().take(1).chain(name.chars().skip(1).map(|_| '*')).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::needs;
    use super::*;

    pub(in super::super) fn portion(order: u8, dish: &str, mode: Mode, diet: &str) -> Portion {
        Portion { order: RecordId(uuid::Uuid::from_bytes([order; 16])), dish: dish.into(), mode, needs: needs(diet, "") }
    }

    #[test]
    fn it_counts_by_dish_texture_size_and_way() {
        let portions = [
            portion(1, "软饭", Mode::PickUp, ""),
            portion(2, "普通", Mode::PickUp, "少盐"),
            portion(3, "普通", Mode::OwnDelivery, "碎食"),
            portion(4, "普通", Mode::OwnDelivery, ""),
            portion(5, "普通", Mode::ThirdParty, "小份"),
        ];
        let rows = sheet(&portions);
        let said: Vec<_> = rows.iter().map(|row| (row.dish.as_str(), row.texture, row.size, row.by_mode.as_slice(), row.total)).collect();
        assert_eq!(
            said,
            [
                ("普通", Texture::Usual, Size::Usual, &[1, 1, 0][..], 2),
                ("普通", Texture::Usual, Size::Small, &[0, 0, 1], 1),
                ("普通", Texture::Minced, Size::Usual, &[0, 1, 0], 1),
                ("软饭", Texture::Usual, Size::Usual, &[1, 0, 0], 1),
            ]
        );
        assert_eq!(rows.iter().map(|row| row.total).sum::<u32>() as usize, portions.len());
    }

    #[test]
    fn a_box_bears_the_surname() {
        assert_eq!(["王桂英", "王", ""].map(on_box), ["王**", "王", ""]);
    }

    #[test]
    fn spare_is_whole_and_never_less() {
        assert_eq!([(0, 5), (1, 5), (20, 5), (21, 5), (100, 0)].map(|(portions, percent)| spare(portions, percent)), [0, 1, 1, 2, 0]);
    }
}
