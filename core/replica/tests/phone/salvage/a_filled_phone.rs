//! A phone after some days of work, part of which the county has not got.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{Error, Lane, NewFact, NewTip, Replica, Salvaged, ScanFor, State};
use tempfile::TempDir;

use crate::a_phone::{KEY, Phone, person, raw_file, surroundings};
use crate::county::County;

/// A folder of a phone that was closed in peace, and the county as it was when they last spoke.
pub(super) struct Filled {
    pub(super) dir: TempDir,
    pub(super) county: County,
    pub(super) records: Vec<RecordId>,
    pub(super) photo: [u8; 32],
    /// What only this phone has.
    pub(super) only_here: BTreeSet<FactId>,
    pub(super) edits: u64,
}

const PARCELS: u8 = 70;
const DONE_AND_SENT: u8 = 20;

fn parcel(number: u8) -> RecordId {
    RecordId([number; 16])
}

fn waybill(number: u8) -> String {
    format!("YT7700{number:04}")
}

/// Parcels of households, some of them delivered; half of the work is at the county.
pub(super) fn filled() -> Filled {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    for number in 200..212u8 {
        let edits = [PlanEdit::set("name", format!("王小{number}").as_str())];
        county.write_as(RecordKind::Household, parcel(number), &edits, None, Vec::new());
    }
    for number in 1..=PARCELS {
        let edits = [
            PlanEdit::set("waybill", waybill(number).as_str()),
            PlanEdit::set("assignee", person(1)),
            PlanEdit::set("household", parcel(200 + number % 12)),
            PlanEdit::set("address", "草原路一百二十三号，过了桥往北走三公里，蓝色的房子"),
        ];
        let phone_number = (SideName::Phone, format!("1380999{number:04}").into_bytes());
        let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
        county.write_as(
            RecordKind::Delivery,
            parcel(number),
            &edits,
            announced,
            vec![phone_number],
        );
    }
    county.sync(&phone);
    let delivered = |number| {
        phone
            .scan(&waybill(number), ScanFor::LoadingOut { place: None })
            .unwrap();
        let body = Body::new().with(field::PROOF, 1u16);
        phone
            .record(NewFact::new(parcel(number), kinds::delivery::DELIVERED, body))
            .unwrap();
    };
    for number in 1..=DONE_AND_SENT {
        delivered(number);
    }
    phone.edit(parcel(3), &[PlanEdit::note("notes", "很重")]).unwrap();
    county.sync(&phone);
    for number in DONE_AND_SENT + 1..=PARCELS - 20 {
        delivered(number);
    }
    for number in 61..68 {
        phone
            .edit(parcel(number), &[PlanEdit::note("notes", "明天再来")])
            .unwrap();
    }
    let photo = phone.keep_photo(Lane::Photo, &[0x5a; 40_000]).unwrap();
    let torn = NewFact::new(
        parcel(69),
        kinds::delivery::DAMAGED,
        Body::new().with(field::NOTE, "破了"),
    );
    phone.record(torn.with_side(SideName::Photo, photo)).unwrap();
    let tip = NewTip {
        kind: 1,
        ..NewTip::default()
    };
    phone.report(&tip).unwrap();
    let records = (1..=PARCELS).chain(200..212).map(parcel).collect();
    let Phone { replica, dir, .. } = phone;
    let (only_here, edits) = (only_here(&replica), replica.only_here().unwrap().edits);
    drop(replica);
    Filled {
        dir,
        county,
        records,
        photo,
        only_here,
        edits,
    }
}

/// The facts that only this phone has.
pub(super) fn only_here(replica: &Replica) -> BTreeSet<FactId> {
    let mut found = BTreeSet::new();
    for item in replica.unsent().unwrap() {
        for line in replica.show(item.record).unwrap().facts {
            if line.state == State::Local {
                found.insert(line.fact);
            }
        }
    }
    found
}

impl Filled {
    /// A copy of the folder.
    pub(super) fn copy(&self) -> TempDir {
        copy_of(self.dir.path())
    }

    /// What is known of every record, once everything was exchanged.
    pub(super) fn in_the_end(&self) -> BTreeMap<RecordId, String> {
        let phone = Phone::in_folder(self.copy(), 1, 7).unwrap();
        let mut county = self.county.clone();
        county.sync(&phone);
        answers(&phone, &self.records).unwrap()
    }
}

pub(super) fn copy_of(dir: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

/// Saves what can be saved.
pub(super) fn salvage(dir: &Path) -> Result<Salvaged, Error> {
    Replica::salvage(dir, &KEY, &surroundings(99))
}

/// What the phone answers to everything that is asked here, by record: in a form that can be compared.
pub(super) fn answers(replica: &Replica, records: &[RecordId]) -> Result<BTreeMap<RecordId, String>, Error> {
    let mut answers = BTreeMap::new();
    let today = replica.today()?;
    // Among equals the order is that of the rows, which a new store may have otherwise.
    let mut stops: Vec<String> = today
        .stops
        .into_iter()
        .map(|mut stop| {
            let mut items: Vec<_> = stop.items.drain(..).map(|item| format!("{item:?}")).collect();
            items.sort_unstable();
            format!("{stop:?} {items:?}")
        })
        .collect();
    stops.sort_unstable();
    answers.insert(
        RecordId([0; 16]),
        format!("{stops:?} {} {:?}", today.done_today, replica.cash()?),
    );
    let mut found: Vec<_> = replica
        .search("wx", None, 500)?
        .iter()
        .map(|item| format!("{item:?}"))
        .collect();
    found.sort_unstable();
    answers.insert(RecordId([255; 16]), found.concat());
    replica.only_here()?;
    replica.unsent()?;
    replica.pending(usize::MAX)?;
    replica.asking("test 1", None, &[])?;
    for record in records {
        let page = replica.show(*record)?;
        let facts: Vec<_> = page.facts.iter().map(|line| (line.fact, line.kind)).collect();
        let side = replica.side_values(*record)?;
        let said = format!("{:?} {:?} {facts:?} {side:?}", page.status, page.plan);
        answers.insert(*record, said);
    }
    Ok(answers)
}

/// The table or index that a page of a sound database belongs to.
pub(super) fn owner_of(file: &Path, page: u64) -> Option<String> {
    let connection = raw_file(file);
    let owner = connection.query_row(
        "SELECT name FROM dbstat WHERE pageno = ?1",
        [page.cast_signed()],
        |row| row.get(0),
    );
    owner.ok()
}
