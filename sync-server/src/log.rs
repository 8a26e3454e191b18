//! The server's log: JSON on standard error, of our own code alone.

use tracing::Metadata;
use tracing_subscriber::filter::{FilterExt, FilterFn, ParseError};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::{EnvFilter, Registry, fmt};

/// A subscriber that writes what a filter of `tracing-subscriber` lets through. Libraries write nothing at any level:
/// at `trace` Automerge tells every operation that it reads, names and addresses with it.
///
/// # Errors
/// For what is not such a filter.
pub(crate) fn subscriber<W>(filter: &str, to: W) -> Result<impl tracing::Subscriber + Send + Sync, ParseError>
where
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter)?.and(FilterFn::new(is_ours));
    let lines = fmt::layer().json().flatten_event(true).with_writer(to);
    Ok(Registry::default().with(lines.with_filter(filter)))
}

/// Whether this workspace wrote it.
fn is_ours(event: &Metadata<'_>) -> bool {
    event.target().starts_with("saddlebag_")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn logged(filter: &str, log: impl FnOnce()) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        let subscriber = subscriber(filter, Mutex::new(file.reopen().unwrap())).unwrap();
        tracing::subscriber::with_default(subscriber, log);
        std::fs::read_to_string(file.path()).unwrap()
    }

    #[test]
    fn libraries_write_nothing_at_any_level() {
        for filter in ["trace", "automerge=trace", "info,automerge::storage=trace"] {
            let text = logged(filter, || {
                tracing::error!(target: "automerge::storage::load", ops = "生成的名字", "loaded change");
                tracing::trace!(target: "automerge", "生成的名字");
            });
            assert_eq!(text, "", "{filter}");
        }
    }

    #[test]
    fn our_own_lines_go_by_the_filter() {
        let both = || {
            tracing::info!(target: "saddlebag_sync_server::http", "told");
            tracing::debug!(target: "saddlebag_records", "detail");
        };
        let count = |filter| logged(filter, both).lines().count();
        assert_eq!([count("off"), count("info"), count("debug")], [0, 1, 2]);
        assert_eq!(count("warn,saddlebag_records=debug"), 1);
        assert!(subscriber("saddlebag=loud", std::io::stderr).is_err());
    }
}
