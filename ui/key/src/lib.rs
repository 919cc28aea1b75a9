//! What makes and uses the key of a person, beside the pages and apart from them: they load it when it is needed (`ui/web/key/door.js`), and
//! hear of a key what is no secret: its public half, and what it signed. The private key is in the clear here alone, in the memory of this
//! program, for as long as it signs. A key in a module (GM/T 0016) would answer `prove` in the place of the file.

mod sheet;

use js_sys::Uint8Array;
use shared::console::{KeyAdded, ToSign};
use shared::crypto::key_file::{self, KeyFileError};
use shared::crypto::{CryptoProvider, PublicKey, SoftProvider, StoredKey};
use shared::fault::{Code, Fault};
use shared::rule::{challenge, password};
use shared::schema::Language;
use shared::{fault, say};
use sheet::{Field, Sheet, document};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// No file of a key is as long.
const LONGEST_FILE: f64 = 65_536.0;

/// What was typed and chosen on the sheets.
const NAME: Field = Field { test: "key-name", kind: "text", complete: "off" };
const FILE: Field = Field { test: "key-file", kind: "file", complete: "off" };
const PASSPHRASE: Field = Field { test: "key-passphrase", kind: "password", complete: "off" };
const NEW_PASSPHRASE: Field = Field { test: "key-passphrase", kind: "password", complete: "new-password" };
const AGAIN: Field = Field { test: "key-again", kind: "password", complete: "new-password" };

/// Begins, once the program is loaded.
pub fn begin() {
    console_error_panic_hook::set_once();
}

/// Signs a challenge of the server (`ToSign`, as JSON) with the key that the person chooses: the signature in hexadecimal, or nothing where the
/// sheet was closed.
#[wasm_bindgen]
pub async fn prove(challenge: String) -> Option<String> {
    speak();
    let ToSign { text } = serde_json::from_str(&challenge).ok()?;
    used(&text, say!(key::USE), say!(key::USE_HINT), None).await
}

/// Makes a key, has it saved, and signs with what was saved: what the server is told of it (`KeyAdded`, as JSON), or nothing.
#[wasm_bindgen]
pub async fn make(challenge: String, account: String) -> Option<String> {
    speak();
    let ToSign { text } = serde_json::from_str(&challenge).ok()?;
    let (name, public) = made(&account).await?;
    let signed = used(&text, say!(key::SAVED), say!(key::SAVED_HINT), Some(public)).await?;
    serde_json::to_string(&KeyAdded { name, public_key: hex::encode(public.0), signature: signed }).ok()
}

/// Speaks the language of the page.
fn speak() {
    let tag = document().and_then(|page| page.document_element()).and_then(|root| root.get_attribute("lang"));
    shared::words::speak(Language::of_tag(tag.as_deref().unwrap_or_default()));
}

/// A new key in a file that the browser saves: its name and its public half.
async fn made(account: &str) -> Option<(String, PublicKey)> {
    let sheet = Sheet::open(say!(key::MAKE), say!(key::MAKE_HINT))?;
    let name = sheet.field(&NAME, say!(key::NAME))?;
    name.set_value(say!(key::NAME_FIRST));
    let passphrase = sheet.field(&NEW_PASSPHRASE, say!(key::PASSPHRASE))?;
    let again = sheet.field(&AGAIN, say!(key::PASSPHRASE_AGAIN))?;
    sheet.hint(&say!(key::passphrase_rule()));
    sheet.button(say!(key::SAVE));
    let provider = SoftProvider::new();
    while sheet.pressed().await {
        let typed = passphrase.value();
        if password::check_passphrase(account, &typed).is_err() {
            sheet.refuse(&fault!(Code::BadInput, key::WEAK_PASSPHRASE));
        } else if typed != again.value() {
            sheet.refuse(&fault!(Code::BadInput, key::PASSPHRASES_DIFFER));
        } else {
            sheet.work(say!(key::WORKING)).await;
            let key = provider.new_key().ok()?;
            let file = key_file::lock(&provider, &key, &typed).ok()?;
            sheet::save(&format!("yinling-key-{account}.pem"), &file)?;
            return Some((name.value(), provider.public_key(&key).ok()?));
        }
    }
    None
}

/// Has a key chosen until one signs, the one that is expected where one is.
async fn used(text: &str, title: &str, hint: &str, expected: Option<PublicKey>) -> Option<String> {
    let sheet = Sheet::open(title, hint)?;
    let file = sheet.field(&FILE, say!(key::FILE))?;
    file.set_attribute("accept", ".pem").ok()?;
    let passphrase = sheet.field(&PASSPHRASE, say!(key::PASSPHRASE))?;
    sheet.button(say!(key::SIGN));
    let provider = SoftProvider::new();
    while sheet.pressed().await {
        sheet.work(say!(key::WORKING)).await;
        let key = match opened(&provider, &file, &passphrase.value()).await {
            Ok(key) => key,
            Err(fault) => {
                sheet.refuse(&fault);
                continue;
            }
        };
        match sign(&provider, &key, text, expected) {
            Ok(signature) => return Some(signature),
            Err(fault) => sheet.refuse(&fault),
        }
    }
    None
}

/// The key in the file that was chosen.
async fn opened(provider: &SoftProvider, field: &web_sys::HtmlInputElement, passphrase: &str) -> Result<StoredKey, Fault> {
    let file = field.files().and_then(|files| files.get(0)).ok_or_else(|| fault!(Code::BadInput, key::NO_FILE))?;
    let none = || fault!(Code::BadFile, key::NOT_A_KEY);
    if file.size() > LONGEST_FILE {
        return Err(none());
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| none())?;
    key_file::unlock(provider, &Uint8Array::new(&bytes).to_vec(), passphrase).map_err(|error| match error {
        KeyFileError::NoKey => none(),
        KeyFileError::WrongPassphrase => fault!(Code::BadInput, key::WRONG_PASSPHRASE),
    })
}

/// Signs what the server of this page asks for, and nothing else.
fn sign(provider: &SoftProvider, key: &StoredKey, text: &str, expected: Option<PublicKey>) -> Result<String, Fault> {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    if !challenge::is_of(text, &origin) {
        return Err(fault!(Code::Refused, key::OTHER_SERVER));
    }
    if expected.is_some_and(|expected| provider.public_key(key) != Ok(expected)) {
        return Err(fault!(Code::BadInput, key::OTHER_KEY));
    }
    provider.sign(key, text.as_bytes()).map(|signature| hex::encode(signature.0)).map_err(|_| Fault::broken())
}
