//! Room for passwords. To hash one takes 19 MiB and a processor, and strangers may ask for it: as many are hashed at once as
//! there are processors, a few wait, and who comes beyond is told so at once. Whoever waits holds no thread and no memory; the memory of
//! the seats is kept from one password to the next, since what threads free in turn does not go back to the system.

use crate::fault::Refusal;
use crate::{Parts, Server};
use argon2::Block;
use shared::fault;
use shared::fault::Code;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// For each seat so many may wait.
const WAITING: usize = 8;
/// Seconds after which whoever was turned away may try again.
const TRY_AGAIN_AFTER: i64 = 5;

/// Memory that passwords were hashed in.
type Spare = Arc<Mutex<Vec<Vec<Block>>>>;

/// The seats, and the places in front of them.
pub(crate) struct Hashing {
    count: usize,
    seats: Arc<Semaphore>,
    places: Arc<Semaphore>,
    most: AtomicUsize,
    spare: Spare,
}

impl fmt::Debug for Hashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report().fmt(f)
    }
}

/// How many passwords may be hashed at once, and how many were at most since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashingReport {
    /// As many as there are processors.
    pub seats: usize,
    /// At most so far.
    pub most: usize,
}

/// Lets its holder hash a password.
pub(crate) struct Seat {
    memory: Vec<Block>,
    /// Where the memory goes then.
    spare: Spare,
    _permits: Option<[OwnedSemaphorePermit; 2]>,
}

impl Seat {
    /// For whoever sits at the machine itself, and asks for one password at a time.
    pub(crate) fn at_the_machine() -> Self {
        Self { memory: Vec::new(), spare: Spare::default(), _permits: None }
    }

    /// So many blocks.
    pub(crate) fn memory(&mut self, blocks: usize) -> &mut [Block] {
        if self.memory.len() < blocks {
            self.memory = vec![Block::new(); blocks];
        }
        &mut self.memory[..blocks]
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut self.memory));
    }
}

impl Hashing {
    pub(crate) fn new() -> Self {
        Self::with_seats(std::thread::available_parallelism().map_or(1, usize::from))
    }

    fn with_seats(count: usize) -> Self {
        let places = Semaphore::new(count * (1 + WAITING));
        Self { count, seats: Arc::new(Semaphore::new(count)), places: Arc::new(places), most: AtomicUsize::new(0), spare: Spare::default() }
    }

    /// Waits for a seat; refused at once where too many wait already.
    pub(crate) async fn seat(&self) -> Result<Seat, Refusal> {
        let crowded = || Refusal::from(fault!(Code::NotNow, account::TOO_MANY_SIGN_IN)).after(TRY_AGAIN_AFTER);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| crowded())?;
        let seat = Arc::clone(&self.seats).acquire_owned().await.map_err(|_| crowded())?;
        self.most.fetch_max(self.count - self.seats.available_permits(), Ordering::Relaxed);
        let memory = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        Ok(Seat { memory, spare: Arc::clone(&self.spare), _permits: Some([seat, place]) })
    }

    pub(crate) fn report(&self) -> HashingReport {
        HashingReport { seats: self.count, most: self.most.load(Ordering::Relaxed) }
    }
}

impl Server {
    /// Does blocking work that hashes a password, once there is a seat for it.
    pub(crate) async fn run_seated<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Parts, &mut Seat) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let mut seat = self.0.hashing.seat().await?;
        self.run(move |parts| act(parts, &mut seat)).await
    }

    /// How many passwords are hashed at once.
    #[must_use]
    pub fn hashing(&self) -> HashingReport {
        self.0.hashing.report()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use std::pin::pin;
    use std::task::{Context, Waker};

    #[test]
    fn a_few_wait_in_their_order_and_others_are_turned_away_at_once() {
        let hashing = Hashing::with_seats(2);
        let mut context = Context::from_waker(Waker::noop());
        let mut asking: Vec<_> = (0..19).map(|_| Box::pin(hashing.seat())).collect();
        let mut looked: Vec<_> = asking.iter_mut().map(|one| one.as_mut().poll(&mut context)).collect();
        let refused = |poll: &std::task::Poll<Result<Seat, Refusal>>| matches!(poll, std::task::Poll::Ready(Err(_)));
        assert!(looked[..2].iter().all(|one| one.is_ready() && !refused(one)));
        assert!(looked[2..18].iter().all(std::task::Poll::is_pending));
        let std::task::Poll::Ready(Err(Refusal { status, after, .. })) = &looked[18] else { panic!("taken in") };
        assert_eq!((*status, *after), (StatusCode::TOO_MANY_REQUESTS, Some(TRY_AGAIN_AFTER)));

        // One who leaves makes room for the first who waits, and in front of the seats for somebody else.
        drop(looked.remove(0));
        let next = asking[2].as_mut().poll(&mut context);
        assert!(next.is_ready());
        assert!(asking[3].as_mut().poll(&mut context).is_pending());
        assert!(pin!(hashing.seat()).poll(&mut context).is_pending());
        // One who hangs up while waiting leaves as well.
        drop(asking.remove(3));
        assert!(pin!(hashing.seat()).poll(&mut context).is_pending());
        assert_eq!(hashing.report(), HashingReport { seats: 2, most: 2 });
    }
}
