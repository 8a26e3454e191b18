//! Work that a courier notes themselves: something to be collected, something to be bought.

use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};
use saddlebag_records::standing_consent::OnBehalf;
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::records;

/// Something to be collected from a sender.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NewPickup {
    /// Whose it is.
    pub household: Option<RecordId>,
    /// A code of `goods`.
    pub goods: Option<u16>,
    /// Not colder than this, in tenths of a degree Celsius.
    pub cold_min_tenths: Option<i64>,
    /// Not warmer than this, in tenths of a degree Celsius.
    pub cold_max_tenths: Option<i64>,
    /// Where it goes, at most 120 characters.
    pub destination: Option<String>,
    /// What it costs, in fen: 0 to 10,000,000.
    pub price_fen: Option<u64>,
    /// The place or camp where it is collected.
    pub place: Option<RecordId>,
    /// Not before this, UTC milliseconds.
    pub due_from_ms: Option<i64>,
    /// Not after this, UTC milliseconds.
    pub due_until_ms: Option<i64>,
    /// In the courier's words.
    pub notes: Option<String>,
}

/// Something to be bought or done for a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NewErrand {
    /// For whom.
    pub asked_by: RecordId,
    /// The standing consent that covers it; none where they asked for it themselves.
    pub consent: Option<RecordId>,
    /// What to buy.
    pub shopping: Vec<ShoppingItem>,
    /// Where it is brought.
    pub place: Option<RecordId>,
    /// Not before this, UTC milliseconds.
    pub due_from_ms: Option<i64>,
    /// Not after this, UTC milliseconds.
    pub due_until_ms: Option<i64>,
    /// In the courier's words.
    pub notes: Option<String>,
}

/// Something to buy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct ShoppingItem {
    /// What, at most 100 characters.
    pub text: String,
    /// How much of it, at most 40 characters.
    pub quantity: Option<String>,
    /// What does instead, the best first; at most 200 characters in all.
    pub or_else: Vec<String>,
}

/// What noting an errand came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum ErrandOutcome {
    /// It is saved, and accepted by whoever noted it.
    Saved {
        /// The errand.
        record: RecordId,
    },
    /// The consent does not stand, or is to something else. Nothing was saved.
    ConsentMissing,
}

impl Replica {
    /// Notes something to be collected.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`] for a household that is not here; else as of [`Replica::create`].
    pub fn new_pickup(&self, new: &NewPickup) -> Result<RecordId> {
        let number = |name: &str, number: Option<i64>| number.map(|number| PlanEdit::set(name, number));
        let mut edits = Vec::new();
        edits.extend(
            new.household
                .map(|household| PlanEdit::set("household", household)),
        );
        edits.extend(number("goods", new.goods.map(i64::from)));
        edits.extend(number("cold_min_tenths", new.cold_min_tenths));
        edits.extend(number("cold_max_tenths", new.cold_max_tenths));
        edits.extend(
            new.destination
                .iter()
                .map(|text| PlanEdit::set("destination", text.as_str())),
        );
        edits.extend(number(
            "price_fen",
            new.price_fen.map(|fen| i64::try_from(fen).unwrap_or(i64::MAX)),
        ));
        edits.extend(when_and_where(
            new.place,
            new.due_from_ms,
            new.due_until_ms,
            new.notes.as_deref(),
        ));
        self.act(|act| {
            if let Some(household) = new.household {
                act.knows_household(household)?;
            }
            act.create_with(RecordKind::Pickup, &edits, Vec::new())
        })
    }

    /// Notes an errand: asked for by the household itself, or under a consent of theirs that stands.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`] for a household that is not here; else as of [`Replica::create`].
    pub fn new_errand(&self, new: &NewErrand) -> Result<ErrandOutcome> {
        self.act(|act| {
            act.knows_household(new.asked_by)?;
            let mut edits = vec![PlanEdit::set("asked_by", new.asked_by)];
            if let Some(consent) = new.consent {
                if !act.consents(consent, new.asked_by, OnBehalf::ErrandHelp)? {
                    return Ok(ErrandOutcome::ConsentMissing);
                }
                edits.push(PlanEdit::set("consent", consent));
            }
            edits.extend(new.shopping.iter().map(|item| act.shopping(item)));
            edits.extend(when_and_where(
                new.place,
                new.due_from_ms,
                new.due_until_ms,
                new.notes.as_deref(),
            ));
            let accepted = vec![(kinds::errand::ACCEPTED, Body::new())];
            let record = act.create_with(RecordKind::Errand, &edits, accepted)?;
            Ok(ErrandOutcome::Saved { record })
        })
    }
}

fn when_and_where(
    place: Option<RecordId>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    notes: Option<&str>,
) -> impl Iterator<Item = PlanEdit> {
    let place = place.map(|place| PlanEdit::set("place", place));
    let from = from_ms.map(|ms| PlanEdit::set("due_from_ms", ms));
    let until = until_ms.map(|ms| PlanEdit::set("due_until_ms", ms));
    let notes = notes.map(|text| PlanEdit::note("notes", text));
    [place, from, until, notes].into_iter().flatten()
}

impl Act<'_> {
    fn knows_household(&self, household: RecordId) -> Result<()> {
        match records::kind_of(self.connection, household)? {
            Some(RecordKind::Household) => Ok(()),
            _ => Err(Error::UnknownRecord(household)),
        }
    }

    fn shopping(&self, item: &ShoppingItem) -> PlanEdit {
        let mut values = [("text".to_owned(), PlanValue::from(item.text.as_str()))]
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>();
        if let Some(quantity) = &item.quantity {
            values.insert("quantity".to_owned(), PlanValue::from(quantity.as_str()));
        }
        if !item.or_else.is_empty() {
            values.insert("or_else".to_owned(), PlanValue::Texts(item.or_else.clone()));
        }
        PlanEdit::AddItem {
            field: "shopping".to_owned(),
            item: ItemId(self.random()),
            values,
        }
    }
}
