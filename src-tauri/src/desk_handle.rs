//! The desk behind the window. While its folder does not open, every command is answered with the reason, the screens
//! show it, and the next command tries again: a full disk that is emptied needs no restart.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use desk::Desk;
use shared::fault::Fault;

/// The data folder, and the desk once it is open.
#[derive(Debug)]
pub struct DeskHandle {
    data: PathBuf,
    desk: Mutex<Option<Desk>>,
}

impl DeskHandle {
    /// An office on a folder that was not opened yet.
    pub fn new(data: PathBuf) -> Self {
        Self { data, desk: Mutex::new(None) }
    }

    /// The open desk; its sync begins when it opens.
    pub fn desk(&self) -> Result<Desk, Fault> {
        let mut held = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(desk) = &*held {
            return Ok(desk.clone());
        }
        let desk = Desk::open(&self.data)?;
        desk.start_sync();
        Ok(held.insert(desk).clone())
    }
}
