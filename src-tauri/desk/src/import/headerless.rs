//! Lists without a row of column names: taken where the columns are plain from their values, and only once somebody has looked at what
//! each is taken for.

use super::header::{Header, sample_of};
use super::lists::List;
use super::profile::{Profile, is_village};
use super::values::name;
use super::{Cell, Sheet};
use shared::command::FoundColumn;
use std::collections::HashSet;

/// Why such a list is not taken before somebody says so.
pub(super) const CODE: &str = "no_header";
/// Values of a column that are looked at.
const PROBED: usize = 160;
const SAMPLES: usize = 3;

/// The family names of nine in ten, and those of two characters.
const FAMILIES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼";
const LONG_FAMILIES: [&str; 8] = ["欧阳", "司徒", "上官", "诸葛", "司马", "皇甫", "慕容", "东方"];

/// The list on a sheet without a header, where its columns are plain: exactly one of names, and one of numbers of persons, or of villages
/// and of days of birth.
pub(super) fn find(at: usize, sheet: &Sheet) -> Option<List> {
    let begin = sheet.rows().position(|row| row.cells().filter(|cell| !cell.is_blank()).count() > 1)?;
    let width = sheet.rows().map(|row| row.width()).max().unwrap_or_default() as u32;
    let profiles: Vec<Profile> = (0..width).map(|column| Profile::of(sheet, begin, column)).collect();
    let only = |fits: &dyn Fn(u32) -> bool| {
        let mut found = (0..width).filter(|column| fits(*column));
        found.next().filter(|_| found.next().is_none())
    };
    let by_values = |field: &'static str| only(&|column| profiles[column as usize].is_nothing_but(field));
    let numbers = by_values("id_number");
    if numbers.is_none() && profiles.iter().any(|profile| profile.is_nothing_but("id_number")) {
        // Two of them: lists side by side, or family beside the elder.
        return None;
    }
    let named: Vec<Named> = (0..width).map(|column| Named::of(sheet, begin, column)).collect();
    let names = only(&|column| named[column as usize].are_all())?;
    if (0..width).any(|column| column != names && named[column as usize].are_half()) {
        // Whose names those are, the head of the household's or the elder's, no word says.
        return None;
    }
    let villages = by_values("division");
    if villages.is_none() && profiles.iter().any(Profile::has_villages) {
        return None;
    }
    let days = only(&|column| numbers.is_none() && profiles[column as usize].are_days());
    if numbers.is_none() && (villages.is_none() || days.is_none()) {
        return None;
    }
    let taken =
        [(Some(names), "name"), (numbers, "id_number"), (villages, "division"), (by_values("phone"), "phone"), (days, "birth_date")];
    let columns = (0..width).filter_map(|column| {
        let values = sheet.rows().skip(begin).map(|row| row.cell(column)).filter(|cell| !cell.is_blank());
        let samples: Vec<String> = values.take(SAMPLES).map(sample_of).collect();
        let field = taken.iter().find(|(of, _)| *of == Some(column)).map(|(_, field)| (*field).to_owned());
        (!samples.is_empty()).then(|| FoundColumn { column, header: String::new(), field, samples })
    });
    let header = Header { columns: columns.collect(), ..Header::default() };
    Some(List { sheet: at, guessed: header.clone(), header, rows: (begin, sheet.len()), left: Some(CODE) })
}

/// How many values of a column are like names of persons: two to four characters behind a family name.
#[derive(Default)]
struct Named {
    alike: usize,
    seen: HashSet<String>,
    all: usize,
}

impl Named {
    fn of(sheet: &Sheet, from: usize, column: u32) -> Self {
        let cells = sheet.rows().skip(from).map(|row| row.cell(column)).filter(|cell| matches!(cell, Cell::Text(_)) && !cell.is_blank());
        let mut found = Self::default();
        for cell in cells.take(PROBED) {
            let text = cell.text();
            let plain = name(cell).unwrap_or_default();
            let family = plain.chars().next().is_some_and(|first| FAMILIES.contains(crate::letters::simplified(first)))
                || LONG_FAMILIES.iter().any(|family| plain.starts_with(family));
            let short = (2..=4).contains(&plain.chars().filter(|c| *c != '·').count());
            found.alike += usize::from(family && short && !is_village(&text));
            found.all += 1;
            found.seen.insert(plain);
        }
        found
    }

    /// Nearly all of them, and hardly one like another.
    fn are_all(&self) -> bool {
        self.alike > 0 && self.alike * 5 >= self.all * 4 && self.seen.len() * 2 > self.all
    }

    /// So many that names may stand there above a word of sums, or be those of few families.
    fn are_half(&self) -> bool {
        self.alike > 0 && self.alike * 2 >= self.all
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TOWN, mark, read_as};
    use super::super::{Choices, write_errors};
    use super::*;
    use shared::command::ListChoice;

    /// What each list's columns are taken for and why it is left out, and who is on them.
    type Read = (Vec<(String, Option<&'static str>)>, Vec<String>);

    fn read(text: &str, take: bool) -> Result<Read, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("名单.csv");
        std::fs::write(&path, text).unwrap();
        let wanted = ListChoice::Sheet { sheet: "名单".into(), take: true };
        let choices = Choices { now: if take { vec![wanted] } else { Vec::new() }, ..Choices::default() };
        let list = read_as(&path, TOWN, &choices).map_err(|fault| fault.to_string())?;
        let fields = |list: &List| {
            let columns = list.header.columns.iter().map(|column| column.field.clone().unwrap_or_else(|| "-".into()));
            (columns.collect::<Vec<_>>().join(" "), list.left)
        };
        let people = list.rows.iter().map(|row| row.elder.as_ref().map_or_else(|wrong| wrong[0].code.to_owned(), |_| row.name.clone()));
        Ok((list.lists.lists.iter().map(fields).collect(), people.collect()))
    }

    #[test]
    fn columns_that_are_plain_are_taken_once_somebody_looked() {
        let list = "2026年11月名单\n1;莫卿银;445381193706252360;13978750448;西区社区;本人\n2;郑福国;445381193212285357;18956688020;细坑社区;配偶\n3;赖凤秀;44538119570705594X;;石围社区;本人\n";
        let fields = "- name id_number phone division -".to_owned();
        assert_eq!(read(list, false), Ok((vec![(fields.clone(), Some(CODE))], Vec::new())));
        assert_eq!(read(list, true), Ok((vec![(fields, None)], ["莫卿银", "郑福国", "赖凤秀"].map(str::to_owned).to_vec())));
        // Without numbers by village and day of birth.
        let born = "莫卿银,西区社区,1937-06-25\n郑福国,细坑社区,1932-12-28\n";
        assert_eq!(read(born, true).map(|(_, people)| people.len()), Ok(2));
    }

    #[test]
    fn what_is_not_plain_is_refused_in_words() {
        for (what, list) in [
            ("two columns of names", "莫卿银,445381193706252360,王志明\n郑福国,445381193212285357,李金凤\n"),
            ("two of names, one of which ends in a sum", "莫卿银,445381193706252360,王志明\n合计 1 人,,\n"),
            ("two of numbers", "莫卿银,445381193706252360,445381193212285357\n郑福国,445381193212285357,44538119570705594X\n"),
            ("no names", "445381193706252360,13978750448\n445381193212285357,18956688020\n"),
            ("no numbers", "莫卿银,13978750448\n郑福国,18956688020\n"),
            ("no list", "今天,明天\n红,蓝\n"),
        ] {
            let told = read(list, true).expect_err(what);
            assert!(told.contains("没有找到表头"), "{what}: {told}");
        }
    }

    #[test]
    fn the_workbook_of_errors_has_the_header_that_the_list_lacked() {
        let folder = tempfile::tempdir().unwrap();
        let (path, back) = (folder.path().join("名单.csv"), folder.path().join("错误.xlsx"));
        std::fs::write(
            &path,
            "莫卿银,445381193706252360,西区社区\n郑福国,445381193212285358,细坑社区\n赖凤秀,44538119570705594X,石围社区\n莫生章,445381194208175512,石围社区\n",
        )
        .unwrap();
        let choices = Choices { now: vec![ListChoice::Sheet { sheet: "名单".into(), take: true }], ..Choices::default() };
        let list = read_as(&path, TOWN, &choices).unwrap();
        let rows = list.rows.iter().map(|row| crate::import::judge(row, None).row).collect();
        let out = std::fs::File::create(&back).unwrap();
        write_errors(&list.file, &list.lists.lists, &[rows], &list.left, &mark(), out).unwrap();
        let again = read_as(&back, TOWN, &Choices::default()).unwrap();
        assert_eq!((again.rows.len(), again.rows[0].name.as_str()), (1, "郑福国"));
        let found: Vec<Option<&str>> = again.lists.lists[0].header.columns.iter().map(|column| column.field.as_deref()).collect();
        assert_eq!(found[..3], [Some("name"), Some("id_number"), Some("division")]);
    }
}
