//! Servers and desks of other versions, by what they speak. A server that speaks less stands between the desks and one of this version:
//! it refuses what it does not know, and names what it does.

use anyhow::Result;
use shared::fault::{Code, Fault};
use shared::sync::{Answer, Ask, Capabilities, Capability, Named, message};
use std::collections::HashMap;
use sync_server::Server;

/// Which version a server is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// Of this one.
    #[default]
    Own,
    /// It does not speak these.
    Without(&'static [Capability]),
    /// It does not know that capabilities have names.
    Unnamed,
}

/// A server of some version, as desks see it.
#[derive(Debug, Default)]
pub struct Lacking {
    version: Version,
    /// What each device told it.
    told: HashMap<[u8; 16], Capabilities>,
    /// How often it was asked what it speaks.
    pub asked: usize,
}

impl Lacking {
    /// One of that version.
    #[must_use]
    pub fn of(version: Version) -> Self {
        Self { version, ..Self::default() }
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// What it speaks.
    fn speaks(&self) -> Capabilities {
        let lacks = if let Version::Without(lacks) = self.version { lacks } else { &[] };
        Capability::ALL.into_iter().filter(|capability| !lacks.contains(capability)).collect()
    }

    /// Takes in what a desk asks.
    ///
    /// # Errors
    /// What a server answers that does not know the question.
    pub fn hear(&mut self, envelope: &[u8]) -> Result<(), Fault> {
        let Some((device, ask)) = opened(envelope) else { return Ok(()) };
        let needs = match &ask {
            Ask::Capabilities(names) => {
                self.asked += 1;
                if self.version != Version::Unnamed {
                    self.told.insert(device, names.clone());
                    return Ok(());
                }
                None
            }
            Ask::Keys => Some(Capability::Keys),
            Ask::Wait { .. } => Some(Capability::Wait),
            _ => return Ok(()),
        };
        match needs {
            Some(capability) if capability.is_spoken(Some(&self.speaks())) => Ok(()),
            _ => Err(shared::fault!(Code::BadInput, request::MALFORMED)),
        }
    }

    /// What it answers to that, where a server of this version answers so.
    ///
    /// # Panics
    /// When a desk is answered what it said that it does not speak.
    #[must_use]
    pub fn say(&self, envelope: &[u8], answer: Answer) -> Answer {
        let Some((device, _)) = opened(envelope) else { return answer };
        let told = self.told.get(&device);
        if let (Answer::Exchanged(exchanged) | Answer::ExchangedAs(_, exchanged), Some(told)) = (&answer, told) {
            assert!(exchanged.page.is_empty() || Capability::SnapshotPages.is_spoken(Some(told)), "a page for a desk that takes none");
            assert!(exchanged.lost_photos.is_empty() || Capability::LostPhotos.is_spoken(Some(told)), "a photo of a desk that can't");
        }
        match (answer, self.version) {
            (Answer::ExchangedAs(_, exchanged), Version::Unnamed) => Answer::Exchanged(exchanged),
            (Answer::ExchangedAs(_, exchanged), Version::Without(_)) => {
                let named = told.map(|desk| Named { desk: desk.clone(), server: self.speaks() });
                Answer::ExchangedAs(named.map(|named| named.digest()).unwrap_or_default(), exchanged)
            }
            (Answer::Capabilities(_), _) => Answer::Capabilities(self.speaks()),
            (answer, _) => answer,
        }
    }

    /// Hears one envelope and answers.
    ///
    /// # Errors
    /// As the carrier would send it.
    pub fn receive(&mut self, server: &Server, envelope: &[u8]) -> Result<Answer, Fault> {
        self.hear(envelope)?;
        server.receive(envelope).map(|answer| self.say(envelope, answer))
    }
}

/// Who asks, and what. An envelope: four letters, the device, the time, the digest of the changes, the packed message, the signature (PROTOCOL.md).
#[must_use]
pub fn opened(envelope: &[u8]) -> Option<([u8; 16], Ask)> {
    let packed = envelope.get(60..envelope.len().checked_sub(64)?)?;
    Some((*envelope.get(4..)?.first_chunk()?, message::unpack(packed).ok()?))
}

/// The names that a desk of one version or another tells: of this one, of one that takes no pages, of a later one that sends no lost photos.
///
/// # Errors
/// When they are no names.
pub fn some_names(number: u64) -> Result<Capabilities> {
    Ok(match number % 3 {
        0 => Capabilities::own(),
        1 => serde_json::from_str(r#"["keys", "lost_photos", "wait"]"#)?,
        _ => serde_json::from_str(r#"["keys", "of_2031", "snapshot_pages", "wait"]"#)?,
    })
}
