//! Erasure of one person: the keys of the elder go for good, so that what is sealed stays closed, here and
//! wherever it was copied to. What remains is a proof, in the database and in a file beside it, that every
//! desk hears of and that a database restored from an older backup is told again.

use crate::city;
use crate::fault::{Refusal, not_found};
use crate::journal::{Journal, Writer};
use crate::key_provider::KeyProvider;
use crate::store::{StoreError, Tx};
use crate::{Parts, Server, beside};
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditDetail, AuditEvent, RecordKind};
use shared::rule::id_number::IdNumber;
use shared::schema::RecordId;
use shared::seal::{proof_of, tombstone};

/// Beside the database, apart from its backups; a line an elder: id, tombstone in hex.
const FILE: &str = "erased";

/// What an erasure did.
#[derive(Clone, Debug, Serialize)]
pub struct ElderErased {
    /// Id of the elder's record.
    pub elder: String,
    /// Wrapped keys of keys that were destroyed.
    pub wrapped_keys: u64,
}

impl Server {
    /// Destroys the keys of the elder with that ID number or record id.
    ///
    /// # Errors
    /// A [`Fault`] when nobody here has that number or id.
    pub fn erase_elder(&self, who: &str) -> Result<ElderErased, Fault> {
        let parts = &self.0;
        let meant = match IdNumber::parse(who) {
            Ok(number) => Err(number),
            Err(_) => Ok(who.trim().parse::<RecordId>().map_err(|_| fault!(Code::BadInput, elder::NEITHER_NUMBER_NOR_ID))?),
        };
        let now = parts.clock.seconds();
        let erased: Result<(RecordId, u64), Refusal> = parts.commanded(AuditEvent::ElderErased, |tx, noted| {
            let meant = match &meant {
                Ok(id) => vec![*id],
                Err(number) => parts.keys().ids_of(number, &city::of(tx)?),
            };
            let mut known = None;
            for id in meant {
                let logged = |kind| Ok::<_, StoreError>(!tx.history(kind, id.bytes())?.is_empty());
                if logged(RecordKind::Elder)? || logged(RecordKind::ElderKey)? {
                    known = known.or(Some(id));
                }
            }
            let elder = known.ok_or_else(not_found)?;
            noted.record(RecordKind::Elder, elder.bytes());
            let bytes = tombstone(&parts.proof(elder.bytes()));
            // The file first: what is half done is finished at the next start.
            beside::note(&parts.folder, FILE, elder, &bytes).map_err(StoreError::from)?;
            let mut journal = Journal::open(tx)?;
            let destroyed = parts.erase(tx, &mut journal, *elder.0.as_bytes(), &bytes, Writer { device: None, at: now })?;
            journal.flush()?;
            noted.made(AuditDetail::Amount, destroyed.unwrap_or(0));
            Ok((elder, destroyed.unwrap_or(0)))
        });
        let (elder, wrapped_keys) = erased?;
        parts.store.checkpoint().map_err(Refusal::from)?;
        Ok(ElderErased { elder: elder.to_string(), wrapped_keys })
    }
}

impl Parts {
    /// What only the key provider can say: nobody else erases.
    fn proof(&self, elder: &[u8]) -> [u8; 32] {
        self.key_provider.derive(&format!("erased {}", hex::encode(elder)))
    }

    /// Destroys the keys of an elder for whom there is a proof; gives how many wrapped keys went, `None` for a proof that is none.
    pub(crate) fn erase(
        &self,
        tx: &Tx<'_>,
        journal: &mut Journal<'_, '_>,
        elder: [u8; 16],
        tombstone: &[u8],
        by: Writer<'_>,
    ) -> Result<Option<u64>, StoreError> {
        if proof_of(tombstone) != Some(&self.proof(&elder)) {
            return Ok(None);
        }
        let destroyed = journal.forget_keys(elder, |_| true)?.len() as u64;
        tx.let_all_go(&elder)?;
        tx.put_erasure(&elder, by.at)?;
        journal.append_key(elder, tombstone, by)?;
        Ok(Some(destroyed))
    }

    /// Tells the database what the file knows: it may have been restored from before an erasure.
    pub(crate) fn replay_erasures(&self) -> Result<(), StoreError> {
        let known = beside::read(&self.folder, FILE)?;
        if known.is_empty() {
            return Ok(());
        }
        let now = self.clock.seconds();
        let destroyed = self.store.write(|tx| {
            let mut journal = Journal::open(tx)?;
            let mut destroyed = 0;
            for (elder, tombstone) in &known {
                if !tx.is_erased(elder.bytes())? {
                    destroyed +=
                        self.erase(tx, &mut journal, *elder.0.as_bytes(), tombstone, Writer { device: None, at: now })?.unwrap_or(0);
                }
            }
            journal.flush()?;
            Ok::<_, StoreError>(destroyed)
        })?;
        if destroyed > 0 {
            tracing::warn!(destroyed, "keys that were erased stood in the database again");
            self.store.checkpoint()?;
        }
        Ok(())
    }
}
