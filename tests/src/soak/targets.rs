//! What hostile bytes meet, one function for each door. Each takes any bytes, and panics where something is not as it
//! must be: the fuzz targets call them, `mutations` does, and a test does with every file of the corpora.
#![expect(clippy::panic, reason = "a fuzz target says so by a panic")]

use std::sync::OnceLock;

use saddlebag_protocol::{EnrolRequest, SyncAnswer, SyncRequest, from_frame};
use saddlebag_records::fact::{Batch, Fact, pack, schema_of, unpack};
use saddlebag_records::id::ActorId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::trial::{Verdict, trial};
use saddlebag_records::plan::wire::{self, WireLimits};
use saddlebag_records::plan::{PlanView, edit};
use saddlebag_records::status::{About, Authors, status};
use sha2::{Digest as _, Sha256};

use super::filled::fill_all;

/// A door: its name, which is its corpus's folder and its fuzz target's name, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// Every door.
pub const ALL: [Target; 6] = [
    ("fact", fact),
    ("packed_facts", packed_facts),
    ("packed_changes", packed_changes),
    ("plan_guard", plan_guard),
    ("phone_guard", phone_guard),
    ("request", request),
];

/// The fact decoder: what it takes is canonical, and can be judged and told by whoever holds it.
pub fn fact(bytes: &[u8]) {
    let Ok(fact) = Fact::decode(bytes) else { return };
    assert_eq!(fact.encode(), bytes, "a fact has one encoding");
    if let Some(schema) = schema_of(fact.kind) {
        let _ = schema.check(&fact.body);
    }
    if let Some(kind) = fact.kind.record() {
        let about = About {
            record: fact.record,
            kind,
            plan: None,
            authors: &Authors::default(),
        };
        let _ = status(&about, [&fact]);
    }
    let batch = Batch {
        facts: vec![fact],
        side: Vec::new(),
    };
    assert_eq!(unpack(&pack(&batch)).ok(), Some(batch), "it travels as it is");
}

/// The decoder of packed facts: what comes out are facts, and they pack again.
pub fn packed_facts(bytes: &[u8]) {
    let Ok(batch) = unpack(bytes) else { return };
    for one in &batch.facts {
        assert_eq!(
            Fact::decode(&one.encode()).ok().as_ref(),
            Some(one),
            "a whole fact"
        );
    }
    assert_eq!(unpack(&pack(&batch)).ok(), Some(batch), "it packs again");
}

/// The decoder of packed plan changes: what comes out packs again.
pub fn packed_changes(bytes: &[u8]) {
    let Ok(unpacked) = wire::unpack(bytes, WireLimits::default()) else {
        return;
    };
    if unpacked.newer.is_empty() && !unpacked.changes.is_empty() {
        let again = wire::unpack(&wire::pack(&unpacked.changes), WireLimits::default());
        let again = again.map(|again| again.changes).ok();
        assert_eq!(again.as_ref(), Some(&unpacked.changes), "it packs again");
    }
}

/// The decoders of requests, framed and bare, with all that hangs on them; and of answers.
pub fn request(bytes: &[u8]) {
    let _ = minicbor::decode::<EnrolRequest>(bytes);
    let _ = from_frame::<SyncAnswer>(bytes);
    let bare = minicbor::decode::<SyncRequest>(bytes).ok();
    for request in from_frame::<SyncRequest>(bytes).ok().into_iter().chain(bare) {
        if let Some(push) = &request.push {
            let _ = push.to_sign(&[0; 16], 1);
            push.facts.iter().for_each(|facts| packed_facts(facts));
            push.changes.iter().for_each(|changes| packed_changes(changes));
        }
        let mut again = Vec::new();
        // Writing to a Vec cannot fail.
        let _ = minicbor::encode(&request, &mut again);
        assert_eq!(minicbor::decode(&again).ok(), Some(request), "it encodes again");
    }
}

/// A plan with a change that is not in it yet.
#[derive(Debug)]
pub struct Plan {
    /// Of a record of this kind.
    pub kind: RecordKind,
    /// Whose edits it may get.
    pub actor: ActorId,
    /// As it is stored.
    pub snapshot: Vec<u8>,
    /// What it says.
    pub view: PlanView,
    /// The change that comes next.
    pub next: Vec<u8>,
}

/// Plans of the kinds with every type of field.
pub fn plans() -> &'static [Plan] {
    static PLANS: OnceLock<Vec<Plan>> = OnceLock::new();
    PLANS.get_or_init(|| {
        let kinds = [
            RecordKind::Delivery,
            RecordKind::Errand,
            RecordKind::Place,
            RecordKind::Case,
            RecordKind::Camp,
        ];
        kinds.into_iter().filter_map(plan).collect()
    })
}

fn plan(kind: RecordKind) -> Option<Plan> {
    let (actor, other) = (ActorId([7; 16]), ActorId([3; 16]));
    let first = edit(kind, None, actor, &fill_all(kind, 1)).ok()??;
    let second = edit(kind, Some(&first.snapshot), other, &fill_all(kind, 2)).ok()??;
    let next = edit(kind, Some(&second.snapshot), actor, &fill_all(kind, 3)).ok()??;
    Some(Plan {
        kind,
        actor,
        snapshot: second.snapshot,
        view: second.view,
        next: next.change,
    })
}

/// A plain chunk with a right length and checksum around these contents.
pub fn framed(contents: &[u8]) -> Vec<u8> {
    let mut hashed = vec![1];
    let mut length = contents.len();
    while length >= 0x80 {
        hashed.push(u8::try_from(length & 0x7f).unwrap_or(0) | 0x80);
        length >>= 7;
    }
    hashed.push(u8::try_from(length).unwrap_or(0));
    hashed.extend(contents);
    let hash = Sha256::digest(&hashed);
    let checksum = hash.first_chunk::<4>().copied().unwrap_or_default();
    [&[0x85, 0x6f, 0x4a, 0x83][..], &checksum, &hashed].concat()
}

/// The contents of a plain chunk.
pub fn contents(change: &[u8]) -> &[u8] {
    let after = change.get(9..).unwrap_or_default();
    let length = after.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    after.get(length..).unwrap_or_default()
}

/// The county's guard and trial. The first byte says which plan, whether the rest is a whole chunk or what is in one
/// whose frame is right.
pub fn plan_guard(bytes: &[u8]) {
    guarded(bytes, |plan| Sender::Device(std::slice::from_ref(&plan.actor)));
}

/// The phone's: what the county passes on from anybody.
pub fn phone_guard(bytes: &[u8]) {
    guarded(bytes, |_| Sender::County);
}

fn guarded<'a>(bytes: &[u8], sender: impl Fn(&'a Plan) -> Sender<'a>) {
    let Some((which, rest)) = bytes.split_first() else {
        return;
    };
    let plans = plans();
    let Some(plan) = plans.get(usize::from(which >> 1) % plans.len().max(1)) else {
        return;
    };
    let change = if which & 1 == 0 {
        framed(rest)
    } else {
        rest.to_vec()
    };
    let outcome = match trial(plan.kind, Some(&plan.snapshot), sender(plan), &[&change]) {
        Ok(outcome) => outcome,
        Err(damaged) => panic!("a sound plan is taken for a damaged one: {damaged}"),
    };
    let admitted = matches!(outcome.verdicts.first(), Some(Verdict::Admitted(_)));
    assert!(
        admitted || outcome.view == plan.view,
        "what is refused leaves no trace"
    );
    assert_eq!(
        PlanView::from_bytes(&outcome.view.to_bytes()).ok().as_ref(),
        Some(&outcome.view),
        "what it says can be stored"
    );
    match trial(plan.kind, Some(&outcome.snapshot), Sender::County, &[]) {
        Ok(again) => assert_eq!(again.view, outcome.view, "it loads as it was saved"),
        Err(damaged) => panic!("what was admitted spoils the plan: {damaged}"),
    }
    if admitted {
        let edited = edit(
            plan.kind,
            Some(&outcome.snapshot),
            plan.actor,
            &fill_all(plan.kind, 4),
        );
        assert!(
            matches!(edited, Ok(Some(_))),
            "the plan can be edited on: {:?}",
            edited.err()
        );
    }
}
