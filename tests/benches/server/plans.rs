//! Plan changes: what the server spends on one, beside loading, applying, saving and loading again.

use std::process;
use std::time::Duration;

use anyhow::{Context, Result};
use automerge::{Automerge, Change};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::wire::WireChange;
use saddlebag_records::plan::{PlanEdit, edit, start};
use saddlebag_tests::bench::Row;

use crate::county::{BusyCounty, is_admitted};
use crate::process::cpu;

/// Pickups that each phone notes.
const PICKUPS: usize = 40;
/// Pickups of one request.
const AT_ONCE: usize = 10;
const NOTES: [&str; 3] = ["门口有狗", "下午在家", "先打电话"];

/// What it came to.
pub(crate) struct Changes {
    count: usize,
    server: Duration,
    automerge: Duration,
}

impl Changes {
    pub(crate) fn row(&self, most: f64) -> Row {
        let each = |cpu: Duration| cpu.as_secs_f64() * 1e3 / self.count as f64;
        let times = each(self.server) / each(self.automerge);
        Row {
            what: format!("CPU of the server for a plan change, {} of them", self.count),
            came_to: format!("{:.3} ms, {times:.2} ×", each(self.server)),
            beside: format!(
                "load, apply, save, load in one thread: {:.3} ms",
                each(self.automerge)
            ),
            at_most: format!("{most} ×"),
            is_within: times <= most,
        }
    }
}

/// Every phone notes pickups, and writes in each three times more.
pub(crate) fn measure(county: &mut BusyCounty) -> Result<Changes> {
    let mut requests = Vec::new();
    let mut written: Vec<Vec<Vec<u8>>> = Vec::new();
    for at in 0..county.phones.len() {
        let actor = ActorId([u8::try_from(at + 1)?; 16]);
        let mut of_phone = Vec::new();
        for pickup in 0..PICKUPS {
            let mut name = [0; 16];
            name.copy_from_slice(
                blake3::hash(format!("pickup {at} {pickup}").as_bytes())
                    .as_bytes()
                    .get(..16)
                    .context("16 bytes")?,
            );
            let record = RecordId(uuid_v7_like(name));
            let chunks = pickup_chunks(actor)?;
            of_phone.push((record, chunks.clone()));
            written.push(chunks);
        }
        requests.push(of_phone);
    }
    (0..county.phones.len()).try_for_each(|at| county.connect(at))?;
    let pid = county.server.pid();
    let before = cpu(pid)?;
    for ((device, link), pickups) in county.phones.iter_mut().zip(&requests) {
        for some in pickups.chunks(AT_ONCE) {
            let change = |(record, chunks): &(RecordId, Vec<Vec<u8>>)| {
                let (record, kind) = (*record, RecordKind::Pickup);
                chunks
                    .iter()
                    .map(|bytes| WireChange {
                        record,
                        kind,
                        bytes: bytes.clone(),
                    })
                    .collect::<Vec<_>>()
            };
            let changes: Vec<WireChange> = some.iter().flat_map(change).collect();
            let push = device.push_of_changes(&changes);
            is_admitted(&device.exchange(link, Some(push))?)?;
        }
    }
    let server = cpu(pid)?.saturating_sub(before);
    let before = cpu(process::id())?;
    for chunks in &written {
        by_automerge(chunks)?;
    }
    Ok(Changes {
        count: written.iter().map(Vec::len).sum(),
        server,
        automerge: cpu(process::id())?.saturating_sub(before),
    })
}

fn uuid_v7_like(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

/// A new pickup and three notes on it, a change each.
fn pickup_chunks(actor: ActorId) -> Result<Vec<Vec<u8>>> {
    let note = |text: &str| PlanEdit::ReplaceNote {
        field: "notes".into(),
        text: text.into(),
    };
    let mut edits = vec![vec![PlanEdit::set("price_fen", 2_500i64)]];
    edits.extend(NOTES.map(|text| vec![note(text)]));
    let (mut snapshot, mut chunks) = (None::<Vec<u8>>, Vec::new());
    for edits in edits {
        let edited = edit(RecordKind::Pickup, snapshot.as_deref(), actor, &edits)?.context("a change")?;
        chunks.push(edited.change);
        snapshot = Some(edited.snapshot);
    }
    Ok(chunks)
}

fn by_automerge(chunks: &[Vec<u8>]) -> Result<()> {
    let golden = start(RecordKind::Pickup).context("a start")?;
    let mut document = Automerge::new();
    document.apply_changes([Change::from_bytes(golden.bytes.to_vec())?])?;
    let mut saved = document.save();
    for chunk in chunks {
        let mut document = Automerge::load(&saved)?;
        document.apply_changes([Change::from_bytes(chunk.clone())?])?;
        saved = document.save();
        std::hint::black_box(Automerge::load(&saved)?);
    }
    Ok(())
}
