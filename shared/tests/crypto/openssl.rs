//! Against the program `openssl`: each reads what the other wrote. The seed is printed; `CRYPTO_SEED` runs it again.
#![allow(clippy::disallowed_methods, reason = "the other program reads files")]

use crate::der;
use base64::Engine as _;
use shared::crypto::key_file;
use shared::crypto::{CryptoProvider, PublicKey, SecretKey, Signature, SoftProvider};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const ROUNDS: usize = 12;
const USER_ID: &str = "distid:1234567812345678";

/// The other program and the folder of its files.
struct OpenSsl {
    folder: PathBuf,
}

impl OpenSsl {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("crypto-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn output(arguments: &[&str], input: &[u8]) -> Output {
        let mut command = Command::new("openssl");
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program openssl is needed");
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    fn run(arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let output = Self::output(arguments, input);
        assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn verifies(&self, key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
        let key = self.file("public", &der::public_key(&key.0));
        let signature = self.file("signature", &der::signature(&signature.0));
        let key = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", &key, "-sigfile", &signature];
        Self::output(&[&key[..], &["-rawin", "-digest", "sm3", "-pkeyopt", USER_ID]].concat(), message).status.success()
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// A provider of a fresh seed, or of the one that is asked for.
fn provider() -> SoftProvider {
    let seed = std::env::var("CRYPTO_SEED").ok().map_or_else(
        || {
            let mut seed = [0; 8];
            SoftProvider::new().random(&mut seed);
            u64::from_be_bytes(seed)
        },
        |seed| seed.parse().unwrap(),
    );
    println!("CRYPTO_SEED={seed}");
    SoftProvider::seeded(seed)
}

/// Random bytes, from `least` up to 2,000 of them.
fn some(provider: &SoftProvider, least: usize) -> Vec<u8> {
    let mut length = [0; 2];
    provider.random(&mut length);
    let mut bytes = vec![0; least + usize::from(u16::from_be_bytes(length)) % (2_000 - least)];
    provider.random(&mut bytes);
    bytes
}

#[test]
fn digests_and_macs_agree() {
    let provider = provider();
    for message in [vec![], vec![0; 55], vec![0; 56], vec![0; 64]].into_iter().chain((0..ROUNDS).map(|_| some(&provider, 0))) {
        assert_eq!(OpenSsl::run(&["dgst", "-sm3", "-binary"], &message), provider.digest(&message));
        let key = some(&provider, 1);
        let option = format!("hexkey:{}", hex::encode(&key));
        let mac = OpenSsl::run(&["dgst", "-sm3", "-binary", "-mac", "HMAC", "-macopt", &option], &message);
        assert_eq!(mac, provider.mac(&key, &message), "key of {} bytes", key.len());
        let keyed = provider.keyed(&key);
        assert_eq!([keyed.mac(&message), keyed.mac(&message)], [mac.as_slice(); 2], "twice under a key of {} bytes", key.len());
    }
}

#[test]
fn it_accepts_our_signatures_and_we_accept_its() {
    let provider = provider();
    let other = OpenSsl::new("sign");
    for _ in 0..ROUNDS {
        let key = provider.new_key().unwrap();
        let public = provider.public_key(&key).unwrap();
        let message = some(&provider, 1);
        let mut changed = message.clone();
        changed[0] ^= 1;

        let ours = provider.sign(&key, &message).unwrap();
        assert!(other.verifies(&public, &message, &ours), "{ours:?}");
        assert!(!other.verifies(&public, &changed, &ours), "{ours:?}");

        let file = other.file("private", &der::private_key(key.as_bytes()));
        let sign = ["pkeyutl", "-sign", "-keyform", "DER", "-inkey", &file, "-rawin", "-digest", "sm3", "-pkeyopt", USER_ID];
        let its = Signature(der::read_signature(&OpenSsl::run(&sign, &message)));
        assert_eq!(provider.verify(&public, &message, &its), Ok(()), "{its:?}");
        assert!(provider.verify(&public, &changed, &its).is_err(), "{its:?}");
    }
}

#[test]
fn its_public_key_is_ours() {
    let provider = provider();
    let other = OpenSsl::new("key");
    for _ in 0..ROUNDS {
        let key = provider.new_key().unwrap();
        let file = other.file("private", &der::private_key(key.as_bytes()));
        let public = OpenSsl::run(&["pkey", "-inform", "DER", "-in", &file, "-pubout", "-outform", "DER"], &[]);
        assert_eq!(public, der::public_key(&provider.public_key(&key).unwrap().0));
    }
}

#[test]
fn it_unwraps_what_we_wrap_and_we_what_it_wraps() {
    let provider = provider();
    let other = OpenSsl::new("wrap");
    for round in 0..ROUNDS {
        let key = provider.new_key().unwrap();
        let public = provider.public_key(&key).unwrap();
        let secret = if round == 0 { vec![7; 16] } else { some(&provider, 16) };

        let wrapped = provider.wrap(&public, &secret).unwrap();
        let file = other.file("private", &der::private_key(key.as_bytes()));
        let unwrapped = OpenSsl::run(&["pkeyutl", "-decrypt", "-keyform", "DER", "-inkey", &file], &der::ciphertext(&wrapped));
        assert_eq!(unwrapped, secret);

        let file = other.file("public", &der::public_key(&public.0));
        let its = OpenSsl::run(&["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", &file], &secret);
        assert_eq!(provider.unwrap(&key, &der::read_ciphertext(&its)).unwrap(), secret, "{}", hex::encode(its));
    }
}

/// This release of the program has no SM4-GCM, so it is built here from its ECB and CTR and a GHASH written by the book.
#[test]
fn our_seals_are_sm4_gcm() {
    let provider = provider();
    for round in 0..ROUNDS {
        let key = SecretKey::draw(&provider);
        let (plain, aad) = if round == 0 { (vec![], vec![]) } else { (some(&provider, 0), some(&provider, 0)) };
        let sealed = provider.seal(&key, &aad, &plain).unwrap();
        let (nonce, rest) = sealed.split_at(12);
        let (cipher, tag) = rest.split_at(plain.len());

        let hex_key = hex::encode(key.as_bytes());
        let first = [nonce, &[0, 0, 0, 2]].concat();
        assert_eq!(OpenSsl::run(&["enc", "-sm4-ctr", "-K", &hex_key, "-iv", &hex::encode(&first)], &plain), cipher);
        let block = |block: &[u8]| number(&OpenSsl::run(&["enc", "-sm4-ecb", "-nopad", "-K", &hex_key], block));
        let mask = block(&[nonce, &[0, 0, 0, 1]].concat());
        assert_eq!((ghash(block(&[0; 16]), &aad, cipher) ^ mask).to_be_bytes(), tag);
    }
}

fn number(block: &[u8]) -> u128 {
    u128::from_be_bytes(block.try_into().unwrap())
}

/// NIST SP 800-38D, 6.4.
fn ghash(h: u128, aad: &[u8], cipher: &[u8]) -> u128 {
    let lengths = ((aad.len() as u128 * 8) << 64) | (cipher.len() as u128 * 8);
    let blocks = aad.chunks(16).chain(cipher.chunks(16)).map(|chunk| {
        let mut block = [0; 16];
        block[..chunk.len()].copy_from_slice(chunk);
        u128::from_be_bytes(block)
    });
    blocks.chain([lengths]).fold(0, |hash, block| product(hash ^ block, h))
}

/// NIST SP 800-38D, 6.3.
fn product(x: u128, y: u128) -> u128 {
    let (mut z, mut v) = (0, y);
    for bit in (0..128).rev() {
        if (x >> bit) & 1 == 1 {
            z ^= v;
        }
        v = if v & 1 == 1 { (v >> 1) ^ (0xE1 << 120) } else { v >> 1 };
    }
    z
}

#[test]
fn a_file_of_a_key_is_what_its_form_says() {
    let (other, provider, passphrase) = (OpenSsl::new("key-file"), provider(), "yanhe-liang-2026");
    let key = provider.new_key().unwrap();
    let pem = key_file::lock(&provider, &key, passphrase).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    let tree = String::from_utf8(OpenSsl::run(&["asn1parse", "-inform", "DER"], &der)).unwrap();
    for said in [":PBES2", ":PBKDF2", ":0927C0", ":sm4-cbc", ":1.2.156.10197.1.401.2"] {
        assert!(tree.contains(said), "{said}: {tree}");
    }
    let said = |from: usize| hex::encode(&der[from..from + 16]);
    let options = ["digest:SM3", &format!("pass:{passphrase}"), &format!("hexsalt:{}", said(35)), "iter:600000"];
    let mut derive = vec!["kdf", "-binary", "-keylen", "16"];
    derive.extend(options.iter().flat_map(|option| ["-kdfopt", option]));
    derive.push("PBKDF2");
    let by = hex::encode(OpenSsl::run(&derive, b""));
    let plain = OpenSsl::run(&["enc", "-d", "-sm4-cbc", "-K", &by, "-iv", &said(88)], &der[107..]);
    let private = other.file("private", &plain);
    let public = OpenSsl::run(&["pkey", "-inform", "DER", "-in", &private, "-pubout", "-outform", "DER"], b"");
    assert_eq!(public, der::public_key(&provider.public_key(&key).unwrap().0));
    assert!(OpenSsl::output(&["pkey", "-inform", "DER", "-in", &private, "-check", "-noout"], b"").status.success());
}
