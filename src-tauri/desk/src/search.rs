//! Finding an elder while the phone is ringing: by name, pinyin, initials, phone or ID tail, in
//! memory. The index holds what may be looked for and gives ids; it neither reads nor shows records.

use crate::pinyin::{combinations, folded};
use shared::schema::RecordId;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;

/// What an elder is looked for by.
#[derive(Clone)]
pub struct SearchEntry {
    /// The elder.
    pub id: RecordId,
    /// 姓名
    pub name: String,
    /// Phones, the elder's and the family's.
    pub phones: Vec<String>,
    /// The ID number in full or its tail.
    pub id_number: Option<String>,
}

impl std::fmt::Debug for SearchEntry {
    /// Persons' data stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchEntry").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Many elders share a name and more an initial: each key stands once, with its slots in order.
type Keys = BTreeMap<Box<str>, Vec<u32>>;

/// Elders by what a cashier types.
#[derive(Default)]
pub struct ElderIndex {
    slots: Vec<Option<Slot>>,
    free: Vec<u32>,
    by_id: HashMap<RecordId, u32>,
    names: Keys,
    characters: HashMap<char, Vec<u32>>,
    /// Initials and full readings; the likely reading apart from the others.
    initials: [Keys; 2],
    readings: [Keys; 2],
    digits: HashMap<[u8; 3], Vec<u32>>,
    /// ID numbers back to front.
    tails: Keys,
}

impl std::fmt::Debug for ElderIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ElderIndex").field("len", &self.len()).finish_non_exhaustive()
    }
}

struct Slot {
    id: RecordId,
    name: String,
    phones: Vec<String>,
    tail: Option<String>,
}

impl ElderIndex {
    /// How many elders are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Takes an elder in, or anew when already there.
    pub fn insert(&mut self, entry: SearchEntry) {
        self.remove(entry.id);
        let phones = entry.phones.iter().map(|phone| phone.chars().filter(char::is_ascii_digit).collect()).collect();
        let tail = entry.id_number.map(|number| folded(&number).chars().rev().collect());
        let slot = Slot { id: entry.id, name: folded(&entry.name), phones, tail };
        let at = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        self.keys(&slot, at, true);
        self.by_id.insert(entry.id, at);
        self.slots[at as usize] = Some(slot);
    }

    /// Takes an elder out.
    pub fn remove(&mut self, id: RecordId) {
        let Some(at) = self.by_id.remove(&id) else { return };
        if let Some(slot) = self.slots[at as usize].take() {
            self.keys(&slot, at, false);
        }
        self.free.push(at);
    }

    /// The elders that fit the text, the best first, at most `limit`: name, start of the name, part
    /// of the name, initials, pinyin, then digits of a phone and the end of the ID number.
    #[must_use]
    pub fn find(&self, text: &str, limit: usize) -> Vec<RecordId> {
        let text = folded(text);
        let mut hits = Hits { index: self, limit, seen: HashSet::new(), found: Vec::new() };
        if text.is_empty() || limit == 0 {
            return Vec::new();
        }
        hits.starting(&self.names, &text, true);
        hits.starting(&self.names, &text, false);
        hits.containing(&text);
        let ascii = text.is_ascii();
        if ascii && text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            let letters = text.replace('v', "u");
            for likely in 0..2 {
                hits.starting(&self.initials[likely], &letters, false);
                hits.starting(&self.readings[likely], &letters, false);
            }
        }
        if !ascii {
            hits.mixed(&text);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= 3 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '(' | ')')) {
            hits.phones(digits.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(&digits));
        }
        if text.len() >= 3
            && text.bytes().rev().skip(1).all(|byte| byte.is_ascii_digit())
            && text.ends_with(|c: char| c.is_ascii_digit() || c == 'x')
        {
            let backwards: String = text.chars().rev().collect();
            hits.starting(&self.tails, &backwards, false);
            // Where only the tail of a number is known, the whole number finds it.
            if text.len() > 4 {
                hits.starting(&self.tails, &backwards[..4], true);
            }
        }
        hits.found
    }

    /// Puts the keys of a slot in or takes them out.
    fn keys(&mut self, slot: &Slot, at: u32, put: bool) {
        let key = |keys: &mut Keys, key: &str| {
            if put {
                let slots = keys.entry(key.into()).or_default();
                if let Err(place) = slots.binary_search(&at) {
                    slots.insert(place, at);
                }
            } else if let Some(slots) = keys.get_mut(key) {
                if let Ok(place) = slots.binary_search(&at) {
                    slots.remove(place);
                }
                if slots.is_empty() {
                    keys.remove(key);
                }
            }
        };
        key(&mut self.names, &slot.name);
        if let Some(tail) = &slot.tail {
            key(&mut self.tails, tail);
        }
        for (rank, (letters, reading)) in combinations(&slot.name).iter().enumerate() {
            let rank = usize::from(rank > 0);
            key(&mut self.initials[rank], letters);
            key(&mut self.readings[rank], reading);
        }
        let characters: HashSet<char> = slot.name.chars().collect();
        for c in characters {
            post(self.characters.entry(c).or_default(), at, put);
        }
        let groups: HashSet<[u8; 3]> = slot.phones.iter().flat_map(|phone| groups(phone)).collect();
        for group in groups {
            post(self.digits.entry(group).or_default(), at, put);
        }
    }
}

fn post(list: &mut Vec<u32>, at: u32, put: bool) {
    if put {
        list.push(at);
    } else {
        list.retain(|other| *other != at);
    }
}

fn groups(digits: &str) -> impl Iterator<Item = [u8; 3]> + '_ {
    digits.as_bytes().windows(3).map(|group| [group[0], group[1], group[2]])
}

/// Hits in the order they are found, each once.
struct Hits<'a> {
    index: &'a ElderIndex,
    limit: usize,
    seen: HashSet<u32>,
    found: Vec<RecordId>,
}

impl Hits<'_> {
    fn full(&self) -> bool {
        self.found.len() >= self.limit
    }

    fn add(&mut self, at: u32) {
        if !self.full()
            && let Some(slot) = &self.index.slots[at as usize]
            && self.seen.insert(at)
        {
            self.found.push(slot.id);
        }
    }

    fn starting(&mut self, keys: &Keys, text: &str, whole: bool) {
        for (key, slots) in keys.range::<str, _>((Bound::Included(text), Bound::Unbounded)) {
            if self.full() || !key.starts_with(text) || (whole && key.len() != text.len()) {
                break;
            }
            slots.iter().for_each(|at| self.add(*at));
        }
    }

    fn containing(&mut self, text: &str) {
        let lists: Option<Vec<&Vec<u32>>> = text.chars().map(|c| self.index.characters.get(&c)).collect();
        for at in lists.and_then(|lists| lists.into_iter().min_by_key(|list| list.len())).into_iter().flatten() {
            if self.full() {
                break;
            }
            if self.index.slots[*at as usize].as_ref().is_some_and(|slot| slot.name.contains(text)) {
                self.add(*at);
            }
        }
    }

    /// Characters and then initials or pinyin: 王gy, 王guiying.
    fn mixed(&mut self, text: &str) {
        let Some(head) = text.find(|c: char| c.is_ascii_alphabetic()).filter(|head| *head > 0) else { return };
        let (head, letters) = text.split_at(head);
        let letters = letters.replace('v', "u");
        for (name, slots) in self.index.names.range::<str, _>((Bound::Included(head), Bound::Unbounded)) {
            if self.full() || !name.starts_with(head) {
                break;
            }
            if combinations(&name[head.len()..])
                .iter()
                .any(|(initials, reading)| initials.starts_with(&letters) || reading.starts_with(&letters))
            {
                slots.iter().for_each(|at| self.add(*at));
            }
        }
    }

    fn phones(&mut self, digits: &str) {
        let lists: Option<Vec<&Vec<u32>>> = groups(digits).map(|group| self.index.digits.get(&group)).collect();
        for at in lists.and_then(|lists| lists.into_iter().min_by_key(|list| list.len())).into_iter().flatten() {
            if self.full() {
                break;
            }
            if self.index.slots[*at as usize].as_ref().is_some_and(|slot| slot.phones.iter().any(|phone| phone.contains(digits))) {
                self.add(*at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn id(number: u128) -> RecordId {
        RecordId(uuid::Uuid::from_u128(number))
    }

    fn index(elders: &[(&str, &str, &str)]) -> ElderIndex {
        let mut index = ElderIndex::default();
        for (number, (name, phone, id_number)) in (0..).zip(elders) {
            let id_number = (!id_number.is_empty()).then(|| (*id_number).to_owned());
            index.insert(SearchEntry { id: id(number), name: (*name).into(), phones: vec![(*phone).into()], id_number });
        }
        index
    }

    const ELDERS: &[(&str, &str, &str)] = &[
        ("王桂英", "18773589597", "445381192801141162"),
        ("王桂英子", "13639454360", "44538119430811694X"),
        ("小王桂英", "0766-8812265", ""),
        ("单桂英", "13800000001", "002X"),
        ("区月娥", "13800000002", ""),
        ("𠮷田阿婆", "13800000003", ""),
        ("䶮大爷", "13800000004", ""),
        ("欧阳·买买提", "13800000005", ""),
        ("吕绿英", "13800000006", ""),
        ("曾莹", "13800000007", ""),
    ];

    #[test]
    fn what_a_cashier_types() {
        let index = index(ELDERS);
        for (text, expect) in [
            ("王桂英", vec![0, 1, 2]),
            ("桂英", vec![0, 1, 2, 3]),
            ("wgy", vec![0, 1]),
            ("WGY", vec![0, 1]),
            ("ｗｇｙ", vec![0, 1]),
            ("wangguiy", vec![0, 1]),
            ("sgy", vec![3]),
            ("dgy", vec![3]),
            ("oye", vec![4]),
            ("qye", vec![4]),
            ("jtap", vec![5]),
            ("ydy", vec![6]),
            ("oymmt", vec![7]),
            ("欧阳买", vec![7]),
            ("欧阳·买买提", vec![7]),
            ("lvlvying", vec![8]),
            ("lulu", vec![8]),
            ("lülü", vec![8]),
            ("zy", vec![9]),
            ("cy", vec![9]),
            ("王gy", vec![0, 1]),
            ("9597", vec![0]),
            ("8812265", vec![2]),
            ("0766-8812265", vec![2]),
            ("+8618773589597", vec![0]),
            ("1162", vec![0]),
            ("94x", vec![1]),
            ("002X", vec![3]),
            ("445381192801141162", vec![0]),
            ("87", vec![]),
            ("", vec![]),
            ("没有", vec![]),
        ] {
            let expect: Vec<RecordId> = expect.into_iter().map(id).collect();
            let mut found = index.find(text, 10);
            if text == "桂英" {
                found.sort_unstable();
            }
            assert_eq!(found, expect, "{text}");
        }
        assert_eq!(index.find("wgy", 1), [id(0)]);
    }

    #[test]
    fn an_elder_leaves_and_comes_anew() {
        let mut index = index(ELDERS);
        index.remove(id(0));
        assert_eq!(index.find("王桂英", 10), [id(1), id(2)]);
        assert!(index.find("9597", 10).is_empty());
        index.insert(SearchEntry { id: id(1), name: "李桂英".into(), phones: Vec::new(), id_number: None });
        assert_eq!(index.find("lgy", 10), [id(1)]);
        assert!(index.find("王桂英子", 10).is_empty());
        assert_eq!(index.len(), ELDERS.len() - 1);
    }

    #[test]
    fn fifty_thousand_elders() {
        const FAMILY: &[char] = &['王', '李', '张', '刘', '陈', '杨', '黄', '吴', '区', '单', '曾', '梁', '谢', '罗'];
        const GIVEN: &[char] =
            &['桂', '英', '秀', '兰', '玉', '珍', '建', '国', '明', '华', '凤', '春', '梅', '志', '强', '文', '丽', '芳', '长', '重', '乐'];
        let mut index = ElderIndex::default();
        let begun = Instant::now();
        for number in 0..50_000_usize {
            let pick = |from: &[char], by: usize| from[(number / by) % from.len()];
            let name = String::from_iter([pick(FAMILY, 1), pick(GIVEN, 14), pick(GIVEN, 294)]);
            let phones = vec![format!("13{:09}", (number * 7_919) % 1_000_000_000), format!("0766-88{:05}", number % 100_000)];
            let id_number = Some(format!("4453811950010{:05}", number % 100_000));
            index.insert(SearchEntry { id: id(number as u128), name, phones, id_number });
        }
        println!("50,000 elders indexed in {:?}", begun.elapsed());
        for text in ["王桂英", "英", "w", "wgy", "zengx", "王gy", "138", "13800000", "0766", "88", "4999", "49999"] {
            let begun = Instant::now();
            let found = index.find(text, 20).len();
            println!("{text}: {found} in {:?}", begun.elapsed());
        }
        assert_eq!(index.find("wgy", 5).len(), 5);
    }
}
