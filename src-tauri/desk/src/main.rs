//! The program `desk`: the office by command line, and `desk serve` for a browser on this computer.
//! Commands are read here and handed to the library; nothing is decided here.

mod cli;

use clap::Parser;
use shared::fault::Fault;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("DESK_LOG").unwrap_or_else(|_| "warn".into()))
        .init();
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misread(&error),
    };
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            if cli.json() {
                let _ = say(&serde_json::json!({ "error": fault }));
            }
            eprintln!("{fault}");
            ExitCode::from(fault.exit_code())
        }
    }
}

/// A line on stdout. A reader that has heard enough (`| head`) is no failure.
fn say(line: &dyn std::fmt::Display) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            tracing::error!(%error, "the answer could not be written");
            Err(Fault::broken())
        }
        _ => Ok(()),
    }
}

/// Help and version are answers; anything else is a user's slip, told in words.
fn misread(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        return if say(&error.to_string().trim_end()).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let fault = Fault::usage(&error.to_string());
    eprintln!("{fault}");
    ExitCode::from(fault.exit_code())
}
