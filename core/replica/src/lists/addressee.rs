use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::stop::{Stop, Why};
use super::stop_page::number;
use crate::error::Result;
use crate::store::identity::Author;
use crate::store::records;

/// By what parcels are taken to be for the same people.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Addressee {
    Household(RecordId),
    /// A name of the parcel's own, with a number: two people of one name are not handed each other's parcels.
    Named {
        name: String,
        number: String,
    },
    Unknown,
}

/// The deliveries of a stop that are to be handed over, in the order of the route, by whom they are for. One that does not
/// say so stands alone.
pub(super) fn by_addressee(
    connection: &Connection,
    author: &Author,
    stop: &Stop,
) -> Result<Vec<Vec<RecordId>>> {
    let mut groups: Vec<(Addressee, Vec<RecordId>)> = Vec::new();
    let parcels = stop.items.iter();
    for item in parcels.filter(|item| item.why == Why::Mine && item.item.kind == RecordKind::Delivery) {
        let record = item.item.record;
        let addressee = match item.item.household {
            Some(household) => Addressee::Household(household),
            None => named(connection, author, record)?,
        };
        let of = groups
            .iter_mut()
            .find(|(other, _)| *other == addressee && addressee != Addressee::Unknown);
        match of {
            Some((_, records)) => records.push(record),
            None => groups.push((addressee, vec![record])),
        }
    }
    Ok(groups.into_iter().map(|(_, records)| records).collect())
}

fn named(connection: &Connection, author: &Author, record: RecordId) -> Result<Addressee> {
    let name = records::load(connection, record)?.map_or(String::new(), |found| found.row.title);
    let number = number(connection, author, record)?.unwrap_or_default();
    Ok(if name.is_empty() || number.is_empty() {
        Addressee::Unknown
    } else {
        Addressee::Named { name, number }
    })
}
