//! Who brings the parcels.

use super::calendar;
use super::dice::{Dice, Stream};

/// A carrier that exists, with terms that are made up.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// Its code at Kuaidi100, which is its key here.
    pub key: &'static str,
    /// `express` or `post`.
    pub kind: &'static str,
    /// Its Chinese name.
    pub name: &'static str,
    /// Who does the last leg where; made up.
    pub terms: Vec<Terms>,
}

/// One made-up line of a cooperation agreement.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The key of the township's station below which it holds.
    pub place: String,
    /// Who does the last leg.
    pub last_leg: &'static str,
    /// What the carrier pays an item, fen.
    pub fee_fen: i64,
    /// From when, UTC milliseconds.
    pub valid_from_ms: i64,
}

const CARRIERS: [(&str, &str, &str); 4] = [
    ("youzhengguonei", "post", "邮政快递包裹"),
    ("zhongtong", "express", "中通快递"),
    ("yuantong", "express", "圆通速递"),
    ("yunda", "express", "韵达快递"),
];

pub(super) fn all(seed: u64, first_day_ms: i64) -> Vec<Carrier> {
    let mut dice = Dice::new(seed, Stream::Carriers);
    let valid_from_ms = calendar::courier_day(calendar::herding_year(first_day_ms), 1, 1);
    CARRIERS
        .into_iter()
        .map(|(key, kind, name)| {
            let terms = (1..=7).map(|station| Terms {
                place: format!("S{station:03}"),
                last_leg: if kind == "post" && dice.percent(30) {
                    "承运人自投"
                } else {
                    "本县共配投递"
                },
                fee_fen: dice.between(4, 12) * 25,
                valid_from_ms,
            });
            Carrier {
                key,
                kind,
                name,
                terms: terms.collect(),
            }
        })
        .collect()
}
