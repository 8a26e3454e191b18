//! Every row of `rules/concurrent.csv`, tried; and a row for every pair.

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::{Body, FactKind, field, schemas};
use saddlebag_records::id::FactId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{Notice, Status};
use serde::Deserialize;

use crate::story::{Story, person, place};

#[derive(Clone, Debug, Deserialize)]
struct Row {
    record: RecordKind,
    a: String,
    b: String,
    verdict: String,
    credited: String,
    code: Option<Code>,
}

fn rows() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/concurrent.csv");
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(path)
        .unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Facts that do not contend: they add to a record and move it nowhere. A new kind stands here or in the table.
const MOVE_NOTHING: [(&str, &[&str]); 3] = [
    (
        "delivery",
        &[
            "cash_collected",
            "damaged",
            "temperature",
            "same_as",
            "belongs_to",
            "corrected",
            "discrepancy_closed",
        ],
    ),
    (
        "pickup",
        &[
            "identity_checked",
            "contents_inspected",
            "weighed",
            "packed",
            "quarantine_certificate_seen",
            "screened",
            "temperature",
            "corrected",
            "discrepancy_closed",
        ],
    ),
    (
        "errand",
        &[
            "advance_given",
            "change_given",
            "reimbursed",
            "corrected",
            "discrepancy_closed",
        ],
    ),
];

/// What contends with each other, apart from all else.
const SUBSIDY: [&str; 4] = [
    "subsidy_claimed",
    "subsidy_granted",
    "subsidy_refused",
    "paid_out",
];

#[test]
fn every_pair_has_one_row() {
    let rows = rows();
    for (record, others) in MOVE_NOTHING {
        let record = RecordKind::from_name(record).unwrap();
        let named = schemas()
            .iter()
            .filter(|schema| schema.kind.record() == Some(record));
        let contending: Vec<&str> = named
            .map(|schema| schema.name.as_str())
            .filter(|name| !others.contains(name))
            .collect();
        let mut pairs = BTreeSet::new();
        for (at, a) in contending.iter().enumerate() {
            for b in contending.iter().skip(at) {
                if SUBSIDY.contains(a) == SUBSIDY.contains(b) {
                    pairs.insert((*a.min(b), *a.max(b)));
                }
            }
        }
        let of_record = rows.iter().filter(|row| row.record == record);
        let named: Vec<_> = of_record
            .map(|row| (row.a.as_str().min(&row.b), row.a.as_str().max(&row.b)))
            .collect();
        assert_eq!(
            named.len(),
            named.iter().collect::<BTreeSet<_>>().len(),
            "a pair twice"
        );
        assert_eq!(
            named.into_iter().collect::<BTreeSet<_>>(),
            pairs,
            "{}",
            record.name()
        );
    }
}

#[test]
fn nothing_outdoes_what_outdoes_it() {
    let mut outdoes: BTreeMap<(RecordKind, String), BTreeSet<String>> = BTreeMap::new();
    for row in rows()
        .into_iter()
        .filter(|row| row.a != "cancelled" && row.b != "cancelled")
    {
        let (winner, loser) = match row.verdict.as_str() {
            "stands_a" => (row.a, row.b),
            "stands_b" => (row.b, row.a),
            _ => continue,
        };
        outdoes.entry((row.record, winner)).or_default().insert(loser);
    }
    for (record, start) in outdoes.keys() {
        let mut reached = BTreeSet::new();
        let mut next = vec![start.clone()];
        while let Some(kind) = next.pop() {
            for loser in outdoes.get(&(*record, kind)).into_iter().flatten() {
                assert_ne!(loser, start, "in {}", record.name());
                if reached.insert(loser.clone()) {
                    next.push(loser.clone());
                }
            }
        }
    }
}

/// A fact of the kind by device 1 or 2; `one` and `other` name different places, waybills, sums and items.
fn body(kind: &str, device: u64, other: bool) -> Body {
    let what = u8::from(other);
    let body = Body::new()
        .with(field::PLACE, place(what))
        .with(field::WAYBILL, format!("SF10000000{what}"))
        .with(field::FEN, 100 + u64::from(what))
        .with(field::ITEM, vec![what; 8])
        .with(field::REASON, 1u64);
    // Giver and taker of the pair name each other; against all others they name a third person.
    match kind {
        "handed_over" => body.with(field::TO, person(if device == 1 { 2 } else { 1 })),
        "taken_over" => body.with(field::FROM, person(if device == 1 { 2 } else { 1 })),
        _ => body,
    }
}

struct Pair {
    story: Story,
    a: FactId,
    b: FactId,
}

fn pair(row: &Row, other: bool, order: Option<bool>) -> Pair {
    let mut story = Story::of(row.record);
    let kind = |name: &str| FactKind::from_name(row.record, name).unwrap();
    let matching = row.a == "handed_over" && row.b == "taken_over";
    let stranger = |name: &str, body: Body| match name {
        "handed_over" if !matching => body.with(field::TO, person(9)),
        "taken_over" if !matching => body.with(field::FROM, person(9)),
        _ => body,
    };
    let a = body(&row.a, 1, false);
    let b = body(&row.b, 2, other);
    let (a, b) = (stranger(&row.a, a), stranger(&row.b, b));
    let (a, b) = match order {
        Some(false) => {
            let b = story.tell(2, kind(&row.b), &[], b);
            (story.tell(1, kind(&row.a), &[b], a), b)
        }
        _ => {
            let a = story.tell(1, kind(&row.a), &[], a);
            let after: &[FactId] = if order == Some(true) { &[a] } else { &[] };
            (a, story.tell(2, kind(&row.b), after, b))
        }
    };
    Pair { story, a, b }
}

/// What the record would be with one of the two alone.
fn alone(pair: &Pair, fact: FactId) -> Status {
    let mut story = Story::of(pair.story.kind);
    story.facts = pair
        .story
        .facts
        .iter()
        .filter(|other| other.id == fact)
        .cloned()
        .collect();
    story.status()
}

fn further(row: &Row, pair: &Pair, ranks: &[String]) -> FactId {
    let rank = |name: &String| ranks.iter().position(|other| other == name);
    if rank(&row.a) >= rank(&row.b) {
        pair.a
    } else {
        pair.b
    }
}

fn check(row: &Row, pair: &Pair, agree: bool, stands: Option<FactId>, code: Option<Code>, ranks: &[String]) {
    let status = pair.story.status();
    let what = format!("{} {} {}", row.record.name(), row.a, row.b);
    let shown = stands.unwrap_or_else(|| further(row, pair, ranks));
    assert_eq!(status.state, alone(pair, shown).state, "{what}: what shows");
    let mut codes = status.discrepancies.iter().map(|discrepancy| discrepancy.code);
    assert_eq!(codes.next(), code, "{what}: the discrepancy");
    assert_eq!(codes.next(), None, "{what}");
    for discrepancy in &status.discrepancies {
        assert_eq!(discrepancy.facts, [pair.a, pair.b], "{what}");
        assert_eq!(
            status.ended_at_ms, None,
            "{what}: ended while something is in question"
        );
    }
    let overruled: Vec<_> = status
        .notices
        .iter()
        .filter(|notice| matches!(notice, Notice::Overruled { .. } | Notice::Cancelled { .. }))
        .collect();
    let cancelled = row.a == "cancelled" || row.b == "cancelled";
    if agree && !cancelled {
        assert_eq!(
            overruled,
            Vec::<&Notice>::new(),
            "{what}: nobody is told anything"
        );
    }
    if let Some(winner) = stands {
        let loser = if winner == pair.a { pair.b } else { pair.a };
        let told = Notice::Overruled {
            fact: loser,
            by: winner,
        };
        let called_off = Notice::Cancelled { fact: loser };
        let silent = cancelled
            && alone(pair, winner).state
                == alone(pair, if row.a == "cancelled" { pair.a } else { pair.b }).state;
        assert_eq!(
            overruled.contains(&&told) || overruled.contains(&&called_off),
            !silent,
            "{what}: {:?}",
            status.notices
        );
    }
    let credited: Vec<_> = status.credits.iter().map(|credit| credit.fact).collect();
    let expected = match (
        row.credited.as_str(),
        agree || code == row.code && row.verdict == "discrepancy" || stands.is_some(),
    ) {
        ("a", true) => vec![pair.a],
        ("b", true) => vec![pair.b],
        ("one", true) => vec![pair.a.min(pair.b)],
        _ => vec![],
    };
    assert_eq!(credited, expected, "{what}: who is credited");
}

#[test]
fn every_row_is_what_the_record_says() {
    let rows = rows();
    for row in &rows {
        let mut ranks: Vec<String> = rows
            .iter()
            .filter(|other| other.record == row.record)
            .map(|row| row.a.clone())
            .collect();
        ranks.dedup();
        let planned = row.a == "cancelled" || row.b == "cancelled";
        let orders: &[_] = if planned {
            &[None, Some(true), Some(false)]
        } else {
            &[None]
        };
        for order in orders {
            let same = pair(row, false, *order);
            let other = pair(row, true, *order);
            match row.verdict.as_str() {
                "agree" => check(row, &same, true, None, None, &ranks),
                "stands_a" => check(row, &same, false, Some(same.a), None, &ranks),
                "stands_b" => check(row, &same, false, Some(same.b), None, &ranks),
                "discrepancy" => check(row, &same, false, None, row.code, &ranks),
                "same" => {
                    check(row, &same, true, None, None, &ranks);
                    check(row, &other, false, None, row.code, &ranks);
                }
                "differ" => {
                    check(row, &same, false, None, row.code, &ranks);
                    check(row, &other, true, None, None, &ranks);
                }
                verdict => panic!("{verdict}"),
            }
        }
    }
}

#[test]
fn rows_with_a_discrepancy_have_its_code_and_no_others_do() {
    for row in rows() {
        let questions = ["discrepancy", "same", "differ"].contains(&row.verdict.as_str());
        assert_eq!(row.code.is_some(), questions, "{row:?}");
    }
}
