//! One sync of this desk, without a carrier: envelopes come out, answers go in. The HTTP carrier and the simulator both drive it.

use super::client::{Client, unknown_answer};
use crate::desk::{Desk, Inner};
use crate::fault::OrBroken;
use crate::store::refused;
use shared::fault::{Code, Fault};
use shared::schema::RecordId;
use shared::sync::client_store::ClientStore;
use shared::sync::desk::{DeskSync, Summary, SyncError};
use shared::sync::{Answer, Ask, Capabilities, Standing, envelope};
use shared::wire::{EnrolAsk, Enrolled};

/// One sync under way.
#[derive(Debug, Default)]
pub struct OneSync {
    core: DeskSync,
    /// What was asked last; asked again where the server's clock was another one.
    asked: Option<Ask>,
    clock_told: ClockTold,
    goes_up: bool,
}

/// Whether the server told its time instead of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ClockTold {
    #[default]
    No,
    /// The last question goes there again.
    JustNow,
    /// It has gone there again: told once more, it is no answer.
    Before,
}

impl OneSync {
    /// The next envelope to carry; none when the sync is over.
    pub(super) fn next(&mut self, desk: &Inner) -> Result<Option<Vec<u8>>, Fault> {
        if self.clock_told == ClockTold::JustNow {
            self.clock_told = ClockTold::Before;
        } else {
            (self.asked, self.clock_told) = (self.core.next(desk).map_err(fault)?, ClockTold::No);
        }
        let Some(ask) = &self.asked else { return Ok(None) };
        self.goes_up = matches!(ask, Ask::Exchange(exchange) if !exchange.changes.is_empty());
        desk.enclose(ask).map(Some)
    }

    /// A sync that sends at most so many changes at a time.
    #[must_use]
    pub fn in_pieces(piece: usize) -> Self {
        Self { core: DeskSync::in_pieces(piece), ..Self::default() }
    }

    /// The same sync of a program that speaks only these.
    #[must_use]
    pub fn speaking(self, speaks: Capabilities) -> Self {
        Self { core: self.core.speaking(speaks), ..self }
    }

    /// Reads what is to go up next, while the last envelope travels.
    pub(super) fn look_ahead(&mut self, desk: &Inner) -> Result<(), Fault> {
        self.core.look_ahead(desk)
    }

    /// Takes in the answer to the last envelope.
    pub(super) fn receive(&mut self, desk: &Inner, answer: Answer) -> Result<(), Fault> {
        if let Answer::Clock(now) = answer {
            if self.clock_told == ClockTold::Before {
                return Err(unknown_answer());
            }
            self.clock_told = ClockTold::JustNow;
            desk.set_server_clock(now);
            return Ok(());
        }
        self.core.receive(desk, answer).map_err(fault)
    }

    /// The server refused the last envelope. One that does not know what it is asked is not asked again until the connection is a new one.
    pub(super) fn refused(&mut self, desk: &Inner, fault: Fault) -> Result<(), Fault> {
        if fault.code != Code::BadInput || !self.core.not_understood() {
            return Err(fault);
        }
        tracing::info!("the server does not say what it speaks; the base is spoken with it");
        desk.connection.set_may_ask_capabilities(false);
        Ok(())
    }

    /// Whether the last envelope carries changes up.
    pub(super) fn goes_up(&self) -> bool {
        self.goes_up
    }

    /// What it did so far.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.core.summary
    }

    /// Remembers how it ended.
    pub(super) fn end(&self, desk: &Inner) -> Result<(), Fault> {
        if self.core.summary.shut_out {
            return Err(Fault::shut_out());
        }
        desk.remember(self.core.summary.agrees)?;
        desk.transact(|transaction| refused::ask_again(transaction))?;
        if self.core.summary.standing == Standing::Copy { Err(Fault::copied_desk()) } else { Ok(()) }
    }
}

impl Desk {
    /// The next envelope of a sync; none when it is over.
    ///
    /// # Errors
    /// When the desk is not enrolled or its store fails.
    pub fn next_envelope(&self, sync: &mut OneSync) -> Result<Option<Vec<u8>>, Fault> {
        sync.next(&self.0)
    }

    /// The last question once more, in an envelope of its own: the one before was perhaps heard, its answer was lost.
    ///
    /// # Errors
    /// Nothing was asked yet, or the desk is not enrolled.
    pub fn again(&self, sync: &OneSync) -> Result<Vec<u8>, Fault> {
        self.0.enclose(sync.asked.as_ref().ok_or_else(Fault::broken)?)
    }

    /// Reads what is to go up next, while the last envelope travels.
    ///
    /// # Errors
    /// When the store fails.
    pub fn look_ahead(&self, sync: &mut OneSync) -> Result<(), Fault> {
        sync.look_ahead(&self.0)
    }

    /// Takes in the answer to the last envelope, durably.
    ///
    /// # Errors
    /// When it does not fit, or the store fails.
    pub fn take_answer(&self, sync: &mut OneSync, answer: Answer) -> Result<(), Fault> {
        sync.receive(&self.0, answer)
    }

    /// Takes in that the server refused the last envelope.
    ///
    /// # Errors
    /// The refusal itself, where the sync does not go on without the answer.
    pub fn take_refusal(&self, sync: &mut OneSync, fault: Fault) -> Result<(), Fault> {
        sync.refused(&self.0, fault)
    }

    /// Ends a sync that is over.
    ///
    /// # Errors
    /// When the server knows this desk as a copy: it has to enrol anew.
    pub fn end_sync(&self, sync: &OneSync) -> Result<(), Fault> {
        sync.end(&self.0)
    }

    /// Records with a change that waits for the server.
    ///
    /// # Errors
    /// When the store fails.
    pub fn unsent_records(&self) -> Result<Vec<RecordId>, Fault> {
        self.0.read(crate::store::change::unsent_records)
    }

    /// Enrols this desk; `carry` brings the question to the server and the answer back.
    ///
    /// # Errors
    /// Those of `carry`; or the desk is enrolled already.
    pub fn enrol_by(
        &self,
        server: &str,
        code: &str,
        name: &str,
        carry: impl FnOnce(&EnrolAsk) -> Result<Enrolled, Fault>,
    ) -> Result<(), Fault> {
        self.0.enrol_by(server, code, name, carry)
    }
}

impl Inner {
    /// Signs what this desk asks.
    pub(super) fn enclose(&self, ask: &Ask) -> Result<Vec<u8>, Fault> {
        let facts = self.facts();
        let (enrolled, key) = facts.enrolled.zip(facts.device_key).ok_or_else(Fault::not_enrolled)?;
        let at = self.clock.timestamp().as_second().saturating_add(self.connection.server_ahead());
        envelope::enclose(self.crypto.as_ref(), &key, enrolled.device.0.as_bytes(), at, ask).or_broken()
    }

    /// From now on envelopes carry the server's time, however this computer's clock goes.
    fn set_server_clock(&self, now: i64) {
        self.connection.set_server_ahead(now.saturating_sub(self.clock.timestamp().as_second()));
    }

    /// Asks one question, and once more by the server's clock.
    pub(super) async fn ask(&self, client: &mut Client<'_>, ask: &Ask) -> Result<Answer, Fault> {
        match client.ask(self.enclose(ask)?).await? {
            Answer::Clock(now) => {
                self.set_server_clock(now);
                client.ask(self.enclose(ask)?).await
            }
            answer => Ok(answer),
        }
    }

    /// Whether the server knows another copy of this desk at work.
    pub(crate) fn is_copy(&self) -> Result<bool, Fault> {
        Ok(self.session()?.standing == Standing::Copy)
    }
}

fn fault(error: SyncError<Fault>) -> Fault {
    match error {
        SyncError::Store(fault) => fault,
        SyncError::Unexpected => unknown_answer(),
    }
}
