//! Plan changes from outside are hostile: each row of the table that was measured, through the endpoint. Nothing of
//! any of them is kept, and what else came in the same push is hurt by none.

use saddlebag_protocol::{ErrorCode, Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::trial::trial;
use saddlebag_records::plan::wire::WireChange;
use saddlebag_records::plan::{PlanEdit, start};
use saddlebag_sync_server::act::{Act, Draft, Part};
use sha2::{Digest, Sha256};

use crate::support::{Device, Dice, Server};

const PARCEL: RecordId = RecordId([40; 16]);
const OTHER: RecordId = RecordId([41; 16]);

fn server() -> (Server, Device) {
    let server = Server::start();
    let dispatcher = server.person(12, Role::Dispatcher, None);
    announce(&server, dispatcher, PARCEL);
    announce(&server, dispatcher, OTHER);
    let mut office = server.device(dispatcher);
    office.sync();
    (server, office)
}

fn announce(server: &Server, dispatcher: PersonId, record: RecordId) {
    let part = Part {
        record,
        kind: RecordKind::Delivery,
        facts: vec![Draft::new(kinds::delivery::ANNOUNCED, Body::new())],
        edits: vec![PlanEdit::set("order", 1i64)],
    };
    server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
}

/// An honest change of the parcel's plan, apart from the device's own copy.
fn honest(office: &Device) -> Vec<u8> {
    let mut copy = office.clone();
    copy.edits.clear();
    copy.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::set("order", 7i64)]);
    copy.edits.remove(0).bytes
}

/// A change taken apart: what its header says, and its columns as they are.
#[derive(Clone)]
struct Parts {
    deps: Vec<[u8; 32]>,
    actor: Vec<u8>,
    seq: u64,
    start_op: u64,
    time: i64,
    message: Vec<u8>,
    rest: Vec<u8>,
}

fn leb(value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut left = value;
    loop {
        let byte = (left & 0x7f) as u8;
        left >>= 7;
        out.push(if left == 0 { byte } else { byte | 0x80 });
        if left == 0 {
            return out;
        }
    }
}

fn read_leb(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return value;
        }
    }
}

fn take<'a>(bytes: &mut &'a [u8], n: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(n);
    *bytes = rest;
    taken
}

impl Parts {
    fn of(chunk: &[u8]) -> Self {
        let mut bytes = &chunk[9..];
        read_leb(&mut bytes);
        let deps = read_leb(&mut bytes);
        let deps = (0..deps)
            .map(|_| take(&mut bytes, 32).try_into().unwrap())
            .collect();
        let length = read_leb(&mut bytes) as usize;
        let actor = take(&mut bytes, length).to_vec();
        let (seq, start_op) = (read_leb(&mut bytes), read_leb(&mut bytes));
        assert_eq!(
            (read_leb(&mut bytes), read_leb(&mut bytes)),
            (0, 0),
            "an honest change has neither"
        );
        Self {
            deps,
            actor,
            seq,
            start_op,
            time: 0,
            message: vec![],
            rest: bytes.to_vec(),
        }
    }

    fn contents(&self) -> Vec<u8> {
        let mut out = leb(self.deps.len() as u64);
        out.extend(self.deps.concat());
        out.extend(leb(self.actor.len() as u64));
        out.extend(&self.actor);
        out.extend(leb(self.seq));
        out.extend(leb(self.start_op));
        out.extend(leb(self.time as u64));
        out.extend(leb(self.message.len() as u64));
        out.extend(&self.message);
        out.extend(&self.rest);
        out
    }

    fn chunk(&self) -> Vec<u8> {
        framed(1, &self.contents())
    }
}

/// A chunk of any type, with the right checksum.
fn framed(kind: u8, contents: &[u8]) -> Vec<u8> {
    let hashed = [&[kind], &leb(contents.len() as u64)[..], contents].concat();
    let checksum = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat()
}

/// Pushes a change together with an honest one of another record. What became of the first.
fn pushed(office: &mut Device, bytes: Vec<u8>) -> Option<Outcome> {
    office.refused_edits.clear();
    office.edit(
        OTHER,
        RecordKind::Delivery,
        &[PlanEdit::note("notes", &format!("{}", office.answers.len()))],
    );
    office.edits.insert(
        0,
        WireChange {
            record: PARCEL,
            kind: RecordKind::Delivery,
            bytes,
        },
    );
    office.sync();
    assert!(
        office
            .refused_edits
            .iter()
            .all(|receipt| receipt.record == PARCEL.0),
        "the other one was hurt"
    );
    assert!(office.refused_edits.len() <= 1);
    office
        .refused_edits
        .first()
        .map(|receipt| receipt.outcome.clone())
}

fn refused(code: &str) -> Option<Outcome> {
    Some(Outcome::Refused(code.to_owned()))
}

/// The parcel's plan is what it was, and can be loaded.
fn assert_untouched(server: &Server, changes: usize) {
    let plan = server
        .county
        .store()
        .read_blocking(|tx| tx.plan(PARCEL))
        .unwrap()
        .unwrap();
    assert_eq!(plan.change_count, changes as u64);
    let loaded = trial(RecordKind::Delivery, Some(&plan.snapshot), Sender::County, &[]).unwrap();
    assert_eq!(loaded.view.to_bytes(), plan.view);
    assert_eq!(
        server
            .county
            .store()
            .read_blocking(|tx| tx.held_of(PARCEL))
            .unwrap(),
        []
    );
}

#[test]
fn a_wrong_checksum() {
    let (server, mut office) = server();
    let mut bytes = honest(&office);
    bytes[4] ^= 1;
    assert_eq!(pushed(&mut office, bytes), refused("plan_change_checksum"));
    assert_untouched(&server, 1);
}

#[test]
fn deflated_chunks_documents_and_bundles_are_no_changes() {
    let (server, mut office) = server();
    let contents = Parts::of(&honest(&office)).contents();
    // What is deflated is never inflated, so a bomb of a gigabyte costs as little as this.
    for kind in [0, 2, 3, 9] {
        office.edits = vec![WireChange {
            record: PARCEL,
            kind: RecordKind::Delivery,
            bytes: framed(kind, &contents),
        }];
        let push = office.push_from(1, &[]);
        let code = office.refused(&SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        });
        assert_eq!(
            code,
            ErrorCode::Malformed,
            "nobody can name what is refused: type {kind}"
        );
    }
    assert_untouched(&server, 1);
}

#[test]
fn a_run_length_bomb() {
    let (server, mut office) = server();
    let mut parts = Parts::of(&honest(&office));
    // Column 0x42, the actions: 20 million times `set`, in a few bytes.
    let run = [leb(20_000_000), vec![1]].concat();
    parts.rest = [vec![0], vec![1], leb(0x42), leb(run.len() as u64), run].concat();
    let bytes = parts.chunk();
    assert!(bytes.len() < 100);
    assert_eq!(pushed(&mut office, bytes), refused("plan_change_op_count"));
    assert_untouched(&server, 1);
}

#[test]
fn a_gap_in_an_actors_sequence() {
    let (server, mut office) = server();
    let parts = Parts {
        seq: 3,
        ..Parts::of(&honest(&office))
    };
    assert_eq!(
        pushed(&mut office, parts.chunk()),
        refused("plan_change_sequence")
    );
    assert_untouched(&server, 1);
}

#[test]
fn counters_out_of_reach() {
    let (server, mut office) = server();
    let parts = Parts::of(&honest(&office));
    for start_op in [1, parts.start_op + 100, u64::from(u32::MAX), i64::MAX as u64] {
        let parts = Parts {
            start_op,
            ..parts.clone()
        };
        let outcome = pushed(&mut office, parts.chunk());
        let is_refused = matches!(outcome, Some(Outcome::Refused(_)));
        assert!(is_refused, "{start_op}: {outcome:?}");
    }
    assert_untouched(&server, 1);
}

#[test]
fn another_change_under_a_sequence_number_that_is_taken() {
    let (server, mut office) = server();
    let first = honest(&office);
    assert_eq!(pushed(&mut office, first.clone()), None);
    let mut other = Parts::of(&first);
    let at = other.rest.iter().rposition(|byte| *byte == 7).unwrap();
    other.rest[at] = 8;
    assert_eq!(
        pushed(&mut office, other.chunk()),
        refused("plan_change_sequence_reused")
    );
    assert_untouched(&server, 2);
}

#[test]
fn actors_of_others() {
    let (server, mut office) = server();
    let parts = Parts::of(&honest(&office));
    for (actor, code) in [
        (vec![9; 16], "plan_change_foreign_actor"),
        (vec![0; 16], "plan_change_zero_actor"),
    ] {
        let parts = Parts {
            actor,
            ..parts.clone()
        };
        assert_eq!(pushed(&mut office, parts.chunk()), refused(code));
    }
    assert_untouched(&server, 1);
}

#[test]
fn what_could_carry_something_unseen() {
    let (server, mut office) = server();
    let parts = Parts::of(&honest(&office));
    let with_message = Parts {
        message: b"a name".to_vec(),
        ..parts.clone()
    };
    assert_eq!(
        pushed(&mut office, with_message.chunk()),
        refused("plan_change_message")
    );
    let with_time = Parts {
        time: 5,
        ..parts.clone()
    };
    assert_eq!(
        pushed(&mut office, with_time.chunk()),
        refused("plan_change_time")
    );
    let mut trailing = parts.clone();
    trailing.rest.push(0);
    assert_eq!(
        pushed(&mut office, trailing.chunk()),
        refused("plan_change_trailing_bytes")
    );
    let mut after = parts.chunk();
    after.push(0);
    assert_eq!(pushed(&mut office, after), refused("plan_change_trailing_bytes"));
    let many = Parts {
        deps: (0..9).map(|n| [n; 32]).collect(),
        ..parts
    };
    assert_eq!(
        pushed(&mut office, many.chunk()),
        refused("plan_change_dependencies")
    );
    assert_untouched(&server, 1);
}

#[test]
fn a_golden_start_is_the_countys_alone() {
    let (server, mut office) = server();
    let golden = start(RecordKind::Delivery).unwrap().bytes.clone();
    assert_eq!(pushed(&mut office, golden), refused("plan_change_zero_actor"));
    assert_untouched(&server, 1);
}

#[test]
fn changes_with_flipped_bytes_leave_a_plan_that_loads() {
    let seed = 20_261_123;
    println!("seed {seed}");
    let mut dice = Dice::new(seed);
    let (server, mut office) = server();
    let contents = Parts::of(&honest(&office)).contents();
    let mut taken = 1;
    for _ in 0..150 {
        let mut mutated = contents.clone();
        for _ in 0..=dice.below(3) {
            let at = dice.below(mutated.len() as u64) as usize;
            mutated[at] = dice.below(256) as u8;
        }
        let mut edits = vec![WireChange {
            record: PARCEL,
            kind: RecordKind::Delivery,
            bytes: framed(1, &mutated),
        }];
        std::mem::swap(&mut office.edits, &mut edits);
        let push = office.push_from(1, &[]);
        office.edits.clear();
        let request = SyncRequest {
            push: Some(push),
            cursor: office.cursor,
            ..SyncRequest::default()
        };
        match office.ask(&request) {
            Ok(answer) if answer.receipts.as_ref().unwrap().changes.is_empty() => taken += 1,
            Ok(_) => {}
            Err(reply) => assert_eq!(reply.code(), ErrorCode::Malformed),
        }
    }
    let plan = server
        .county
        .store()
        .read_blocking(|tx| tx.plan(PARCEL))
        .unwrap()
        .unwrap();
    assert!(plan.change_count <= taken, "{} {taken}", plan.change_count);
    trial(RecordKind::Delivery, Some(&plan.snapshot), Sender::County, &[]).unwrap();
    let mut fresh = server.device(PersonId([12; 16]));
    fresh.sync();
    assert_eq!(fresh.view(PARCEL).to_bytes(), plan.view);
}
