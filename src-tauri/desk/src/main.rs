//! The program `desk`: the office by command line, and `desk serve` for a browser on this computer.
//! Commands are read here and handed to the library; nothing is decided here.

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
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
                println!("{}", serde_json::json!({ "error": fault }));
            }
            eprintln!("{fault}");
            ExitCode::from(fault.exit_code())
        }
    }
}

/// Help and version are answers; anything else is a user's slip, told in Chinese.
fn misread(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        print!("{error}");
        return ExitCode::SUCCESS;
    }
    let fault = shared::zh::usage(&error.to_string());
    eprintln!("{fault}");
    ExitCode::from(fault.exit_code())
}
