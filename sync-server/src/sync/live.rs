//! Held waits: a device that asks for news is answered when there is some. One task a process looks at the
//! store, and only while somebody waits, so that what another process wrote is heard as well. A wait
//! costs no thread; a round of looks is one view of the store.

use super::device_tx::DeviceTx;
use crate::fault::{Refusal, unknown_device};
use crate::store::{EVERYBODY, Identity};
use crate::{Parts, Server};
use shared::sync::SetDigest;
use shared::sync::server::ServerStore;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

/// How long a wait is held: half of the minute after which balancers and home routers cut a silent connection.
pub(super) const HOLD: Duration = Duration::from_secs(25);
/// How often the store is looked at for what other processes wrote.
const TICK: Duration = Duration::from_millis(300);
/// The rest after a round of looks: a busy hour costs ten rounds a second, not one a change.
const BREATH: Duration = Duration::from_millis(100);
/// Held waits in all, six cities' worth: they must not take every connection. Whoever comes then is answered at once and
/// asks again later.
const MOST: usize = 3_000;

/// How a wait ends: whether there is news, or why the device hears nothing more.
type Ended = Result<bool, Refusal>;

/// Who waits.
#[derive(Debug, Default)]
pub(crate) struct Live {
    room: Mutex<Room>,
    wakeup: Notify,
}

#[derive(Debug, Default)]
struct Room {
    /// One wait a device: a newer one ends the older.
    waiting: HashMap<Vec<u8>, Waiter>,
    seats: u64,
    ticking: bool,
    closed: bool,
}

#[derive(Debug)]
struct Waiter {
    seat: u64,
    device: Identity,
    after: u64,
    end: oneshot::Sender<Ended>,
}

/// What a round of looks saw: the last place of the log's feeds, and each feed's sum.
#[derive(Debug, Default)]
struct Seen {
    pos: i64,
    digests: HashMap<String, SetDigest>,
}

/// A wait that is over.
struct Over {
    device: Vec<u8>,
    seat: u64,
    how: Ended,
}

/// A device's place in the room, left when the asker is gone.
struct Seat<'a> {
    live: &'a Live,
    device: Vec<u8>,
    number: u64,
    ended: oneshot::Receiver<Ended>,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.live.leave(&self.device, self.number);
    }
}

impl Live {
    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was written here: the next round of looks is now.
    pub(super) fn notify(&self) {
        self.wakeup.notify_one();
    }

    /// How many wait.
    pub(crate) fn count(&self) -> usize {
        self.room().waiting.len()
    }

    /// Ends all waits and holds no more: the process ends.
    pub(crate) fn close(&self) {
        let mut room = self.room();
        room.closed = true;
        for waiter in std::mem::take(&mut room.waiting).into_values() {
            drop(waiter.end.send(Ok(false)));
        }
    }

    fn sit(&self, device: Identity, after: u64) -> Option<Seat<'_>> {
        let (mut room, id) = (self.room(), device.id.clone());
        if room.closed || (room.waiting.len() >= MOST && !room.waiting.contains_key(&id)) {
            return None;
        }
        let (end, ended) = oneshot::channel();
        room.seats += 1;
        let number = room.seats;
        if let Some(older) = room.waiting.insert(id.clone(), Waiter { seat: number, device, after, end }) {
            drop(older.end.send(Ok(false)));
        }
        Some(Seat { live: self, device: id, number, ended })
    }

    fn leave(&self, device: &[u8], seat: u64) -> Option<Waiter> {
        let mut room = self.room();
        if room.waiting.get(device).is_some_and(|waiter| waiter.seat == seat) { room.waiting.remove(device) } else { None }
    }

    /// Seats, devices and scopes of those whose feed, or everybody's, is one of `moved`.
    fn concerned(&self, moved: impl Fn(&str) -> bool) -> Vec<(u64, Identity, u64)> {
        let all = moved(EVERYBODY);
        let room = self.room();
        let concerned = room.waiting.values().filter(|waiter| all || moved(&waiter.device.scope().key()));
        concerned.map(|waiter| (waiter.seat, waiter.device.clone(), waiter.after)).collect()
    }
}

/// Holds a device's question until there is news behind `after`, or for a while.
///
/// # Errors
/// A [`Refusal`] when the device was shut out meanwhile, or the store is away.
pub(super) async fn wait(server: &Server, device: Identity, after: u64, hold: Duration) -> Result<bool, Refusal> {
    let Some(mut seat) = server.0.live.sit(device.clone(), after) else { return Ok(false) };
    // Looked at from its seat: what is written later moves the store behind this look, and a round finds it.
    if server.run(move |parts| parts.store.read(|tx| Ok::<_, Refusal>(DeviceTx::looking(parts, tx, &device).news(after)?))).await? {
        return Ok(true);
    }
    start_ticking(server);
    match tokio::time::timeout(hold, &mut seat.ended).await {
        Ok(Ok(ended)) => ended,
        Ok(Err(_)) | Err(_) => Ok(false),
    }
}

fn start_ticking(server: &Server) {
    if !std::mem::replace(&mut server.0.live.room().ticking, true) {
        tokio::spawn(tick(server.clone()));
    }
}

/// Looks round and round while somebody waits.
async fn tick(server: Server) {
    let mut seen = Seen::default();
    loop {
        let _ = tokio::time::timeout(TICK, server.0.live.wakeup.notified()).await;
        {
            let mut room = server.0.live.room();
            if room.waiting.is_empty() {
                room.ticking = false;
                return;
            }
        }
        let before = seen.pos;
        let looked = server.run(move |parts| look_round(parts, &mut seen).map(|over| (seen, over))).await;
        // A store that is away is told by the next request; who waits goes on waiting, and is looked after anew.
        let Ok((now, over)) = looked else {
            seen = Seen::default();
            continue;
        };
        seen = now;
        for Over { device, seat, how } in over {
            if let Some(waiter) = server.0.live.leave(&device, seat) {
                drop(waiter.end.send(how));
            }
        }
        if seen.pos != before {
            tokio::time::sleep(BREATH).await;
        }
    }
}

/// Which waits are over. Where nothing was written since `seen` that is one cheap look; else those are looked after whose
/// feed has another sum. A device is shut out by a change that stands in its own feed.
fn look_round(parts: &Parts, seen: &mut Seen) -> Result<Vec<Over>, Refusal> {
    parts.store.read(|tx| {
        let mut over = Vec::new();
        let (pos, _) = tx.ends()?;
        if seen.pos == pos {
            return Ok(over);
        }
        let digests: HashMap<String, SetDigest> = tx.scopes()?.into_iter().map(|(name, _, sum)| (name, sum)).collect();
        for (seat, device, after) in parts.live.concerned(|scope| digests.get(scope) != seen.digests.get(scope)) {
            let how = match tx.device(&device.id)? {
                None => Err(unknown_device()),
                Some(_) if DeviceTx::looking(parts, tx, &device).news(after)? => Ok(true),
                Some(_) => continue,
            };
            over.push(Over { device: device.id, seat, how });
        }
        *seen = Seen { pos, digests };
        Ok(over)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use crate::store::CodeFor;
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    /// Far longer than a test may take: a wait that only its end would end is one that hangs.
    const FOR_EVER: Duration = Duration::from_secs(3_600);

    fn server(folder: &std::path::Path) -> (Server, Identity) {
        let server = Server::open(folder, Clock::by(|| 0)).unwrap();
        let CodeFor { canteen, division } = CodeFor { canteen: None, division: "4453".to_owned() };
        (server, Identity { id: vec![7; 16], number: 7, canteen, division })
    }

    /// Goes on with a wait until it is held.
    async fn held(server: &Server, wait: Pin<&mut impl Future<Output = Ended>>) {
        let mut wait = wait;
        while !server.0.live.room().ticking {
            let looked = std::future::poll_fn(|context| Poll::Ready(wait.as_mut().poll(context).is_ready())).await;
            assert!(!looked, "it is held");
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_newer_wait_ends_the_older_and_the_end_of_the_process_ends_all() {
        let folder = tempfile::tempdir().unwrap();
        let (server, device) = server(folder.path());
        let mut older = pin!(wait(&server, device.clone(), 0, FOR_EVER));
        held(&server, older.as_mut()).await;
        let mut newer = pin!(wait(&server, device.clone(), 0, FOR_EVER));
        assert!(newer.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(matches!(older.await, Ok(false)));
        assert_eq!(server.0.live.count(), 1, "the older one did not take the newer one's seat along");
        server.0.live.close();
        assert!(matches!(newer.await, Ok(false)));
        assert!(matches!(wait(&server, device, 0, FOR_EVER).await, Ok(false)), "no more are held");
    }

    #[tokio::test]
    async fn an_asker_that_is_gone_leaves_its_seat() {
        let folder = tempfile::tempdir().unwrap();
        let (server, device) = server(folder.path());
        {
            let mut gone = pin!(wait(&server, device, 0, FOR_EVER));
            held(&server, gone.as_mut()).await;
            assert_eq!(server.0.live.count(), 1);
        }
        assert_eq!(server.0.live.count(), 0);
    }
}
