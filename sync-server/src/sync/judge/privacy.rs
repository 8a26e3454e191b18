//! What reports may hold (PRODUCT.md, "Reports are about places, not people").

use std::collections::HashSet;

use saddlebag_records::fact::{Fact, FactKind, SideName, SideValue, field, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::position::{self, Position};
use saddlebag_records::tip_text;

use crate::store::NewSide;

/// Why a report is refused. Frozen: these stand in receipts.
mod code {
    pub(super) const SIDE_UNFIT: &str = "side_value_unfit";
    pub(super) const SIDE_FOREIGN: &str = "side_value_foreign";
}

/// What words may not hold is refused, and nothing of it is kept.
pub(super) fn check_text(fact: &Fact) -> Result<(), String> {
    tip_text::check_words(fact.kind, &fact.body).map_err(|refusal| refusal.code().to_owned())
}

/// The fact's side values as they are kept, one of each name: those of a tip, a case or an appeal only of the names
/// that these may have, a tip's position as coarse as its kind asks for.
pub(super) fn kept_sides(fact: &Fact, sides: &[&SideValue]) -> Result<Vec<NewSide>, String> {
    let mut names = HashSet::new();
    let mut kept = Vec::with_capacity(sides.len());
    for side in sides {
        if !side.name.fits(&side.value) || !names.insert(side.name) {
            return Err(code::SIDE_UNFIT.to_owned());
        }
        if !may_hang_on(side.name, fact.kind) {
            return Err(code::SIDE_FOREIGN.to_owned());
        }
        let of_tip = fact.kind.record() == Some(RecordKind::Tip) && side.name == SideName::Position;
        let value = if of_tip {
            coarse(fact, &side.value)
        } else {
            side.value.clone()
        };
        kept.push(NewSide {
            name: side.name as u8,
            ordinal: 0,
            value,
        });
    }
    Ok(kept)
}

fn may_hang_on(name: SideName, kind: FactKind) -> bool {
    match kind.record() {
        Some(RecordKind::Tip) => matches!(name, SideName::Position | SideName::Photo),
        Some(RecordKind::Case) => name == SideName::Photo,
        Some(RecordKind::Appeal) => false,
        _ => true,
    }
}

/// A tip's position as it may be kept (PRODUCT.md, privacy rule 2).
fn coarse(fact: &Fact, value: &[u8]) -> Vec<u8> {
    let part = |at: usize| {
        value
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map(i32::from_be_bytes)
    };
    let (Some(lat_e7), Some(lon_e7)) = (part(0), part(4)) else {
        return value.to_vec();
    };
    let kind = fact
        .body
        .uint(field::TIP_KIND)
        .filter(|_| fact.kind == kinds::tip::REPORTED);
    // A fact that names no kind is taken for one of the coarse ones.
    let kind = kind.and_then(|kind| u16::try_from(kind).ok()).unwrap_or(u16::MAX);
    let kept = position::of_tip(kind, Position { lat_e7, lon_e7 });
    let accuracy = value.get(8..).unwrap_or_default();
    [
        &kept.lat_e7.to_be_bytes()[..],
        &kept.lon_e7.to_be_bytes(),
        accuracy,
    ]
    .concat()
}
