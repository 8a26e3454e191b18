use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params_from_iter};
use saddlebag_records::clock::Stamp;
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::ChangeHeader;

use crate::error::Result;
use crate::store::column::{device, uncount};
use crate::store::damaged::{NAMES_OF_FACTS, Pages, Row};
use crate::store::state::State;
use crate::store::{facts, links};

/// Tables whose rows go over as they are. What is made of others is made anew; how far the county's log was read is
/// forgotten, so that all of it comes again.
const AS_IT_IS: [&str; 19] = [
    "identity",
    "own",
    "device_numbers",
    "actors",
    "one_time_numbers",
    "side_values",
    "answer_keys",
    "waiting_changes",
    "fact_verdicts",
    "refused_edits",
    "tombstones",
    "authors",
    "exchange",
    "leaving",
    "own_order",
    "wrong_codes",
    "settings",
    "pin",
    "records",
];

/// What was found in a damaged store.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// The records, with their kinds.
    pub(super) records: BTreeMap<RecordId, RecordKind>,
    /// The names of all facts that the damaged store held, as far as they can be told.
    pub(super) named: BTreeSet<FactId>,
    /// Whether those are all.
    pub(super) names_are_whole: bool,
    /// The stamps of facts that this device wrote.
    pub(super) own_stamps: Vec<Stamp>,
}

/// Takes over every row that can be read.
pub(super) fn all(pages: &mut Pages, new: &Connection) -> Result<Carried> {
    let mut carrying = Carrying {
        new,
        columns: HashMap::new(),
        carried: Carried::default(),
    };
    let whole = pages.rows(|table, row| carrying.row(table, row))?;
    carrying.carried.names_are_whole = whole.contains(NAMES_OF_FACTS);
    Ok(carrying.carried)
}

struct Carrying<'a> {
    new: &'a Connection,
    /// By table: its columns, in the order in which they lie.
    columns: HashMap<String, Vec<String>>,
    carried: Carried,
}

impl Carrying<'_> {
    fn row(&mut self, table: &str, row: Row) -> Result<()> {
        match table {
            "facts" => self.fact(row),
            "plan_changes" => self.change(row),
            NAMES_OF_FACTS => {
                if let [Value::Integer(author), Value::Integer(n), ..] = row.values.as_slice() {
                    self.carried
                        .named
                        .insert(FactId::new(device(*author), uncount(*n)));
                }
                Ok(())
            }
            table if AS_IT_IS.contains(&table) => self.insert(table, row),
            _ => Ok(()),
        }
    }

    /// A fact, if it is what was written. What is not is asked for again, like what is missing.
    fn fact(&mut self, row: Row) -> Result<()> {
        let [
            Value::Blob(record),
            Value::Integer(author),
            Value::Integer(n),
            Value::Blob(hash),
            Value::Blob(bytes),
            Value::Blob(chain_below),
            Value::Integer(state),
            ..,
        ] = row.values.as_slice()
        else {
            return Ok(());
        };
        let id = FactId::new(device(*author), uncount(*n));
        let (Ok(record), Ok(hash)) = (record.as_slice().try_into(), hash.as_slice().try_into()) else {
            return Ok(());
        };
        let record = RecordId(record);
        let is_set_aside = *state == State::Damaged as i64;
        let Some((fact, _)) = facts::checked(id, record, hash, bytes).filter(|_| !is_set_aside) else {
            return Ok(());
        };
        if *state != State::County as i64 || !chain_below.is_empty() {
            self.carried.own_stamps.push(fact.stamp);
        }
        if let Some(kind) = fact.kind.record() {
            self.carried.records.insert(record, kind);
        }
        self.insert("facts", row)?;
        links::remember(self.new, &fact)
    }

    /// A change of a plan, if it is what was written.
    fn change(&mut self, row: Row) -> Result<()> {
        let [
            Value::Blob(record),
            Value::Blob(_),
            Value::Integer(_),
            Value::Integer(kind),
            Value::Blob(hash),
            Value::Blob(bytes),
            ..,
        ] = row.values.as_slice()
        else {
            return Ok(());
        };
        let is_whole = ChangeHeader::read(bytes).is_ok_and(|header| header.hash.0[..] == **hash);
        let kind = u8::try_from(*kind).ok().and_then(RecordKind::from_number);
        if let (true, Ok(record), Some(kind)) = (is_whole, record.as_slice().try_into(), kind) {
            self.carried.records.insert(RecordId(record), kind);
            self.insert("plan_changes", row)?;
        }
        Ok(())
    }

    /// Puts a row into the new store, unless it does not fit there.
    fn insert(&mut self, table: &str, mut row: Row) -> Result<()> {
        if let (Some(first), Some(number)) = (row.values.first_mut(), row.rowid)
            && *first == Value::Null
        {
            *first = Value::Integer(number);
        }
        let columns = match self.columns.get(table) {
            Some(columns) => columns,
            None => {
                let columns = columns_of(self.new, table)?;
                self.columns.entry(table.to_owned()).or_insert(columns)
            }
        };
        // A row of an earlier version has fewer.
        let names: Vec<&str> = columns
            .iter()
            .map(String::as_str)
            .take(row.values.len())
            .collect();
        if names.len() < row.values.len() {
            return Ok(());
        }
        let sql = format!(
            "INSERT OR IGNORE INTO {table} ({}) VALUES ({})",
            names.join(", "),
            vec!["?"; names.len()].join(", ")
        );
        match self
            .new
            .prepare_cached(&sql)?
            .execute(params_from_iter(row.values))
        {
            Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == ErrorCode::ConstraintViolation => {
                Ok(())
            }
            done => Ok(done.map(drop)?),
        }
    }
}

fn columns_of(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
