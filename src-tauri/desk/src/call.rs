//! Commands by name: the one table that the window, the loopback server and tests go through.

use crate::desk::{Desk, Inner};
use crate::export::{Judge, Note};
use crate::fault::OrBroken;
use crate::features::{calendar, conflict, disclosure, elder, kitchen, menu, order, receipt, run, staff, standing, status};
use crate::list::Tell;
use serde_json::Value;
use shared::command::{self as ask, Command};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::words::speaking;

/// What features know of the rows of lists beside records, by the list.
pub(crate) const TOLD: &[(&str, Tell)] = &[("elders", |desk, rows| elder::tell(&desk.look(), rows))];

/// What becomes of all that leaves in plain.
pub(crate) const JUDGE: Judge = disclosure::judge;
pub(crate) const NOTE: Note = disclosure::note;

/// Runs the command that is called `$name`; each arm names its command type and its act.
macro_rules! dispatch {
    ($desk:expr, $name:expr, $ask:expr, { $($command:ident => |$d:ident, $a:ident| $act:expr),+ $(,)? }) => {
        match $name {
            $(<ask::$command as Command>::NAME => {
                let $d: &Inner = $desk;
                let $a: ask::$command = serde_json::from_value($ask).map_err(|error| unreadable(&error))?;
                let reply: <ask::$command as Command>::Reply = $act?;
                serde_json::to_value(reply).or_broken()
            })+
            _ => Err(fault!(Code::BadInput, program::NO_SUCH_COMMAND)),
        }
    };
}

impl Desk {
    /// Runs a command by its name and JSON, for a page: what it answers is in the language of the settings.
    ///
    /// # Errors
    /// The fault of the command, ready for a person.
    pub fn call(&self, name: &str, ask: Value) -> Result<Value, Fault> {
        speaking(self.0.language(), || self.dispatch(name, ask))
    }

    fn dispatch(&self, name: &str, ask: Value) -> Result<Value, Fault> {
        self.0.permit(name, ask["list"].as_str())?;
        dispatch!(&self.0, name, ask, {
            People => |desk, _ask| staff::people(&desk.look()),
            SignIn => |desk, ask| desk.sign_in(&ask),
            Lock => |desk, _ask| Ok::<_, Fault>(desk.sit(None)),
            Stir => |desk, _ask| Ok::<_, Fault>(desk.stir()),
            ResetPin => |desk, ask| desk.act(staff::reset_pin, &ask),
            Status => |desk, _ask| status_of(desk),
            Enrol => |desk, ask| desk.enrol(&ask).and_then(|()| {
                // Enrolled is enrolled; the first sync may still fail and is tried again by itself.
                let _ = desk.sync_now();
                status_of(desk)
            }),
            SyncNow => |desk, _ask| desk.sync_by_hand(),
            SaveSettings => |desk, ask| desk.save_settings(ask.settings),
            FindElders => |desk, ask| elder::find(&desk.look(), &ask),
            ElderCard => |desk, ask| elder::card(&desk.look(), &ask),
            List => |desk, ask| desk.list(&ask),
            Get => |desk, ask| desk.get(&ask),
            Save => |desk, ask| desk.save(&ask),
            Choices => |desk, ask| desk.choices(&ask),
            History => |desk, ask| desk.history(&ask),
            Export => |desk, ask| desk.export(&ask, None, false),
            Reveal => |desk, ask| {
                let second = desk.second_person(ask.second.as_ref(), ask::Reveal::NAME, None)?;
                let (revealed, taken) = disclosure::reveal(&desk.look(), &ask, second)?;
                desk.act(NOTE, taken).map(|()| revealed)
            },
            SaveElder => |desk, ask| desk.act(elder::save, ask),
            MoveElder => |desk, ask| desk.act(elder::move_to, &ask),
            Canteens => |desk, _ask| elder::canteens(&desk.look()),
            Villages => |desk, _ask| Ok::<_, Fault>(elder::villages(&desk.look())),
            NameOfDivision => |_desk, ask| Ok::<_, Fault>(shared::division::name(&ask.code).to_owned()),
            TakeOrder => |desk, ask| desk.act(order::take, ask),
            StandingOf => |desk, ask| standing::of_elder(&desk.look(), &ask),
            SaveStanding => |desk, ask| desk.act(standing::save, &ask),
            PlanOrders => |desk, ask| desk.act(standing::plan, ask),
            UndoBatch => |desk, ask| desk.act(standing::undo, &ask),
            Kitchen => |desk, ask| kitchen::sheet(&desk.look(), &ask),
            FreezeCount => |desk, ask| desk.act(kitchen::freeze, &ask),
            NumberLabels => |desk, ask| desk.act(kitchen::number_labels, &ask),
            Calendar => |desk, ask| calendar::days(&desk.look(), &ask),
            MenuWeek => |desk, ask| menu::week(&desk.look(), &ask),
            FindMenuItems => |desk, ask| menu::find(&desk.look(), &ask),
            ChangeMenu => |desk, ask| desk.act(menu::change, &ask),
            PublishMenu => |desk, ask| desk.act(menu::publish, &ask),
            CopyMenu => |desk, ask| desk.act(menu::copy, &ask),
            SetOutcome => |desk, ask| desk.act(order::set_outcome, &ask),
            Today => |desk, ask| order::today(&desk.look(), &ask),
            LatestOrders => |desk, ask| order::latest(&desk.look(), &ask),
            MoveStop => |desk, ask| desk.act(run::move_stop, &ask),
            PutOnRoute => |desk, ask| desk.act(run::put_on_route, &ask),
            HandOver => |desk, ask| desk.act(run::hand_over, ask),
            SaveReceipt => |desk, ask| desk.act(receipt::save, &ask),
            KeepPhoto => |desk, ask| desk.keep_photo(&ask.file, |look| receipt::photo_owner(look, ask.order)),
            PhotoData => |desk, ask| desk.photo_data(&ask),
            OrderDetail => |desk, ask| order::detail(&desk.look(), &ask),
            PreviewImport => |desk, ask| desk.progress.during(|| elder::preview_import(&desk.look(), &ask)),
            CommitImport => |desk, ask| {
                let done = desk.progress.during(|| desk.act(elder::commit_import, &ask));
                // The wrong rows may still be asked for.
                done.inspect(|done| desk.used(&ask.file, done.error > 0))
            },
            ImportErrors => |desk, ask| desk.progress.during(|| elder::import_errors(&desk.look(), &ask).and_then(|file| desk.leave(file))),
            UndoImport => |desk, ask| desk.progress.during(|| desk.act(elder::undo_import, ask.import)),
            ListImports => |desk, _ask| elder::list_imports(&desk.look()),
            Progress => |desk, _ask| Ok::<_, Fault>(desk.progress.now()),
            RefusedChanges => |desk, _ask| status::refused(&desk.look()),
            Conflicts => |desk, ask| conflict::page(&desk.look(), &ask),
            Decide => |desk, ask| desk.act(conflict::decide, ask),
        })
    }

    /// Runs a command with its types, for the command line: what is spoken stays as it is.
    ///
    /// # Errors
    /// The fault of the command.
    pub fn ask<C: Command>(&self, command: &C) -> Result<C::Reply, Fault> {
        let reply = self.dispatch(C::NAME, serde_json::to_value(command).or_broken()?)?;
        serde_json::from_value(reply).or_broken()
    }
}

/// How the desk stands, with what another program on the folder wrote.
fn status_of(desk: &Inner) -> Result<ask::DeskStatus, Fault> {
    desk.catch_up()?;
    let look = desk.look();
    let staff::Standing { person, locked, unstaffed } = staff::standing(&look)?;
    Ok(ask::DeskStatus { person, locked, unstaffed, ..status::status(&look)? })
}

impl Inner {
    /// Whether who sits there may give the command of that name.
    pub(crate) fn permit(&self, command: &str, list: Option<&str>) -> Result<(), Fault> {
        staff::permit(&self.look(), command, list)
    }

    /// The name of a second person who agrees by their PIN, where one is named; every try counts as at the door.
    pub(crate) fn second_person(&self, ask: Option<&ask::SignIn>, command: &str, list: Option<&str>) -> Result<Option<String>, Fault> {
        let Some(ask) = ask else { return Ok(None) };
        self.act(staff::count_try, ask)?;
        self.act(|look, ask| staff::agree(look, ask, command, list), ask).map(Some)
    }

    /// Keeps the settings. Whoever sees to the computer says where the server is.
    fn save_settings(&self, settings: ask::Settings) -> Result<ask::Settings, Fault> {
        let server = settings.server.trim().trim_end_matches('/');
        if !server.is_empty() && server != self.facts().settings.server {
            self.permit(ask::Enrol::NAME, None)?;
        }
        self.change_facts(|facts| facts.set(settings))?;
        Ok(self.facts().settings)
    }

    /// Signs somebody in, in the place of whoever sits there.
    fn sign_in(&self, ask: &ask::SignIn) -> Result<ask::DeskStatus, Fault> {
        self.act(staff::count_try, ask)?;
        let person = self.act(staff::sign_in, ask)?;
        self.sit(Some(person));
        status_of(self)
    }
}

fn unreadable(error: &serde_json::Error) -> Fault {
    // Only where: the error's own words may quote what was typed.
    tracing::warn!(kind = ?error.classify(), line = error.line(), column = error.column(), "a command could not be read");
    fault!(Code::BadInput, program::COMMAND_UNREAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::command::{PreviewImport, RefusedChanges, SaveSettings, Settings};
    use shared::kinds::RecordKind;
    use shared::schema::RecordId;
    use shared::wire::{Enrolled, RefusedReason};
    use shared::words::{Language, language};

    /// An enrolled desk whose people read English.
    fn english(folder: &std::path::Path) -> Desk {
        let desk = Desk::open(folder).unwrap();
        let enrolled = Enrolled {
            device: desk.0.new_id(),
            device_number: 1,
            canteen: None,
            division: "445381001".into(),
            keys: String::new(),
            server_key: String::new(),
        };
        let known = |facts: &mut crate::facts::Facts| {
            (facts.enrolled, facts.person_keys) = (Some(enrolled), Some(shared::seal::PersonKeys(vec![("4453".to_owned(), vec![0; 32])])))
        };
        desk.0.change_facts(known).unwrap();
        desk.ask(&SaveSettings { settings: Settings { language: Language::En, ..Settings::default() } }).unwrap();
        desk
    }

    /// As a page asks.
    fn page<C: Command>(desk: &Desk, command: &C) -> C::Reply {
        serde_json::from_value(desk.call(C::NAME, serde_json::to_value(command).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn answers_are_in_the_language_of_the_settings_and_faults_in_both() {
        let folder = tempfile::tempdir().unwrap();
        drop(english(folder.path()));
        let desk = Desk::open(folder.path()).unwrap();
        let ask = || {
            let file = desk.hand_over("姓名,身份证号,村居\n王桂英,123,细坑社区\n".as_bytes()).unwrap();
            PreviewImport { file, file_name: "名单.csv".into(), ..PreviewImport::default() }
        };
        let told = page(&desk, &ask());
        assert_eq!(told.rows[0].message, "An ID number has 18 characters");
        assert!(told.fields.contains(&("name".to_owned(), "Name".to_owned())), "{:?}", told.fields);
        let fault = desk.call("no_such", json!({})).unwrap_err();
        assert_eq!((fault.happened.as_str(), fault.english.happened.as_str()), ("没有这个功能。", "There is no such function."));
        assert_eq!(language(), Language::Zh, "what is spoken here is as before");
        assert_eq!(desk.ask(&ask()).unwrap().rows[0].message, "身份证号位数不对，应为 18 位", "the command line has one language");
        desk.ask(&SaveSettings { settings: Settings::default() }).unwrap();
        assert_eq!(page(&desk, &ask()).rows[0].message, "身份证号位数不对，应为 18 位");
    }

    #[test]
    fn a_reason_is_kept_as_a_code_word_and_told_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let desk = english(folder.path());
        let record = RecordId(uuid::Uuid::from_bytes([3; 16]));
        let (_, bytes) = crate::check::tests::price();
        let put = |store: &rusqlite::Transaction<'_>| {
            let seq = crate::store::change::append(store, RecordKind::MenuPrice, record, &bytes, true)?;
            crate::store::refused::put(store, seq, RefusedReason::TooLarge, desk.0.clock.now())
        };
        desk.0.transact(put).unwrap();
        let told = || page(&desk, &RefusedChanges::default())[0].reason.clone();
        assert_eq!(told(), "The content is too long");
        // As an older program kept it.
        desk.0.transact(|store| Ok(store.execute("UPDATE refused_change SET reason = '内容太长'", [])?)).unwrap();
        assert_eq!(told(), "内容太长");
    }
}
