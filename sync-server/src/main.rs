//! The sync server of Saddlebag.

mod log;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use saddlebag_sync_server::admin::{self, AdminError, code};
use saddlebag_sync_server::backup::{self, BackupAt};
use saddlebag_sync_server::county::{Counties, CountyError, DataFolder, Elsewhere};
use saddlebag_sync_server::forgetting;
use saddlebag_sync_server::http::{Patience, ServerState, reload_on_hangup, serve};
use saddlebag_sync_server::outside::system_or_shifted;
use saddlebag_sync_server::scrub::scrub_what_was_read;
use saddlebag_sync_server::tls::{PinnedKeys, ServerTls, TlsSource};
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
#[command(name = "saddlebag-sync-server", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the counties of a data folder until it is told to stop.
    Serve(Serve),
    /// What operators do: people, places, imports, triage, devices, exports. Speaks to a running server, or opens the
    /// folder itself.
    Admin(admin::cli::Admin),
}

#[derive(clap::Args)]
struct Serve {
    /// The data folder; one process at a time has it.
    #[arg(long, env = "SADDLEBAG_DATA", value_name = "DIR")]
    data: PathBuf,
    /// Where to listen; port 0 takes a free one. The address is printed as one line on standard output.
    #[arg(
        long,
        env = "SADDLEBAG_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:8470"
    )]
    listen: String,
    /// A folder on another disk, where a second copy of every county's journal is kept, made durable with the first.
    #[arg(long, env = "SADDLEBAG_JOURNAL_COPY", value_name = "DIR")]
    journal_copy: Option<PathBuf>,
    /// Where backups go [default: `backups` in the data folder]. Better on another disk, or taken to another place.
    #[arg(long, env = "SADDLEBAG_BACKUP_DIR", value_name = "DIR")]
    backup_dir: Option<PathBuf>,
    /// At which time of the day a backup of every county is taken, in Beijing, such as 03:00; or `off`.
    #[arg(
        long,
        env = "SADDLEBAG_BACKUP_AT",
        value_name = "TIME",
        default_value = "03:00",
        value_parser = backup_at
    )]
    backup_at: NightlyBackup,
    /// What to log, as of `tracing-subscriber`: a level, or levels by module. Libraries log nothing.
    #[arg(long, env = "SADDLEBAG_LOG", value_name = "FILTER", default_value = "info")]
    log: String,
    /// TLS with this certificate: a PEM file with the chain, the server's own first. Read anew when it changes, and at a
    /// SIGHUP.
    #[arg(long, env = "SADDLEBAG_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long, env = "SADDLEBAG_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// TLS with the keys that `admin tls create` made: for a server without a public name.
    #[arg(long, env = "SADDLEBAG_TLS_PINNED", conflicts_with = "tls_cert")]
    tls_pinned: bool,
    /// Plain HTTP beyond this machine, for a proxy that does TLS elsewhere. Phones speak to nobody so.
    #[arg(long, env = "SADDLEBAG_INSECURE_HTTP", conflicts_with_all = ["tls_cert", "tls_pinned"])]
    insecure_http: bool,
    /// For simulations: milliseconds that are added to the clock, read from this file whenever the time is asked for.
    #[arg(long, hide = true, env = "SADDLEBAG_CLOCK_OFFSET_FILE", value_name = "FILE")]
    clock_offset_file: Option<PathBuf>,
    /// A fault to have, for the fleet's checker to find.
    #[cfg(feature = "planted-faults")]
    #[arg(long, value_enum)]
    fault: Option<saddlebag_sync_server::fault::Fault>,
}

/// When backups are taken by themselves.
#[derive(Clone, Copy, Debug)]
enum NightlyBackup {
    Off,
    At(BackupAt),
}

fn backup_at(text: &str) -> Result<NightlyBackup, &'static str> {
    match text {
        "off" => Ok(NightlyBackup::Off),
        time => time.parse().map(NightlyBackup::At),
    }
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(serve) => run(&serve),
        Command::Admin(admin) => return admin::cli::run(&admin),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            admin::cli::tell_failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Serve) -> Result<(), AdminError> {
    let internal = |error: &dyn std::fmt::Display| AdminError::new(code::INTERNAL, error);
    let log = log::subscriber(&args.log, std::io::stderr);
    let log = log.map_err(|error| AdminError::new(code::BAD_VALUE, format!("--log: {error}")))?;
    tracing::subscriber::set_global_default(log).map_err(|error| internal(&error))?;
    #[cfg(feature = "planted-faults")]
    if let Some(fault) = args.fault {
        saddlebag_sync_server::fault::plant(fault);
    }
    tell_panics_by_their_place();
    open_many_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| internal(&error))?;
    survive_file_size_limits(&runtime).map_err(|error| internal(&error))?;
    let outside = system_or_shifted(args.clock_offset_file.clone());
    let in_folder =
        |error: CountyError| AdminError::new(error.code(), format!("{}: {error}", args.data.display()));
    let folder = DataFolder::take(&args.data).map_err(in_folder)?;
    let elsewhere = Elsewhere {
        journal_copy: args.journal_copy.clone(),
        backups: args.backup_dir.clone(),
    };
    let counties = Counties::open_with(folder, elsewhere, &outside).map_err(in_folder)?;
    let backup_at = args.backup_at;
    let tls = open_tls(args)?;
    let state = Arc::new(ServerState::new(counties, Patience::default()).with_tls(tls.clone()));
    runtime.block_on(async {
        // All before the address is told: whoever reads it may use the socket, or stop the server, at once.
        let socket = admin::socket::AdminSocket::bind(state.counties.folder().path())
            .map_err(|error| in_folder(CountyError::Disk(error)))?;
        let listener = tokio::net::TcpListener::bind(&args.listen).await;
        let listener = listener.map_err(|error| {
            let code = match error.kind() {
                ErrorKind::AddrInUse => "address_in_use",
                _ => "cannot_listen",
            };
            AdminError::new(code, format!("{}: {error}", args.listen))
        })?;
        let told_to_stop = |kind| signal(kind).map_err(|error| internal(&error));
        let (mut terminated, mut interrupted) = (
            told_to_stop(SignalKind::terminate())?,
            told_to_stop(SignalKind::interrupt())?,
        );
        reload_on_hangup(tls.clone()).map_err(|error| internal(&error))?;
        let address = listener.local_addr().map_err(|error| internal(&error))?;
        if tls.is_none() && !args.insecure_http && !address.ip().is_loopback() {
            return Err(AdminError::new("unencrypted", address));
        }
        println!(
            "listening on {}://{address}",
            if tls.is_some() { "https" } else { "http" }
        );
        let told = async move {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted.recv() => {}
            }
        };
        let (serving, mut served) = tokio::sync::watch::channel(());
        let (at_night, mut until) = (Arc::clone(&state), served.clone());
        let backups = tokio::spawn(async move {
            let do_due = move || {
                scrub_what_was_read(&at_night.counties);
                // A backup has nothing that was to be forgotten before it.
                let forgot = forgetting::run_due(&at_night.counties);
                let backed_up = match backup_at {
                    NightlyBackup::Off => true,
                    NightlyBackup::At(at) => backup::take_due(&at_night.counties, at),
                };
                forgot && backed_up
            };
            backup::nightly(do_due, async move { drop(until.changed().await) }).await;
        });
        let counties = Arc::clone(&state);
        let answer = move |request| admin::answer(&counties.counties, &outside, request);
        let operators = tokio::spawn(socket.serve(answer, async move { drop(served.changed().await) }));
        serve(listener, state, told).await;
        drop(serving);
        // A backup that is being taken is taken to its end.
        backups.await.map_err(|error| internal(&error))?;
        operators.await.map_err(|error| internal(&error))
    })
}

/// Lets as many files be open as the system allows: it is often 1,024 unless somebody asks.
fn open_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // Where it may not be raised, fewer phones are connected at once.
    let _ = setrlimit(Resource::Nofile, raised);
}

/// A file that may not grow any more is a full disk. The signal that comes with it would end the process, unless
/// somebody listens, once and for all.
fn survive_file_size_limits(runtime: &tokio::runtime::Runtime) -> std::io::Result<()> {
    let _within = runtime.enter();
    signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).map(drop)
}

/// The TLS that is asked for.
fn open_tls(args: &Serve) -> Result<Option<Arc<ServerTls>>, AdminError> {
    let source = match (&args.tls_cert, &args.tls_key) {
        (Some(certificate), Some(key)) => {
            // Phones that go by those keys would take this certificate for a stranger's.
            if PinnedKeys::load(&args.data)?.is_some() {
                return Err(AdminError::new("tls_pinned_too", args.data.display()));
            }
            TlsSource::Files {
                certificate: certificate.clone(),
                key: key.clone(),
            }
        }
        _ if args.tls_pinned => TlsSource::Pinned(args.data.clone()),
        _ => return Ok(None),
    };
    Ok(Some(Arc::new(ServerTls::open(source)?)))
}

/// A panic's message may quote what somebody wrote: only where it happened is told.
fn tell_panics_by_their_place() {
    std::panic::set_hook(Box::new(|panic| {
        if saddlebag_records::plan::panics_are_expected() {
            return;
        }
        let (file, line) = panic
            .location()
            .map_or(("", 0), |place| (place.file(), place.line()));
        tracing::error!(file, line, "panic");
    }));
}
