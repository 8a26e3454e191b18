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

fn main() -> ExitCode {
    let args = args::Args::parse();
    let json = args.json;
    match verbs::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure, json);
            ExitCode::from(failure.exit_code())
        }
    }
}
