//! The data dictionary: each field that concerns a natural person with its class, purpose, basis and how long it is kept, as the declarations of
//! the kinds say it. Lives here: how it is laid out; what it says stands in `shared::schema` and `shared::kinds`.

use shared::kinds::RecordKind;
use shared::schema::{Class, Entry, Field, Kept, Label, Open, Purpose};
use std::fmt::Write as _;

/// Where it lies, from the root of the checkout.
pub const PLACE: &str = "docs/data-dictionary.md";

const HEAD: &str = "\
# 数据字典 · Data dictionary

哪些字段涉及个人、属于哪一类、为什么需要、保存多久、是否封存。由 `cargo xtask data-dictionary` 根据 `shared/src/kinds` 的声明生成，请勿手改；没有声明清楚的字段编译不过。
法律依据由运营单位结合本地情况确认。

Which fields concern persons, how closely, why they are needed, how long they are kept, and whether they are sealed. Made by `cargo xtask data-dictionary`
from the declarations in `shared/src/kinds`; a field that does not say it does not compile. Who runs the system confirms the legal bases.

**封存 · sealed**：离开办公端时已用每位长者自己的密钥加密（SM4-GCM），服务器、备份、日志和线路上没有明文。
";

const BESIDE: &str = "
## 不是字段的个人信息 · What is no field

| 内容 · what | 在哪里 · where | 如何保护 · how it is guarded |
| --- | --- | --- |
| 照片文件 · photo files | 办公端、服务器 · desks, server | 去掉位置等附加信息，按长者密钥封存 · stripped of where they were taken, sealed under the elder's key |
| 档案编号 · ids of files | 各处 · everywhere | 由证件号码以县区密钥算出（HMAC） · an HMAC of the ID number under a key of the county |
| 导入前后的值 · values before and after an import | 办公端的加密文件 · a desk's encrypted file | 删除长者时一并删除 · deleted with the elder |
| 口令 · passwords | 服务器 · server | argon2id |
| 登录尝试的账号和地址 · names and addresses of wrong tries | 服务器 · server | 摘要 · hashed |
| 导出的表格 · exported workbooks | 办公端的导出文件夹，七天；此后导出的人放在哪里就在哪里 · a desk's export folder, for seven days; then where somebody put them | 只有本机用户能读；号码遮盖，除非写明原因；每份有编号，记录在案 · for the user of the machine alone; masked unless somebody said why not; each numbered and noted |
";

fn both(label: Label) -> String {
    format!("{} · {}", label.zh, label.en)
}

fn row(out: &mut String, cells: &[String]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn list(out: &mut String, title: &str, entries: &[(Entry, Option<Label>)]) {
    let with_basis = entries.iter().any(|(_, basis)| basis.is_some());
    let _ = write!(
        out,
        "\n## {title}\n\n| 词 · word | 含义 · meaning |{}\n| --- | --- |{}\n",
        if with_basis { " 依据 · basis |" } else { "" },
        if with_basis { " --- |" } else { "" }
    );
    for (entry, basis) in entries {
        let mut cells = vec![both(entry.word), both(entry.meaning)];
        cells.extend(basis.map(both));
        row(out, &cells);
    }
}

fn field_row(out: &mut String, field: &Field, class: Class, of_kind: Purpose, kept: Kept) {
    let guard = match (field.is_sealed(), field.open) {
        (true, _) => "封存 · sealed".to_owned(),
        (false, Some(why)) => format!("不封存 · open: {}", both(why.entry().word)),
        (false, None) => "不封存 · open".to_owned(),
    };
    let purpose = field.purpose.unwrap_or(of_kind);
    let words = [class.entry().word, purpose.entry().word, kept.entry().word].map(both);
    let [class, purpose, kept] = words;
    row(out, &[format!("`{}`", field.name), both(field.label), class, purpose, kept, guard]);
}

/// The whole page.
#[must_use]
pub fn page() -> String {
    let mut out = HEAD.to_owned();
    let (mut sealed, mut open) = (0, 0);
    for kind in RecordKind::ALL {
        let Some((purpose, kept)) = kind.persons else { continue };
        let _ = write!(out, "\n## {}（`{}`）\n\n", both(kind.title), kind.code);
        out += "| 字段 · field | 名称 · label | 类别 · class | 用途 · purpose | 保存 · kept | 封存 · sealed |\n| --- | --- | --- | --- | --- | --- |\n";
        for field in kind.fields {
            let class = field.class.unwrap_or(Class::Nobody);
            if class == Class::Nobody {
                continue;
            }
            (sealed, open) = (sealed + usize::from(field.is_sealed()), open + usize::from(field.open.is_some()));
            field_row(&mut out, field, class, purpose, kept);
        }
    }
    let nobody =
        RecordKind::ALL.iter().filter(|kind| kind.persons.is_none()).map(|kind| format!("{}（`{}`）", both(kind.title), kind.code));
    let _ = write!(out, "\n不涉及个人的记录 · Records of nobody: {}。\n", nobody.collect::<Vec<_>>().join("、"));
    let _ = write!(
        out,
        "\n需要防护的字段中封存 {sealed} 个，不封存而说明理由的 {open} 个。 Of the guarded fields {sealed} are sealed, {open} are open for a reason.\n"
    );
    let plain = |entries: Vec<Entry>| entries.into_iter().map(|entry| (entry, None)).collect::<Vec<_>>();
    list(&mut out, "类别 · Classes", &plain(Class::ALL.iter().map(|one| one.entry()).collect()));
    list(&mut out, "用途与依据 · Purposes and bases", &Purpose::ALL.iter().map(|one| (one.entry(), Some(one.basis()))).collect::<Vec<_>>());
    list(&mut out, "保存多久 · How long", &plain(Kept::ALL.iter().map(|one| one.entry()).collect()));
    list(&mut out, "为什么不封存 · Why open", &plain(Open::ALL.iter().map(|one| one.entry()).collect()));
    out + BESIDE
}
