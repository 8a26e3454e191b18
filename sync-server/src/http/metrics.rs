use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use saddlebag_protocol::{ErrorCode, Outcome};

use super::ServerState;
use crate::county::Counties;
use crate::store::HeldState;

/// The endpoints that phones speak to.
const OF_PHONES: [&str; 2] = ["enrol", "sync"];
/// All that [`outcome`] gives.
const OUTCOMES: [&str; 6] = ["admitted", "held", "superseded", "refused", "gone", "later"];

/// Counts of what the server did. No label ever holds what a person or a device sent: they are endpoints and
/// codes of our own lists.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Endpoint, Histogram, fn() -> Histogram>,
    bytes_in: Family<Endpoint, Counter>,
    bytes_out: Family<Endpoint, Counter>,
    facts: Family<Became, Counter>,
    changes: Family<Became, Counter>,
    backup_age: Family<Whose, Gauge>,
    quarantine_unseen: Family<Whose, Gauge>,
    connections: Gauge,
    damaged: Family<Whose, Gauge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Whose {
    county: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Endpoint {
    endpoint: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    endpoint: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Became {
    outcome: &'static str,
}

fn from_1_ms_to_32_s() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 16))
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("saddlebag");
        let requests = Family::default();
        let seconds = Family::new_with_constructor(from_1_ms_to_32_s as fn() -> Histogram);
        let (bytes_in, bytes_out) = (Family::default(), Family::default());
        let (facts, changes) = (Family::default(), Family::default());
        let (backup_age, connections) = (Family::default(), Gauge::default());
        registry.register_with_unit(
            "backup_age",
            "Since the last backup that counts, or since the county was founded",
            Unit::Seconds,
            Family::clone(&backup_age),
        );
        let quarantine_unseen = Family::default();
        registry.register_with_unit(
            "quarantine_unseen",
            "Since the oldest item came into quarantine that nobody has looked at",
            Unit::Seconds,
            Family::clone(&quarantine_unseen),
        );
        let damaged = Family::default();
        registry.register(
            "damaged",
            "Whether something of the county is not as it was written",
            Family::clone(&damaged),
        );
        registry.register("connections", "Open connections", connections.clone());
        registry.register(
            "requests",
            "Requests by endpoint and code",
            Family::clone(&requests),
        );
        registry.register_with_unit(
            "request",
            "Time to answer",
            Unit::Seconds,
            Family::clone(&seconds),
        );
        registry.register_with_unit(
            "request_in",
            "Bodies received",
            Unit::Bytes,
            Family::clone(&bytes_in),
        );
        registry.register_with_unit(
            "request_out",
            "Bodies sent",
            Unit::Bytes,
            Family::clone(&bytes_out),
        );
        registry.register(
            "facts",
            "Facts that were pushed, by what became of them",
            Family::clone(&facts),
        );
        registry.register(
            "changes",
            "Plan changes that were pushed, likewise",
            Family::clone(&changes),
        );
        let metrics = Self {
            registry,
            requests,
            seconds,
            bytes_in,
            bytes_out,
            facts,
            changes,
            backup_age,
            quarantine_unseen,
            connections,
            damaged,
        };
        metrics.begin_at_zero();
        metrics
    }

    /// A counter that is there only from its first error on shows no increase by it, and no alert sees that error.
    fn begin_at_zero(&self) {
        let codes = ErrorCode::ALL.iter().map(|code| code.code());
        for code in codes.chain(["ok"]) {
            for endpoint in OF_PHONES {
                drop(self.requests.get_or_create(&Answered { endpoint, code }));
            }
        }
        for endpoint in OF_PHONES {
            let of = Endpoint { endpoint };
            drop(self.seconds.get_or_create(&of));
            drop(self.bytes_in.get_or_create(&of));
            drop(self.bytes_out.get_or_create(&of));
        }
        for outcome in OUTCOMES {
            drop(self.facts.get_or_create(&Became { outcome }));
            drop(self.changes.get_or_create(&Became { outcome }));
        }
    }

    /// How old the backups are, what nobody has looked at, and what is damaged, as of now.
    fn look_at_counties(&self, counties: &Counties) {
        for county in counties.all() {
            let unseen = county
                .store()
                .read_blocking(|tx| tx.unseen_since(HeldState::Quarantined));
            let since_ms = county.backup_time().or_else(|| county.founded_ms());
            let age_ms = county.now_ms().saturating_sub(since_ms.unwrap_or_default());
            let whose = Whose {
                county: county.id().to_string(),
            };
            self.backup_age.get_or_create(&whose).set(age_ms / 1000);
            // Where it cannot be read, the age is that of before.
            if let Ok(unseen) = unseen {
                let age_ms = unseen.map_or(0, |since_ms| county.now_ms().saturating_sub(since_ms));
                self.quarantine_unseen.get_or_create(&whose).set(age_ms / 1000);
            }
            let damaged = i64::from(county.damage().is_raised());
            self.damaged.get_or_create(&whose).set(damaged);
        }
    }

    pub(super) fn answered(&self, endpoint: &'static str, code: &'static str, seconds: f64, bytes: [u64; 2]) {
        let of = Endpoint { endpoint };
        self.requests.get_or_create(&Answered { endpoint, code }).inc();
        self.seconds.get_or_create(&of).observe(seconds);
        self.bytes_in.get_or_create(&of).inc_by(bytes[0]);
        self.bytes_out.get_or_create(&of).inc_by(bytes[1]);
    }

    pub(super) fn facts(&self, outcome: &'static str, count: u64) {
        self.facts.get_or_create(&Became { outcome }).inc_by(count);
    }

    pub(super) fn changes(&self, outcome: &'static str, count: u64) {
        self.changes.get_or_create(&Became { outcome }).inc_by(count);
    }
}

/// What became of something, as a label.
pub(super) fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Admitted => "admitted",
        Outcome::Held(_) => "held",
        Outcome::Superseded => "superseded",
        Outcome::Refused(_) => "refused",
        Outcome::Gone => "gone",
        Outcome::Later => "later",
    }
}

pub(super) async fn metrics(State(state): State<Arc<ServerState>>) -> Response {
    let looking = Arc::clone(&state);
    // Where even this fails, the ages are those of before.
    let _ = tokio::task::spawn_blocking(move || looking.metrics.look_at_counties(&looking.counties)).await;
    let open = i64::try_from(state.connections.count()).unwrap_or(i64::MAX);
    state.metrics.connections.set(open);
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = text::encode(&mut page, &state.metrics.registry);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], page).into_response()
}
