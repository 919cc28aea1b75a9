//! The sync server: admits changes from desks, logs and projects them, feeds them to other desks and
//! shows totals on a console. `Server` holds the parts, `serve` puts them behind a listener.
//! No rule of the domain is decided here; no SQL stands outside of `store`.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod account;
mod admin;
mod audit;
mod beside;
mod budget;
mod centre;
mod check;
mod city;
mod clock;
mod compact;
mod console;
mod counted;
#[cfg(any(test, feature = "drill"))]
mod demo;
mod epoch;
mod erasure;
mod factors;
mod fault;
mod hashing;
mod http;
mod integrity;
mod journal;
pub mod key_provider;
mod listen;
mod networks;
mod notice;
mod operator;
mod photo;
mod private_file;
mod projector;
mod root;
mod route;
mod secret;
mod server_key;
mod signatures;
mod store;
mod sync;
mod tls;

pub use account::{AccountListed, PasswordGiven};
pub use admin::Quarantined;
pub use audit::{AuditChecked, AuditPruned};
pub use check::Checked;
pub use city::CityNamed;
pub use clock::{Clock, civil};
pub use compact::Compacted;
pub use console::AuditListed;
#[cfg(any(test, feature = "drill"))]
pub use demo::DemoMade;
pub use epoch::RestoreSettled;
pub use erasure::ElderErased;
pub use factors::FactorsWanted;
pub use hashing::HashingReport;
pub use http::router;
pub use integrity::SealedAnew;
pub use listen::{Limits, serve_until};
pub use networks::NetworksNamed;
pub use operator::OperatorGiven;
pub use photo::ScrubReport;
pub use root::RootRotated;
pub use store::Database;
pub use tls::{Certificate, Line};

use centre::Centre;
use fault::Refusal;
use integrity::Sealing;
use key_provider::Master;
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::fault::{Code, Fault};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Store, StoreError};

/// One data folder at work. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Server(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    folder: PathBuf,
    store: Store,
    clock: Clock,
    crypto: Arc<dyn CryptoProvider>,
    centre: Centre,
    root_file: PathBuf,
    key_provider: Master,
    server_key: server_key::ServerKey,
    tls: tls::Tls,
    fresh: sync::Fresh,
    live: sync::Live,
    /// Requests of each account and each device that are worked on now, by its id.
    under_way: counted::Counted<Vec<u8>>,
    /// Questions that a whole feed is read for: of each device, and of all under no name.
    walks: counted::Counted<Option<[u8; 16]>>,
    /// What each device brought and asked today.
    budgets: budget::Budgets,
    /// Workbooks that are written now.
    workbooks: counted::Counted<()>,
    hashing: hashing::Hashing,
    one_look: http::OneLook,
    audit: audit::Audit,
    integrity: integrity::Integrity,
}

/// Requests of one account or device at once; who asks for more is answered 429.
const AT_ONCE: usize = 6;

/// Questions at once that a whole feed is read for, of all devices: so many readers are left for the others.
const WALKS: usize = 2;

impl Parts {
    /// Leave to read the whole feed of a device: each asks one such question at a time, and waits for those of others.
    fn walk_for(&self, device: [u8; 16]) -> Result<[counted::Share<Option<[u8; 16]>>; 2], Refusal> {
        let crowded = || Refusal::from(shared::fault!(Code::NotNow, request::TOO_MANY_AT_ONCE)).after(1);
        let own = self.walks.take(Some(device), 1).ok_or_else(crowded)?;
        Ok([own, self.walks.take(None, WALKS).ok_or_else(crowded)?])
    }

    /// A share of the server for one account or device, while it works for it.
    fn share_of(&self, id: &[u8]) -> Result<counted::Share<Vec<u8>>, Refusal> {
        let crowded = || Refusal::from(shared::fault!(Code::NotNow, request::TOO_MANY_AT_ONCE)).after(1);
        self.under_way.take(id.to_vec(), AT_ONCE).ok_or_else(crowded)
    }

    /// What opens and seals the keys of elders.
    fn keys(&self) -> sync::Keys<'_> {
        sync::Keys { crypto: self.crypto.as_ref(), key_provider: &self.key_provider }
    }
}

impl Parts {
    /// Brings rows and feeds to what this program's declarations make of the log.
    fn follow_declarations(&self) -> Result<(), StoreError> {
        if !self.store.read(journal::declared::is_behind)? {
            return Ok(());
        }
        let now = self.clock.seconds();
        self.store.write(|tx| {
            journal::declared::follow(tx)?;
            // What an older program took was not judged.
            sync::doubt::look_over(tx, Some((self, now))).map(drop)
        })
    }
}

/// Where the root key lies when nobody says otherwise.
const KEEPER: &str = "keeper.key";

/// Held while a server serves a folder, so that a second one does not.
#[derive(Debug)]
pub struct FolderLock(#[allow(dead_code, reason = "the lock ends when the file is dropped")] File);

impl Server {
    /// Opens a data folder, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// A [`Fault`] when the folder can't be used.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, Fault> {
        Self::open_with(folder, clock, Arc::new(SoftProvider::new()))
    }

    /// Opens with another suite: that of a certified module, or a seeded one in a simulation.
    ///
    /// # Errors
    /// As [`Server::open`].
    pub fn open_with(folder: &Path, clock: Clock, crypto: Arc<dyn CryptoProvider>) -> Result<Self, Fault> {
        Self::on(Store::open(folder), folder, &folder.join(KEEPER), clock, crypto, Sealing::Once).map(|(server, _)| server)
    }

    /// Opens the SQLite of a data folder, or a PostgreSQL database, with the root key in a file somewhere else.
    ///
    /// # Errors
    /// As [`Server::open`] and [`Server::open_at`].
    pub fn open_kept(database: Option<&Database<'_>>, folder: &Path, root_key: &Path, clock: Clock) -> Result<Self, Fault> {
        Self::open_sealing(database, folder, root_key, clock, Sealing::Once).map(|(server, _)| server)
    }

    fn open_sealing(
        database: Option<&Database<'_>>,
        folder: &Path,
        root_key: &Path,
        clock: Clock,
        sealing: Sealing,
    ) -> Result<(Self, u64), Fault> {
        let store = database.map_or_else(|| Store::open(folder), |database| Store::open_at(database, folder));
        Self::on(store, folder, root_key, clock, Arc::new(SoftProvider::new()), sealing)
    }

    /// Opens a PostgreSQL database (`postgres://user:password@host/name`) that other servers may share;
    /// the folder keeps the photos, and they share it as well.
    ///
    /// # Errors
    /// A [`Fault`] when the database or the folder can't be used.
    pub fn open_at(database: &str, folder: &Path, clock: Clock) -> Result<Self, Fault> {
        Self::open_kept(Some(&database.into()), folder, &folder.join(KEEPER), clock)
    }

    fn on(
        store: Result<Store, StoreError>,
        folder: &Path,
        root_key: &Path,
        clock: Clock,
        crypto: Arc<dyn CryptoProvider>,
        sealing: Sealing,
    ) -> Result<(Self, u64), Fault> {
        let store = store.map_err(fault::cannot_open)?;
        let master = root::master(&store, root_key, &crypto)?;
        let sealed = integrity::begin(&store, folder, &crypto, &master, sealing).map_err(fault::cannot_open)?;
        city::settle(&store).map_err(fault::cannot_open)?;
        let server_key = server_key::ServerKey::open(&store, crypto.as_ref(), &master).map_err(fault::cannot_open)?;
        let parts = Parts {
            folder: folder.to_owned(),
            root_file: root_key.to_owned(),
            fresh: sync::Fresh::since(clock.seconds()),
            audit: audit::Audit::new(crypto.as_ref(), &master),
            store,
            clock,
            crypto,
            centre: Centre::new(),
            key_provider: master,
            server_key,
            tls: tls::Tls::default(),
            live: sync::Live::default(),
            under_way: counted::Counted::default(),
            walks: counted::Counted::default(),
            budgets: budget::Budgets::default(),
            workbooks: counted::Counted::default(),
            hashing: hashing::Hashing::new(),
            one_look: http::OneLook::default(),
            integrity: integrity::Integrity::default(),
        };
        let behind = parts.behind_mark().map_err(fault::cannot_open)?;
        integrity::tell_sealed(&parts, sealing, sealed)?;
        parts.follow_declarations().map_err(fault::cannot_open)?;
        parts.replay_erasures().map_err(fault::cannot_open)?;
        parts.replay_notices().map_err(fault::cannot_open)?;
        parts.keep_mark(behind).map_err(fault::cannot_open)?;
        Ok((Self(Arc::new(parts)), sealed))
    }

    /// Takes the folder for serving; servers on one PostgreSQL database take it together.
    ///
    /// # Errors
    /// A [`Fault`] when another server serves it.
    pub fn claim(&self) -> Result<FolderLock, Fault> {
        let file = File::options().create(true).append(true).open(self.0.folder.join("server.lock")).map_err(|_| Fault::broken())?;
        let taken = if self.0.store.is_shared() { file.try_lock_shared() } else { file.try_lock() };
        match taken {
            Ok(()) => Ok(FolderLock(file)),
            Err(_) => Err(shared::fault!(Code::NotNow, program::FOLDER_SERVED_ALREADY)),
        }
    }

    /// Enrols a device, without a carrier: what the simulator calls.
    ///
    /// # Errors
    /// A [`Fault`], as the carrier would send it.
    pub fn enrol(&self, ask: &shared::wire::EnrolAsk) -> Result<shared::wire::Enrolled, Fault> {
        sync::enrol_now(&self.0, ask, &audit::Actor::itself()).map_err(Fault::from)
    }

    /// Answers one envelope, without a carrier: what the simulator calls.
    ///
    /// # Errors
    /// A [`Fault`], as the carrier would send it.
    pub fn receive(&self, envelope: &[u8]) -> Result<shared::sync::Answer, Fault> {
        sync::receive(&self.0, envelope, &audit::Actor::itself()).map_err(Fault::from)
    }

    /// Signs an answer, without a carrier: what the simulation of other versions calls.
    ///
    /// # Errors
    /// A [`Fault`] when it is too long.
    pub fn sign(&self, question: &shared::sync::reply::Question, answer: &shared::sync::Answer) -> Result<Vec<u8>, Fault> {
        sync::sign(&self.0, question, answer).map_err(Fault::from)
    }

    /// How many devices wait for news at this process.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.live.count()
    }

    /// Does blocking work away from the carriers' threads.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Parts) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let parts = Arc::clone(&self.0);
        let work = move || {
            let done = act(&parts);
            parts.tell_forged();
            done
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => {
                tracing::error!(%error, "a request failed inside");
                Err(Fault::broken().into())
            }
        }
    }
}

/// Serves until the process is told to end; with a line over TLS, without one in plain, which is for this machine alone.
///
/// # Errors
/// Those of the listener.
pub async fn serve(listener: tokio::net::TcpListener, server: Server, line: Option<Line>) -> std::io::Result<()> {
    let end = {
        let server = server.clone();
        async move {
            told_to_end().await;
            server.0.live.close();
        }
    };
    let (scrub, compact, audit) = (photo::scrub_on(server.clone()), compact::compact_on(server.clone()), audit::watch_on(server.clone()));
    let (integrity, accounts) = (integrity::watch_on(server.clone()), account::watch_on(server.clone()));
    let certificates = line.clone().map(Line::keep_on);
    let certificates = async {
        match certificates {
            Some(keep_on) => keep_on.await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        served = serve_until(listener, server, line, Limits::default(), end) => served,
        () = scrub => Ok(()),
        () = compact => Ok(()),
        () = certificates => Ok(()),
        () = audit => Ok(()),
        () = integrity => Ok(()),
        () = accounts => Ok(()),
    }
}

async fn told_to_end() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
