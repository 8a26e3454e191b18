//! Lets a simulated fleet of couriers work some days offline and sync with a real server through bad links, checks what
//! came of it, and tells it; the last line is one JSON object.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use saddlebag_tests::fleet::{Ended, Options, built_beside, run};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
#[command(name = "saddlebag-fleet", about)]
struct Cli {
    /// `saddlebag-sync-server`; the one that was built with this program, where none is named.
    #[arg(long, value_name = "PATH")]
    server: Option<PathBuf>,
    /// Everything is drawn from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many couriers.
    #[arg(long, default_value_t = 31)]
    couriers: usize,
    /// How many days each is offline.
    #[arg(long, default_value_t = 3)]
    days: usize,
    /// Lets the server live through all of it.
    #[arg(long)]
    no_kills: bool,
    /// A planted fault, for a server that was built with `planted-faults`: then something must be found.
    #[arg(long)]
    fault: Option<String>,
    /// Where data, phones and logs go, and stay; a temporary folder, where none is named.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Ends after the summary.
    #[arg(long, conflicts_with = "stay")]
    once: bool,
    /// Keeps the server up after the summary until it is told to stop.
    #[arg(long)]
    stay: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    let server = match cli.server {
        Some(server) => server,
        None => built_beside(&std::env::current_exe()?)?,
    };
    let temporary = tempfile::Builder::new().prefix("saddlebag-fleet-").tempdir()?;
    let stays = cli.folder.is_some();
    let folder = cli.folder.unwrap_or_else(|| temporary.path().to_owned());
    println!(
        "seed {}, {} couriers, {} days; everything goes to {}{}",
        cli.seed,
        cli.couriers,
        cli.days,
        folder.display(),
        if stays { "" } else { ", which goes at the end" }
    );
    let place = folder.display().to_string();
    let options = Options {
        server,
        seed: cli.seed,
        couriers: cli.couriers,
        days: cli.days,
        kills: !cli.no_kills,
        fault: cli.fault,
        folder,
    };
    let ended = match run(&options, &|line| println!("{line}")) {
        Ok(ended) => ended,
        Err(error) => {
            // What has been written so far is wanted to see why.
            let kept = temporary.keep();
            return Err(error.context(format!("the fleet could not finish; see {}", kept.display())));
        }
    };
    print!("{}", ended.told);
    if stays {
        println!("Everything is in {place}.");
    }
    let clean = ended.summary.is_clean();
    println!("{}", ended.summary.json());
    if cli.stay {
        stay(ended, &place)?;
    }
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Serves until somebody says stop.
fn stay(mut ended: Ended, place: &str) -> anyhow::Result<()> {
    println!(
        "The county's server stays at {} until it is stopped, and so does everything in {place}.",
        ended.serve_on()?
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (mut terminated, mut interrupted) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        Ok(())
    })
}
