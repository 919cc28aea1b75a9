//! The photos that receipts name: by them is looked for who may see a photo, and what is lost.

use super::Projector;
use crate::store::{StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::Fields;
use std::collections::BTreeSet;

/// Which receipts name which photos. It follows from each receipt alone.
#[derive(Debug, Default)]
pub struct Photos;

/// The field in which they stand.
const FIELD: &str = "photos";

fn differ(receipt: &[u8; 16]) -> String {
    format!("回单 {} 的照片名单与变更记录对不上", hex::encode(receipt))
}

impl Projector for Photos {
    const KINDS: &'static [RecordKind] = &[RecordKind::Receipt];
    #[cfg(test)]
    const TABLE: &'static str = "receipt_photo";
    type Contribution = ();

    fn contribution<'f>(_of: &impl Fn(RecordKind) -> Option<&'f Fields>) {}

    fn follow_rows(tx: &Tx<'_>, rows: &[(&[u8; 16], &Fields)]) -> Result<(), StoreError> {
        rows.iter().try_for_each(|(receipt, fields)| tx.put_receipt_photos(*receipt, fields.members(FIELD)))
    }

    fn differs(tx: &Tx<'_>, receipt: &[u8; 16], fields: &Fields) -> Result<Option<String>, StoreError> {
        let due: BTreeSet<&str> = fields.members(FIELD).filter(|hash| hash.len() == 64).collect();
        Ok((!tx.photos_of(receipt)?.iter().eq(due)).then(|| differ(receipt)))
    }

    fn verify(self, tx: &Tx<'_>, repairs: bool) -> Result<Vec<String>, StoreError> {
        let strangers = tx.photos_without()?;
        for receipt in strangers.iter().filter(|_| repairs) {
            tx.put_receipt_photos(receipt, std::iter::empty())?;
        }
        Ok(strangers.iter().map(differ).collect())
    }
}
