//! What is meant to exhaust the server: bombs, a crowd, and senders who take their time.

use super::kit::{NOW, wire};
use anyhow::{Context, Result, ensure};
use shared::crdt::{ActorId, first_change};
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::kinds::RecordKind;
use shared::schema::{Fields, RecordId, Value};
use shared::sync::{Answer, Ask, Exchange, SessionToken, envelope, message};
use shared::wire::WireChange;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;
use sync_server::{Limits, Server};
use tests::device;
use tests::fuzz::Dice;
use tests::program::{ServerHome, in_memory};

const MIB: u64 = 1024 * 1024;

/// An envelope around what may be no message.
fn signed(crypto: &SoftProvider, key: &StoredKey, device: &[u8; 16], packed: &[u8]) -> Result<Vec<u8>> {
    let changes = message::unpack(packed).map_or([0; 32], |ask| envelope::changes_of(crypto, &ask));
    Ok(envelope::enclose_packed(crypto, key, (device, NOW), &changes, packed)?)
}

#[cfg(target_os = "linux")]
#[test]
fn f28_a_bomb_of_a_megabyte_costs_the_server_little() -> Result<()> {
    let home = ServerHome::new()?;
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let address = server.listening()?;
    let crypto = SoftProvider::new();
    let key = crypto.new_key()?;
    let client = reqwest::blocking::Client::builder().no_proxy().build()?;
    let enrolled = device::enrol(&client, &crypto, &address, &device::enrol_ask(&crypto, &key, &code, "设备")?)?;
    let server_key = device::server_key(&enrolled)?;
    let push = |packed: &[u8]| -> Result<u16> {
        let envelope = signed(&crypto, &key, enrolled.device.0.as_bytes(), packed)?;
        Ok(client.post(format!("{address}/v2/sync")).body(envelope).send()?.status().as_u16())
    };
    let claims = tests::hostile::repeated(1 << 40);
    let many: Vec<_> =
        (0..4_000_u32).map(|number| wire(RecordKind::Elder, RecordId(uuid::Uuid::from_u128(number.into())), claims.clone())).collect();
    let mut token = SessionToken::default();
    let mut exchange = |changes: Vec<WireChange>| -> Result<usize> {
        let packed = message::pack(&Ask::Exchange(Exchange { presents: token, changes, ..Exchange::default() }))?;
        let envelope = signed(&crypto, &key, enrolled.device.0.as_bytes(), &packed)?;
        let answer = client.post(format!("{address}/v2/sync")).body(envelope.clone()).send()?.error_for_status()?;
        let Answer::Exchanged(exchanged) = device::answer(&crypto, &server_key, &envelope, &answer.bytes()?)? else {
            anyhow::bail!("not taken")
        };
        token = exchanged.token;
        Ok(exchanged.refused.len())
    };
    // And as much honest work as a message holds: many small records, then few large ones of bytes that do not shrink.
    let mut dice = Dice(28);
    let mut noted = |number: u32, length: usize| {
        let note: String = (0..length / 16).map(|_| format!("{:016x}", dice.roll())).collect();
        let fields = Fields::from([("canteen".into(), Value::Text(canteen.as_str().into())), ("name".into(), Value::Text(note.into()))]);
        let bytes = first_change(&ActorId::from([7; 16]), &fields, NOW).bytes;
        wire(RecordKind::Elder, RecordId(uuid::Uuid::from_u128(number.into())), bytes)
    };
    let small: Vec<_> = (10_000..14_000).map(|number| noted(number, 160)).collect();
    let large: Vec<_> = (20_000..20_032).map(|number| noted(number, 48_000)).collect();
    push(&message::pack(&Ask::Buckets)?)?;
    let before = server.most_memory()?;
    // A thousand to one; a gigabyte that stops at the limit; changes that claim to be large; lists that do.
    ensure!(push(&zstd::encode_all(std::io::repeat(0).take(1 << 30), 3)?)? == 413);
    ensure!(push(&zstd::encode_all(std::io::repeat(7).take(message::MAX_UNPACKED as u64), 3)?)? == 400);
    ensure!(push(&vec![0x28; message::MAX_PACKED])? == 400);
    ensure!(push(&zstd::bulk::compress(&[&[3][..], &[0xFF; 8], &[0x0F]].concat(), 3)?)? == 400);
    ensure!(exchange(many)? == 4_000, "refused one by one");
    ensure!(exchange(small)? == 0 && exchange(large)? == 0);
    ensure!(client.post(format!("{address}/v2/sync")).body(vec![0; 20 << 20]).send().map_or(413, |answer| answer.status().as_u16()) == 413);
    let more = server.most_memory()?.saturating_sub(before);
    println!("{} MiB more", more / MIB);
    ensure!(more <= 64 * MIB, "{} MiB more", more / MIB);
    ensure!(push(&message::pack(&Ask::Buckets)?)? == 200, "it serves on; canteen {canteen}");
    Ok(())
}

/// A server in this process, on a free port.
async fn served(limits: Limits) -> Result<(Server, String, tempfile::TempDir)> {
    let folder = in_memory()?;
    let clock = sync_server::Clock::by(|| NOW);
    let server = Server::open_with(&folder.path().join("server"), clock, Arc::new(SoftProvider::new()))?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(sync_server::serve_until(listener, server.clone(), None, limits, std::future::pending()));
    Ok((server, address, folder))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f36_three_hundred_devices_that_come_back_at_once_are_all_served() -> Result<()> {
    const DEVICES: u32 = 300;
    let (server, address, _folder) = served(Limits::default()).await?;
    let canteen = server.add_canteen("罗城街道长者饭堂", "445381001", None)?.code;
    let crypto = Arc::new(SoftProvider::new());
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut pushes = Vec::new();
    for number in 0..DEVICES {
        let key = crypto.new_key()?;
        let code = server.device_code(Some(&canteen), None)?.code;
        let enrolled = server.enrol(&device::enrol_ask(crypto.as_ref(), &key, &code, &format!("设备 {number}"))?)?;
        let (device, server_key) = (*enrolled.device.0.as_bytes(), device::server_key(&enrolled)?);
        // A day's work, each record of its own.
        let fields =
            Fields::from([("name".into(), Value::Text("王桂英".into())), ("canteen".into(), Value::Text(canteen.as_str().into()))]);
        let change = first_change(&ActorId::from(device), &fields, NOW).bytes;
        let changes =
            (0..5_u32).map(|one| wire(RecordKind::Elder, RecordId(uuid::Uuid::from_u128((number * 5 + one).into())), change.clone()));
        let ask = Ask::Exchange(Exchange { changes: changes.collect(), after: u64::from(u32::MAX), ..Exchange::default() });
        pushes.push((envelope::enclose(crypto.as_ref(), &key, &device, NOW, &ask)?, server_key));
    }
    let asked: Vec<_> = pushes
        .into_iter()
        .map(|(envelope, server_key)| {
            let request = client.post(format!("http://{address}/v2/sync")).body(envelope.clone());
            let crypto = Arc::clone(&crypto);
            tokio::spawn(async move {
                let answer = request.send().await?.error_for_status()?;
                device::answer(crypto.as_ref(), &server_key, &envelope, &answer.bytes().await?)
            })
        })
        .collect();
    for one in asked {
        let Answer::Exchanged(exchanged) = one.await?? else { anyhow::bail!("no exchange") };
        ensure!(exchanged.refused.is_empty());
    }
    let key = crypto.new_key()?;
    let code = server.device_code(None, Some("445381001"))?.code;
    let town = server.enrol(&device::enrol_ask(crypto.as_ref(), &key, &code, "镇")?)?;
    let ask = envelope::enclose(crypto.as_ref(), &key, town.device.0.as_bytes(), NOW, &Ask::Buckets)?;
    let Answer::Buckets(parts) = server.receive(&ask)? else { anyhow::bail!("no parts") };
    let held: u64 = parts.iter().map(|part| part.changes).sum();
    ensure!(held >= u64::from(DEVICES * 5), "{held} changes are there");
    Ok(())
}

/// Whether the other end closed, or said something.
fn ended(stream: &mut TcpStream) -> Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut said = Vec::new();
    match stream.read_to_end(&mut said) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => return Err(error).context("it was left open"),
    }
    Ok(String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f37_who_dawdles_is_shut_out_and_the_others_are_served() -> Result<()> {
    let limits = Limits { head: Duration::from_secs(1), body: Duration::from_secs(2), connections: 40, ..Limits::default() };
    let (_server, address, _folder) = served(limits).await?;
    let well = format!("http://{address}/favicon.svg");
    tokio::task::spawn_blocking(move || -> Result<()> {
        let send = |bytes: &[u8]| -> Result<TcpStream> {
            let mut stream = TcpStream::connect(&address)?;
            stream.write_all(bytes)?;
            Ok(stream)
        };
        // Nothing, half a head, half a body; and more of them than there are seats, since who is late only waits.
        let mut idle: Vec<TcpStream> = (0..60).map(|_| send(b"")).collect::<Result<_>>()?;
        let mut half_head = send(b"POST /v2/sync HTTP/1.1\r\nhost: x\r\nx-slow: ")?;
        let mut half_body = send(b"POST /v2/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nYLS2")?;
        let mut huge_head = send(b"GET / HTTP/1.1\r\nhost: x\r\n")?;
        let line = [b"x-long: ".as_slice(), &[b'a'; 8_000], b"\r\n"].concat();
        let huge = (0..20).try_for_each(|_| huge_head.write_all(&line));
        let client = reqwest::blocking::Client::builder().no_proxy().build()?;
        ensure!(client.get(&well).send()?.status() == 200, "others are served");
        for stream in &mut idle {
            ensure!(ended(stream)?.is_empty());
        }
        ensure!(!ended(&mut half_head)?.contains("200 OK"));
        ensure!(ended(&mut half_body)?.starts_with("HTTP/1.1 408"));
        ensure!(huge.is_err() || ended(&mut huge_head)?.starts_with("HTTP/1.1 431"), "a head without end");
        ensure!(client.get(&well).send()?.status() == 200, "and they still are");
        Ok(())
    })
    .await?
}
