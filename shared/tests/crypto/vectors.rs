//! The examples printed in the standards.

use shared::crypto::{CryptoError, CryptoProvider, PublicKey, SecretKey, Signature, SoftProvider, StoredKey};

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace([' ', '\n'], "")).unwrap()
}

/// The key pair of GB/T 32918.5 annexes A to C.
fn pair() -> (StoredKey, PublicKey) {
    let public = bytes(
        "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
         CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
    );
    let private = bytes("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    (StoredKey::from_bytes(private), PublicKey(public.try_into().unwrap()))
}

/// GB/T 32905-2016, annex A.
#[test]
fn sm3_digests() {
    let provider = SoftProvider::new();
    let cases = [
        ("abc".to_owned(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ];
    for (message, digest) in cases {
        assert_eq!(hex::encode(provider.digest(message.as_bytes())), digest, "{message}");
    }
}

/// GB/T 32907-2016, annex A, example 1 and 2.
#[test]
fn sm4_blocks() {
    use sm4::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
    let start: [u8; 16] = bytes("0123456789abcdeffedcba9876543210").try_into().unwrap();
    let cipher = sm4::Sm4::new(&start.into());
    let mut block: Block<sm4::Sm4> = start.into();
    cipher.encrypt_block(&mut block);
    assert_eq!(hex::encode(block), "681edf34d206965e86b3e94f536e4246");
    cipher.decrypt_block(&mut block);
    assert_eq!(block[..], start);
    for _ in 0..1_000_000 {
        cipher.encrypt_block(&mut block);
    }
    assert_eq!(hex::encode(block), "595298c7c6fd271f0402f804c33d3f66");
}

/// RFC 8998, appendix A.1.
#[test]
fn sm4_gcm() {
    let provider = SoftProvider::new();
    let key = SecretKey::from_bytes(bytes("0123456789ABCDEFFEDCBA9876543210").try_into().unwrap());
    let aad = bytes("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let plain = bytes(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD
         EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
    );
    let sealed = bytes(
        "00001234567800000000ABCD
         17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735
         D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D
         83DE3541E4C2B58177E065A9BF7B62EC",
    );
    assert_eq!(provider.open(&key, &aad, &sealed).unwrap(), plain);
}

/// GB/T 32918.5-2017, annex A.2.
#[test]
fn sm2_signature() {
    let provider = SoftProvider::new();
    let (private, public) = pair();
    let signature = bytes(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
         B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    );
    let signature = Signature(signature.try_into().unwrap());
    assert_eq!(provider.public_key(&private).unwrap(), public);
    assert_eq!(provider.verify(&public, b"message digest", &signature), Ok(()));
    assert_eq!(provider.verify(&public, b"message digesT", &signature), Err(CryptoError::BadSignature));
    let own = provider.sign(&private, b"message digest").unwrap();
    assert_eq!(provider.verify(&public, b"message digest", &own), Ok(()));
}

/// GB/T 32918.5-2017, annex C.2.
#[test]
fn sm2_encryption() {
    let provider = SoftProvider::new();
    let (private, public) = pair();
    let wrapped = bytes(
        "04 04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73
         E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0
         59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766
         21886CA989CA9C7D58087307CA93092D651EFA",
    );
    assert_eq!(provider.unwrap(&private, &wrapped).unwrap(), b"encryption standard");
    let own = provider.wrap(&public, b"encryption standard").unwrap();
    assert_eq!(own.len(), wrapped.len());
    assert_eq!(provider.unwrap(&private, &own).unwrap(), b"encryption standard");
}
