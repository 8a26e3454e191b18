//! Writes what is generated and committed: the sample county, the fuzz corpora's sound inputs and THIRD-PARTY.md.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Parser;
use saddlebag_tests::county::{self, SAMPLE_SEED, Sizes};
use saddlebag_tests::fleet::built_beside;
use saddlebag_tests::kept;
use saddlebag_tests::soak::corpora;
use saddlebag_tests::{third_party, workspace};

#[derive(Parser)]
#[command(about)]
enum What {
    /// Everything that is committed.
    All,
    /// A county of any size.
    County(CountyArguments),
    /// What this version leaves on disks and says over the wire, for all later ones to be tried on. Once a version.
    Kept {
        /// A folder that is not there yet, such as `tests/fixtures/v2`.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(clap::Args)]
struct CountyArguments {
    /// Two counties of one seed and size are the same.
    #[arg(long, default_value_t = SAMPLE_SEED)]
    seed: u64,
    /// How many couriers.
    #[arg(long, default_value_t = Sizes::default().couriers)]
    couriers: usize,
    /// How many households.
    #[arg(long, default_value_t = Sizes::default().households)]
    households: usize,
    /// How many parcels to import.
    #[arg(long, default_value_t = Sizes::default().deliveries)]
    deliveries: usize,
    /// The folder to write to.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    match What::parse() {
        What::All => {
            let root = workspace::root();
            fs::write(root.join("THIRD-PARTY.md"), third_party::page()?)?;
            corpora::write()?;
            write_county(SAMPLE_SEED, Sizes::default(), &root.join("assets/sample-county"))
        }
        What::Kept { out } => kept::write(&built_beside(&std::env::current_exe()?)?, &out),
        What::County(arguments) => {
            let CountyArguments {
                seed,
                couriers,
                households,
                deliveries,
                ref out,
            } = arguments;
            write_county(
                seed,
                Sizes {
                    couriers,
                    households,
                    deliveries,
                    ..Sizes::default()
                },
                out,
            )
        }
    }
}

fn write_county(seed: u64, sizes: Sizes, folder: &Path) -> anyhow::Result<()> {
    let county = county::generate(seed, sizes)?;
    fs::create_dir_all(folder)?;
    for (name, text) in county::files(&county)? {
        fs::write(folder.join(name), text).with_context(|| folder.join(name).display().to_string())?;
    }
    println!("seed {seed}: {}", folder.display());
    Ok(())
}
