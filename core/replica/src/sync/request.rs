use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::ByteArray;
use saddlebag_protocol::limits::FRAME_BUDGET;
use saddlebag_protocol::{Cursor, Push, Report, SyncRequest, to_frame};
use saddlebag_records::fact::{Batch, Fact, SideValue, pack};
use saddlebag_records::id::{ActorId, CountyId, DeviceNumber};
use saddlebag_records::plan::wire::{self, WireChange};

/// Small frames on slow links are worth the time: at 12 a day's facts are within 1 % of 19, in a third of the time.
const LEVEL: i32 = 12;

/// Who asks.
#[derive(Clone)]
pub struct Signatory {
    /// The county.
    pub county: CountyId,
    /// The device's number.
    pub device: DeviceNumber,
    /// The seed of its Ed25519 key.
    pub seed: [u8; 32],
}

/// What a device has for the county: all of it that is pending, in the order in which it should go.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// How far it has read.
    pub cursor: Option<Cursor>,
    /// Older cursors, newest first, when the county asked for them.
    pub checkpoints: Option<Vec<Cursor>>,
    /// Facts that the county has not confirmed, each author's in the order of n.
    pub facts: Vec<Fact>,
    /// The side values that hang on them.
    pub side: Vec<SideValue>,
    /// The running hash below the first fact of the device's own number, if one of those is pending.
    pub chain: Option<[u8; 8]>,
    /// Plan changes that the county has not confirmed.
    pub changes: Vec<WireChange>,
    /// How the device is, when that changed.
    pub report: Option<Report>,
    /// What it understands, when that changed.
    pub capabilities: Option<Vec<String>>,
    /// Actors that the county does not know yet.
    pub actors: Vec<ActorId>,
    /// One-time numbers left, when they want topping up.
    pub one_time_left: Option<u32>,
    /// The version of the key list that it holds.
    pub keys: u32,
}

/// A request that fits its budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// One zstd frame.
    pub frame: Vec<u8>,
    /// How many of the pending facts are in it.
    pub facts: usize,
    /// How many of the pending changes are in it.
    pub changes: usize,
}

impl Outgoing {
    /// Whether there is anything to push.
    pub fn is_idle(&self) -> bool {
        self.facts.is_empty() && self.changes.is_empty()
    }

    /// As much as fits into `budget` bytes, at least one item if there is any: facts first, then changes.
    pub fn compose(&self, signatory: &Signatory, nonce: [u8; 8], budget: usize) -> Composed {
        let all = self.facts.len() + self.changes.len();
        let mut most = all;
        loop {
            let (facts, changes) = (most.min(self.facts.len()), most.saturating_sub(self.facts.len()));
            let frame = to_frame(&self.request(signatory, nonce, budget, facts, changes), LEVEL);
            if frame.len() <= budget || most <= 1 {
                return Composed { frame, facts, changes };
            }
            // Items differ in size, so aim a little low; each round takes at least one off.
            most = (most * budget * 9 / (frame.len() * 10)).clamp(1, most - 1);
        }
    }

    fn request(
        &self,
        signatory: &Signatory,
        nonce: [u8; 8],
        budget: usize,
        facts: usize,
        changes: usize,
    ) -> SyncRequest {
        SyncRequest {
            cursor: self.cursor,
            push: (facts + changes > 0).then(|| self.push(signatory, nonce, facts, changes)),
            budget: (budget != FRAME_BUDGET).then_some(u32::try_from(budget).unwrap_or(u32::MAX)),
            checkpoints: self.checkpoints.clone(),
            report: self.report.clone(),
            capabilities: self.capabilities.clone(),
            actors: (!self.actors.is_empty()).then(|| self.actors.iter().map(|a| ByteArray::from(a.0)).collect()),
            one_time_left: self.one_time_left,
            keys: Some(self.keys),
        }
    }

    fn push(&self, signatory: &Signatory, nonce: [u8; 8], facts: usize, changes: usize) -> Push {
        let facts: Vec<_> = self.facts.iter().take(facts).cloned().collect();
        let own = facts.iter().any(|fact| fact.id.device == signatory.device);
        // A side value whose fact is not in this push is left out by the packer.
        let packed = (!facts.is_empty()).then(|| pack(&Batch { facts, side: self.side.clone() }).into());
        let changes = self.changes.get(..changes).filter(|changes| !changes.is_empty());
        let mut push = Push {
            nonce,
            facts: packed,
            chain: self.chain.filter(|_| own).map(ByteArray::from),
            changes: changes.map(|changes| wire::pack(changes).into()),
            signature: [0; 64],
        };
        let signed = push.to_sign(&signatory.county.0, signatory.device.0);
        push.signature = SigningKey::from_bytes(&signatory.seed).sign(&signed).to_bytes();
        push
    }
}
