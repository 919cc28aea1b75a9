//! A bad line: a proxy on loopback that cuts connections after so many bytes and hands on in small pieces. Nothing waits by
//! the clock.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What becomes of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Fate {
    /// Bytes that get through to the server before the line breaks.
    pub up: usize,
    /// Bytes that get back.
    pub down: usize,
    /// Most bytes handed on at once.
    pub piece: usize,
}

impl Fate {
    /// A good line.
    pub const GOOD: Self = Self { up: usize::MAX, down: usize::MAX, piece: usize::MAX };
}

/// The proxy; it ends with the process.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    fate: Arc<Mutex<Fate>>,
    carried: Arc<AtomicUsize>,
}

impl Proxy {
    /// In front of a server at `host:port`.
    ///
    /// # Errors
    /// When there is no port.
    pub fn before(server: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let proxy = Self { address: listener.local_addr()?, fate: Arc::new(Mutex::new(Fate::GOOD)), carried: Arc::default() };
        let (fate, carried, server) = (Arc::clone(&proxy.fate), Arc::clone(&proxy.carried), server.to_owned());
        std::thread::spawn(move || {
            for from in listener.incoming().map_while(Result::ok) {
                let fate = fate.lock().map_or(Fate::GOOD, |fate| *fate);
                let Ok(to) = TcpStream::connect(&server) else { continue };
                for (from, to, most) in [(&from, &to, fate.up), (&to, &from, fate.down)] {
                    if let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) {
                        let carried = Arc::clone(&carried);
                        std::thread::spawn(move || carry(from, to, most, fate.piece, &carried));
                    }
                }
            }
        });
        Ok(proxy)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How the next connections fare.
    pub fn set(&self, fate: Fate) {
        if let Ok(mut now) = self.fate.lock() {
            *now = fate;
        }
    }

    /// Bytes carried so far, both ways.
    #[must_use]
    pub fn carried(&self) -> usize {
        self.carried.load(Ordering::Relaxed)
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, mut most: usize, piece: usize, carried: &AtomicUsize) {
    let mut buffer = [0; 16 * 1024];
    let _ = to.set_nodelay(true);
    while most > 0 {
        let length = buffer.len().min(piece).min(most);
        match from.read(&mut buffer[..length]) {
            Ok(0) => {
                let _ = to.shutdown(Shutdown::Write);
                return;
            }
            Ok(read) if to.write_all(&buffer[..read]).is_ok() => {
                most -= read;
                carried.fetch_add(read, Ordering::Relaxed);
            }
            _ => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
