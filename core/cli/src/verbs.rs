use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::{FactKind, SideName};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::tip_text;
use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::sync::{Patience, TransportError};
use saddlebag_replica::{
    EnrolmentText, Error, NewFact, NewTip, Replica, ScanFor, StoreKey, SyncError, SyncOptions, Synced,
    TipOutcome, read_enrolment,
};
use serde_json::json;

use crate::args::{Args, Verb, What};
use crate::export::export;
use crate::failure::Failure;
use crate::output::answer;
use crate::{key, output, values};

/// Name and version, as the county sees them.
const APP: &str = concat!("saddlebag-cli ", env!("CARGO_PKG_VERSION"));

pub(crate) fn run(args: Args) -> Result<(), Failure> {
    let json = args.json;
    if Replica::wiped(&args.dir)?.is_some() && !Replica::holds_a_store(&args.dir) {
        key::forget(&args.dir, args.key_file.clone())?;
    }
    let key = key::load_or_draw(&args.dir, args.key_file.clone())?;
    let surroundings = Surroundings::of_this_machine();
    if matches!(args.verb, Verb::Salvage) {
        return salvage(&args.dir, &key, &surroundings, json);
    }
    let replica = Replica::open(&args.dir, key, surroundings)?;
    match args.verb {
        Verb::Enrol {
            address,
            code,
            county,
            server_key,
        } => enrol(&replica, &address, code, county, server_key, json),
        Verb::Record {
            record,
            fact,
            fields,
            phone,
            position,
        } => {
            let what = Recorded {
                record: &record,
                fact: &fact,
                fields: &fields,
                phone,
                position,
            };
            record_fact(&replica, what, json)
        }
        Verb::Scan { waybill, into, look } => {
            let purpose = match into {
                Some(station) => ScanFor::ScanningIn {
                    place: values::record(&replica, &station)?,
                },
                None if look => ScanFor::Looking,
                None => ScanFor::LoadingOut { place: None },
            };
            answer(&replica.scan(&waybill, purpose)?, json)
        }
        Verb::Plan { record, fields } => plan(&replica, &record, &fields, json),
        Verb::Tip {
            kind,
            text,
            place,
            position,
        } => tip(&replica, &kind, text, place, position, json),
        Verb::List { what } => list(&replica, what, json),
        Verb::Show { record } => {
            let id = values::record(&replica, &record)?;
            answer(&replica.show(id)?, json)
        }
        Verb::Search { text, limit } => answer(&replica.search(&text, None, limit)?, json),
        Verb::Cash => answer(&replica.cash()?, json),
        Verb::OnlyHere => answer(&replica.only_here()?, json),
        Verb::HandIn { fen, station } => {
            answer(&replica.hand_in(values::station(&replica, station)?, fen)?, json)
        }
        Verb::Count {
            courier,
            number,
            fen,
            station,
        } => {
            let courier = values::record(&replica, &courier)?.into();
            let station = values::station(&replica, station)?;
            answer(
                &json!({ "fact": replica.count_cash(courier, number, station, fen)? }),
                json,
            )
        }
        Verb::Sync { address, patient } => {
            let told = replica.forks()?.len();
            let synced = sync(&replica, address, patient, json)?;
            if matches!(synced, Synced::Wiped { .. }) {
                key::forget(&args.dir, args.key_file)?;
            } else {
                replica
                    .forks()?
                    .iter()
                    .skip(told)
                    .for_each(|fork| output::forked(fork, json));
            }
            answer(&synced, json)
        }
        Verb::Export { what } => export(&replica, what, json),
        Verb::Salvage => Ok(()),
    }
}

/// A folder without a store has nothing to be saved.
fn salvage(dir: &Path, key: &StoreKey, surroundings: &Surroundings, json: bool) -> Result<(), Failure> {
    if !Replica::holds_a_store(dir) {
        return Err(Failure::Usage("there is no copy in this folder".into()));
    }
    answer(&Replica::salvage(dir, key, surroundings)?, json)
}

fn wait<T>(work: impl Future<Output = Result<T, SyncError>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work).map_err(|error| match error {
        SyncError::Replica(error) => Failure::Replica(error),
        SyncError::Refused(code) => Failure::Refused(code.code()),
        SyncError::Link(TransportError::BadAddress | TransportError::Insecure) => Failure::Usage(
            "the server's address must be https:// and a host, or http:// and this machine".into(),
        ),
        other => Failure::Link(other.code(), other.to_string()),
    })
}

fn enrol(
    replica: &Replica,
    address: &str,
    code: Option<String>,
    county: Option<String>,
    server_key: Option<String>,
    json: bool,
) -> Result<(), Failure> {
    let said = match code {
        Some(code) => {
            let key = |text: String| text.parse().map_err(|_| Failure::Usage("no server's key".into()));
            let id = |text: String| text.parse().map_err(|_| Failure::Usage("no county's id".into()));
            EnrolmentText {
                address: address.to_owned(),
                code,
                county: county.map(id).transpose()?,
                server_key: server_key.map(key).transpose()?,
            }
        }
        None => read_enrolment(address)
            .ok_or_else(|| Failure::Usage("an address and a code, or the text of the QR".into()))?,
    };
    let person = wait(replica.enrol(&said, APP))?;
    answer(&person, json)
}

struct Recorded<'a> {
    record: &'a str,
    fact: &'a str,
    fields: &'a [String],
    phone: Option<String>,
    position: Option<String>,
}

/// `new:KIND` asks for a new record. Where an id is derived none is drawn.
fn new_kind(record: &str) -> Result<Option<RecordKind>, Failure> {
    let Some(name) = record.strip_prefix("new:") else {
        return Ok(None);
    };
    let kind = RecordKind::from_name(name)
        .ok_or_else(|| Failure::Usage(format!("no kind of record is called {name}")))?;
    let verb = match kind {
        RecordKind::Delivery => "scan WAYBILL",
        RecordKind::HandIn => "hand-in FEN",
        RecordKind::Count => "count COURIER NUMBER FEN",
        _ => return Ok(Some(kind)),
    };
    Err(Failure::Usage(format!(
        "the id of a new {name} is derived: use `saddlebag {verb}`"
    )))
}

fn record_fact(replica: &Replica, what: Recorded<'_>, json: bool) -> Result<(), Failure> {
    let fact_kind = |kind| {
        let known = FactKind::from_name(kind, what.fact);
        known.ok_or_else(|| {
            Failure::Usage(format!(
                "nothing called {} happens to a {}",
                what.fact,
                kind.name()
            ))
        })
    };
    if let Some(kind) = new_kind(what.record)? {
        if what.phone.is_some() || what.position.is_some() {
            let text = "a new record's first fact takes no --phone or --position: record a second one";
            return Err(Failure::Usage(text.into()));
        }
        let fact = fact_kind(kind)?;
        let record = replica.create(kind, &[], vec![(fact, values::body(replica, fact, what.fields)?)])?;
        return answer(&json!({ "record": record }), json);
    }
    let record = values::record(replica, what.record)?;
    let kind = fact_kind(replica.show(record)?.kind)?;
    let mut fact = NewFact::new(record, kind, values::body(replica, kind, what.fields)?);
    if let Some(phone) = what.phone {
        fact = fact.with_side(SideName::Phone, phone);
    }
    if let Some(position) = what.position {
        fact = fact.with_side(SideName::Position, values::fix(&position)?.to_side_value());
    }
    answer(&json!({ "record": record, "fact": replica.record(fact)? }), json)
}

fn plan(replica: &Replica, record: &str, fields: &[String], json: bool) -> Result<(), Failure> {
    let edits = |kind| -> Result<Vec<PlanEdit>, Failure> { values::edits(replica, kind, fields) };
    let record: RecordId = match new_kind(record)? {
        Some(kind) => replica.create(kind, &edits(kind)?, Vec::new())?,
        None => {
            let record = values::record(replica, record)?;
            replica.edit(record, &edits(replica.show(record)?.kind)?)?;
            record
        }
    };
    answer(&json!({ "record": record }), json)
}

fn tip(
    replica: &Replica,
    kind: &str,
    text: Option<String>,
    place: Option<String>,
    position: Option<String>,
    json: bool,
) -> Result<(), Failure> {
    if text.is_none() && place.is_none() && position.is_none() {
        return Err(Failure::Usage(
            "a tip says where: give --place or --position, or say it in --text".into(),
        ));
    }
    let code = CodeList::get("tip_kind").and_then(|list| list.code(kind));
    let tip = NewTip {
        kind: code.ok_or_else(|| Failure::Usage(format!("no tip is about {kind}")))?,
        text,
        place: place.map(|place| values::record(replica, &place)).transpose()?,
        fix: position.map(|position| values::fix(&position)).transpose()?,
        ..NewTip::default()
    };
    match replica.report(&tip)? {
        saved @ TipOutcome::Saved { .. } => answer(&saved, json),
        TipOutcome::TextRefused { code } => {
            let refusal = tip.text.as_deref().map(tip_text::check).and_then(Result::err);
            Err(Failure::Outcome(
                code,
                refusal.map(|r| r.to_string()).unwrap_or_default(),
            ))
        }
        TipOutcome::TooNearToACamp { places } => {
            let places: Vec<_> = places.iter().map(ToString::to_string).collect();
            let text = format!(
                "too near to where somebody lives; pick a place instead: {}",
                places.join(" ")
            );
            Err(Failure::Outcome("tip_too_near", text))
        }
        TipOutcome::NotOffered => Err(Failure::Outcome(
            "tip_kind_retired",
            "this kind is no longer offered".into(),
        )),
    }
}

fn list(replica: &Replica, what: What, json: bool) -> Result<(), Failure> {
    let kind = match what {
        What::Today => return answer(&replica.today()?, json),
        What::Unsent => return answer(&replica.unsent()?, json),
        What::Discrepancies => return answer(&replica.discrepancies()?, json),
        What::Refused => return answer(&replica.refused()?, json),
        What::Forks => return answer(&replica.forks()?, json),
        What::Deliveries => RecordKind::Delivery,
        What::Pickups => RecordKind::Pickup,
        What::Errands => RecordKind::Errand,
        What::Tips => RecordKind::Tip,
        What::Cases => RecordKind::Case,
        What::Appeals => RecordKind::Appeal,
        What::Households => RecordKind::Household,
        What::Consents => RecordKind::Consent,
        What::Camps => RecordKind::Camp,
        What::Places => RecordKind::Place,
        What::Colleagues => RecordKind::Colleague,
        What::Carriers => RecordKind::Carrier,
    };
    answer(&replica.list(kind)?, json)
}

/// Somebody looks on: a server that is not there is said within seconds. A link that cuts is still met with all the
/// tries that smaller and smaller requests take.
const IMPATIENT: Patience = Patience {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(4),
    failures: 12,
};
/// The tries in a row that nothing came of, not even a part.
const TRIES: u32 = 3;

fn sync(replica: &Replica, address: Option<String>, patient: bool, json: bool) -> Result<Synced, Failure> {
    if replica.identity()?.is_none() {
        return Err(Error::NotEnrolled.into());
    }
    let plain = SyncOptions::default();
    let options = SyncOptions {
        address,
        app: APP.into(),
        patience: if patient { plain.patience } else { IMPATIENT },
        tries_unanswered: if patient { plain.tries_unanswered } else { TRIES },
        waiting: Some(Arc::new(move |error: &TransportError, wait: Duration| {
            output::waiting(error.code(), &error.to_string(), wait.as_secs_f64(), json);
        })),
        ..plain
    };
    wait(replica.sync(options))
}
