//! Handing over: all parcels of a stop are one act with one proof.

use std::collections::BTreeSet;

use saddlebag_records::codes::{failure_reason, proof_kind};
use saddlebag_records::fact::{Body, SideName, field, kinds::delivery as kind};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::standing_consent::OnBehalf;
use saddlebag_records::status::Phase;
use serde::{Deserialize, Serialize};

use super::pickup_code::CodeProof;
use super::tips::Fix;
use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::records::{self, Numbered, Row};
use crate::store::{plans, wrong_codes};

/// What is handed over, to whom, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Delivering {
    /// The deliveries.
    pub records: Vec<RecordId>,
    /// To whom.
    pub to: DeliverTo,
    /// What shows it.
    pub proof: DeliveryProof,
    /// The cash that was collected with it.
    pub cash: Vec<CashFor>,
    /// In the courier's words, at most 200 characters; of what goes to the addressee alone.
    pub note: Option<String>,
    /// Where it happened.
    pub fix: Option<Fix>,
}

/// Who takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum DeliverTo {
    /// Whom it is for.
    Addressee,
    /// Somebody on their behalf.
    Proxy {
        /// The consent that covers it.
        consent: RecordId,
        /// Who takes it, at most 60 characters; none for whom the consent names.
        name: Option<String>,
    },
    /// Nobody yet: it is left at a drop point.
    DropPoint {
        /// Where.
        place: RecordId,
        /// The consent that covers it.
        consent: RecordId,
    },
}

/// What shows that it was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "proof", rename_all = "snake_case")]
pub enum DeliveryProof {
    /// The receiver is named.
    Receiver {
        /// Their name, at most 60 characters; none for the addressee themselves.
        name: Option<String>,
    },
    /// The receiver told the code.
    PickupCode {
        /// As it was typed.
        typed: String,
    },
    /// The receiver signed.
    Signature {
        /// The strokes, at most 4,096 bytes.
        strokes: Vec<u8>,
    },
    /// Nobody received it: for a drop point alone.
    None,
}

/// Cash that was collected for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct CashFor {
    /// The delivery.
    pub record: RecordId,
    /// How much, in fen: 0 to 10,000,000.
    pub fen: u64,
}

/// What handing over came to. Unless it is done, nothing is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum DeliverOutcome {
    /// It is recorded.
    Done {
        /// The facts, all of which an undoing names.
        facts: Vec<FactId>,
    },
    /// No standing consent covers it for these.
    ConsentMissing {
        /// The deliveries.
        records: Vec<RecordId>,
    },
    /// The code is none of theirs. The try is counted.
    WrongCode {
        /// Wrong codes that were typed for them.
        tries: u32,
    },
    /// No code of theirs is known here: it cannot be the proof.
    NoCode,
    /// The code is that of some of them, and proves nothing of the others.
    CodeOfOthers {
        /// The deliveries that it does not prove.
        records: Vec<RecordId>,
    },
    /// These are delivered, returned or cancelled already, or lie at that drop point.
    Ended {
        /// The deliveries.
        records: Vec<RecordId>,
    },
    /// No delivery was named.
    NothingToDeliver,
}

impl Replica {
    /// Hands deliveries over as one act: all of them or none. Whether a consent stands is judged by the best guess at
    /// the time. Wrong pickup codes that were typed before are told with it.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`]; [`Error::UnknownKind`] for what is no delivery; [`Error::UnknownRecord`] for cash of
    /// what is not handed over.
    pub fn deliver(&self, delivering: &Delivering) -> Result<DeliverOutcome> {
        if delivering.records.is_empty() {
            return Ok(DeliverOutcome::NothingToDeliver);
        }
        if let DeliveryProof::PickupCode { typed } = &delivering.proof {
            match self.check_code_of(&delivering.records, typed)? {
                CodeProof::OfAll => {}
                CodeProof::NotOf(records) => return Ok(DeliverOutcome::CodeOfOthers { records }),
                CodeProof::NoCode => return Ok(DeliverOutcome::NoCode),
                CodeProof::Wrong { tries } => return Ok(DeliverOutcome::WrongCode { tries }),
            }
        }
        self.act(|act| act.deliver(delivering))
    }
}

impl Act<'_> {
    fn deliver(&mut self, delivering: &Delivering) -> Result<DeliverOutcome> {
        let records: BTreeSet<RecordId> = delivering.records.iter().copied().collect();
        if let Some(foreign) = delivering
            .cash
            .iter()
            .find(|cash| !records.contains(&cash.record))
        {
            return Err(Error::UnknownRecord(foreign.record));
        }
        let mut parcels = Vec::with_capacity(records.len());
        for record in &records {
            let Numbered { row, .. } =
                records::load(self.connection, *record)?.ok_or(Error::UnknownRecord(*record))?;
            if row.kind != RecordKind::Delivery {
                return Err(Error::UnknownKind);
            }
            parcels.push((*record, row));
        }
        let ended = named(&parcels, |_, row| {
            Ok(row.phase == Phase::Ended || lies_there(row, &delivering.to))
        })?;
        if !ended.is_empty() {
            return Ok(DeliverOutcome::Ended { records: ended });
        }
        let uncovered = named(&parcels, |_, row| Ok(!self.is_covered(row, &delivering.to)?))?;
        if !uncovered.is_empty() {
            return Ok(DeliverOutcome::ConsentMissing { records: uncovered });
        }

        let proxy = self.proxy(&delivering.to)?;
        let mut facts = Vec::new();
        for (record, row) in &parcels {
            facts.extend(self.wrong_codes(*record)?);
            for cash in delivering.cash.iter().filter(|cash| cash.record == *record) {
                // Who pays is the household, or somebody unnamed in the record.
                let body = Body::new()
                    .with(field::FROM, row.household.unwrap_or(*record))
                    .with(field::TO, self.author.person)
                    .with(field::FEN, cash.fen);
                facts.push(self.fact(NewFact::new(*record, kind::CASH_COLLECTED, body))?);
            }
            facts.push(self.fact(handing_over(*record, delivering, &proxy))?);
        }
        Ok(DeliverOutcome::Done { facts })
    }

    /// Tells of the wrong codes that were typed for it before: whoever guesses until one fits is to be seen.
    fn wrong_codes(&mut self, record: RecordId) -> Result<Option<FactId>> {
        let tries = wrong_codes::of(self.connection, record)?;
        if tries == 0 {
            return Ok(None);
        }
        wrong_codes::forget(self.connection, record)?;
        let body = Body::new()
            .with(field::REASON, failure_reason::CODE_MISMATCH)
            .with(field::TRIES, u64::from(tries));
        self.fact(NewFact::new(record, kind::ATTEMPTED, body)).map(Some)
    }

    /// Whether it may be handed to them: to the addressee always, to others with a consent that stands.
    fn is_covered(&self, row: &Row, to: &DeliverTo) -> Result<bool> {
        let (consent, what) = match to {
            DeliverTo::Addressee => return Ok(true),
            DeliverTo::Proxy { consent, .. } => {
                let name = self.proxy(to)?;
                return self.is_covered_by(row, *consent, OnBehalf::Proxy { name: &name });
            }
            DeliverTo::DropPoint { place, consent } => {
                let household = row
                    .household
                    .map(|household| plans::view(self.connection, household));
                let fallback = household
                    .transpose()?
                    .flatten()
                    .and_then(|plan| plan.record("drop_point"));
                let what = OnBehalf::DropPoint {
                    place: *place,
                    fallback,
                };
                (*consent, what)
            }
        };
        self.is_covered_by(row, consent, what)
    }

    fn is_covered_by(&self, row: &Row, consent: RecordId, what: OnBehalf<'_>) -> Result<bool> {
        match row.household {
            Some(household) => self.consents(consent, household, what),
            None => Ok(false),
        }
    }

    /// Who takes it in the addressee's stead: as told, else whom the consent names, whose name a screen may have masked.
    fn proxy(&self, to: &DeliverTo) -> Result<String> {
        let DeliverTo::Proxy { consent, name } = to else {
            return Ok(String::new());
        };
        if let Some(name) = name {
            return Ok(name.clone());
        }
        let plan = plans::view(self.connection, *consent)?;
        let named = plan.as_ref().and_then(|plan| plan.text("proxy"));
        Ok(named.unwrap_or_default().to_owned())
    }
}

/// Whether it waits at that drop point already.
fn lies_there(row: &Row, to: &DeliverTo) -> bool {
    matches!(to, DeliverTo::DropPoint { place, .. } if row.phase == Phase::Waiting && row.place == Some(*place))
}

fn named(
    parcels: &[(RecordId, Row)],
    is_meant: impl Fn(&RecordId, &Row) -> Result<bool>,
) -> Result<Vec<RecordId>> {
    let mut meant = Vec::new();
    for (record, row) in parcels {
        if is_meant(record, row)? {
            meant.push(*record);
        }
    }
    Ok(meant)
}

fn handing_over(record: RecordId, delivering: &Delivering, proxy: &str) -> NewFact {
    let mut body = Body::new();
    let proof = match &delivering.proof {
        DeliveryProof::Receiver { .. } => Some(proof_kind::RECEIVER_NAMED),
        DeliveryProof::PickupCode { .. } => Some(proof_kind::PICKUP_CODE),
        DeliveryProof::Signature { .. } => Some(proof_kind::SIGNATURE),
        DeliveryProof::None => None,
    };
    let kind = match &delivering.to {
        DeliverTo::Addressee => {
            if let Some(note) = &delivering.note {
                body = body.with(field::NOTE, note.as_str());
            }
            if let DeliveryProof::Receiver { name: Some(name) } = &delivering.proof {
                body = body.with(field::RECEIVER, name.as_str());
            }
            kind::DELIVERED
        }
        DeliverTo::Proxy { consent, .. } => {
            body = body.with(field::RECEIVER, proxy).with(field::CONSENT, *consent);
            kind::DELIVERED_TO_PROXY
        }
        DeliverTo::DropPoint { place, consent } => {
            body = body.with(field::PLACE, *place).with(field::CONSENT, *consent);
            kind::PLACED_AT_DROP_POINT
        }
    };
    if let Some(proof) = proof.filter(|_| kind != kind::PLACED_AT_DROP_POINT) {
        body = body.with(field::PROOF, proof);
    }
    let mut fact = NewFact::new(record, kind, body);
    if let DeliveryProof::Signature { strokes } = &delivering.proof {
        fact = fact.with_side(SideName::Signature, strokes.as_slice());
    }
    fact.at(delivering.fix)
}
