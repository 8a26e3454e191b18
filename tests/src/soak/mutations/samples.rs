//! What is mutated: sound facts of every kind, plans with a change to come, packs and requests made of them.

use std::sync::OnceLock;

use saddlebag_records::cbor::Value;
use saddlebag_records::clock::{ClockSource, Observed, Stamp};
use saddlebag_records::fact::{Body, Fact, FactHash, FactKind, SideName, SideValue, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;

use crate::fleet::dice::Dice;

const GOLDEN: &str = include_str!("../../../../core/records/tests/golden/facts.txt");

/// A sound fact of every kind.
pub(crate) fn facts() -> &'static [Fact] {
    static FACTS: OnceLock<Vec<Fact>> = OnceLock::new();
    FACTS.get_or_init(|| {
        let lines = GOLDEN.lines().filter_map(|line| line.split_whitespace().nth(1));
        let bytes = lines.filter_map(|bytes| hex::decode(bytes).ok());
        bytes.filter_map(|bytes| Fact::decode(&bytes).ok()).collect()
    })
}

/// Records of each kind: few, so that much happens to each.
const OF_A_KIND: u8 = 3;

/// One of the records of a kind.
pub(super) fn record_of(kind: RecordKind, dice: &mut Dice) -> RecordId {
    let which = u8::try_from(dice.below(usize::from(OF_A_KIND))).unwrap_or(0);
    RecordId([kind as u8 * OF_A_KIND + which; 16])
}

/// Any of them.
pub(super) fn any_record(dice: &mut Dice) -> RecordId {
    let kind = *dice.pick(&RecordKind::ALL);
    record_of(kind, dice)
}

/// A fact that looks sound and has some parts of others, or parts that nobody would write. Its id is still to be given.
pub(super) fn forged(dice: &mut Dice, authors: &[DeviceNumber]) -> Fact {
    let mut fact = dice.pick(facts()).clone();
    if let Some(kind) = fact.kind.record() {
        fact.record = record_of(kind, dice);
    }
    for _ in 0..dice.between(0, 2) {
        forge(&mut fact, dice, authors);
    }
    fact
}

fn forge(fact: &mut Fact, dice: &mut Dice, authors: &[DeviceNumber]) {
    let any = |dice: &mut Dice| u64::from_be_bytes(dice.name());
    let id = |dice: &mut Dice| FactId::new(*dice.pick(authors), any(dice) >> dice.below(64));
    match dice.below(12) {
        0 => fact.kind = FactKind(u16::try_from(any(dice) & 0xffff).unwrap_or(0)),
        1 => fact.kind = dice.pick(facts()).kind,
        2 => fact.version = u8::try_from(dice.below(256)).unwrap_or(1),
        3 => fact.record = RecordId([u8::try_from(dice.below(256)).unwrap_or(0); 16]),
        4 => {
            fact.after = (0..dice.below(17)).map(|_| id(dice)).collect();
            fact.after.sort_unstable();
            fact.after.dedup();
        }
        5 => {
            fact.stamp = Stamp {
                hlc_ms: (any(dice) >> dice.below(64)).cast_signed(),
                hlc_count: u16::try_from(any(dice) & 0xffff).unwrap_or(0),
                source: ClockSource::Wall,
            }
        }
        6 => {
            fact.observed = Some(Observed {
                wall_ms: any(dice).cast_signed(),
                mono_ms: any(dice),
                boot: any(dice),
                satellite_ms: dice.percent(50).then(|| any(dice).cast_signed()),
            })
        }
        7 => {
            fact.was = Some(Was {
                id: id(dice),
                hash: FactHash([u8::try_from(dice.below(256)).unwrap_or(0); 32]),
            })
        }
        8 => fact.body = dice.pick(facts()).body.clone(),
        _ => {
            let keys: Vec<u64> = fact.body.iter().map(|(key, _)| key).collect();
            let key = if keys.is_empty() || dice.percent(30) {
                dice.below(60) as u64
            } else {
                *dice.pick(&keys)
            };
            fact.body = std::mem::replace(&mut fact.body, Body::new()).with(key, value(dice, 0));
        }
    }
}

fn value(dice: &mut Dice, depth: usize) -> Value {
    let any = |dice: &mut Dice| u64::from_be_bytes(dice.name()) >> dice.below(64);
    match dice.below(if depth < 3 { 9 } else { 7 }) {
        0 => Value::uint(any(dice)),
        1 => Value::Int(any(dice).cast_signed()),
        2 => Value::Bytes(dice.name().repeat(dice.below(40))),
        3 => any_record(dice).into(),
        4 => Value::Text(
            dice.pick(&["张", "13812345678", "新H12345", "\u{202e}x", "ياخشى"])
                .repeat(dice.below(80)),
        ),
        5 => Value::Bool(dice.percent(50)),
        6 => Value::uint(dice.below(40) as u64),
        7 => Value::Array((0..dice.below(5)).map(|_| value(dice, depth + 1)).collect()),
        _ => Value::map(
            (0..dice.below(4))
                .map(|n| (Value::uint(n as u64), value(dice, depth + 1)))
                .collect(),
        ),
    }
}

/// A side value on a fact, of its form or not.
pub(super) fn side(fact: &Fact, dice: &mut Dice) -> SideValue {
    let sizes = [0, 8, 10, 11, 20, 32, 64, 300, 4_096, 4_097];
    SideValue {
        record: fact.record,
        fact: fact.id,
        name: *dice.pick(&SideName::ALL),
        value: vec![u8::try_from(dice.below(256)).unwrap_or(0); *dice.pick(&sizes)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_sound_fact_of_a_hundred_kinds() {
        assert!(facts().len() > 95, "{}", facts().len());
    }
}
