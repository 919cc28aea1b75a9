//! Office lists as they come, by the command line as scripts bring them: taken back and sent again, corrected by the workbook of errors,
//! read as somebody says, and no file that is there written over.

use anyhow::{Context, Result, ensure};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tests::canteen::Canteen;
use tests::program::{DeskHome, sample};

const LUOCHENG: &str = "445381001";

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("path")
}

fn import(desk: &DeskHome, list: &Path, more: &[&str]) -> Result<Value> {
    desk.json(&[&["import", "elders", text(list)?], more, &["--json"]].concat())
}

fn counts(done: &Value) -> [u64; 4] {
    ["new", "update", "same", "error"].map(|bucket| done[bucket].as_u64().unwrap_or(u64::MAX))
}

fn found(desk: &DeskHome, words: &str) -> Result<Value> {
    Ok(desk.json(&["elder", "find", words, "--json"])?[0].clone())
}

/// The workbook's cells with one of them replaced, as texts.
fn corrected(from: &Path, wrong: &str, right: &str, to: &Path) -> Result<()> {
    use calamine::Reader;
    let mut book = calamine::open_workbook_auto(from)?;
    let sheet = book.worksheet_range_at(0).context("a sheet")??;
    let mut out = Workbook::new();
    let page = out.add_worksheet();
    for (at, row) in (0..).zip(sheet.rows()) {
        for (column, cell) in (0..).zip(row) {
            let text = cell.to_string();
            page.write_string(at, column, if text == wrong { right } else { &text })?;
        }
    }
    out.save(to)?;
    Ok(())
}

#[test]
fn a_list_that_is_taken_back_and_sent_again_finds_everybody_everywhere() -> Result<()> {
    let Canteen { desk, home, address, .. } = &Canteen::new()?;
    let list = sample("cases/taken_back_and_sent_again.csv");
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let town = DeskHome::enrolled(address, code["code"].as_str().context("code")?)?;
    let people = [("莫卿银", "13978750448"), ("郑福国", "18956688020"), ("赖凤秀", "13917486362"), ("莫生章", "13691206053")];
    for round in 0..2 {
        let done = import(desk, &list, &[])?;
        ensure!(counts(&done) == [4, 0, 0, 0], "round {round}: {done}");
        for (name, phone) in people {
            ensure!(found(desk, name)?["name"] == name && found(desk, phone)?["name"] == name, "round {round}: {name}");
        }
        desk.json(&["sync", "--json"])?;
        town.json(&["sync", "--json"])?;
        for (name, _) in people {
            ensure!(found(&town, name)?["name"] == name, "round {round}: the township has no {name}");
        }
        // A row that is the same as before is the same, and one that was brought back is not brought back twice.
        ensure!(counts(&import(desk, &list, &["--dry-run"])?) == [0, 0, 4, 0]);
        desk.json(&["import", "undo", &done["import"].to_string(), "--json"])?;
        ensure!(found(desk, "莫卿银")?.is_null());
    }
    // The next list is another file with the same people; the township brings it, and the canteen can serve them.
    desk.json(&["sync", "--json"])?;
    town.json(&["sync", "--json"])?;
    let next = desk.path().join("十二月.csv");
    std::fs::write(&next, std::fs::read_to_string(&list)?.replace("13978750448", "13978750449"))?;
    let done = import(&town, &next, &[])?;
    ensure!(counts(&done) == [4, 0, 0, 0], "{done}");
    ensure!(done["rows"][0]["code"] == "brought_back", "{done}");
    town.json(&["sync", "--json"])?;
    desk.json(&["sync", "--json"])?;
    let elder = found(desk, "13978750449")?;
    ensure!(elder["name"] == "莫卿银", "{elder}");
    desk.order_for(elder["id"].as_str().context("id")?)?;
    // Who was served since stays.
    let undone = town.json(&["import", "undo", &done["import"].to_string(), "--json"])?;
    ensure!(undone["restored"] == 4, "the township has not heard of the order: {undone}");
    Ok(())
}

#[test]
fn cells_that_are_one_come_apart_in_the_workbook_of_errors() -> Result<()> {
    let Canteen { desk, .. } = &Canteen::new()?;
    let list = sample("cases/merged_with_a_wrong_number.xlsx");
    let (errors, back) = (desk.path().join("错误.xlsx"), desk.path().join("更正.xlsx"));
    let done = import(desk, &list, &["--errors", text(&errors)?])?;
    ensure!(counts(&done) == [3, 0, 0, 1], "{done}");
    corrected(&errors, "445381194308130400", "44538119430813040X", &back)?;
    let done = import(desk, &back, &[])?;
    ensure!(counts(&done) == [1, 0, 0, 0], "{done}");
    ensure!(found(desk, "苏秀卿")?["village"] == "细坑社区", "{}", found(desk, "苏秀卿")?);
    Ok(())
}

#[test]
fn no_file_that_is_there_is_written_over() -> Result<()> {
    let Canteen { desk, .. } = &Canteen::new()?;
    let folder = desk.path().join("lists");
    std::fs::create_dir(&folder)?;
    let list = folder.join("名单.xlsx");
    std::fs::copy(sample("elders_luocheng.xlsx"), &list)?;
    let before = std::fs::read(&list)?;
    let linked = folder.join("link.xlsx");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&list, &linked)?;
    let hard = folder.join("hard.xlsx");
    std::fs::hard_link(&list, &hard)?;
    let other = folder.join("other.xlsx");
    std::fs::write(&other, "kept")?;
    let around: PathBuf = folder.join(".").join("..").join("lists").join("名单.xlsx");
    for out in [&list, &linked, &hard, &around, &other] {
        for more in [&["--dry-run"][..], &[]] {
            let asked = [&["import", "elders", text(&list)?, "--errors", text(out)?, "--json"], more].concat();
            let refused = desk.run(&asked)?;
            ensure!(refused.status.code() == Some(1), "{out:?} {more:?}");
            let said = String::from_utf8_lossy(&refused.stderr).into_owned();
            ensure!(said.contains("错误表") || said.contains("已经有这个文件"), "{said}");
        }
    }
    ensure!(std::fs::read(&list)? == before && std::fs::read_to_string(&other)? == "kept");
    ensure!(found(desk, "王冬梅")?.is_null(), "a list whose errors have no place is not imported");
    // Also not when somebody says that files may go: not the list itself.
    for out in [&list, &hard, &around] {
        let refused = desk.run(&["import", "elders", text(&list)?, "--replace", "--errors", text(out)?])?;
        ensure!(refused.status.code() == Some(1) && std::fs::read(&list)? == before, "{out:?}");
    }
    // What lies there under the name that a half-written file might have stays too.
    let part = folder.join("out.part");
    std::fs::write(&part, "kept")?;
    import(desk, &list, &["--errors", text(&folder.join("out.xlsx"))?, "--dry-run"])?;
    ensure!(std::fs::read_to_string(&part)? == "kept" && folder.join("out.xlsx").is_file());
    import(desk, &list, &["--errors", text(&other)?, "--replace"])?;
    ensure!(std::fs::read(&other)?.starts_with(b"PK") && std::fs::read(&list)? == before);
    // Lists that go out are no different.
    for ask in [&["list", "orders"][..], &["ledger"]] {
        let out = folder.join(format!("{}.xlsx", ask[0]));
        let asked = [ask, &["--out", text(&out)?, "--json"]].concat();
        desk.json(&asked)?;
        let first = std::fs::read(&out)?;
        let refused = desk.run(&asked)?;
        ensure!(refused.status.code() == Some(1) && std::fs::read(&out)? == first, "{ask:?}");
        ensure!(String::from_utf8_lossy(&refused.stderr).contains("--replace"));
        desk.json(&[&asked[..], &["--replace"]].concat())?;
    }
    Ok(())
}

/// Two sheets that are seen and one that is not, rows that are hidden, struck out, or of somebody who died.
fn mixed(path: &Path) -> Result<()> {
    let mut book = Workbook::new();
    let struck = Format::new().set_font_strikethrough();
    for (name, people) in [
        (
            "细坑社区",
            [("叶全水", "445381195512258333", ""), ("谢德胜", "445381193710200176", "已故"), ("郑妹月", "445381196104170249", "")],
        ),
        (
            "东区社区",
            [("林亚汉", "445381193409029496", ""), ("何莲凤", "445381195105144283", "老伴已故"), ("何兰妹", "445381195609173766", "")],
        ),
        ("旧名单", [("黄珍金", "445381196101075086", ""), ("谢芬珍", "445381193602066723", ""), ("叶建炳", "445381194107015456", "")]),
    ] {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_hidden(name == "旧名单");
        for (column, word) in (0..).zip(["称呼", "身份证号", "备注"]) {
            sheet.write_string(0, column, word)?;
        }
        for (row, (called, number, note)) in (1..).zip(people) {
            let format = if row == 3 && name == "东区社区" { &struck } else { &Format::new() };
            for (column, word) in (0..).zip([called, number, note]) {
                sheet.write_string_with_format(row, column, word, format)?;
            }
        }
        if name == "细坑社区" {
            sheet.set_row_hidden(3)?;
        }
    }
    book.save(path)?;
    Ok(())
}

#[test]
fn a_list_is_read_as_somebody_says_and_the_next_one_as_well() -> Result<()> {
    let Canteen { desk, .. } = &Canteen::new()?;
    let list = desk.path().join("名单.xlsx");
    mixed(&list)?;
    // Nobody has a name by a word that no office uses; each row says so.
    let first = import(desk, &list, &["--dry-run"])?;
    ensure!(
        counts(&first)[..3] == [0, 0, 0] && first["rows"][0]["message"].as_str().is_some_and(|text| text.contains("没有姓名")),
        "{first}"
    );
    let named = ["--column", "称呼=name"];
    let done = import(desk, &list, &[&named[..], &["--dry-run"]].concat())?;
    ensure!(counts(&done) == [3, 0, 0, 3], "{done}");
    let code = |row: usize| done["rows"][row]["code"].as_str().unwrap_or_default().to_owned();
    ensure!([code(0), code(1), code(2), code(5)] == ["new", "gone", "hidden_row", "struck_row"], "{done}");
    ensure!(done["left_out"].to_string().contains("旧名单") && done["rows"][4]["sheet"] == "东区社区", "{done}");
    let samples = &done["lists"][0]["columns"][1]["samples"];
    ensure!(samples.as_array().map(Vec::len) == Some(3), "{done}");
    let answers = ["--answer", "hidden_row=take", "--answer", "gone=close", "--without", "东区社区"];
    let done = import(desk, &list, &[&named[..], &answers[..]].concat())?;
    ensure!(counts(&done) == [2, 0, 1, 0], "{done}");
    ensure!(found(desk, "郑妹月")?["village"] == "细坑社区" && found(desk, "谢德胜")?.is_null() && found(desk, "林亚汉")?.is_null());
    // What the office's word means is remembered, for this file and the next.
    let done = import(desk, &list, &["--sheet", "旧名单", "--answer", "struck_row=take"])?;
    ensure!(counts(&done) == [6, 0, 1, 2], "{done}");
    // Somebody whose file is here and who died: the file is closed, and the next list asks no more.
    let dead = desk.path().join("十二月.csv");
    std::fs::write(&dead, "称呼,身份证号,备注\n叶全水,445381195512258333,2026年12月病故\n")?;
    let asked = import(desk, &dead, &[])?;
    ensure!(counts(&asked) == [0, 0, 0, 1] && asked["rows"][0]["code"] == "gone", "{asked}");
    ensure!(counts(&import(desk, &dead, &["--answer", "gone=close"])?) == [0, 1, 0, 0]);
    let again = import(desk, &dead, &[])?;
    ensure!(counts(&again) == [0, 0, 1, 0], "{again}");
    Ok(())
}
