//! A server with a canteen for the bench, desks that are programs and desks in this process.

use anyhow::{Context, Result};
use desk::{Clock, Desk};
use shared::command::Enrol;
use shared::crypto::SoftProvider;
use std::path::Path;
use std::sync::Arc;
use tests::program::{DeskHome, Running, ServerHome};

/// A server with a canteen, for desks to enrol at.
pub(super) struct Town {
    pub(super) home: ServerHome,
    pub(super) server: Running,
    pub(super) canteen: String,
}

impl Town {
    pub(super) fn new() -> Result<Self> {
        Self::at(ServerHome::new()?)
    }

    /// In a folder, on a database, or on a disk that is watched.
    pub(super) fn at(home: ServerHome) -> Result<Self> {
        let (canteen, _) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
        let server = home.serve("127.0.0.1:0")?;
        Ok(Self { home, server, canteen })
    }

    /// A one-time code for a desk at the canteen.
    pub(super) fn code(&self) -> Result<String> {
        let code = self.home.admin(&["device", "code", "--canteen", &self.canteen])?;
        Ok(code["code"].as_str().context("code")?.to_owned())
    }

    pub(super) fn desk(&self) -> Result<DeskHome> {
        DeskHome::enrolled(&self.server.listening()?, &self.code()?)
    }

    /// Milliseconds of processor that the server took so far.
    pub(super) fn cpu_ms(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.server.id()))?;
        let words: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        // The twelfth and thirteenth word behind the name: hundredths of a second, of the program and of the system for it.
        Ok([11, 12].iter().filter_map(|at| words.get(*at)?.parse::<f64>().ok()).sum::<f64>() * 10.0)
    }
}

/// A desk in this process, enrolled at a server.
pub(super) fn office(folder: &Path, server: &str, code: String) -> Result<Desk> {
    let desk = Desk::open_with(folder, Clock::system(), Arc::new(SoftProvider::new()))?;
    desk.ask(&Enrol { server: server.to_owned(), code, device_name: "电脑".into() })?;
    Ok(desk)
}
