//! A line that keeps what it carries: everything between desks and server, in both directions, as sent
//! and unpacked.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// The carrier. Each direction of each connection is a stream of its own.
pub struct Capture {
    pub address: String,
    streams: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Capture {
    pub fn before(server: &str) -> Result<Self> {
        let upstream = server.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let streams = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&streams);
        std::thread::spawn(move || {
            for desk in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(&upstream) else { continue };
                let Ok((up, down)) = desk.try_clone().and_then(|up| Ok((up, server.try_clone()?))) else { continue };
                carry(up, server, &kept);
                carry(down, desk, &kept);
            }
        });
        Ok(Self { address, streams })
    }

    /// All that was carried so far.
    pub fn streams(&self) -> Vec<Vec<u8>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, streams: &Arc<Mutex<Vec<Vec<u8>>>>) {
    let streams = Arc::clone(streams);
    let at = {
        let mut all = streams.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Vec::new());
        all.len() - 1
    };
    std::thread::spawn(move || {
        let mut piece = [0; 16 * 1024];
        while let Ok(read) = from.read(&mut piece) {
            // Kept before it is carried on: what was answered has been kept.
            streams.lock().unwrap_or_else(PoisonError::into_inner)[at].extend_from_slice(&piece[..read]);
            if read == 0 || to.write_all(&piece[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

/// The messages in a stream, unpacked.
pub fn unpacked(stream: &[u8]) -> Vec<Vec<u8>> {
    let begins = stream.windows(ZSTD.len()).enumerate().filter(|(_, window)| *window == ZSTD).map(|(at, _)| at);
    begins.filter_map(|at| unpack(&stream[at..])).collect()
}

fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    zstd::Decoder::with_buffer(packed).ok()?.single_frame().take(64 << 20).read_to_end(&mut plain).ok()?;
    Some(plain)
}
