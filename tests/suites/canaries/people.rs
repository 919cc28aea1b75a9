//! A thousand persons who do not exist, each with values that occur nowhere else, and their list in Excel.

use anyhow::Result;
use rust_xlsxwriter::Workbook;
use std::path::Path;

/// What is sealed of one of them. Names are open and stay out of it.
pub struct Person {
    pub name: String,
    pub number: String,
    pub phone: String,
    pub second_phone: String,
    pub emergency_phone: String,
    pub address: String,
    pub emergency_name: String,
    pub diet: String,
    pub note: String,
}

const VILLAGE: &str = "细坑社区";
const SIGNS: &[char] = &['榕', '荔', '蕉', '柚', '梅', '橘', '桂', '樟', '枫', '桐', '杉', '柏', '槐', '榆', '柳', '竹'];

/// The same thousand each time.
pub fn thousand() -> Vec<Person> {
    (0..1000).map(person).collect()
}

fn person(at: u32) -> Person {
    // Spread over eight digits without repeating, as the factor has no part of 10^8.
    let digits = |salt: u32| (u64::from(at) * 4 + u64::from(salt)) * 38_477_123 % 100_000_000;
    let sign = |shift: u32| SIGNS[((at >> shift) % 16) as usize];
    Person {
        name: format!("金丝雀{}{}{}", sign(0), sign(4), sign(8)),
        number: number(at),
        phone: format!("139{:08}", digits(1)),
        second_phone: format!("138{:08}", digits(2)),
        emergency_phone: format!("137{:08}", digits(3)),
        address: format!("{}{}{}巷弄雀园 {} 栋 {} 房", sign(0), sign(4), sign(8), 1000 + at, 7 * at + 101),
        emergency_name: format!("雁南飞{}{}{}", sign(0), sign(4), sign(8)),
        diet: format!("忌{}{}{}鲜果第{at}种", sign(0), sign(4), sign(8)),
        note: format!("{}{}{}旧疾第{at}号", sign(8), sign(0), sign(4)),
    }
}

/// An ID number with the check character of GB 11643.
fn number(at: u32) -> String {
    let body = format!("445381{}{:02}{:02}{:03}", 1935 + at % 25, 1 + at % 12, 1 + at % 28, at % 1000);
    let sum: u32 = body.chars().rev().zip(1u32..).map(|(digit, place)| digit.to_digit(10).unwrap_or(0) * (1 << place) % 11).sum();
    let check = (12 - sum % 11) % 11;
    format!("{body}{}", char::from_digit(check, 10).unwrap_or('X'))
}

impl Person {
    pub fn sealed(&self) -> [&str; 8] {
        [&self.number, &self.phone, &self.second_phone, &self.emergency_phone, &self.address, &self.emergency_name, &self.diet, &self.note]
    }
}

/// Writes the list as an office would.
pub fn list(people: &[Person], to: &Path) -> Result<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let header =
        ["姓名", "身份证号", "联系电话", "第二电话", "紧急联系人", "紧急联系人电话", "村社区", "住址", "自理能力", "饮食禁忌", "备注"];
    for (column, word) in (0u16..).zip(header) {
        sheet.write(0, column, word)?;
    }
    for (row, person) in (1u32..).zip(people) {
        let cells = [
            person.name.as_str(),
            &person.number,
            &person.phone,
            &person.second_phone,
            &person.emergency_name,
            &person.emergency_phone,
            VILLAGE,
            &person.address,
            "半失能",
            &person.diet,
            &person.note,
        ];
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write(row, column, cell)?;
        }
    }
    Ok(workbook.save(to)?)
}
