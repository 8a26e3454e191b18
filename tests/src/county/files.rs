//! The county as files that people and importers read.

use super::calendar::beijing;
use super::place::Position;
use super::{County, reference};

/// Every file of the county: its name and its text.
///
/// # Errors
/// When the reference data built into this crate cannot be read.
pub fn files(county: &County) -> anyhow::Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("README.md", readme(county)),
        ("townships.csv", townships()?),
        ("villages.csv", villages()?),
        ("places.csv", places(county)?),
        ("colleagues.csv", colleagues(county)?),
        ("carriers.csv", carriers(county)?),
        ("carrier-terms.csv", carrier_terms(county)?),
        ("households.csv", households(county)?),
        ("camps.csv", camps(county)?),
        ("deliveries.csv", deliveries(county)?),
    ])
}

fn readme(county: &County) -> String {
    let sizes = county.sizes;
    let counted = |kind| county.places_of(kind).count().to_string();
    [
        ("{seed}", county.seed.to_string()),
        ("{households}", sizes.households.to_string()),
        ("{deliveries}", sizes.deliveries.to_string()),
        ("{couriers}", sizes.couriers.to_string()),
        ("{first_day}", beijing(sizes.first_day_ms)),
        ("{stations}", counted("station")),
        ("{drop_points}", counted("drop_point")),
        ("{rest_stations}", counted("rest_station")),
        ("{transfer_grounds}", counted("transfer_ground")),
    ]
    .into_iter()
    .fold(include_str!("readme.md").to_owned(), |text, (mark, value)| {
        text.replace(mark, &value)
    })
}

fn townships() -> anyhow::Result<String> {
    let townships = reference::townships()?;
    table(
        "code,name",
        townships
            .into_iter()
            .map(|township| vec![township.code.to_string(), township.name]),
    )
}

fn villages() -> anyhow::Result<String> {
    let villages = reference::villages()?;
    table(
        "code,name,township,neighbourhood",
        villages.into_iter().map(|village| {
            let township = village.township.to_string();
            vec![
                village.code.to_string(),
                village.name,
                township,
                yes(village.neighbourhood),
            ]
        }),
    )
}

fn places(county: &County) -> anyhow::Result<String> {
    table(
        "key,kind,name,township,village,latitude,longitude,station,host,keeper,phone,hours,keeping_days,\
         capacity,services,not_direct",
        county.places.iter().map(|place| {
            let [latitude, longitude] = degrees(place.position);
            let not_direct: Vec<String> = place
                .not_direct
                .iter()
                .map(|(from, reason)| format!("{from} {reason}"))
                .collect();
            vec![
                place.key.clone(),
                place.kind.to_owned(),
                place.name.clone(),
                place.township.to_string(),
                number(place.village),
                latitude,
                longitude,
                place.station.clone(),
                place.host.to_owned(),
                place.keeper.clone(),
                place.phone.clone(),
                place.hours.to_owned(),
                number(place.keeping_days.into()),
                number(place.capacity.into()),
                place.services.join(";"),
                not_direct.join(";"),
            ]
        }),
    )
}

fn colleagues(county: &County) -> anyhow::Result<String> {
    table(
        "key,role,name,language,station,phone,mentor",
        county.colleagues.iter().map(|colleague| {
            vec![
                colleague.key.clone(),
                colleague.role.to_owned(),
                colleague.name.written.clone(),
                colleague.name.language.to_owned(),
                colleague.station.clone(),
                colleague.phone.clone(),
                colleague.mentor.clone(),
            ]
        }),
    )
}

fn carriers(county: &County) -> anyhow::Result<String> {
    table(
        "kuaidi100,kind,name",
        county.carriers.iter().map(|carrier| {
            vec![
                carrier.key.to_owned(),
                carrier.kind.to_owned(),
                carrier.name.to_owned(),
            ]
        }),
    )
}

fn carrier_terms(county: &County) -> anyhow::Result<String> {
    table(
        "carrier,place,last_leg,fee_fen,valid_from",
        county.carriers.iter().flat_map(|carrier| {
            carrier.terms.iter().map(|terms| {
                vec![
                    carrier.key.to_owned(),
                    terms.place.clone(),
                    terms.last_leg.to_owned(),
                    terms.fee_fen.to_string(),
                    beijing(terms.valid_from_ms),
                ]
            })
        }),
    )
}

fn households(county: &County) -> anyhow::Result<String> {
    table(
        "key,name,name_in_chinese,language,village,station,phones,drop_point",
        county.households.iter().map(|household| {
            vec![
                household.key.clone(),
                household.name.written.clone(),
                household.name.in_chinese.clone(),
                household.name.language.to_owned(),
                household.village.to_string(),
                household.station.clone(),
                household.phones.join(";"),
                household.drop_point.clone(),
            ]
        }),
    )
}

fn camps(county: &County) -> anyhow::Result<String> {
    table(
        "key,household,season,valid_from,valid_until,latitude,longitude,landmark,directions",
        county.camps.iter().map(|camp| {
            let [latitude, longitude] = degrees(camp.position);
            vec![
                camp.key.clone(),
                camp.household.clone(),
                camp.season.to_owned(),
                beijing(camp.valid_from_ms),
                beijing(camp.valid_until_ms),
                latitude,
                longitude,
                camp.landmark.to_owned(),
                camp.directions.to_owned(),
            ]
        }),
    )
}

fn deliveries(county: &County) -> anyhow::Result<String> {
    table(
        "waybill,carrier,household,name,phone,address,place,due_from,due_until,pickup_code,cash_fen,flags,\
         medicine",
        county.deliveries.iter().map(|delivery| {
            vec![
                delivery.waybill.clone(),
                delivery.carrier.to_owned(),
                delivery.household.clone(),
                delivery.name.clone(),
                delivery.phone.clone(),
                delivery.address.clone(),
                delivery.place.clone(),
                beijing(delivery.due_from_ms),
                beijing(delivery.due_until_ms),
                delivery.pickup_code.clone(),
                delivery.cash_fen.to_string(),
                delivery.flags.join(";"),
                yes(delivery.medicine),
            ]
        }),
    )
}

fn table(header: &str, rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<String> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(header.split(','))?;
    for row in rows {
        csv.write_record(row)?;
    }
    Ok(String::from_utf8(csv.into_inner()?)?)
}

fn degrees(position: Position) -> [String; 2] {
    [
        format!("{:.7}", position.latitude()),
        format!("{:.7}", position.longitude()),
    ]
}

/// Empty for what there is none of.
fn number(number: u64) -> String {
    if number == 0 {
        String::new()
    } else {
        number.to_string()
    }
}

fn yes(is: bool) -> String {
    if is { "yes".to_owned() } else { String::new() }
}
