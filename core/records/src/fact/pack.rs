//! Many facts and their side values in few bytes: how they travel, in either direction.
//!
//! Each part of the facts is a column of its own, so that what is alike lies together, and what can be told from
//! the fact before is told as a difference. The receiver rebuilds the canonical bytes of each fact exactly. The
//! layout is frozen and described in `docs/sync-protocol.md`, "Packed facts".

use std::collections::{BTreeMap, HashMap};

use minicbor::{Decoder, Encoder};

use super::encoding::{self, MAX_AFTER, MAX_FACT_BYTES};
use super::side::{SideName, SideValue};
use super::{Body, Fact, FactKind};
use crate::cbor::{NotCanonical, Value};
use crate::clock::{ClockSource, Stamp};
use crate::id::{DeviceNumber, FactId, RecordId};
use crate::leb128::{Malformed, Reader, write_uint, write_with_length, write_zigzag};

/// The most facts in one batch.
pub const MAX_BATCH_FACTS: usize = 10_000;
const MAX_BATCH_SIDE: usize = 40_000;
const VERSION: u8 = 1;

const HAS_OBSERVED: u8 = 1 << 4;
const HAS_WAS: u8 = 1 << 5;
const SOURCE: u8 = 0b11;

/// Facts and the side values that hang on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The facts, in the order in which they should be stored.
    pub facts: Vec<Fact>,
    /// Side values; each hangs on a fact of this batch.
    pub side: Vec<SideValue>,
}

/// Bytes that are no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a batch of facts")]
pub struct BadPack;

impl From<minicbor::decode::Error> for BadPack {
    fn from(_: minicbor::decode::Error) -> Self {
        Self
    }
}

impl From<Malformed> for BadPack {
    fn from(_: Malformed) -> Self {
        Self
    }
}

impl From<NotCanonical> for BadPack {
    fn from(_: NotCanonical) -> Self {
        Self
    }
}

/// The columns, in the order in which they stand in a pack.
#[derive(Default)]
struct Columns {
    record: Vec<u8>,
    device: Vec<u8>,
    n: Vec<u8>,
    kind: Vec<u8>,
    version: Vec<u8>,
    after: Vec<u8>,
    time: Vec<u8>,
    count: Vec<u8>,
    flags: Vec<u8>,
    extra: Vec<u8>,
    bodies: Vec<u8>,
    side: Vec<u8>,
    positions: Vec<u8>,
}

impl Columns {
    fn all(&self) -> [&[u8]; 13] {
        [
            &self.record,
            &self.device,
            &self.n,
            &self.kind,
            &self.version,
            &self.after,
            &self.time,
            &self.count,
            &self.flags,
            &self.extra,
            &self.bodies,
            &self.side,
            &self.positions,
        ]
    }
}

/// Gives each key the number of its first use.
struct Dictionary<K> {
    numbers: HashMap<K, u64>,
    keys: Vec<K>,
}

impl<K: Copy + Eq + std::hash::Hash> Dictionary<K> {
    fn new() -> Self {
        Self {
            numbers: HashMap::new(),
            keys: Vec::new(),
        }
    }

    fn number(&mut self, key: K) -> u64 {
        *self.numbers.entry(key).or_insert_with(|| {
            self.keys.push(key);
            self.keys.len() as u64 - 1
        })
    }
}

/// Packs a batch. A side value that is malformed, or whose fact is not in the batch, is left out.
pub fn pack(batch: &Batch) -> Vec<u8> {
    let mut records = Dictionary::new();
    let mut devices = Dictionary::new();
    let mut columns = Columns::default();
    let mut last_n: HashMap<DeviceNumber, u64> = HashMap::new();
    let mut last_ms = 0;
    for fact in &batch.facts {
        write_uint(&mut columns.record, records.number(fact.record));
        write_uint(&mut columns.device, devices.number(fact.id.device));
        let last = last_n.insert(fact.id.device, fact.id.n).unwrap_or(0);
        write_zigzag(
            &mut columns.n,
            fact.id.n.wrapping_sub(last).wrapping_sub(1) as i64,
        );
        columns.kind.extend_from_slice(&fact.kind.0.to_be_bytes());
        columns.version.push(fact.version);
        write_uint(&mut columns.after, fact.after.len() as u64);
        for id in &fact.after {
            write_uint(&mut columns.after, devices.number(id.device));
            if id.device == fact.id.device {
                write_zigzag(&mut columns.after, fact.id.n.wrapping_sub(id.n) as i64);
            } else {
                write_uint(&mut columns.after, id.n);
            }
        }
        write_zigzag(&mut columns.time, fact.stamp.hlc_ms.wrapping_sub(last_ms));
        last_ms = fact.stamp.hlc_ms;
        write_uint(&mut columns.count, fact.stamp.hlc_count.into());
        let mut flags = fact.stamp.source as u8;
        if let Some(observed) = &fact.observed {
            flags |= HAS_OBSERVED;
            columns
                .extra
                .extend_from_slice(&encoding::observed_value(observed).encode());
        }
        if let Some(was) = &fact.was {
            flags |= HAS_WAS;
            columns
                .extra
                .extend_from_slice(&encoding::was_value(was).encode());
        }
        columns.flags.push(flags);
        columns.bodies.extend_from_slice(&fact.body.to_value().encode());
    }
    let side_count = pack_side(batch, &mut columns);

    let mut out = Vec::new();
    let mut e = Encoder::new(&mut out);
    let records: Vec<u8> = records.keys.iter().flat_map(|id| id.0).collect();
    let columns = columns.all();
    // Writing to a Vec cannot fail: its error type has no value.
    let _ = e
        .array(5 + columns.len() as u64)
        .and_then(|e| e.u8(VERSION))
        .and_then(|e| e.bytes(&records));
    let _ = e.array(devices.keys.len() as u64);
    devices.keys.iter().for_each(|device| drop(e.u64(device.0)));
    let _ = e.u64(batch.facts.len() as u64).and_then(|e| e.u64(side_count));
    columns.iter().for_each(|column| drop(e.bytes(column)));
    out
}

/// Side values go in the order of their facts: (facts since the last one, name, value). Positions, which make
/// most of them, are told as differences from the last one.
fn pack_side(batch: &Batch, columns: &mut Columns) -> u64 {
    let mut of_fact: BTreeMap<FactId, Vec<&SideValue>> = BTreeMap::new();
    for side in batch.side.iter().filter(|side| side.name.fits(&side.value)) {
        of_fact.entry(side.fact).or_default().push(side);
    }
    let (mut last_index, mut last, mut packed) = (0, (0i32, 0i32), 0);
    for (index, fact) in batch.facts.iter().enumerate() {
        for side in of_fact.get(&fact.id).into_iter().flatten() {
            packed += 1;
            write_uint(&mut columns.side, (index - last_index) as u64);
            last_index = index;
            columns.side.push(side.name as u8);
            match position(side) {
                Some((lat, lon, accuracy)) => {
                    write_zigzag(&mut columns.positions, lat.wrapping_sub(last.0).into());
                    write_zigzag(&mut columns.positions, lon.wrapping_sub(last.1).into());
                    write_uint(&mut columns.positions, accuracy.into());
                    last = (lat, lon);
                }
                None => write_with_length(&mut columns.side, &side.value),
            }
        }
    }
    packed
}

fn position(side: &SideValue) -> Option<(i32, i32, u16)> {
    let value: [u8; 10] = side
        .value
        .as_slice()
        .try_into()
        .ok()
        .filter(|_| side.name == SideName::Position)?;
    let [a, b, c, d, e, f, g, h, i, j] = value;
    Some((
        i32::from_be_bytes([a, b, c, d]),
        i32::from_be_bytes([e, f, g, h]),
        u16::from_be_bytes([i, j]),
    ))
}

/// Unpacks a batch, checking limits before anything is allocated for it. Side values of names that this version
/// does not know are left out.
pub fn unpack(bytes: &[u8]) -> Result<Batch, BadPack> {
    let mut d = Decoder::new(bytes);
    if d.array()? != Some(18) || d.u8()? != VERSION {
        return Err(BadPack);
    }
    let (records, rest) = d.bytes()?.as_chunks::<16>();
    let device_count = d.array()?.filter(|_| rest.is_empty()).ok_or(BadPack)?;
    let devices: Vec<DeviceNumber> = (0..device_count)
        .map(|_| d.u64().map(DeviceNumber))
        .collect::<Result<_, _>>()?;
    let count = usize::try_from(d.u64()?)
        .ok()
        .filter(|count| *count <= MAX_BATCH_FACTS)
        .ok_or(BadPack)?;
    let side_count = usize::try_from(d.u64()?)
        .ok()
        .filter(|n| *n <= MAX_BATCH_SIDE)
        .ok_or(BadPack)?;
    let mut column = || d.bytes().map(Reader::new);
    let (mut record, mut device, mut n) = (column()?, column()?, column()?);
    let (mut kind, mut version, mut after) = (column()?, column()?, column()?);
    let (mut time, mut counts, mut flags) = (column()?, column()?, column()?);
    let (mut extra, mut bodies, mut side, mut positions) = (column()?, column()?, column()?, column()?);
    if d.position() != bytes.len() {
        return Err(BadPack);
    }

    let mut last_n: HashMap<DeviceNumber, u64> = HashMap::new();
    let mut last_ms = 0i64;
    let mut facts = Vec::with_capacity(count.min(bytes.len()));
    for _ in 0..count {
        let device_of = |number: u64| devices.get(usize::try_from(number).ok()?).copied();
        let author = device_of(device.uint()?).ok_or(BadPack)?;
        let last = last_n.get(&author).copied().unwrap_or(0);
        let own_n = last.wrapping_add(n.zigzag()? as u64).wrapping_add(1);
        last_n.insert(author, own_n);
        let after_count = usize::try_from(after.uint()?)
            .ok()
            .filter(|n| *n <= MAX_AFTER)
            .ok_or(BadPack)?;
        let after = (0..after_count).map(|_| {
            let device = device_of(after.uint()?).ok_or(BadPack)?;
            let n = if device == author {
                own_n.wrapping_sub(after.zigzag()? as u64)
            } else {
                after.uint()?
            };
            Ok(FactId::new(device, n))
        });
        let after = after.collect::<Result<_, BadPack>>()?;
        last_ms = last_ms.wrapping_add(time.zigzag()?);
        let flags = flags.byte()?;
        let fact = Fact {
            id: FactId::new(author, own_n),
            record: records
                .get(usize::try_from(record.uint()?).map_err(|_| BadPack)?)
                .map(|id| RecordId(*id))
                .ok_or(BadPack)?,
            kind: FactKind(u16::from_be_bytes([kind.byte()?, kind.byte()?])),
            version: version.byte()?,
            after,
            stamp: Stamp {
                hlc_ms: last_ms,
                hlc_count: u16::try_from(counts.uint()?).map_err(|_| BadPack)?,
                source: ClockSource::from_number((flags & SOURCE).into()).ok_or(BadPack)?,
            },
            observed: when(flags & HAS_OBSERVED, || encoding::observed(&value(&mut extra)?))?,
            was: when(flags & HAS_WAS, || encoding::was(&value(&mut extra)?))?,
            body: Body::from_value(value(&mut bodies).ok_or(BadPack)?)?,
        };
        if flags & !(SOURCE | HAS_OBSERVED | HAS_WAS) != 0 || !fact.is_whole() {
            return Err(BadPack);
        }
        facts.push(fact);
    }
    let side = unpack_side(side_count, &facts, &mut side, &mut positions)?;
    let columns = [
        record, device, n, kind, version, after, time, counts, flags, extra, bodies, positions,
    ];
    if columns.iter().any(|column| !column.is_empty())
        || facts.iter().any(|f| f.encode().len() > MAX_FACT_BYTES)
    {
        return Err(BadPack);
    }
    Ok(Batch { facts, side })
}

fn when<T>(flag: u8, read: impl FnOnce() -> Option<T>) -> Result<Option<T>, BadPack> {
    if flag == 0 {
        Ok(None)
    } else {
        read().map(Some).ok_or(BadPack)
    }
}

fn value(column: &mut Reader<'_>) -> Option<Value> {
    let (value, length) = Value::decode_first(column.rest()).ok()?;
    column.take(length as u64).ok()?;
    Some(value)
}

fn unpack_side(
    count: usize,
    facts: &[Fact],
    side: &mut Reader<'_>,
    positions: &mut Reader<'_>,
) -> Result<Vec<SideValue>, BadPack> {
    let mut values = Vec::new();
    let (mut index, mut last) = (0usize, (0i32, 0i32));
    for _ in 0..count {
        let step = usize::try_from(side.uint()?).map_err(|_| BadPack)?;
        index = index.checked_add(step).ok_or(BadPack)?;
        let fact = facts.get(index).ok_or(BadPack)?;
        let name = SideName::from_number(side.byte()?);
        let value = if name == Some(SideName::Position) {
            let (lat, lon, accuracy) = (positions.zigzag()?, positions.zigzag()?, positions.uint()?);
            last = (last.0.wrapping_add(lat as i32), last.1.wrapping_add(lon as i32));
            let accuracy = u16::try_from(accuracy).map_err(|_| BadPack)?;
            [
                &last.0.to_be_bytes()[..],
                &last.1.to_be_bytes()[..],
                &accuracy.to_be_bytes()[..],
            ]
            .concat()
        } else {
            let value = side.bytes_with_length()?;
            if value.len() > SideValue::MAX_BYTES {
                return Err(BadPack);
            }
            value.to_vec()
        };
        if let Some(name) = name {
            values.push(SideValue {
                record: fact.record,
                fact: fact.id,
                name,
                value,
            });
        }
    }
    if side.is_empty() { Ok(values) } else { Err(BadPack) }
}
