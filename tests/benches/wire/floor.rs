//! The floor: the same facts as minimal CBOR arrays, one after the other, in one zstd-19 frame. No signature, no
//! cursor, no HTTP, no name of the author: what a program that only had to write them down would send.

use anyhow::Result;
use minicbor::Encoder;
use saddlebag_records::clock::ClockSource;
use saddlebag_records::fact::{Fact, SideName, SideValue};
use saddlebag_replica::Pending;

/// Bytes of the floor.
pub(crate) fn floor(pending: &Pending) -> Result<u64> {
    let mut out = Vec::new();
    for fact in &pending.facts {
        let sides = pending.side.iter().filter(|side| side.fact == fact.id);
        put(&mut out, fact, &sides.collect::<Vec<_>>())?;
    }
    Ok(zstd::bulk::compress(&out, 19)?.len() as u64)
}

/// [record, kind, time, after, body, …]: what is as always is left out; a fact's number is its place.
fn put(out: &mut Vec<u8>, fact: &Fact, sides: &[&SideValue]) -> Result<()> {
    let is_sure = fact.stamp.source == ClockSource::County && fact.stamp.hlc_count == 0;
    let length = 5 + 2 * u64::from(!is_sure) + u64::from(fact.observed.is_some()) + sides.len() as u64;
    let mut e = Encoder::new(out);
    e.array(length)?
        .bytes(&fact.record.0)?
        .u16(fact.kind.0)?
        .i64(fact.stamp.hlc_ms)?;
    e.array(fact.after.len() as u64)?;
    for after in &fact.after {
        if after.device == fact.id.device {
            e.u64(fact.id.n - after.n)?;
        } else {
            e.array(2)?.u64(after.device.0)?.u64(after.n)?;
        }
    }
    let body = fact.body.to_value().encode();
    e.writer_mut().extend_from_slice(&body);
    if !is_sure {
        e.u16(fact.stamp.hlc_count)?.u8(fact.stamp.source as u8)?;
    }
    if let Some(seen) = &fact.observed {
        e.array(3)?.i64(seen.wall_ms)?.u64(seen.mono_ms)?.u64(seen.boot)?;
    }
    for side in sides {
        match (side.name, <[u8; 10]>::try_from(side.value.as_slice())) {
            (SideName::Position, Ok([a, b, c, d, f, g, h, i, j, k])) => {
                let (lat, lon) = (i32::from_be_bytes([a, b, c, d]), i32::from_be_bytes([f, g, h, i]));
                e.array(3)?.i32(lat)?.i32(lon)?.u16(u16::from_be_bytes([j, k]))?;
            }
            (name, _) => {
                e.array(2)?.u8(name as u8)?.bytes(&side.value)?;
            }
        }
    }
    Ok(())
}
