//! Where the driver begins: good messages, changes, envelopes and photos, and inputs that once broke something.

use super::Target;
use crate::hostile;
use anyhow::{Context, Result};
use shared::crdt::{ActorId, first_change, next_change};
use shared::kinds::RecordKind;
use shared::schema::{Fields, Value};
use shared::sync::{Answer, Ask, Capabilities, Exchange, Exchanged, SessionToken, SetDigest, Standing, snapshot};
use shared::wire::{DeviceReport, RefusedChange, RefusedReason, WireChange};
use std::path::Path;

/// All inputs that a target begins with: those made here, then those of `samples/fuzz`.
pub fn kept(target: Target) -> Result<Vec<Vec<u8>>> {
    let mut inputs = match target {
        Target::Message => asks().iter().map(plain).chain(answers().iter().map(plain)).collect::<Result<_>>()?,
        Target::Change => changes().into_iter().chain([1, 100, 4_096, 1 << 40].map(hostile::repeated)).collect(),
        Target::Envelope => asks().iter().map(plain).collect::<Result<_>>()?,
        Target::Server => asks().iter().map(plain).collect::<Result<_>>()?,
        Target::Answer => answers().iter().map(plain).collect::<Result<_>>()?,
        Target::Snapshot => vec![page(&wire())?, page(&[])?, page(&[wire(), wire()].concat())?],
        Target::Photo => vec![picture()?, bomb(picture()?), b"\xFF\xD8\xFF".to_vec()],
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/fuzz").join(target.name());
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files {
        inputs.push(std::fs::read(file)?);
    }
    Ok(inputs)
}

fn plain<T: serde::Serialize>(message: &T) -> Result<Vec<u8>> {
    Ok(zstd::decode_all(&shared::sync::message::pack(message)?[..])?)
}

/// A page of a snapshot with its halves unpacked.
fn page(changes: &[WireChange]) -> Result<Vec<u8>> {
    let packed = snapshot::pack(changes)?;
    let (columns, random) = snapshot::halves(&packed).context("two halves")?;
    Ok(snapshot::joined(&zstd::decode_all(columns)?, &zstd::decode_all(random)?))
}

fn elder() -> Fields {
    let text = |text: &str| Value::Text(text.into());
    Fields::from([
        ("name".into(), text("王桂英")),
        ("division".into(), text("445381001008")),
        ("canteen".into(), text("C1")),
        ("status".into(), text("active")),
        ("living_alone".into(), Value::Bool(true)),
        ("delivery_need".into(), Value::Bool(false)),
        ("unknown".into(), Value::Int(-7)),
    ])
}

/// A file and its edits, as programs write them.
fn changes() -> Vec<Vec<u8>> {
    let actor = ActorId::from([7; 16]);
    let first = first_change(&actor, &elder(), 1_795_320_000).bytes;
    let mut history = vec![first];
    for (field, value) in [("name", Value::Text("李木生".into())), ("note", Value::Null), ("name", Value::Null)] {
        if let Ok(next) = next_change(&ActorId::from([8; 16]), &history, &Fields::from([(field.into(), value)]), 1_795_320_001) {
            history.push(next.bytes);
        }
    }
    history
}

fn wire() -> Vec<WireChange> {
    let of = |kind: RecordKind, number: u8| move |bytes| WireChange { kind: kind.code().into(), record: [number; 16], bytes };
    changes().into_iter().map(of(RecordKind::Elder, 3)).chain(changes().into_iter().take(1).map(of(RecordKind::Order, 4))).collect()
}

fn asks() -> Vec<Ask> {
    let report = DeviceReport { unsent: 1, unsent_photos: 2, refused: 3, version: "0.1".into(), agrees: true };
    vec![
        Ask::Exchange(Exchange { changes: wire(), after: 3, own_too: true, report, ..Exchange::default() }),
        Ask::Exchange(Exchange { presents: SessionToken([9; 16]), answers: Some([9; 16]), ..Exchange::default() }),
        Ask::Buckets,
        Ask::ChangeIds((0..=255).collect()),
        Ask::Fetch(vec![[9; 16], [8; 16]]),
        Ask::PutPhoto { hash: [8; 32], size: 300, at: 0, bytes: vec![0xFF; 100] },
        Ask::GetPhoto { hash: [8; 32], at: 2 },
        Ask::Capabilities(Capabilities::own()),
    ]
}

fn answers() -> Vec<Answer> {
    let exchanged = |more, standing| Exchanged {
        token: SessionToken([9; 16]),
        refused: vec![RefusedChange { index: 0, reason: RefusedReason::ForeignScope }],
        changes: wire(),
        next: 300,
        more,
        digest: Some(SetDigest { changes: 1, lanes: [2, 3] }),
        standing,
        lost_photos: vec![[8; 32]],
        page: snapshot::pack(&wire()).unwrap_or_default(),
    };
    vec![
        Answer::Exchanged(exchanged(false, Standing::Good)),
        Answer::Exchanged(exchanged(true, Standing::TakenOver)),
        Answer::Exchanged(exchanged(false, Standing::Copy)),
        Answer::Stale([9; 16]),
        Answer::Buckets(vec![SetDigest { changes: 1, lanes: [2, 3] }; 256]),
        Answer::ChangeIds(vec![[9; 16]]),
        Answer::Changes(wire()),
        Answer::PhotoHeld(300),
        Answer::Photo { size: 300, bytes: vec![1] },
        Answer::NoPhoto,
        Answer::News(true),
        Answer::PhotoLater,
        Answer::Capabilities(Capabilities::own()),
        Answer::ExchangedAs([7; 4], exchanged(false, Standing::Good)),
    ]
}

/// The same, which says that it is 11,000 pixels wide and high.
fn bomb(mut picture: Vec<u8>) -> Vec<u8> {
    if let Some(at) = picture.windows(2).position(|two| two == [0xFF, 0xC0]) {
        picture[at + 5..at + 9].copy_from_slice(&[0x2A, 0xF8, 0x2A, 0xF8]);
    }
    picture
}

fn picture() -> Result<Vec<u8>> {
    let picture = image::RgbImage::from_fn(40, 30, |x, y| image::Rgb([u8::try_from(x).unwrap_or(0), u8::try_from(y).unwrap_or(0), 7]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
}
