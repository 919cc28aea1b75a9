//! The line: TLS of the server's own, certificates that are replaced, answers that are signed, envelopes that are heard once.

use super::kit::*;
use reqwest::{Client, StatusCode, redirect, tls::TlsInfo};
use rustls::RootCertStore;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ParsedCertificate;
use shared::console::SignIn;
use shared::crypto::{CryptoProvider, PublicKey, SoftProvider};
use shared::fault::Fault;
use shared::kinds::Level;
use shared::sync::reply::{self, Question};
use shared::sync::{Answer, Ask, Exchange};
use shared::wire::{EnrolAsk, HelloAsk, SealedEnrolAsk, SignedHello};
use std::path::Path;
use std::time::Duration;
use sync_server::{Certificate, Line};

const LUOCHENG: &str = "445381001";

/// Takes whatever certificate is shown, and tells which it was.
fn any() -> Client {
    let builder = Client::builder().tls_danger_accept_invalid_certs(true).tls_info(true).redirect(redirect::Policy::none());
    builder.no_proxy().build().unwrap()
}

/// Serves over TLS as well; gives the address, without its scheme.
async fn also_over_tls(house: &House, from: Certificate) -> (Line, String) {
    let line = house.server.tls(from).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(sync_server::serve(listener, house.server.clone(), Some(line.clone())));
    (line, address)
}

fn own() -> Certificate {
    Certificate::Own(vec!["localhost".into(), "127.0.0.1".into()])
}

/// The certificate that is shown at an address, and the authority that the server tells of.
async fn shown(address: &str) -> (Vec<u8>, Option<Vec<u8>>) {
    let ask = HelloAsk { nonce: "07".repeat(16) };
    let answer = any().post(format!("https://{address}/v2/hello")).json(&ask).send().await.unwrap();
    let certificate = answer.extensions().get::<TlsInfo>().unwrap().peer_certificate().unwrap().to_vec();
    let (hello, _) = answer.json::<SignedHello>().await.unwrap().open(&SoftProvider::new(), &ask).unwrap();
    (certificate, hello.authority.map(|authority| hex::decode(authority).unwrap()))
}

/// Whether an authority has signed a certificate that is good at that time.
fn good(certificate: &[u8], authority: &[u8], at: i64) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority)).unwrap();
    let certificate = CertificateDer::from(certificate);
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at.unsigned_abs()));
    let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
    verify_server_cert_signed_by_trust_anchor(&ParsedCertificate::try_from(&certificate).unwrap(), &roots, &[], at, algorithms.all).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_shows_a_certificate_of_its_own_authority_and_renews_both_in_time() {
    const DAY: i64 = 86_400;
    let house = House::new().await;
    let (line, address) = also_over_tls(&house, own()).await;
    let (first, authority) = shown(&address).await;
    let authority = authority.unwrap();
    assert!(good(&first, &authority, NOON) && good(&first, &authority, NOON + 89 * DAY));
    assert!(!good(&first, &authority, NOON + 92 * DAY) && !good(&first, &authority, NOON - 4 * DAY));
    line.look_again();
    assert_eq!(shown(&address).await.0, first, "it is good for a while");
    house.later(31 * DAY);
    line.look_again();
    let (second, same) = shown(&address).await;
    assert!(second != first && same.as_ref() == Some(&authority));
    assert!(good(&second, &authority, NOON + 119 * DAY));
    // In its last year another authority takes its place, and the server says so.
    house.later(9 * 366 * DAY);
    line.look_again();
    let (third, next) = shown(&address).await;
    let next = next.unwrap();
    assert!(next != authority && good(&third, &next, NOON + (9 * 366 + 31) * DAY));
    let told = house.server.authority().unwrap();
    assert!(told.starts_with("-----BEGIN CERTIFICATE-----\n") && told.lines().all(|line| line.len() <= 64), "{told}");
}

/// A certificate for files, and its key.
fn pair(folder: &Path, name: &str) -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let pem = |label: &str, der: &[u8]| {
        use base64::Engine;
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64::engine::general_purpose::STANDARD.encode(der))
    };
    std::fs::write(folder.join("chain.pem"), pem("CERTIFICATE", made.cert.der())).unwrap();
    std::fs::write(folder.join("key.pem"), pem("PRIVATE KEY", &made.signing_key.serialize_der())).unwrap();
    made.cert.der().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_of_files_are_replaced_while_it_serves_and_half_a_pair_is_not_taken() {
    let (house, folder) = (House::new().await, tempfile::tempdir().unwrap());
    let files = || Certificate::Files { chain: folder.path().join("chain.pem"), key: folder.path().join("key.pem") };
    let missing = house.server.tls(files()).unwrap_err();
    assert!(missing.happened.contains("chain.pem"), "{missing}");
    let first = pair(folder.path(), "one.example.cn");
    let (line, address) = also_over_tls(&house, files()).await;
    assert_eq!(shown(&address).await, (first.clone(), None), "everybody checks it by himself");
    // Half of the pair is there: the old one is shown on.
    let key = std::fs::read(folder.path().join("key.pem")).unwrap();
    let second = pair(folder.path(), "two.example.cn");
    let new_key = std::fs::read(folder.path().join("key.pem")).unwrap();
    std::fs::write(folder.path().join("key.pem"), key).unwrap();
    line.look_again();
    assert_eq!(shown(&address).await.0, first);
    assert!(house.server.tls(files()).is_err(), "and no server starts under it");
    std::fs::write(folder.path().join("key.pem"), new_key).unwrap();
    line.look_again();
    assert_eq!(shown(&address).await.0, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_tls_is_spoken_nothing_is_said_in_plain() {
    let house = House::new().await;
    let (_, address) = also_over_tls(&house, own()).await;
    let http = any();
    let sent_on = http.get(format!("http://{address}/list/orders?date=2026-11-22")).send().await.unwrap();
    assert_eq!(sent_on.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(sent_on.headers()["location"], format!("https://{address}/list/orders?date=2026-11-22"));
    let said = http.post(format!("http://{address}/api/session")).body("{}").send().await.unwrap();
    assert_eq!(said.status(), StatusCode::BAD_REQUEST);
    assert!(said.json::<Fault>().await.unwrap().happened.contains("加密"));
    let page = http.get(format!("https://{address}/")).send().await.unwrap();
    assert_eq!((page.status(), page.headers()["strict-transport-security"].to_str().unwrap()), (StatusCode::OK, "max-age=31536000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_over_tls_is_bound_to_the_host_and_a_cookie_from_plain_is_none() {
    let house = House::new().await;
    let (_, address) = also_over_tls(&house, own()).await;
    house.server.add_account("chen", Level::City, "4453", "yufan2026x").unwrap();
    let ask = SignIn { name: "chen".into(), password: "yufan2026x".into(), ..SignIn::default() };
    let http = any();
    let answer = http.post(format!("https://{address}/api/session")).json(&ask).send().await.unwrap();
    let cookie = cookie_of(&answer);
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("; Secure"));
    let who =
        async |cookie: &str| http.get(format!("https://{address}/api/session")).header("cookie", cookie).send().await.unwrap().status();
    assert_eq!(who(&cookie).await, StatusCode::OK);
    assert_eq!(
        who(cookie.trim_start_matches("__Host-")).await,
        StatusCode::UNAUTHORIZED,
        "whoever writes cookies in plain writes this one"
    );
    let by_proxy = house.http.get(format!("{}/api/session", house.url)).header("cookie", &cookie);
    assert_eq!(by_proxy.header("x-forwarded-proto", "https").send().await.unwrap().status(), StatusCode::OK);
    let gone = http.delete(format!("https://{address}/api/session")).header("cookie", &cookie).send().await.unwrap();
    let gone = gone.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(gone.starts_with("__Host-session=;") && gone.contains("Secure") && gone.contains("Max-Age=0"), "{gone}");
    assert_eq!(who(&cookie).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn f52_what_only_reads_is_heard_once_as_well_and_nothing_of_another_time() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    let hash = [7; 32];
    for ask in [
        Ask::Keys,
        Ask::Buckets,
        Ask::ChangeIds(vec![0]),
        Ask::Fetch(vec![[7; 16]]),
        Ask::GetPhoto { hash, at: 0 },
        Ask::Wait { after: 1 << 40 },
        Ask::Exchange(Exchange::default()),
    ] {
        let recorded = desk.envelope(&ask);
        assert_eq!(desk.send(recorded.clone()).await.unwrap().status(), StatusCode::OK, "{ask:?}");
        assert_eq!(desk.send(recorded).await.unwrap().status(), StatusCode::CONFLICT, "{ask:?} was heard twice");
    }
    // What was recorded, but never came, keeps for three minutes; and a server that was restarted hears nothing from before.
    let (kept, other) = (desk.envelope(&Ask::Buckets), desk.envelope(&Ask::Keys));
    let answer = async |envelope: &[u8]| {
        let answer = desk.send(envelope.to_vec()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        desk.opened(envelope, &answer.bytes().await.unwrap())
    };
    house.later(180);
    assert!(matches!(answer(&kept).await, Answer::Buckets(_)));
    house.later(1);
    assert_eq!(answer(&other).await, Answer::Clock(NOON + 181));
    let behind = desk.by_clock(NOON - 86_400 * 365);
    assert_eq!(answer(&behind.envelope(&Ask::Buckets)).await, Answer::Clock(NOON + 181), "a wrong clock is told the right time");
    assert!(matches!(behind.ask(&Ask::Buckets).await, Answer::Buckets(_)), "and is heard by it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_said_to_the_server_alone_and_every_answer_is_its_own() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let given = house.server.device_code(Some(&code), None).unwrap().code;
    let crypto = SoftProvider::new();
    let (key, stranger) = (crypto.new_key().unwrap(), crypto.new_key().unwrap());
    let ask = EnrolAsk::new(&given.parse().unwrap(), "前台电脑", &crypto.public_key(&key).unwrap(), [7; 16]);
    let enrol =
        async |body: serde_json::Value| house.http.post(format!("{}/v2/enrol", house.url)).json(&body).send().await.unwrap().status();
    // As it was said before, in plain; wrapped for somebody else; wrapped for the server, and no question.
    let wrapped =
        |to: PublicKey, what: &[u8]| serde_json::to_value(SealedEnrolAsk { sealed: hex::encode(crypto.wrap(&to, what).unwrap()) }).unwrap();
    let (json, (_, server_key)) = (serde_json::to_vec(&ask).unwrap(), hello(&house.url).await);
    for bad in [
        serde_json::to_value(&ask).unwrap(),
        wrapped(crypto.public_key(&stranger).unwrap(), &json),
        wrapped(server_key, b"{}"),
        wrapped(server_key, &serde_json::to_vec(&EnrolAsk { nonce: "07".into(), ..ask.clone() }).unwrap()),
    ] {
        assert_eq!(enrol(bad).await, StatusCode::BAD_REQUEST);
    }
    assert_eq!(enrol(wrapped(server_key, &json)).await, StatusCode::OK, "the code is good still");

    // An answer fits the question it was given to, and no other of the same device.
    let desk = house.desk_at(&code).await;
    let (one, two) = (desk.envelope(&Ask::Buckets), desk.envelope(&Ask::Buckets));
    let answer = desk.send(one.clone()).await.unwrap().bytes().await.unwrap();
    let fits = |envelope: &[u8]| reply::check(&crypto, &desk.server_key, &Question::of(envelope).unwrap(), &answer).is_some();
    assert!(fits(&one) && !fits(&two));
    // Who was shut out is told so by the server alone, too.
    house.server.revoke_device(2).unwrap();
    assert_eq!(desk.ask(&Ask::Buckets).await, Answer::ShutOut);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    use std::io::{Read, Write};
    let house = House::new().await;
    let address = house.url.trim_start_matches("http://").to_owned();
    let said = |heads: &'static str| {
        let address = address.clone();
        tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            write!(stream, "GET /health HTTP/1.1\r\n{heads}connection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer.split(' ').nth(1).unwrap_or_default().to_owned()
        })
    };
    for (heads, status) in [("host: x\r\n", "200"), ("", "400"), ("host: x\r\nhost: y\r\n", "400"), ("host: x\r\nHost: x\r\n", "400")] {
        assert_eq!(said(heads).await.unwrap(), status, "{heads:?}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_end_does_not_wait_for_who_dawdles() {
    use std::io::Write;
    use std::process::Command;
    let folder = tempfile::tempdir().unwrap();
    let mut running = super::program::Running::start(program(folder.path(), None));
    let address = running.url.trim_start_matches("http://").to_owned();
    // Bodies of which half has come: they may take a minute and a half.
    let begun: Vec<_> = (0..8)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(&address).unwrap();
            stream.write_all(b"POST /v2/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nYLS2").unwrap();
            stream
        })
        .collect();
    any().get(format!("{}/health", running.url)).send().await.unwrap();
    let asked = std::time::Instant::now();
    assert!(Command::new("kill").arg(running.child.id().to_string()).status().unwrap().success());
    running.child.wait().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(60), "it waited for the bodies: {:?}", asked.elapsed());
    drop(begun);
}
