use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::codes::{CodeList, carrier_kind};
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::pickup_code::PickupCode;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_records::waybill::{S10Checked, Waybill, delivery_id};

use super::{Imported, Named, NewRecord, Ready, phone_side, pickup_codes};
use crate::act::{Draft, Part};
use crate::admin::sheet::{BadCell, CsvFile, RefusedRow, Row};
use crate::admin::{AdminError, value};
use crate::county::County;
use crate::plans::view_of;
use crate::store::{ReadTx, StoreError};

const MUST: &[&str] = &["waybill"];
const MAY: &[&str] = &[
    "carrier",
    "household",
    "name",
    "phone",
    "address",
    "place",
    "due_from",
    "due_until",
    "pickup_code",
    "cash_fen",
    "flags",
    "medicine",
];

/// A parcel as its carrier announces it.
struct Parcel {
    waybill: Waybill,
    carrier: Option<Named>,
    names: Vec<Named>,
    phone: Option<String>,
    pickup_code: Option<PickupCode>,
    medicine: bool,
    edits: Vec<PlanEdit>,
}

/// What a row stands for at this county.
enum Found {
    /// The county announced it already.
    Known(RecordId),
    /// It did not, though phones may have written about it.
    New {
        id: RecordId,
        generation: u32,
        empty: BTreeSet<String>,
    },
    /// Not to be taken.
    Refused(&'static str, &'static str),
}

/// Announces parcels. With `new_generation` a number whose last parcel has ended, or was forgotten, stands for a new one.
pub fn import_deliveries(
    county: &County,
    by: PersonId,
    file: &CsvFile,
    new_generation: bool,
) -> Result<Imported, AdminError> {
    let (parcels, mut refused) = file.read(MUST, MAY)?.parse(|row| parcel(county, row));
    let mut known = BTreeSet::new();
    let mut rows = Vec::with_capacity(parcels.len());
    let mut codes = BTreeMap::new();
    county.store().read_blocking(|tx| {
        let own: BTreeSet<_> = tx.epochs()?.into_iter().map(|epoch| epoch.own_device).collect();
        for (line, parcel) in parcels {
            match find(county, tx, &own, &parcel, new_generation)? {
                Found::Refused(column, code) => {
                    refused.push(RefusedRow {
                        line,
                        column: Some(column.to_owned()),
                        code: code.to_owned(),
                    });
                }
                Found::Known(id) => {
                    known.insert(id);
                    rows.push((line, known_row(id, &parcel)));
                }
                Found::New {
                    id,
                    generation,
                    empty,
                } => {
                    codes.extend(parcel.pickup_code.clone().map(|code| (id, code)));
                    rows.push((line, new_row(id, generation, &empty, parcel)));
                }
            }
        }
        Ok::<_, StoreError>(())
    })?;
    let hashes = pickup_codes::hash_all(codes)?;
    for (_, row) in &mut rows {
        let hash = hashes
            .get(&row.part.record)
            .map(|hash| (SideName::PickupCodeHash, hash.0.to_vec()));
        if let Some(announced) = row.part.facts.first_mut() {
            announced.sides.extend(hash);
        }
    }
    Ready::check(county, RecordKind::Delivery, rows, known, refused)?.write(county, by)
}

fn parcel(county: &County, row: &Row<'_>) -> Result<Parcel, BadCell> {
    let waybill = row.need("waybill", |cell| {
        Waybill::parse(cell).map_err(|error| error.code())
    })?;
    let named = |column, kind| Named::in_cell(county, row, column, kind);
    let carrier = named("carrier", RecordKind::Carrier)?;
    let household = named("household", RecordKind::Household)?;
    let place = named("place", RecordKind::Place)?;
    let name = row.text("name", 60)?;
    let address = row.text("address", 120)?;
    match (&household, &name) {
        (None, None) => {
            return Err(BadCell {
                column: "name",
                code: "missing",
            });
        }
        (Some(_), Some(_)) => {
            return Err(BadCell {
                column: "name",
                code: "household_and_name",
            });
        }
        _ => {}
    }
    let due_from = row.read("due_from", value::time_ms)?;
    let due_until = row.read("due_until", value::time_ms)?;
    if due_from.zip(due_until).is_some_and(|(from, until)| until < from) {
        return Err(BadCell {
            column: "due_until",
            code: "out_of_range",
        });
    }
    let cash = row.read("cash_fen", value::fen)?.filter(|fen| *fen > 0);
    let flags = Some(i64::from(row.flags("flags", "delivery_flag")?)).filter(|flags| *flags > 0);
    let code = |cell: &str| PickupCode::parse(cell).map_err(|error| error.code());
    let id_of = |named: &Option<Named>| named.as_ref().map(|named| PlanValue::from(named.id));
    let fields = [
        ("carrier", id_of(&carrier)),
        ("household", id_of(&household)),
        ("name", name.map(PlanValue::Text)),
        ("address", address.map(PlanValue::Text)),
        ("place", id_of(&place)),
        ("due_from_ms", due_from.map(PlanValue::from)),
        ("due_until_ms", due_until.map(PlanValue::from)),
        ("cash_fen", cash.map(PlanValue::from)),
        ("flags", flags.map(PlanValue::from)),
    ];
    let edits = fields.into_iter().filter_map(|(field, value)| {
        Some(PlanEdit::Set {
            field: field.to_owned(),
            value: value?,
        })
    });
    Ok(Parcel {
        waybill,
        phone: row.read("phone", value::phone)?,
        pickup_code: row.read("pickup_code", code)?,
        medicine: row.read("medicine", value::yes)?.is_some(),
        edits: edits.collect(),
        names: [household, place].into_iter().flatten().collect(),
        carrier,
    })
}

fn find(
    county: &County,
    tx: &dyn ReadTx,
    own: &BTreeSet<DeviceNumber>,
    parcel: &Parcel,
    new_generation: bool,
) -> Result<Found, StoreError> {
    if let Some(carrier) = &parcel.carrier {
        let kind = view_of(tx, carrier.id)?.and_then(|plan| plan.uint("kind"));
        if checks_s10(kind) && parcel.waybill.s10() == S10Checked::Bad {
            return Ok(Found::Refused("waybill", "waybill_check_digit"));
        }
    }
    let id_of = |generation| delivery_id(county.keys().id_key(), &parcel.waybill, generation);
    let mut newest = tx
        .records_by_waybill(&parcel.waybill)?
        .pop()
        .unwrap_or((0, id_of(0)));
    let is_over = tx.tombstone(newest.1)?.is_some();
    if is_over && !new_generation {
        return Ok(Found::Refused("waybill", "forgotten"));
    }
    let has_ended = tx
        .record(newest.1)?
        .is_some_and(|record| record.ended_ms.is_some());
    if new_generation && (is_over || has_ended) {
        while tx.tombstone(newest.1)?.is_some() || tx.record(newest.1)?.is_some() {
            newest = (newest.0 + 1, id_of(newest.0 + 1));
        }
    }
    let (generation, id) = newest;
    let announced = tx
        .facts(id)?
        .into_iter()
        .any(|fact| fact.kind == kinds::delivery::ANNOUNCED && own.contains(&fact.id.device));
    if announced {
        return Ok(Found::Known(id));
    }
    // What a courier wrote who had it in hand stays: a carrier's list knows no better.
    let written = view_of(tx, id)?
        .map(|plan| plan.fields.into_keys().collect::<BTreeSet<_>>())
        .unwrap_or_default();
    let empty = parcel.edits.iter().map(|edit| edit.field().to_owned());
    let empty = empty.chain(["waybill".to_owned(), "generation".to_owned()]);
    Ok(Found::New {
        id,
        generation,
        empty: empty.filter(|field| !written.contains(field)).collect(),
    })
}

/// Whether a carrier of this kind gives out numbers whose check digit is right whenever they look like UPU S10.
fn checks_s10(kind: Option<u64>) -> bool {
    let kind = kind
        .and_then(|kind| u16::try_from(kind).ok())
        .unwrap_or(carrier_kind::EXPRESS);
    CodeList::get("carrier_kind")
        .and_then(|kinds| kinds.entry(kind))
        .is_some_and(|kind| kind.is("s10"))
}

fn known_row(id: RecordId, parcel: &Parcel) -> NewRecord {
    let part = Part {
        record: id,
        kind: RecordKind::Delivery,
        facts: Vec::new(),
        edits: Vec::new(),
    };
    NewRecord {
        key: parcel.waybill.to_string(),
        names: Vec::new(),
        part,
    }
}

fn new_row(id: RecordId, generation: u32, empty: &BTreeSet<String>, parcel: Parcel) -> NewRecord {
    let mut body = Body::new();
    if let Some(carrier) = &parcel.carrier {
        body = body.with(field::CARRIER, carrier.id);
    }
    let mut sides = phone_side(parcel.phone.as_deref());
    sides.extend(parcel.medicine.then(|| (SideName::Medicine, Vec::new())));
    let mut edits = vec![
        PlanEdit::set("waybill", parcel.waybill.as_str()),
        PlanEdit::set("generation", i64::from(generation)),
    ];
    edits.extend(parcel.edits);
    edits.retain(|edit| empty.contains(edit.field()));
    let announced = Draft {
        kind: kinds::delivery::ANNOUNCED,
        body,
        sides,
    };
    let part = Part {
        record: id,
        kind: RecordKind::Delivery,
        facts: vec![announced],
        edits,
    };
    let names = parcel.carrier.into_iter().chain(parcel.names).collect();
    NewRecord {
        key: parcel.waybill.to_string(),
        names,
        part,
    }
}
