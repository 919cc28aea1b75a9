//! What a desk does by itself, without anybody asking: when a day begins, and when records changed from which it follows. Which acts these are, the features
//! say; here no noun stands.

use crate::desk::{Desk, Inner};
use crate::features::ROUTINES;
use crate::look::Look;
use crate::plan::Plan;
use jiff::civil::Date;
use shared::fault::Fault;

/// An act that finds out by itself what there is to do; nothing, most of the time.
pub(crate) type Routine = fn(&Look<'_>) -> Result<Plan<()>, Fault>;

/// When the routines ran last: on which day, and after which change.
pub(crate) type KeptUp = Option<(Date, u64)>;

impl Desk {
    /// Does what is due. The thread that syncs asks for it before each round, with a line and without.
    ///
    /// # Errors
    /// When the store can't be read or written; what was begun is taken back.
    pub fn keep_up(&self) -> Result<(), Fault> {
        self.0.keep_up()
    }
}

impl Inner {
    /// Does what is due; at no cost where neither the day nor the records changed since.
    pub(crate) fn keep_up(&self) -> Result<(), Fault> {
        let mut kept_up = self.kept_up.lock().map_err(crate::fault::broken)?;
        let now = || Some((self.clock.now().date(), self.revision()));
        if *kept_up == now() {
            return Ok(());
        }
        for routine in ROUTINES {
            self.act(|look, ()| routine(look), ())?;
        }
        // What they wrote themselves is no reason to run anew.
        *kept_up = now();
        Ok(())
    }
}
