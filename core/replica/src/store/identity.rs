//! Who this device is, under which actors it edits, and its one-time numbers.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_protocol::{EnrolAnswer, ServerKeys, SignedKeyList};
use saddlebag_records::access::Role;
use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, PersonId, RecordId};

use super::column::{Id, count, device, signed, uncount};
use crate::error::{Error, Result};
use crate::identity::{Enrolment, Identity, Person};
use crate::signed::is_key_list_signed_by;

/// What every act needs to know of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Author {
    pub(crate) device: DeviceNumber,
    pub(crate) person: PersonId,
    pub(crate) station: Option<RecordId>,
    /// None for a role that this version does not know.
    pub(crate) role: Option<Role>,
    pub(crate) id_key: [u8; 32],
}

/// What every act needs to know of the device; an error before enrolment.
pub(crate) fn author(connection: &Connection) -> Result<Author> {
    let mut statement =
        connection.prepare_cached("SELECT device, person, role, id_key, station FROM identity")?;
    let author = statement.query_row([], |row| {
        Ok(Author {
            device: device(row.get(0)?),
            person: PersonId(row.get(1)?),
            role: Role::from_name(row.get_ref(2)?.as_str().unwrap_or_default()),
            id_key: row.get(3)?,
            station: row.get::<_, Id>(4)?.record(),
        })
    });
    author.optional()?.ok_or(Error::NotEnrolled)
}

/// Everything that enrolment handed over; none before it.
pub(crate) fn identity(connection: &Connection) -> Result<Option<Identity>> {
    let mut statement = connection.prepare_cached(
        "SELECT county, server, token, device, signing_seed, id_key, server_keys, key_list, person, person_name,
                role, station, server_keys_since_s FROM identity",
    )?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let server_keys: Vec<u8> = row.get(6)?;
    let key_list: Vec<u8> = row.get(7)?;
    Ok(Some(Identity {
        county: CountyId(row.get(0)?),
        server: row.get(1)?,
        token: row.get(2)?,
        device: device(row.get(3)?),
        signing_seed: row.get(4)?,
        id_key: row.get(5)?,
        server_keys: server_keys.as_chunks::<32>().0.to_vec(),
        server_keys_since_s: uncount(row.get(12)?),
        key_list: minicbor::decode(&key_list).map_err(|_| Error::Damaged("the key list"))?,
        person: Person {
            id: PersonId(row.get(8)?),
            name: row.get(9)?,
            role: row.get(10)?,
            station: row.get::<_, Id>(11)?.record(),
        },
    }))
}

/// Keeps an enrolment: the first one, or another one into the same county for the same person. That it is the same
/// county is told by the keys that are here: everybody may learn its id, and that of a person.
pub(crate) fn enrol(connection: &Connection, enrolment: &Enrolment) -> Result<()> {
    let answer = &enrolment.answer;
    if let Some(known) = identity(connection)?
        && (known.county.0 != answer.county
            || known.person.id.0 != answer.person.id
            || !is_its_word(&known, answer))
    {
        return Err(Error::EnrolledElsewhere);
    }
    let person = Person::from(&answer.person);
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO identity (one, county, server, token, device, signing_seed, id_key, server_keys,
            key_list, key_list_version, person, person_name, role, station)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    statement.execute(params![
        answer.county,
        enrolment.server,
        answer.token,
        signed(DeviceNumber(answer.device)),
        enrolment.keys.signing_seed,
        answer.id_key,
        server_keys(answer),
        encoded(&answer.keys),
        version_of(&answer.keys)?,
        person.id.0,
        person.name,
        person.role,
        Id::from(person.station),
    ])?;
    connection
        .prepare_cached("INSERT INTO device_numbers (device) VALUES (?1)")?
        .execute([signed(DeviceNumber(answer.device))])?;
    add_actor(connection, enrolment.keys.actor, true)?;
    add_one_time(connection, &answer.one_time)
}

/// Whether the county that is known signed the keys of this answer: with its key of now, or with its successor.
fn is_its_word(known: &Identity, answer: &EnrolAnswer) -> bool {
    known
        .keys()
        .is_some_and(|trusted| is_key_list_signed_by(&answer.keys, &trusted, &known.county.0))
}

fn server_keys(answer: &EnrolAnswer) -> Vec<u8> {
    answer.server_keys.iter().flat_map(|key| **key).collect()
}

fn encoded(keys: &SignedKeyList) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = minicbor::encode(keys, &mut bytes);
    bytes
}

fn version_of(keys: &SignedKeyList) -> Result<u32> {
    let list: Result<saddlebag_protocol::KeyList, _> = minicbor::decode(&keys.list);
    list.map(|list| list.version)
        .map_err(|_| Error::Damaged("the key list"))
}

/// Keeps a newer key list, whose signature was checked.
pub(crate) fn set_keys(connection: &Connection, keys: &SignedKeyList) -> Result<()> {
    let version = version_of(keys)?;
    connection
        .prepare_cached(
            "UPDATE identity SET key_list = ?1, key_list_version = ?2 WHERE key_list_version < ?2",
        )?
        .execute(params![encoded(keys), version])?;
    Ok(())
}

/// Keeps the server's keys, where they are newer than those that are here.
pub(crate) fn set_server_keys(connection: &Connection, keys: &ServerKeys) -> Result<()> {
    let hashes: Vec<u8> = keys.keys.iter().flat_map(|key| **key).collect();
    connection
        .prepare_cached(
            "UPDATE identity SET server_keys = ?1, server_keys_since_s = ?2 WHERE server_keys_since_s < ?2",
        )?
        .execute(params![hashes, count(keys.since_s)])?;
    Ok(())
}

/// When the server's keys that are here were made, UTC seconds; none where the server is known by its certificate.
pub(crate) fn server_keys_since_s(connection: &Connection) -> Result<Option<u64>> {
    let mut statement =
        connection.prepare_cached("SELECT server_keys_since_s FROM identity WHERE server_keys <> x''")?;
    let since = statement.query_row([], |row| row.get(0).map(uncount));
    Ok(since.optional()?)
}

/// Every number that this installation has written facts under, oldest first.
pub(crate) fn device_numbers(connection: &Connection) -> Result<Vec<DeviceNumber>> {
    let mut statement = connection.prepare_cached("SELECT device FROM device_numbers ORDER BY place")?;
    let numbers = statement.query_map([], |row| row.get(0).map(device))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// Whether facts under this number are this installation's own.
pub(crate) fn is_own(connection: &Connection, author: DeviceNumber) -> Result<bool> {
    let sql = if author.is_one_time() {
        "SELECT 1 FROM one_time_numbers WHERE number = ?1"
    } else {
        "SELECT 1 FROM device_numbers WHERE device = ?1"
    };
    Ok(author == super::facts::WAITING || connection.prepare_cached(sql)?.exists([signed(author)])?)
}

/// Whether this actor is this installation's.
pub(crate) fn is_own_actor(connection: &Connection, actor: ActorId) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM actors WHERE actor = ?1")?
        .exists([actor.0])?)
}

/// Adds an actor, under which all edits are made from now on.
pub(crate) fn add_actor(connection: &Connection, actor: ActorId, announced: bool) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO actors (actor, announced) VALUES (?1, ?2)")?
        .execute(params![actor.0, announced])?;
    Ok(())
}

/// The actor that edits now.
pub(crate) fn actor(connection: &Connection) -> Result<ActorId> {
    let mut statement = connection.prepare_cached("SELECT actor FROM actors ORDER BY place DESC LIMIT 1")?;
    statement
        .query_row([], |row| row.get(0).map(ActorId))
        .optional()?
        .ok_or(Error::NotEnrolled)
}

/// The actors of this installation, oldest first; of those not yet announced only, if so asked.
pub(crate) fn actors(connection: &Connection, unannounced_only: bool) -> Result<Vec<ActorId>> {
    let mut statement =
        connection.prepare_cached("SELECT actor FROM actors WHERE announced = 0 OR NOT ?1 ORDER BY place")?;
    let actors = statement.query_map([unannounced_only], |row| row.get(0).map(ActorId))?;
    Ok(actors.collect::<rusqlite::Result<_>>()?)
}

/// The county knows these actors now.
pub(crate) fn announced(connection: &Connection, actors: &[ActorId]) -> Result<()> {
    let mut statement = connection.prepare_cached("UPDATE actors SET announced = 1 WHERE actor = ?1")?;
    for actor in actors {
        statement.execute([actor.0])?;
    }
    Ok(())
}

/// Adds one-time numbers; those that are here, and those that are none, are passed over.
pub(crate) fn add_one_time(connection: &Connection, numbers: &[u64]) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO one_time_numbers (number, record, next_n) VALUES (?1, x'', 1) ON CONFLICT DO NOTHING",
    )?;
    for number in numbers
        .iter()
        .map(|number| DeviceNumber(*number))
        .filter(|number| number.is_one_time())
    {
        statement.execute([signed(number)])?;
    }
    Ok(())
}

/// How many one-time numbers are unused.
pub(crate) fn one_time_left(connection: &Connection) -> Result<u32> {
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM one_time_numbers WHERE record = x''")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The number and the next counter for a tip or an appeal: the one that it has, or an unused one, which it has from
/// now on. None where none is left.
pub(crate) fn take_one_time(
    connection: &Connection,
    record: RecordId,
) -> Result<Option<(DeviceNumber, u64)>> {
    let find = |of: &[u8]| -> Result<Option<(DeviceNumber, u64)>> {
        let mut statement = connection.prepare_cached(
            "SELECT number, next_n FROM one_time_numbers WHERE record = ?1 AND next_n > 0 LIMIT 1",
        )?;
        let found = statement.query_row([of], |row| Ok((device(row.get(0)?), uncount(row.get(1)?))));
        Ok(found.optional()?)
    };
    let found = match find(&record.0)? {
        Some(found) => Some(found),
        None => find(&[])?,
    };
    if let Some((number, n)) = found {
        connection
            .prepare_cached("UPDATE one_time_numbers SET record = ?2, next_n = ?3 WHERE number = ?1")?
            .execute(params![signed(number), record.0, count(n + 1)])?;
    }
    Ok(found)
}

/// Writes nothing more under a number that the county does not know as this installation's. What came under it stays
/// this installation's own.
pub(crate) fn close_one_time(connection: &Connection, number: DeviceNumber) -> Result<()> {
    connection
        .prepare_cached("UPDATE one_time_numbers SET next_n = 0 WHERE number = ?1")?
        .execute([signed(number)])?;
    Ok(())
}

/// Whether this one-time number may be void: it was given to the number that this device had before, or by a county that
/// was restored since.
pub(crate) fn is_of_before(connection: &Connection, number: DeviceNumber) -> Result<bool> {
    let mut statement =
        connection.prepare_cached("SELECT of_before FROM one_time_numbers WHERE number = ?1")?;
    Ok(statement
        .query_row([signed(number)], |row| row.get(0))
        .optional()?
        .unwrap_or(false))
}

/// Leaves the device number that there was: its one-time numbers may be void by now, as far as the county has nothing
/// under them, and the county is told once more of the actors whose edits it may lack.
pub(crate) fn leave_device(connection: &Connection) -> Result<()> {
    for sql in [
        "DELETE FROM one_time_numbers WHERE record = x''",
        "UPDATE one_time_numbers SET of_before = 1",
        "UPDATE actors SET announced = 0 WHERE actor IN (SELECT actor FROM plan_changes WHERE state = 0)",
    ] {
        connection.prepare_cached(sql)?.execute([])?;
    }
    Ok(())
}

/// Goes on under another number, with another token; all else stays.
pub(crate) fn renumber(connection: &Connection, device: DeviceNumber, token: &str) -> Result<()> {
    connection
        .prepare_cached("UPDATE identity SET device = ?1, token = ?2")?
        .execute(params![signed(device), token])?;
    connection
        .prepare_cached("INSERT INTO device_numbers (device) VALUES (?1)")?
        .execute([signed(device)])?;
    Ok(())
}

/// The county was restored to before some of what it gave and was told: it knows none of the unused one-time numbers for
/// sure, and is told of every actor once more.
pub(crate) fn after_restore(connection: &Connection) -> Result<()> {
    for sql in [
        "DELETE FROM one_time_numbers WHERE record = x''",
        "UPDATE one_time_numbers SET of_before = 1",
        "UPDATE actors SET announced = 0",
    ] {
        connection.prepare_cached(sql)?.execute([])?;
    }
    Ok(())
}

/// The version of the key list that is here.
pub(crate) fn key_list_version(connection: &Connection) -> Result<u32> {
    let mut statement = connection.prepare_cached("SELECT key_list_version FROM identity")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
