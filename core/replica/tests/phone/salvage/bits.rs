use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use saddlebag_records::id::RecordId;

use super::a_filled_phone::{Filled, answers, filled, only_here, owner_of, salvage};
use crate::a_phone::Phone;

type Answers = BTreeMap<RecordId, String>;

const FLIPS: u64 = 60;
const PAGE: u64 = 4_096;

/// One bit in 60 places of the file, each on a phone of its own: either every answer is as it was, or it is told that the
/// store is damaged. Then everything on the other pages is saved, and the county's part comes again.
#[test]
fn a_flipped_bit_anywhere_is_noticed_and_costs_no_more_than_its_page() {
    let seed = std::env::var("SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let mut dice = ChaCha12Rng::seed_from_u64(seed);
    let filled = filled();
    let before = answers(&Phone::in_folder(filled.copy(), 1, 5).unwrap(), &filled.records).unwrap();
    let in_the_end = filled.in_the_end();
    let length = fs::metadata(filled.dir.path().join("records.db")).unwrap().len();
    let mut noticed = 0;
    for _ in 0..FLIPS {
        let (at, bit) = (dice.random_range(0..length), dice.random_range(0..8u8));
        noticed += u64::from(flipped(&filled, at, bit, &before, &in_the_end));
    }
    assert!(
        noticed > FLIPS / 2,
        "{noticed} of {FLIPS}: most of the file is read every day"
    );
}

/// Whether reading everything noticed it.
fn flipped(filled: &Filled, at: u64, bit: u8, before: &Answers, in_the_end: &Answers) -> bool {
    let dir = filled.copy();
    let file = dir.path().join("records.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[usize::try_from(at).unwrap()] ^= 1 << bit;
    fs::write(&file, &bytes).unwrap();
    let owner = owner_of(&filled.dir.path().join("records.db"), at / PAGE + 1);
    let place = format!("bit {bit} of byte {at}, of {owner:?}");

    let (dir, noticed) = match Phone::in_folder(dir, 1, 6) {
        Ok(phone) => {
            let told = answers(&phone, &filled.records);
            match &told {
                Ok(told) => assert!(told == before, "{place}: another answer without an alarm"),
                Err(error) => assert_eq!(error.code(), "damaged", "{place}"),
            }
            let Phone { replica, dir, .. } = phone;
            drop(replica);
            (dir, told.is_err())
        }
        Err(error) => {
            assert_eq!(error.code(), "damaged", "{place}");
            let dir = filled.copy();
            fs::write(dir.path().join("records.db"), &bytes).unwrap();
            (dir, true)
        }
    };

    let saved = salvage(dir.path()).unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_eq!(saved.pages_lost, 1, "{place}");
    let phone = Phone::in_folder(dir, 1, 8).unwrap();
    if owner.as_deref() == Some("identity") {
        assert!(!saved.is_enrolled);
        assert_eq!(saved.facts, filled.only_here.len() as u64, "{place}");
        return noticed;
    }
    assert!(saved.is_enrolled, "{place}");
    let (here, were) = (only_here(&phone), &filled.only_here);
    let lost: BTreeSet<_> = were.difference(&here).collect();
    assert_eq!(saved.facts, here.len() as u64, "{place}");
    assert_eq!(saved.facts_lost, lost.len() as u64, "{place}: {lost:?}");
    if owner.as_deref() != Some("facts") {
        assert!(lost.is_empty(), "{place}: {lost:?}");
    }
    if owner.as_deref() != Some("plan_changes") {
        assert_eq!(saved.edits, filled.edits, "{place}");
    }
    let mut county = filled.county.clone();
    county.sync(&phone);
    let now = answers(&phone, &filled.records).unwrap();
    if lost.is_empty() && saved.edits == filled.edits && owner.as_deref() != Some("side_values") {
        assert!(now == *in_the_end, "{place}: {}", differing(&now, in_the_end));
    }
    noticed
}

/// The first place where one of the answers differs.
fn differing(now: &Answers, then: &Answers) -> String {
    let differs = now.iter().find(|(record, said)| then.get(record) != Some(said));
    let Some((record, said)) = differs else {
        return "an answer is missing".to_owned();
    };
    let other = then.get(record).map_or("", String::as_str);
    let from = said
        .chars()
        .zip(other.chars())
        .take_while(|(one, another)| one == another)
        .count();
    let part = |text: &str| {
        text.chars()
            .skip(from.saturating_sub(20))
            .take(200)
            .collect::<String>()
    };
    format!("{record}: {} instead of {}", part(said), part(other))
}
