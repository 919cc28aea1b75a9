//! How many may be connected: in all, and from one address.

use crate::counted::{Counted, Share};
use crate::route::whole_network;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All seats.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    room: Arc<Semaphore>,
    taken: Counted<IpAddr>,
    by_address: usize,
}

/// Held as long as a connection stands.
#[derive(Debug)]
pub(super) struct Seat {
    _room: Option<OwnedSemaphorePermit>,
    _share: Share<IpAddr>,
}

impl Seats {
    pub(super) fn new(connections: usize, by_address: usize) -> Self {
        Self { room: Arc::new(Semaphore::new(connections)), taken: Counted::default(), by_address }
    }

    /// Room for one more, whoever it is.
    pub(super) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.room).acquire_owned().await.ok()
    }

    /// A seat for that address; none where it has its share already. The machine itself has no share: a proxy may stand there.
    pub(super) fn take(&self, room: Option<OwnedSemaphorePermit>, address: IpAddr) -> Option<Seat> {
        let address = whole_network(address.to_canonical());
        let most = if address.is_loopback() { usize::MAX } else { self.by_address };
        Some(Seat { _share: self.taken.take(address, most)?, _room: room })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_address_has_its_share_and_the_machine_none() {
        let seats = Seats::new(9, 2);
        let take = async |address: &str| seats.take(seats.room().await, address.parse().unwrap());
        let _first = take("203.0.113.9").await.unwrap();
        let _second = take("::ffff:203.0.113.9").await.unwrap();
        assert!(take("203.0.113.9").await.is_none());
        let _other = take("203.0.113.8").await.unwrap();
        // A whole network of IPv6 is one person's.
        let _six = [take("2001:db8::1").await.unwrap(), take("2001:db8::2").await.unwrap()];
        assert!(take("2001:db8::3").await.is_none());
        for _ in 0..3 {
            assert!(take("127.0.0.1").await.is_some() && take("::1").await.is_some());
        }
        let held = [take("127.0.0.1").await, take("127.0.0.1").await, take("127.0.0.1").await];
        assert!(held.iter().all(Option::is_some));
    }
}
