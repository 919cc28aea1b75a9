//! Words made to be taken for something else: paths, statements, marks of direction, addresses. At a desk, in its own process; what a browser
//! makes of them stands in `screens/markup.rs`, what the server's lists do in its suite.

use super::kit::{Office, Town, VILLAGE};
use anyhow::{Result, ensure};
use shared::command::{ElderCard, ElderForm, Export, FindElders, KeepPhoto, List, PhotoData, PreviewImport, SaveElder};
use shared::fault::Code;
use shared::kinds::LISTS;
use shared::list::{End, ListPage};
use shared::schema::RecordId;
use shared::schema::arbitrary::STATEMENTS;

fn named(office: &Office, name: &str) -> Result<RecordId> {
    let form = ElderForm { name: name.into(), division: VILLAGE.into(), ..ElderForm::default() };
    Ok(office.desk.ask(&SaveElder { elder: None, form })?)
}

/// Names as the civil registry has them: beyond the first plane, with dots, with variants.
#[test]
fn f67_rare_characters_are_kept_shown_and_found_and_what_can_not_be_seen_is_left_out() -> Result<()> {
    let town = Town::new()?;
    let (canteen, office) = (town.desk("canteen", false)?, town.desk("office", true)?);
    let names = ["𠮷野静江", "𬜯小妹", "䶮大爷", "葛\u{e0100}城", "阿依古丽·买买提", "Zoë Müller"];
    let mut ids = Vec::new();
    for name in names {
        ids.push(named(&canteen, name)?);
    }
    for desk in [&canteen, &office] {
        desk.sync(town.server()?)?;
    }
    for desk in [&canteen, &office] {
        let list: ListPage = desk.desk.ask(&List { list: "elders".to_owned(), ..List::default() })?;
        for (name, id) in names.iter().zip(&ids) {
            ensure!(desk.desk.ask(&ElderCard { elder: Some(*id) })?.form.name == *name, "{name} in the file");
            ensure!(list.rows.iter().any(|row| row.id == *id && row.text("name") == *name), "{name} in the list");
            let whole = desk.desk.ask(&FindElders { text: (*name).to_owned(), limit: 5 })?;
            ensure!(whole.iter().any(|hit| hit.id == *id), "{name} is found");
            let head: String = name.chars().take(1).collect();
            ensure!(desk.desk.ask(&FindElders { text: head.clone(), limit: 9 })?.iter().any(|hit| hit.id == *id), "{head} of {name}");
        }
    }
    for (typed, seen) in [("王\u{200b}桂英", "王桂英"), ("\u{202e}李桂芳\u{202c}", "李桂芳"), ("陈\r\n\u{1b}[31m妹", "陈[31m妹")]
    {
        let id = named(&canteen, typed)?;
        ensure!(canteen.desk.ask(&ElderCard { elder: Some(id) })?.form.name == seen, "{typed:?}");
        ensure!(canteen.desk.ask(&FindElders { text: seen.to_owned(), limit: 5 })?.iter().any(|hit| hit.id == id), "{seen} is found");
    }
    ensure!(named(&canteen, "\u{200b}\u{2060}").is_err(), "nothing to be seen is no name");
    Ok(())
}

#[test]
fn f70_no_name_of_a_file_leads_out_of_the_folder() -> Result<()> {
    let town = Town::new()?;
    let canteen = town.desk("canteen", false)?;
    let ways = [
        "../desk.sqlite",
        "..\\desk.sqlite",
        "/etc/passwd",
        "C:\\Windows\\win.ini",
        "CON",
        "\\\\?\\C:\\x",
        "a\0b",
        "%2e%2e%2fdesk.sqlite",
        ".",
    ];
    for way in ways {
        let handed = || way.to_owned();
        let photo = canteen.desk.ask(&KeepPhoto { file: handed(), order: None }).unwrap_err();
        ensure!(photo.code == Code::NotFound, "{way:?}: {photo}");
        let list = PreviewImport { file: handed(), file_name: handed(), ..PreviewImport::default() };
        ensure!(canteen.desk.ask(&list).is_err_and(|fault| fault.code == Code::NotFound), "{way:?}");
        for thumbnail in [false, true] {
            let seen = canteen.desk.ask(&PhotoData { hash: handed(), thumbnail }).unwrap_err();
            ensure!(seen.code == Code::NotFound, "{way:?}: {seen}");
        }
        ensure!(canteen.desk.ask(&Export { list: handed(), ..Export::default() }).is_err(), "{way:?} is no list");
        let name = desk::export::safe_file_name(way);
        let plain = !name.is_empty() && !name.contains(['/', '\\', ':', '\0']) && ![".", "..", "CON"].contains(&name.as_str());
        ensure!(plain, "{way:?} became {name:?}");
    }
    for unseen in ['\u{202e}', '\u{2066}', '\u{200f}', '\u{7}'] {
        ensure!(!desk::export::safe_file_name(&format!("名单{unseen}xslx.exe")).contains(unseen));
    }
    // A handed-over file is named by its handle alone, whatever the screen calls it.
    let handle = canteen.desk.hand_over(b"\xe5\xa7\x93\xe5\x90\x8d\n")?;
    ensure!(handle.len() == 32 && town.folder("canteen/inbox").join(&handle).is_file());
    Ok(())
}

#[test]
fn f71_statements_in_the_lists_of_a_desk_are_only_words() -> Result<()> {
    let town = Town::new()?;
    let canteen = town.desk("canteen", false)?;
    for name in ["王桂英", "李'; drop table elder; --"] {
        canteen.order(named(&canteen, name)?)?;
    }
    let count = |list: &str| -> Result<usize> { Ok(canteen.desk.ask(&List { list: list.to_owned(), ..List::default() })?.rows.len()) };
    let before: Vec<usize> =
        LISTS.iter().filter(|list| list.ends.contains(&End::Desk)).map(|list| count(list.name)).collect::<Result<_>>()?;
    for list in LISTS.iter().filter(|list| list.ends.contains(&End::Desk)) {
        let names: Vec<&str> = list.filters_at(End::Desk).flat_map(|filter| filter.names()).collect();
        for statement in STATEMENTS {
            for name in names.iter().copied().chain(["sort", "page", "after", "before", statement]) {
                let words = [(name.to_owned(), (*statement).to_owned())].into();
                let asked = canteen.desk.ask(&List { list: list.name.to_owned(), words });
                let words_only = match asked {
                    Ok(page) => page.rows.iter().all(|row| row.cells.values().any(|cell| format!("{cell:?}").contains(statement))),
                    Err(fault) => fault.code == Code::BadInput,
                };
                ensure!(words_only, "{} where {name} is {statement}", list.name);
            }
        }
    }
    let found = canteen.desk.ask(&FindElders { text: "李'; drop".to_owned(), limit: 5 })?;
    ensure!(found.len() == 1, "{found:?}");
    ensure!(LISTS.iter().filter(|list| list.ends.contains(&End::Desk)).map(|list| count(list.name)).collect::<Result<Vec<_>>>()? == before);
    Ok(())
}

/// Where a program opens a line to elsewhere, and to whom; nothing else in the products does.
const LINES: [(&str, &str); 2] = [
    ("src-tauri/desk/src/sync/client.rs", "the server that was enrolled with; redirects are not followed"),
    ("sync-server/src/store/engine/connection.rs", "the database that the operator names"),
];

#[test]
fn f73_no_program_calls_anybody_but_whom_it_was_told() -> Result<()> {
    for (path, text) in crate::tidy::all()? {
        let product = path.starts_with("src-tauri/") || path.starts_with("sync-server/src/") || path.starts_with("shared/src/");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if !product || path.ends_with("/tests.rs") {
            continue;
        }
        for opens in [
            "reqwest::Client",
            "TcpStream::connect",
            "UdpSocket::bind",
            "UnixStream::connect",
            "lookup_host",
            "to_socket_addrs",
            ".config.connect(",
        ] {
            let allowed = LINES.iter().any(|(file, _)| *file == path);
            ensure!(allowed || !code.contains(opens), "{path} opens a line ({opens})");
        }
    }
    for (file, whom) in LINES {
        ensure!(!whom.is_empty() && crate::tidy::all()?.iter().any(|(path, _)| path == file), "{file} is gone: who opens lines now?");
    }
    Ok(())
}
