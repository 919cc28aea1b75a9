//! How much of something one asker has at once: connections of an address, requests of a device or an account, workbooks in all. Who has
//! its share gets no more until something of it ends, however much there is for others.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// What each has now.
#[derive(Clone, Debug)]
pub(crate) struct Counted<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for Counted<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// One of a share, until it is dropped.
#[derive(Debug)]
pub(crate) struct Share<K: Eq + Hash> {
    of: K,
    counted: Counted<K>,
}

impl<K: Eq + Hash + Clone> Counted<K> {
    /// One more for this asker; none where it has `most` already.
    pub fn take(&self, of: K, most: usize) -> Option<Share<K>> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has = counted.entry(of.clone()).or_default();
        if *has >= most {
            return None;
        }
        *has += 1;
        Some(Share { of, counted: self.clone() })
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut counted = self.counted.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(has) = counted.get_mut(&self.of) {
            *has -= 1;
            if *has == 0 {
                counted.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_share_and_gives_it_back() {
        let counted = Counted::default();
        let first = counted.take("chen", 2).unwrap();
        let _second = counted.take("chen", 2).unwrap();
        assert!(counted.take("chen", 2).is_none());
        let other = counted.take("li", 2);
        assert!(other.is_some());
        drop((first, other));
        assert!(counted.take("chen", 2).is_some());
        assert_eq!(counted.0.lock().unwrap().len(), 1, "who has nothing is not remembered");
        assert!(counted.take("li", 0).is_none());
    }
}
