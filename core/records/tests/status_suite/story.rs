//! Facts of one record, told in a few words. Device `d` belongs to person `d`.

use std::collections::BTreeMap;

use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::{Body, Fact, FactKind, field};
use saddlebag_records::id::{DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_records::status::{About, Authors, Status, status};

pub(crate) const NOON_MS: i64 = 1_795_406_400_000;

pub(crate) struct Story {
    pub(crate) kind: RecordKind,
    pub(crate) record: RecordId,
    pub(crate) facts: Vec<Fact>,
    pub(crate) plan: PlanView,
}

impl Story {
    pub(crate) fn of(kind: RecordKind) -> Self {
        let plan = PlanView::empty(kind);
        Self {
            kind,
            record: RecordId([kind as u8; 16]),
            facts: Vec::new(),
            plan,
        }
    }

    /// Device `device` writes a fact after these.
    pub(crate) fn tell(&mut self, device: u64, kind: FactKind, after: &[FactId], body: Body) -> FactId {
        let fact = fact(self.record, device, self.next(device), kind, after, body);
        self.facts.push(fact);
        self.facts.last().unwrap().id
    }

    fn next(&self, device: u64) -> u64 {
        1 + self
            .facts
            .iter()
            .filter(|fact| fact.id.device == DeviceNumber(device))
            .count() as u64
    }

    /// A dispatcher voids a fact.
    pub(crate) fn void(&mut self, device: u64, fact: FactId) -> FactId {
        let kind = FactKind::from_name(self.kind, "corrected").unwrap();
        self.tell(device, kind, &[fact], Body::new().with(field::FACT, fact))
    }

    /// A dispatcher closes a discrepancy.
    pub(crate) fn close(
        &mut self,
        device: u64,
        facts: &[FactId],
        stands: Option<FactId>,
        after: &[FactId],
    ) -> FactId {
        let kind = FactKind::from_name(self.kind, "discrepancy_closed").unwrap();
        let body = Body::new()
            .with(field::FACTS, facts.to_vec())
            .with(field::NOTE, "seen")
            .with(field::BY, person(90));
        let body = match stands {
            Some(fact) => body.with(field::STANDS, fact),
            None => body,
        };
        self.tell(device, kind, after, body)
    }

    pub(crate) fn status(&self) -> Status {
        let there = status_of(self, self.facts.iter());
        let back = status_of(self, self.facts.iter().rev().chain(&self.facts));
        assert_eq!(there, back, "the facts' arrival decides");
        let json = serde_json::to_string(&there).unwrap();
        assert_eq!(serde_json::from_str::<Status>(&json).unwrap(), there, "{json}");
        there
    }

    pub(crate) fn codes(&self) -> Vec<Code> {
        self.status()
            .discrepancies
            .into_iter()
            .map(|discrepancy| discrepancy.code)
            .collect()
    }

    /// Whom the work is credited to.
    pub(crate) fn credited(&self) -> Option<FactId> {
        let credits = self.status().credits;
        assert!(credits.len() <= 1, "credited twice");
        credits.first().map(|credit| {
            assert_eq!(credit.device, credit.fact.device);
            credit.fact
        })
    }

    /// The state as the API says it.
    pub(crate) fn state(&self) -> String {
        let value = serde_json::to_value(self.status()).unwrap();
        value["state"].as_str().unwrap().to_owned()
    }

    pub(crate) fn plan(&mut self, field: &str, value: PlanValue) {
        self.plan.fields.insert(field.to_owned(), value);
    }
}

pub(crate) fn status_of<'a>(story: &Story, facts: impl IntoIterator<Item = &'a Fact>) -> Status {
    let authors = authors();
    let about = About {
        record: story.record,
        kind: story.kind,
        plan: Some(&story.plan),
        authors: &authors,
    };
    status(&about, facts)
}

pub(crate) fn fact(
    record: RecordId,
    device: u64,
    n: u64,
    kind: FactKind,
    after: &[FactId],
    body: Body,
) -> Fact {
    let mut after = after.to_vec();
    after.sort();
    Fact {
        id: FactId::new(DeviceNumber(device), n),
        record,
        kind,
        version: 1,
        after,
        stamp: Stamp {
            hlc_ms: NOON_MS + n as i64 * 60_000,
            hlc_count: 0,
            source: ClockSource::County,
        },
        observed: None,
        was: None,
        body,
    }
}

pub(crate) fn authors() -> Authors {
    Authors(
        (0..100)
            .map(|d| (DeviceNumber(d), person(d as u8)))
            .collect::<BTreeMap<_, _>>(),
    )
}

pub(crate) fn person(n: u8) -> PersonId {
    PersonId([n; 16])
}

pub(crate) fn place(n: u8) -> RecordId {
    RecordId([100 + n; 16])
}

pub(crate) fn at(n: u8) -> Body {
    Body::new().with(field::PLACE, place(n))
}

pub(crate) fn money(from: impl Into<RecordId>, to: impl Into<RecordId>, fen: u64) -> Body {
    Body::new()
        .with(field::FROM, from.into())
        .with(field::TO, to.into())
        .with(field::FEN, fen)
}
