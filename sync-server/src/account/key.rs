//! Keys as second factors: SM2 keys of persons, in files on their sticks. The server knows the public half, gives out what is to be signed, once
//! and soon, and looks at the signature. Whatever signed it, a file's key in the page or a module beside it, says the same 64 bytes.

use crate::Parts;
use crate::fault::Refusal;
use crate::secret;
use crate::store::{ChallengeRow, KeyRow, Tx};
use shared::console::ToSign;
use shared::crypto::{PublicKey, Signature};
use shared::fault;
use shared::fault::Code;
use shared::rule::challenge::challenge;

/// For so many seconds a challenge may be signed.
const LIVES: i64 = 5 * 60;
/// So many keys an account has at most.
const MOST: usize = 5;
/// Hexadecimal signs of a signature; a code has six.
const SIGNS: usize = 128;

/// What a challenge is bound to: it is good there alone.
#[derive(Clone, Copy)]
pub struct Bound([u8; 32]);

impl Bound {
    /// A sign-in from that place.
    pub fn sign_in(source: &str) -> Self {
        Self(secret::hash(&format!("sign-in {source}")))
    }

    /// A session, by the hash of its token.
    pub fn session(token_hash: &[u8; 32]) -> Self {
        Self(secret::sha256(&[&b"session "[..], token_hash].concat()))
    }

    /// A key that is to be added in a session.
    pub fn new_key(token_hash: &[u8; 32]) -> Self {
        Self(secret::sha256(&[&b"new key "[..], token_hash].concat()))
    }
}

/// The signature in what was sent for a second factor; none where that is a code.
pub fn signature_in(sent: &str) -> Option<Signature> {
    let mut bytes = [0; 64];
    (sent.len() == SIGNS && hex::decode_to_slice(sent, &mut bytes).is_ok()).then_some(Signature(bytes))
}

/// Names a key to its own account.
pub fn key_name(public_key: &[u8]) -> String {
    hex::encode(&secret::sha256(public_key)[..8])
}

impl Parts {
    /// Gives out what an account is to sign there.
    pub fn new_challenge(&self, tx: &Tx<'_>, account: &[u8], bound: Bound, origin: &str) -> Result<ToSign, Refusal> {
        let now = self.clock.seconds();
        let mut nonce = vec![0; 32];
        self.crypto.random(&mut nonce);
        let row = ChallengeRow { nonce, origin: origin.to_owned(), expires_at: now + LIVES };
        tx.put_challenge(account, &bound.0, &row, now)?;
        Ok(ToSign { text: text_of(account, bound, &row) })
    }

    /// The name of the key of the account that signed what was given out there, which is used up whoever signed it.
    pub fn use_signature(&self, tx: &Tx<'_>, account: &[u8], bound: Bound, signature: &Signature) -> Result<Option<String>, Refusal> {
        let Some(row) = tx.take_challenge(account, &bound.0, self.clock.seconds())? else { return Ok(None) };
        let text = text_of(account, bound, &row);
        let signed = |key: &KeyRow| self.signed(&key.public_key, &text, signature);
        Ok(tx.keys(account)?.into_iter().find(signed).map(|key| key.name))
    }

    fn signed(&self, public_key: &[u8], text: &str, signature: &Signature) -> bool {
        let Ok(public_key) = public_key.try_into() else { return false };
        self.crypto.verify(&PublicKey(public_key), text.as_bytes(), signature).is_ok()
    }

    /// Whether a new key signed what was given out for it, which is used up.
    pub fn proves_itself(
        &self,
        tx: &Tx<'_>,
        account: &[u8],
        bound: Bound,
        (key, signature): (&PublicKey, &Signature),
    ) -> Result<bool, Refusal> {
        let Some(row) = tx.take_challenge(account, &bound.0, self.clock.seconds())? else { return Ok(false) };
        Ok(self.signed(&key.0, &text_of(account, bound, &row), signature))
    }

    /// Refuses one key more than there may be.
    pub fn has_room(&self, tx: &Tx<'_>, account: &[u8]) -> Result<(), Refusal> {
        if tx.keys(account)?.len() < MOST { Ok(()) } else { Err(fault!(Code::NotNow, account::TOO_MANY_KEYS).into()) }
    }

    /// Adds a key that proved itself: of one account, so that two accounts of one person do not stand behind one stick.
    pub fn add_key(&self, tx: &Tx<'_>, account: &[u8], name: &str, key: &PublicKey) -> Result<(), Refusal> {
        self.has_room(tx, account)?;
        if tx.is_key_taken(&key.0)? {
            return Err(fault!(Code::BadInput, account::KEY_TAKEN).into());
        }
        Ok(tx.put_factor_key(account, &KeyRow { public_key: key.0.to_vec(), name: name.to_owned(), since: self.clock.seconds() })?)
    }
}

fn text_of(account: &[u8], bound: Bound, row: &ChallengeRow) -> String {
    challenge(&row.origin, &hex::encode(account), &hex::encode(bound.0), &hex::encode(&row.nonce))
}
