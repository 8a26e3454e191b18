//! The long tests. Without a part: all of them, one after the other.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, anyhow};
use clap::{Parser, ValueEnum};
use saddlebag_replica::StoreKey;
use saddlebag_tests::fleet::small::recorded::work;
use saddlebag_tests::fleet::{built_beside, program_beside};
use saddlebag_tests::soak::{Drawn, Report, fleets, kills, large, mutations, power_cuts};

#[derive(Parser)]
#[command(name = "saddlebag-soak", about)]
struct Cli {
    /// One part alone.
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many; by default what the part is worth.
    #[arg(long)]
    count: Option<u64>,
    /// `saddlebag-sync-server`; the one that was built with this program, where none is named.
    #[arg(long, value_name = "PATH")]
    server: Option<PathBuf>,
    /// Works on this phone, as the one whose power is cut.
    #[arg(long, hide = true, requires = "key")]
    work: Option<PathBuf>,
    /// The key of that phone's store.
    #[arg(long, hide = true, default_value = "")]
    key: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Small fleets with every trouble that can be drawn.
    Fleets,
    /// Mutated facts, plan changes, packs and requests; a seed is a thousand of them.
    Mutations,
    /// SIGKILLs of a server; a seed is ten of them.
    ServerKills,
    /// SIGKILLs of the command line on a phone; a seed is ten of them.
    ReplicaKills,
    /// Power cuts of a server; a seed is twenty of them.
    ServerPowerCuts,
    /// Power cuts of a phone; a seed is twenty of them.
    ReplicaPowerCuts,
    /// A fleet of 310 phones.
    LargeFleet,
    /// Thirty days of one phone without signal.
    LongQueue,
}

impl Part {
    const ALL: [Self; 8] = [
        Self::Fleets,
        Self::Mutations,
        Self::ServerKills,
        Self::ReplicaKills,
        Self::ServerPowerCuts,
        Self::ReplicaPowerCuts,
        Self::LargeFleet,
        Self::LongQueue,
    ];

    fn worth(self) -> u64 {
        match self {
            Self::Fleets => 1_000,
            Self::Mutations => 1_000_000 / mutations::EACH,
            Self::ServerKills | Self::ReplicaKills => 200 / kills::EACH,
            Self::ServerPowerCuts | Self::ReplicaPowerCuts => 80 / power_cuts::EACH,
            Self::LargeFleet | Self::LongQueue => 1,
        }
    }
}

fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    if let Some(folder) = &cli.work {
        let key = hex::decode(&cli.key)?.try_into().map(StoreKey);
        let key = key.map_err(|_| anyhow!("a key of 32 bytes"))?;
        let mut tell = |line: &str| println!("{line}");
        work(folder, key, cli.seed, cli.count.unwrap_or(1), &mut tell)?;
        return Ok(ExitCode::SUCCESS);
    }
    let this = std::env::current_exe()?;
    let server = match &cli.server {
        Some(server) => server.clone(),
        None => built_beside(&this)?,
    };
    let mut failed = 0;
    for part in Part::ALL {
        if cli.part.is_some_and(|only| only != part) {
            continue;
        }
        let began = Instant::now();
        let drawn = Drawn::from(cli.seed, cli.count.unwrap_or_else(|| part.worth()));
        println!("{part:?}: seed {}, count {}", drawn.seed, drawn.count);
        let tell = |line: &str| println!("{line}");
        let report: Report = match part {
            Part::Fleets => fleets::soak(drawn, &server, None, &tell)?,
            Part::Mutations => mutations::soak(drawn, &tell),
            Part::ServerKills => kills::soak_servers(drawn, &server, None, &tell)?,
            Part::ReplicaKills => {
                kills::soak_replicas(drawn, &server, &program_beside(&this, "saddlebag")?, &tell)?
            }
            Part::ServerPowerCuts => power_cuts::soak_servers(drawn, &server, None, &tell)?,
            Part::ReplicaPowerCuts => power_cuts::soak_replicas(drawn, &server, &this, &tell)?,
            Part::LargeFleet => large::soak_fleet(drawn, &server, large::PHONES, &tell),
            Part::LongQueue => large::soak_queue(drawn, &server, large::DAYS, &tell)?,
        };
        print!("{}", report.told());
        println!(
            "{part:?}: {:.0} s, {} failed",
            began.elapsed().as_secs_f64(),
            report.failed.len()
        );
        failed += report.failed.len();
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
