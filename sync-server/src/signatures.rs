//! Whether devices signed what stands in the log in their names: each push against the signature of its envelope, and each change of a device
//! against the pushes. Who holds the server and all its keys can put nothing into a device's mouth.

use crate::Parts;
use crate::fault::Refusal;
use crate::journal::{Mismatch, VerifyReport};
use crate::store::{Brought, Pushed, PushedPart, SIGNATURES_CHECKED, StoreError, Tx};
use shared::crypto::CryptoProvider;
use shared::sync::envelope::digest_of;
use std::collections::HashSet;

/// So many are read at a time.
const AT_ONCE: i64 = 500;

/// What pushes vouch for.
#[derive(Default)]
struct Vouched {
    /// Places of the log, first and how many, in their order.
    places: Vec<(i64, i64)>,
    /// Changes that were not logged when they came, by device and digest.
    named: HashSet<([u8; 16], [u8; 32])>,
}

impl Vouched {
    fn holds(&self, change: &Brought) -> bool {
        let at = self.places.partition_point(|(first, _)| *first <= change.seq);
        let is_there = at.checked_sub(1).and_then(|at| self.places.get(at)).is_some_and(|(first, many)| change.seq < first + many);
        let device = change.device.as_deref().and_then(|device| device.try_into().ok());
        is_there || device.is_some_and(|device| self.named.contains(&(device, change.digest)))
    }
}

/// Holds the pushes behind a number against their signatures, and the changes of devices behind it against them. Gives the last push.
///
/// # Errors
/// [`StoreError`]
pub(crate) fn look_over(report: &mut VerifyReport, tx: &Tx<'_>, crypto: &dyn CryptoProvider, behind: i64) -> Result<i64, StoreError> {
    let (mut vouched, mut last) = (Vouched::default(), behind);
    loop {
        let some = tx.pushes_after(last, AT_ONCE)?;
        let Some(end) = some.last().map(|push| push.number) else { break };
        last = end;
        for push in &some {
            if !is_signed(tx, crypto, push, &mut vouched)? {
                report.note(Mismatch::Signature(push.number));
            }
        }
    }
    vouched.places.sort_unstable();
    // What came before the first push that was kept has no signature; of pushes that were looked at before, the names are not at hand.
    let Some((first, _)) = vouched.places.first().copied().filter(|_| behind == 0) else { return Ok(last) };
    let mut after = first - 1;
    loop {
        let some = tx.brought_after(after, AT_ONCE)?;
        let Some(end) = some.last() else { return Ok(last) };
        after = end.seq;
        for change in some.iter().filter(|change| !vouched.holds(change)) {
            report.note(Mismatch::Unsigned(change.seq));
        }
    }
}

/// Whether the device signed what is there of a push, and all of that is its own; notes what the push vouches for.
fn is_signed(tx: &Tx<'_>, crypto: &dyn CryptoProvider, push: &Pushed, vouched: &mut Vouched) -> Result<bool, StoreError> {
    let Some(key) = tx.public_key(&push.proof.device)? else { return Ok(false) };
    let (mut digests, mut is_own) = (Vec::new(), true);
    for part in &push.parts {
        match part {
            PushedPart::Named(digest) => {
                vouched.named.insert((push.proof.device, *digest));
                digests.push(*digest);
            }
            PushedPart::Logged(first, many) => {
                vouched.places.push((*first, *many));
                for Brought { digest, device, .. } in tx.brought(*first, *many)? {
                    match device {
                        Some(device) => is_own &= device == push.proof.device,
                        // It may stand at another place since.
                        None => drop(vouched.named.insert((push.proof.device, digest))),
                    }
                    digests.push(digest);
                }
            }
        }
    }
    Ok(is_own && push.proof.holds(crypto, &key, &digest_of(crypto, digests.into_iter())))
}

impl Parts {
    /// Looks at the signatures that came since this was done last. Those of before can't have changed: rows and pushes carry MACs.
    pub(crate) fn look_at_new_signatures(&self) -> Result<u64, Refusal> {
        let look = |tx: &Tx<'_>| {
            let behind = tx.setting(SIGNATURES_CHECKED)?.and_then(|text| text.parse().ok()).unwrap_or(0);
            let mut report = VerifyReport::default();
            let last = look_over(&mut report, tx, self.crypto.as_ref(), behind)?;
            Ok::<_, StoreError>((report, behind, last))
        };
        let (report, behind, last) = self.store.read_long(look)?;
        if report.found > 0 {
            tracing::error!(found = report.found, first = ?report.mismatches.first(), "changes in the name of a device are not signed by it");
        } else if last > behind {
            self.store.write(|tx| tx.set(SIGNATURES_CHECKED, &last.to_string()))?;
        }
        Ok(report.found)
    }
}
