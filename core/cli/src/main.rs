//! The command-line client of Saddlebag: for stations, scripts and tests. Every verb is one call of [`Replica`].
//!
//! [`Replica`]: saddlebag_replica::Replica

mod args;
mod export;
mod failure;
mod key;
mod output;
mod values;
mod verbs;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use failure::Failure;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return wrong_line(&error),
    };
    let json = args.json;
    match verbs::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_read_enough() => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure, json);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// What the parser says: help and version as they are, errors in JSON where JSON was asked for.
fn wrong_line(error: &clap::Error) -> ExitCode {
    let is_error = !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let failure = Failure::Usage(error.render().to_string().trim_end().to_owned());
    if is_error && std::env::args_os().any(|arg| arg == "--json") {
        output::failure(&failure, true);
    } else {
        let _ = error.print();
    }
    ExitCode::from(if is_error { failure.exit_code() } else { 0 })
}
