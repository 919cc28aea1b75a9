//! As much of DER as the other implementation wants for keys, signatures and ciphertexts.

/// Key type `ecPublicKey` on the curve `sm2p256v1`.
const SM2: &str = "301306072a8648ce3d020106082a811ccf5501822d";

const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// A private key, PKCS #8.
pub fn private_key(number: &[u8]) -> Vec<u8> {
    let key = value(SEQUENCE, &[&unsigned(&[1]), &value(OCTETS, &[number])]);
    value(SEQUENCE, &[&unsigned(&[0]), &hex::decode(SM2).unwrap(), &value(OCTETS, &[&key])])
}

/// A public key, SubjectPublicKeyInfo.
pub fn public_key(xy: &[u8]) -> Vec<u8> {
    value(SEQUENCE, &[&hex::decode(SM2).unwrap(), &value(BITS, &[&[0, 4], xy])])
}

/// r and s.
pub fn signature(bytes: &[u8; 64]) -> Vec<u8> {
    value(SEQUENCE, &[&unsigned(&bytes[..32]), &unsigned(&bytes[32..])])
}

/// r and s out of it.
pub fn read_signature(der: &[u8]) -> [u8; 64] {
    let fields = fields(der);
    [wide(&fields[0]), wide(&fields[1])].concat().try_into().unwrap()
}

/// A ciphertext `04 x y C3 C2` as GM/T 0009 writes it.
pub fn ciphertext(wrapped: &[u8]) -> Vec<u8> {
    let (x, y, c3, c2) = (&wrapped[1..33], &wrapped[33..65], &wrapped[65..97], &wrapped[97..]);
    value(SEQUENCE, &[&unsigned(x), &unsigned(y), &value(OCTETS, &[c3]), &value(OCTETS, &[c2])])
}

/// `04 x y C3 C2` out of it.
pub fn read_ciphertext(der: &[u8]) -> Vec<u8> {
    let fields = fields(der);
    [&[4][..], &wide(&fields[0]), &wide(&fields[1]), &fields[2], &fields[3]].concat()
}

fn value(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let head = match content.len() {
        0..128 => vec![tag, length[1]],
        128..256 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, content].concat()
}

fn unsigned(number: &[u8]) -> Vec<u8> {
    let first = number.iter().position(|byte| *byte != 0).unwrap_or(number.len() - 1);
    let digits = &number[first..];
    let sign: &[u8] = if digits[0] < 0x80 { &[] } else { &[0] };
    value(INTEGER, &[sign, digits])
}

/// The values in a sequence.
fn fields(der: &[u8]) -> Vec<Vec<u8>> {
    let (SEQUENCE, mut rest, []) = read(der) else { panic!("not one sequence: {}", hex::encode(der)) };
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let (_, content, after) = read(rest);
        fields.push(content.to_vec());
        rest = after;
    }
    fields
}

fn read(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (length, head) = match der[1] {
        0x82 => (usize::from(u16::from_be_bytes([der[2], der[3]])), 4),
        0x81 => (usize::from(der[2]), 3),
        short => (usize::from(short), 2),
    };
    (der[0], &der[head..head + length], &der[head + length..])
}

/// A number in 32 bytes.
fn wide(number: &[u8]) -> [u8; 32] {
    let digits = number.strip_prefix(&[0]).unwrap_or(number);
    let mut wide = [0; 32];
    wide[32 - digits.len()..].copy_from_slice(digits);
    wide
}
