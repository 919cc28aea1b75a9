//! What the engines owe the store: the same tables, and on PostgreSQL one writer at a time, places
//! of the log in the order of their commit, and work that is done again.

use super::engine::put;
use super::seal::tests::with_keys;
use super::{Logged, Store, StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::{Fields, RecordId, Value};
use std::cell::Cell;
use std::sync::mpsc;

#[allow(dead_code, reason = "the tests from outside use more of it")]
#[path = "../../tests/cluster/mod.rs"]
pub(super) mod cluster;
use cluster::{Cluster, ask};

fn on_postgres(database: &str) -> Store {
    with_keys(Store::open_at(&database.into(), &std::env::temp_dir()).unwrap())
}

/// The address of a fresh database.
pub(super) fn on_postgres_database() -> String {
    Cluster::of_all().database()
}

/// Does the same on a fresh store of each engine.
pub(super) fn on_both(act: impl Fn(&Store)) {
    let folder = tempfile::tempdir().unwrap();
    act(&with_keys(Store::open(folder.path()).unwrap()));
    act(&on_postgres(&Cluster::of_all().database()));
}

fn set(tx: &Tx<'_>, name: &str) -> Result<(), StoreError> {
    tx.set(name, "1")
}

fn settings(store: &Store) -> i64 {
    store.read(|tx| tx.value::<i64>("SELECT count(*) FROM setting", put![])).unwrap().unwrap()
}

#[test]
fn f44_a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let shared = Cluster::of_all().database();
    for store in [Store::open(folder.path()).unwrap(), on_postgres(&shared)] {
        let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
             SELECT 99, 'later', applied_on, '7' FROM refinery_schema_history WHERE version = 1";
        store.write(|tx| tx.execute(newer, put![])).unwrap();
    }
    let clock = || crate::Clock::by(|| 0);
    let here = crate::Server::open(folder.path(), clock()).unwrap_err();
    let there = crate::Server::open_at(&shared, folder.path(), clock()).unwrap_err();
    for fault in [here, there] {
        assert!(fault.next_step.contains("程序版本不低于上次用过的"), "{fault}");
    }
}

#[test]
fn both_engines_have_the_same_tables() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = "SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'refinery%' ORDER BY 1";
    let postgres = "SELECT CAST(table_name || '.' || column_name AS TEXT) COLLATE \"C\" FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE 'refinery%' ORDER BY 1";
    let of = |store: &Store, sql| store.read(|tx| tx.all(sql, put![], |row| row.get::<String>(0))).unwrap();
    let there = of(&on_postgres(&Cluster::of_all().database()), postgres);
    assert_eq!(of(&Store::open(folder.path()).unwrap(), sqlite), there);
}

/// A writer that has drawn its place keeps the next one waiting until its own can be seen, so that a
/// reader never sees the later place without the earlier one.
#[test]
fn a_late_commit_is_not_skipped() {
    let database = Cluster::of_all().database();
    let (slow, quick) = (on_postgres(&database), on_postgres(&database));
    let append = |tx: &Tx<'_>| {
        let (pos, seq) = tx.ends()?;
        let logged = Logged { seq: seq + 1, bytes: vec![7], device: None, received_at: 0 };
        tx.append(&[((RecordKind::Order.into(), [1; 16]), &logged)])?;
        tx.put_ends(pos, seq + 1)
    };
    let positions = || quick.read(|tx| tx.all("SELECT seq FROM log ORDER BY seq", put![], |row| row.get::<i64>(0))).unwrap();
    std::thread::scope(|scope| {
        let (drawn, on_drawn) = mpsc::channel();
        let (go, on_go) = mpsc::channel::<()>();
        let first = scope.spawn(move || {
            slow.write::<_, StoreError>(|tx| {
                append(tx)?;
                drawn.send(()).unwrap();
                on_go.recv().unwrap();
                Ok(())
            })
        });
        on_drawn.recv().unwrap();
        let second = scope.spawn(|| quick.write::<_, StoreError>(|tx| append(tx)));
        let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = \
             (SELECT oid FROM pg_database WHERE datname = current_database())";
        while ask(&database, |client| client.query_one(waiting, &[]).unwrap().get::<_, i64>(0)) == 0 {
            assert!(!second.is_finished(), "the second writer did not wait");
        }
        assert_eq!(positions(), Vec::<i64>::new());
        go.send(()).unwrap();
        first.join().unwrap().unwrap();
        second.join().unwrap().unwrap();
        assert_eq!(positions(), [1, 2]);
    });
}

#[test]
fn f35_what_others_spoil_is_done_again_and_what_is_wrong_is_not() {
    let database = Cluster::of_all().database();
    let store = on_postgres(&database);
    let before = settings(&store);
    for (state, at_most) in [("40001", 2), ("40P01", 2), ("22012", 1)] {
        let tries = Cell::new(0);
        let done = store.write(|tx| {
            tries.set(tries.get() + 1);
            set(tx, state)?;
            if tries.get() == 1 {
                tx.execute(&format!("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"), put![])?;
            }
            Ok::<_, StoreError>(())
        });
        assert_eq!((tries.get(), done.is_ok()), (at_most, at_most == 2), "{state}");
    }
    assert_eq!(settings(&store), before + 2, "each once, the failed one not at all");
    let overlooked = store.write(|tx| {
        tx.execute("SELECT 1 / 0", put![]).ok();
        Ok::<_, StoreError>(())
    });
    assert!(matches!(overlooked, Err(StoreError::Overlooked)));
}

#[test]
fn f35_a_connection_that_is_cut_is_replaced() {
    let database = Cluster::of_all().database();
    let store = on_postgres(&database);
    let before = settings(&store);
    let tries = Cell::new(0);
    let cut = |tx: &Tx<'_>| tx.execute("SELECT pg_terminate_backend(pg_backend_pid())", put![]);
    store
        .write(|tx| {
            tries.set(tries.get() + 1);
            set(tx, "kept")?;
            if tries.get() == 1 {
                cut(tx)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!((tries.get(), settings(&store)), (2, before + 1));
    tries.set(0);
    let read = store.read(|tx| {
        tries.set(tries.get() + 1);
        if tries.get() == 1 {
            cut(tx)?;
        }
        tx.setting("kept")
    });
    assert_eq!((tries.get(), read.unwrap().as_deref()), (2, Some("1")));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write::<(), StoreError>(|tx| {
            set(tx, "lost")?;
            panic!("in the middle");
        })
    }));
    assert!(panicked.is_err());
    store.write(|tx| set(tx, "after")).unwrap();
    assert_eq!(settings(&store), before + 2, "a panic takes its own work back and nothing else");
}

/// The commit is durable but its answer never comes: the work counts as done, and is not done twice.
#[test]
fn f34_a_commit_without_an_answer_is_looked_up() {
    let cluster = Cluster::start();
    let database = cluster.database();
    let store = on_postgres(&database);
    let before = settings(&store);
    let waits_for = |whom: &str| {
        cluster.ask("postgres", |client| {
            client.batch_execute(&format!("ALTER SYSTEM SET synchronous_standby_names = '{whom}'")).unwrap();
            client.batch_execute("SELECT pg_reload_conf()").unwrap();
        });
    };
    // A commit waits for a standby that is not there, from the moment the server has heard of it.
    waits_for("nobody");
    let tries = Cell::new(0);
    std::thread::scope(|scope| {
        let cutter = scope.spawn(|| {
            let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
            while ask(&database, |client| client.query_one(cut, &[]).unwrap().get::<_, i64>(0)) == 0 {}
            waits_for("");
        });
        while !cutter.is_finished() {
            tries.set(tries.get() + 1);
            store.write(|tx| set(tx, &tries.get().to_string())).unwrap();
        }
    });
    assert_eq!(settings(&store), before + tries.get(), "each done once");
}

#[test]
fn a_database_that_does_not_wait_for_its_disk_is_made_to() {
    let database = Cluster::of_all().database();
    ask(&database, |client| {
        let name: String = client.query_one("SELECT current_database()::text", &[]).unwrap().get(0);
        client.batch_execute(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).unwrap();
    });
    let store = on_postgres(&database);
    let held = store.read(|tx| tx.value::<String>("SELECT current_setting('synchronous_commit')", put![]));
    assert_eq!(held.unwrap().as_deref(), Some("on"));
}

#[test]
fn every_kind_is_read_from_its_row_as_it_was_written_but_for_what_is_sealed() {
    let mut seeded = shared::schema::arbitrary::Seeded(20_261_127);
    let kinds = || RecordKind::ALL.iter().copied().filter(|kind| kind.has_row());
    let records: Vec<_> = (1..9_u8).flat_map(|number| kinds().map(move |kind| (kind, [number; 16]))).collect();
    let records: Vec<_> = records.into_iter().map(|(kind, id)| (kind, id, seeded.record(kind, "C001", "445381001"))).collect();
    on_both(|store| {
        let write = |tx: &Tx<'_>| records.iter().try_for_each(|(kind, id, fields)| tx.put_rows(*kind, &[(id, fields)]));
        store.write::<_, StoreError>(write).unwrap();
        store
            .read::<_, StoreError>(|tx| {
                for (kind, id, fields) in &records {
                    let mut open = fields.clone();
                    open.retain(|name, _| kind.field(name).is_none_or(|field| !field.is_sealed()));
                    assert_eq!(tx.row(*kind, id)?, Some(open), "{kind:?}");
                    assert!(tx.row_stands(*kind, id, fields)?);
                }
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn a_reference_is_kept_as_sixteen_bytes_and_what_is_none_as_nothing() {
    let id = RecordId(uuid::Uuid::from_bytes([5; 16]));
    let binding = |elder: Value| Fields::from([("elder".into(), elder)]);
    on_both(|store| {
        for (said, kept) in [
            (Value::Text(id.to_string().into()), Some(id)),
            (Value::Text(id.0.hyphenated().to_string().to_uppercase().into()), Some(id)),
            (Value::Text("王桂英".into()), None),
            (Value::Int(5), None),
        ] {
            let fields = binding(said);
            store.write::<_, StoreError>(|tx| tx.put_rows(RecordKind::Binding, &[(&[1; 16], &fields)])).unwrap();
            let look = |tx: &Tx<'_>| {
                let bytes: Option<Option<[u8; 16]>> = tx.value("SELECT elder FROM binding", put![])?;
                Ok::<_, StoreError>((
                    bytes.flatten(),
                    tx.row(RecordKind::Binding, &[1; 16])?,
                    tx.row_stands(RecordKind::Binding, &[1; 16], &fields)?,
                ))
            };
            let row = kept.map_or_else(Fields::new, |id| binding(Value::Text(id.to_string().into())));
            assert_eq!(store.read(look).unwrap(), (kept.map(|id| *id.0.as_bytes()), Some(row), true));
        }
    });
}

#[test]
fn pages_that_people_look_at_leave_readers_for_desks() {
    on_both(|store| {
        std::thread::scope(|scope| {
            let (looking, looks) = mpsc::channel();
            let mut go_on = Vec::new();
            // As many as may read at once, and as many again that wait for them.
            for _ in 0..2 * super::PAGES {
                let (send, wait) = mpsc::channel::<()>();
                let looking = looking.clone();
                go_on.push(send);
                scope.spawn(move || {
                    let look = |tx: &Tx<'_>| {
                        looking.send(tx.value::<i64>("SELECT count(*) FROM setting", put![])?).unwrap();
                        // Until the test has seen enough.
                        let _ = wait.recv();
                        Ok::<_, StoreError>(())
                    };
                    store.read_page(look).unwrap();
                });
            }
            for _ in 0..super::PAGES {
                looks.recv().unwrap();
            }
            // Desks look and write on.
            let before = settings(store);
            store.write(|tx| set(tx, "meanwhile")).unwrap();
            assert_eq!(settings(store), before + 1);
            assert!(looks.try_recv().is_err(), "no more pages at once than may be");
            drop(go_on);
            for _ in 0..super::PAGES {
                looks.recv().unwrap();
            }
        });
    });
}

#[test]
fn a_full_disk_is_told_as_the_servers_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = with_keys(Store::open(folder.path()).unwrap());
    let fill = |tx: &Tx<'_>| {
        tx.value::<i64>("PRAGMA max_page_count = 1", put![])?;
        set(tx, &"x".repeat(1 << 20))
    };
    let error = store.write(fill).unwrap_err();
    assert!(error.is_full(), "{error:?}");
    assert!(crate::fault::Refusal::from(error).fault.happened.contains("服务器的磁盘满了"));
}
