//! The disk under a program: what it asked of it, in order, and the folder as a power cut would leave it. The recorder is
//! a small library in C that is loaded before the program, so that neither the product nor the machine has to be changed;
//! it also plays a disk that is full or that fails to sync. Linux only.

mod image;
mod record;

pub use image::{Disk, Image, Loss, lay_out};
pub use record::{Op, What, read};

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The recorder, built once a process into `folder`.
///
/// # Errors
/// When there is no C compiler; SQLite needs one as well.
pub fn recorder(folder: &Path) -> Result<PathBuf> {
    let library = folder.join("recorder.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/disk/recorder.c");
    let built = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).args(["-ldl", "-lpthread"]).output();
    let built = built.context("cc")?;
    ensure!(built.status.success(), "the recorder: {}", String::from_utf8_lossy(&built.stderr));
    Ok(library)
}

/// Puts the recorder before a program that works on `watched`.
pub fn under(mut command: Command, recorder: &Path, watched: &Path) -> Command {
    command.env("LD_PRELOAD", recorder).env("YINLING_WATCH", watched);
    command
}
