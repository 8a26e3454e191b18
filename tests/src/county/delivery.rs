//! What carriers announce.

use super::Sizes;
use super::calendar::{DAY_MS, HOUR_MS};
use super::carrier::Carrier;
use super::dice::{Dice, Stream};
use super::household::Household;
use super::name::Name;
use super::phone::{self, Owner};
use super::place::Place;

/// A parcel that a carrier hands to the county.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its number; no carrier ever gave it to a parcel.
    pub waybill: String,
    /// The carrier's key.
    pub carrier: &'static str,
    /// The household's key; empty where the manifest has a name alone.
    pub household: String,
    /// The name on the manifest, in Chinese characters; empty where the household is known.
    pub name: String,
    /// The number on the manifest; no such number exists.
    pub phone: String,
    /// The address on the manifest; empty where the household is known.
    pub address: String,
    /// The key of the station or drop point that it is for.
    pub place: String,
    /// From when it may be brought, UTC milliseconds.
    pub due_from_ms: i64,
    /// Until when it should be brought, UTC milliseconds.
    pub due_until_ms: i64,
    /// What the addressee says to get it; empty for most.
    pub pickup_code: String,
    /// Cash to collect, fen; 0 for most.
    pub cash_fen: i64,
    /// Of `cold_chain`, `urgent`, `fragile` and `heavy`.
    pub flags: Vec<&'static str>,
    /// Whether it is medicine; then it is urgent too.
    pub medicine: bool,
}

pub(super) fn all(
    seed: u64,
    sizes: Sizes,
    places: &[Place],
    carriers: &[Carrier],
    households: &[Household],
) -> Vec<Delivery> {
    let mut dice = Dice::new(seed, Stream::Deliveries);
    let villages: Vec<&Place> = places
        .iter()
        .filter(|place| place.kind == "station" && place.village != 0)
        .collect();
    (0..sizes.deliveries)
        .map(|index| {
            let carrier = dice.pick(carriers);
            let medicine = dice.percent(4);
            let due_from_ms = sizes.first_day_ms + dice.between(0, 2) * DAY_MS + 5 * HOUR_MS;
            let parcel = Delivery {
                waybill: waybill(carrier, index),
                carrier: carrier.key,
                household: String::new(),
                name: String::new(),
                phone: String::new(),
                address: String::new(),
                place: String::new(),
                due_from_ms,
                due_until_ms: due_from_ms + dice.between(0, 2) * DAY_MS + 11 * HOUR_MS,
                pickup_code: pickup_code(&mut dice),
                cash_fen: if dice.percent(12) {
                    dice.between(5, 400) * 100 + 90
                } else {
                    0
                },
                flags: flags(medicine, &mut dice),
                medicine,
            };
            addressed(parcel, index, households, &villages, &mut dice)
        })
        .collect()
}

/// Four in five to a household that the county knows, the others to a name and an address.
fn addressed(
    parcel: Delivery,
    index: usize,
    households: &[Household],
    villages: &[&Place],
    dice: &mut Dice,
) -> Delivery {
    if dice.percent(80) && !households.is_empty() {
        let household = dice.pick(households);
        let place = if dice.percent(70) {
            &household.station
        } else {
            &household.drop_point
        };
        return Delivery {
            household: household.key.clone(),
            phone: household.phones.first().cloned().unwrap_or_default(),
            place: place.clone(),
            ..parcel
        };
    }
    let village = dice.pick(villages);
    Delivery {
        name: Name::draw(dice).in_chinese,
        phone: phone::number(Owner::Addressee(index)),
        address: format!(
            "{} {} 号",
            village.name.trim_end_matches("服务站"),
            dice.between(1, 180)
        ),
        place: village.key.clone(),
        ..parcel
    }
}

/// All begin with SB. As a service indicator of UPU S10, of which the post's numbers are, it is assigned to
/// no service; the other carriers' numbers are digits alone.
fn waybill(carrier: &Carrier, index: usize) -> String {
    match carrier.key {
        "youzhengguonei" => s10("SB", index as u32 % 100_000_000, "CN"),
        "zhongtong" => format!("SBZT{index:010}"),
        "yuantong" => format!("SBYT{index:010}"),
        _ => format!("SBYD{index:010}"),
    }
}

/// A UPU S10 number: service indicator, serial number of at most 8 digits, check digit, country.
pub fn s10(service: &str, serial: u32, country: &str) -> String {
    let digits = format!("{serial:08}");
    let weights = [8, 6, 4, 2, 3, 5, 9, 7];
    let sum: u32 = digits
        .bytes()
        .zip(weights)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        check => check,
    };
    format!("{service}{digits}{check}{country}")
}

/// Shelf, layer and number, as stations write them.
fn pickup_code(dice: &mut Dice) -> String {
    if dice.percent(30) {
        format!(
            "{}-{}-{:04}",
            dice.between(1, 20),
            dice.between(1, 6),
            dice.between(0, 9_999)
        )
    } else {
        String::new()
    }
}

fn flags(medicine: bool, dice: &mut Dice) -> Vec<&'static str> {
    let mut flags = Vec::new();
    for (flag, share) in [("cold_chain", 5), ("urgent", 6), ("fragile", 8), ("heavy", 7)] {
        if dice.percent(share) || (medicine && flag == "urgent") {
            flags.push(flag);
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_numbers_carry_their_check_digit() {
        // The worked example of UPU standard S10.
        assert_eq!(s10("RB", 47312482, "AB").as_str(), "RB473124829AB");
        assert_eq!(s10("SB", 0, "CN"), "SB000000005CN");
    }
}
