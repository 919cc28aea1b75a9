//! A bad line: a proxy on loopback that cuts its connections after so many bytes and hands on in small pieces. Nothing
//! waits by the clock.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What becomes of the line from now on, whichever connections there are.
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
                let Ok(to) = TcpStream::connect(&server) else { continue };
                for (from, to, way) in [(&from, &to, up as Way), (&to, &from, down as Way)] {
                    if let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) {
                        let (fate, carried) = (Arc::clone(&fate), Arc::clone(&carried));
                        std::thread::spawn(move || carry(from, to, &fate, way, &carried));
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

    /// How the line fares from now on.
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

type Way = fn(&mut Fate) -> &mut usize;

fn up(fate: &mut Fate) -> &mut usize {
    &mut fate.up
}

fn down(fate: &mut Fate) -> &mut usize {
    &mut fate.down
}

fn carry(mut from: TcpStream, mut to: TcpStream, fate: &Mutex<Fate>, way: Way, carried: &AtomicUsize) {
    let mut buffer = [0; 16 * 1024];
    let _ = to.set_nodelay(true);
    loop {
        let piece = fate.lock().map_or(0, |fate| fate.piece);
        let most = buffer.len().min(piece);
        let Ok(read) = from.read(&mut buffer[..most]) else { break };
        if read == 0 {
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
        // What still gets through is known only now: the fate may have changed while nothing came.
        let gets_through = fate.lock().map_or(0, |mut fate| {
            let left = way(&mut fate);
            let gets_through = read.min(*left);
            *left -= gets_through;
            gets_through
        });
        if to.write_all(&buffer[..gets_through]).is_err() || gets_through < read {
            break;
        }
        carried.fetch_add(read, Ordering::Relaxed);
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
