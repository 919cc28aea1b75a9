//! The second factor: codes of six digits that an authenticator app shows for half a minute (RFC 6238). Each counts once; the secret lies in the
//! database sealed under the master key.

use crate::Parts;
use crate::fault::Refusal;
use crate::store::Tx;
use shared::console::FactorBegun;
use shared::fault::Fault;
use totp_rs::{Algorithm, Builder, Secret, Totp};

const SEALED: &[u8] = b"yinling second factor 1";
const KEY: &str = "second_factor";
/// Bytes of a secret.
const SECRET: usize = 20;
/// A phone's clock may be off by so many steps, either way.
const OFF: u16 = 1;
/// What an app calls the account by.
const ISSUER: &str = shared::words::zh::page::PRODUCT;

fn app(secret: &[u8], name: &str) -> Result<Totp, Fault> {
    let secret = Secret::new(secret.into());
    // Their separator may stand in no name.
    let named = Builder::new().with_secret(secret).with_account_name(name.replace(':', " ")).with_issuer(Some(ISSUER));
    named.with_algorithm(Algorithm::SHA1).with_skew(OFF).build().map_err(|_| Fault::broken())
}

/// The step after `last` whose code this is, at that time.
fn step_of(app: &Totp, code: &str, last: Option<i64>, now: i64) -> Option<i64> {
    let step = app.check(code, u64::try_from(now).ok()?)?;
    i64::try_from(step).ok().filter(|step| last.is_none_or(|last| *step > last))
}

impl Parts {
    fn app_of(&self, sealed: &[u8]) -> Result<Totp, Refusal> {
        let secret = self.crypto.open(&self.factor_key(), SEALED, sealed).map_err(|_| Fault::broken())?;
        Ok(app(&secret, ISSUER)?)
    }

    fn factor_key(&self) -> shared::crypto::SecretKey {
        use crate::key_provider::KeyProvider as _;
        self.key_provider.sealing_key(KEY)
    }

    /// Begins a second factor: what an app is told of it. One that counts does so until a code of this one fitted.
    pub fn begin_factor(&self, tx: &Tx<'_>, account: &[u8], name: &str) -> Result<FactorBegun, Refusal> {
        let mut secret = vec![0; SECRET];
        self.crypto.random(&mut secret);
        let app = app(&secret, name)?;
        let sealed = self.crypto.seal(&self.factor_key(), SEALED, &secret).map_err(|_| Fault::broken())?;
        let counts = tx.factor(account)?.is_some_and(|row| row.since.is_some());
        if counts {
            tx.begin_next_factor(account, &sealed)?
        } else {
            tx.begin_factor(account, &sealed)?
        }
        let address = app.to_url().map_err(|_| Fault::broken())?;
        Ok(FactorBegun { secret: app.secret().to_base32(), picture: picture(&address)? })
    }

    /// Whether the code is that of the account's app now, of one that counts; it is used up then.
    pub fn use_code(&self, tx: &Tx<'_>, account: &[u8], code: &str, now: i64) -> Result<bool, Refusal> {
        let Some(row) = tx.factor(account)?.filter(|row| row.since.is_some()) else { return Ok(false) };
        let Some(step) = step_of(&self.app_of(&row.secret)?, code.trim(), row.last_step, now) else { return Ok(false) };
        tx.use_factor(account, step)?;
        Ok(true)
    }

    /// Whether the code is the first one of an app that was begun; it counts from then on, in the place of the one before.
    pub fn confirm_factor(&self, tx: &Tx<'_>, account: &[u8], code: &str, now: i64) -> Result<bool, Refusal> {
        let Some(begun) = tx.factor(account)?.and_then(|row| row.begun()) else { return Ok(false) };
        let Some(step) = step_of(&self.app_of(&begun)?, code.trim(), None, now) else { return Ok(false) };
        tx.count_factor(account, &begun, now, step)?;
        Ok(true)
    }
}

/// The text as a QR code: an SVG as a data URL.
fn picture(text: &str) -> Result<String, Fault> {
    use base64::Engine as _;
    let code = qrcode::QrCode::new(text).map_err(|_| Fault::broken())?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(220, 220).build();
    Ok(format!("data:image/svg+xml;base64,{}", base64::engine::general_purpose::STANDARD.encode(svg)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_that_of_the_standard_and_counts_once() {
        // RFC 6238, appendix B: the last six of its eight digits.
        let app = app(b"12345678901234567890", "chen").unwrap();
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            assert_eq!(step_of(&app, code, None, at), Some(at / 30));
            assert_eq!(step_of(&app, code, None, at + 30), Some(at / 30), "a phone that is slow");
            assert_eq!(step_of(&app, code, None, at + 90), None, "over");
            assert_eq!(step_of(&app, code, Some(at / 30), at), None, "used");
        }
        for wrong in ["", "28708", "2870822", "287083"] {
            assert_eq!(step_of(&app, wrong, None, 59), None, "{wrong}");
        }
    }

    #[test]
    fn a_picture_is_one() {
        let app = app(&[7; 20], "chen:x").unwrap();
        let address = app.to_url().unwrap();
        assert!(address.starts_with("otpauth://totp/") && picture(&address).unwrap().starts_with("data:image/svg+xml;base64,PD94"));
    }
}
