use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::{ByteArray, ByteVec};
use saddlebag_protocol::{
    Again, ChangeReceipt, Cursor, EnrolAnswer, EnrolRequest, ErrorCode, Forget, GivenAgain, Outcome, Page,
    Push, RemovedSide, SyncAnswer, SyncRequest, from_frame, to_frame,
};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Body, Chain, Fact, FactKind, SideName, SideValue, pack, unpack};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::trial::{Verdict, trial};
use saddlebag_records::plan::wire::{self, WireChange, WireLimits};
use saddlebag_records::plan::{ChangeHeader, PlanEdit, PlanView, edit};

use super::{Reply, Server, send};

/// A phone, as small as one can be that keeps what it wrote and what it was given.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) enrolled: EnrolAnswer,
    pub(crate) key: SigningKey,
    pub(crate) actor: [u8; 16],
    pub(crate) address: std::net::SocketAddr,
    /// All that it wrote under its own number, and how much of that the county confirmed.
    pub(crate) own: Vec<Written>,
    pub(crate) confirmed: usize,
    nonce: u64,
    pub(crate) cursor: Option<Cursor>,
    /// What it was given.
    pub(crate) facts: BTreeMap<FactId, Fact>,
    pub(crate) sides: Vec<SideValue>,
    pub(crate) forgotten: Vec<Forget>,
    pub(crate) removed: Vec<RemovedSide>,
    /// Whose devices wrote what it was given.
    pub(crate) authors: BTreeMap<u64, [u8; 16]>,
    /// The plans that it holds.
    pub(crate) plans: BTreeMap<RecordId, (RecordKind, Vec<u8>)>,
    /// Plan changes that the county has not confirmed.
    pub(crate) edits: Vec<WireChange>,
    /// All that it ever wrote.
    pub(crate) edited: Vec<WireChange>,
    /// What became of those that were not admitted.
    pub(crate) refused_edits: Vec<ChangeReceipt>,
    /// What it asks for of an answer.
    pub(crate) budget: Option<u32>,
    /// Answers that it took, in bytes.
    pub(crate) answers: Vec<usize>,
}

/// A fact with its side values.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) fact: Fact,
    pub(crate) sides: Vec<SideValue>,
}

impl Device {
    pub(crate) fn enrol(server: &Server, code: String) -> Self {
        let mut seed = [0; 32];
        saddlebag_sync_server::outside::Outside::fill(&*server.outside, &mut seed);
        let key = SigningKey::from_bytes(&seed);
        let actor = *blake3::hash(&seed).as_bytes().first_chunk().unwrap();
        let request = EnrolRequest {
            code,
            county: None,
            public_key: key.verifying_key().to_bytes(),
            actor,
            app: "test 1".into(),
            capabilities: None,
        };
        let enrolled = server.enrol(&request).unwrap();
        Self {
            actor,
            ..Self::resumed(server, enrolled, seed)
        }
    }

    /// A device that was enrolled by hand, with this key.
    pub(crate) fn resumed(server: &Server, enrolled: EnrolAnswer, seed: [u8; 32]) -> Self {
        Self {
            enrolled,
            key: SigningKey::from_bytes(&seed),
            actor: [0; 16],
            address: server.address,
            own: Vec::new(),
            confirmed: 0,
            nonce: 0,
            cursor: None,
            facts: BTreeMap::new(),
            sides: Vec::new(),
            forgotten: Vec::new(),
            removed: Vec::new(),
            authors: BTreeMap::new(),
            plans: BTreeMap::new(),
            edits: Vec::new(),
            edited: Vec::new(),
            refused_edits: Vec::new(),
            budget: None,
            answers: Vec::new(),
        }
    }

    pub(crate) fn number(&self) -> DeviceNumber {
        DeviceNumber(self.enrolled.device)
    }

    /// Writes a fact under its own number.
    pub(crate) fn write(&mut self, record: RecordId, kind: FactKind, body: Body) -> FactId {
        self.write_with(record, kind, body, &[])
    }

    pub(crate) fn write_with(
        &mut self,
        record: RecordId,
        kind: FactKind,
        body: Body,
        sides: &[(SideName, &[u8])],
    ) -> FactId {
        let id = FactId::new(self.number(), self.own.len() as u64 + 1);
        self.own.push(written(id, record, kind, body, sides));
        id
    }

    /// Edits a plan under its own actor; the change waits for the next push.
    pub(crate) fn edit(&mut self, record: RecordId, kind: RecordKind, edits: &[PlanEdit]) -> ChangeHeader {
        let snapshot = self.plans.get(&record).map(|(_, snapshot)| snapshot.as_slice());
        let edited = edit(kind, snapshot, ActorId(self.actor), edits).unwrap().unwrap();
        self.plans.insert(record, (kind, edited.snapshot));
        let bytes = edited.change;
        self.edits.push(WireChange { record, kind, bytes });
        self.edited.extend(self.edits.last().cloned());
        edited.header
    }

    /// What the plan that it holds says.
    pub(crate) fn view(&self, record: RecordId) -> PlanView {
        let (kind, snapshot) = &self.plans[&record];
        trial(*kind, Some(snapshot), Sender::County, &[]).unwrap().view
    }

    /// The chain below its own fact n.
    pub(crate) fn chain_below(&self, n: usize) -> Chain {
        self.own[..n - 1]
            .iter()
            .fold(Chain::START, |chain, written| chain.then(&written.fact.hash()))
    }

    /// A push of its own facts from n on, of others, and of its edits.
    pub(crate) fn push_from(&mut self, n: usize, others: &[Written]) -> Push {
        let own = &self.own[n - 1..];
        let chain = (!own.is_empty()).then(|| self.chain_below(n).running_hash());
        let all: Vec<Written> = own.iter().chain(others).cloned().collect();
        self.push_of(&all, chain)
    }

    pub(crate) fn push_of(&mut self, written: &[Written], chain: Option<[u8; 8]>) -> Push {
        self.nonce += 1;
        let batch = Batch {
            facts: written.iter().map(|written| written.fact.clone()).collect(),
            side: written.iter().flat_map(|written| written.sides.clone()).collect(),
        };
        self.signed(Push {
            nonce: self.nonce.to_be_bytes(),
            facts: (!batch.facts.is_empty()).then(|| ByteVec::from(pack(&batch))),
            chain: chain.map(ByteArray::from),
            changes: (!self.edits.is_empty()).then(|| ByteVec::from(wire::pack(&self.edits))),
            signature: [0; 64],
        })
    }

    pub(crate) fn signed(&self, mut push: Push) -> Push {
        let to_sign = push.to_sign(&self.enrolled.county, self.enrolled.device);
        push.signature = self.key.sign(&to_sign).to_bytes();
        push
    }

    /// Sends a request as it is.
    pub(crate) fn ask(&self, request: &SyncRequest) -> Result<SyncAnswer, Reply> {
        let reply = self.ask_raw(&to_frame(request, 3));
        if reply.status == 200 {
            Ok(from_frame(&reply.body).unwrap())
        } else {
            Err(reply)
        }
    }

    pub(crate) fn ask_raw(&self, frame: &[u8]) -> Reply {
        let token = format!("Bearer {}", self.enrolled.token);
        let headers = [
            ("Authorization", &*token),
            ("Content-Type", "application/cbor"),
            ("Content-Encoding", "zstd"),
        ];
        send(self.address, "POST", "/v1/sync", &headers, frame)
    }

    pub(crate) fn refused(&self, request: &SyncRequest) -> ErrorCode {
        self.ask(request).expect_err("the request was carried out").code()
    }

    /// Sends all that is not confirmed and reads to the end. What became of each of its own facts, in order.
    pub(crate) fn sync(&mut self) -> Vec<Outcome> {
        self.sync_with(Vec::new()).0
    }

    /// The same with facts under one-time numbers, whose outcomes come second.
    pub(crate) fn sync_with(&mut self, others: Vec<Written>) -> (Vec<Outcome>, Vec<Outcome>) {
        let anything = self.confirmed < self.own.len() || !others.is_empty() || !self.edits.is_empty();
        let mut push = anything.then(|| self.push_from(self.confirmed + 1, &others));
        let (mut outcomes, mut asked) = ((Vec::new(), Vec::new()), None);
        let mut has_given = false;
        loop {
            let (cursor, budget) = (self.cursor, self.budget);
            let request = SyncRequest {
                cursor,
                push: push.take(),
                budget,
                given_again: asked.take().map(|again| self.giving_again(&again)),
                ..SyncRequest::default()
            };
            let reply = self.ask_raw(&to_frame(&request, 3));
            assert_eq!(reply.status, 200, "{:?}", reply.code());
            self.answers.push(reply.body.len());
            let answer: SyncAnswer = from_frame(&reply.body).unwrap();
            assert_eq!(answer.code, None);
            if let Some(receipts) = &answer.receipts {
                for receipt in &receipts.facts {
                    let own = receipt.device == self.enrolled.device;
                    let list = if own { &mut outcomes.0 } else { &mut outcomes.1 };
                    list.extend((receipt.from..=receipt.to).map(|_| receipt.outcome.clone()));
                }
                self.refused_edits.extend(receipts.changes.iter().cloned());
                self.edits.clear();
            }
            self.take(&answer);
            asked = answer.again.filter(|_| !std::mem::replace(&mut has_given, true));
            if !answer.more && asked.is_none() {
                break;
            }
        }
        self.confirmed += outcomes.0.len();
        outcomes
    }

    /// What it holds of what the county asks for again.
    pub(crate) fn giving_again(&self, again: &Again) -> GivenAgain {
        let is_asked = |fact: &FactId| {
            let its = again.facts.iter();
            its.clone()
                .any(|name| (name.author, name.n) == (fact.device.0, fact.n))
        };
        let own = self.own.iter().map(|written| &written.fact);
        let held = self.facts.values().filter(|fact| fact.id.device != self.number());
        let facts: Vec<_> = own
            .chain(held)
            .filter(|fact| is_asked(&fact.id))
            .cloned()
            .collect();
        let own = self.own.iter().flat_map(|written| &written.sides);
        let sides = |fact: &Fact| {
            let all = own.clone().chain(&self.sides);
            let mut its: Vec<_> = all.filter(|side| side.fact == fact.id).cloned().collect();
            its.dedup_by_key(|side| side.name);
            its
        };
        let side = facts.iter().flat_map(sides).collect();
        let is_asked = |change: &&WireChange| {
            let header = ChangeHeader::read(&change.bytes).unwrap();
            let mut names = again.changes.iter();
            names.any(|name| {
                (name.record, name.actor, name.seq) == (change.record.0, header.actor.0, header.seq)
            })
        };
        let changes: Vec<_> = self.edited.iter().filter(is_asked).cloned().collect();
        GivenAgain {
            facts: (!facts.is_empty()).then(|| ByteVec::from(pack(&Batch { facts, side }))),
            changes: (!changes.is_empty()).then(|| ByteVec::from(wire::pack(&changes))),
        }
    }

    /// Applies an answer's page and keeps its cursor.
    pub(crate) fn take(&mut self, answer: &SyncAnswer) {
        if let Some(page) = &answer.page {
            self.take_page(page);
        }
        self.cursor = answer.cursor.or(self.cursor);
    }

    fn take_page(&mut self, page: &Page) {
        let batch = page
            .facts
            .as_ref()
            .map(|facts| unpack(facts).unwrap())
            .unwrap_or_default();
        self.facts
            .extend(batch.facts.into_iter().map(|fact| (fact.id, fact)));
        for side in batch.side {
            if !self.sides.contains(&side) {
                self.sides.push(side);
            }
        }
        let changes = page
            .changes
            .as_ref()
            .map(|packed| wire::unpack(packed, WireLimits::default()).map(|unpacked| unpacked.changes));
        for change in changes.map(Result::unwrap).into_iter().flatten() {
            self.apply(&change);
        }
        let authors = page.authors.iter().flatten();
        self.authors
            .extend(authors.map(|author| (author.device, author.person)));
        for removed in page.removed_side.iter().flatten() {
            let is_it = |side: &SideValue| {
                let its = (side.fact.device.0, side.fact.n, side.name as u8);
                its == (removed.device, removed.n, removed.name)
            };
            self.sides.retain(|side| !is_it(side));
            self.removed.push(*removed);
        }
        for forget in page.forget.iter().flatten() {
            self.facts.retain(|_, fact| fact.record.0 != forget.record);
            self.sides.retain(|side| side.record.0 != forget.record);
            self.plans.remove(&RecordId(forget.record));
            self.forgotten.push(*forget);
        }
    }

    fn apply(&mut self, change: &WireChange) {
        let snapshot = self
            .plans
            .get(&change.record)
            .map(|(_, snapshot)| snapshot.as_slice());
        let tried = trial(change.kind, snapshot, Sender::County, &[&change.bytes]).unwrap();
        let taken = matches!(tried.verdicts[..], [Verdict::Admitted(_) | Verdict::Known(_)]);
        assert!(taken, "{:?}", tried.verdicts);
        self.plans.insert(change.record, (change.kind, tried.snapshot));
    }

    /// The kinds of the facts that it was given about a record.
    pub(crate) fn given(&self, record: RecordId) -> Vec<FactKind> {
        self.facts
            .values()
            .filter(|fact| fact.record == record)
            .map(|fact| fact.kind)
            .collect()
    }
}

/// A fact as a device would write it.
pub(crate) fn written(
    id: FactId,
    record: RecordId,
    kind: FactKind,
    body: Body,
    sides: &[(SideName, &[u8])],
) -> Written {
    let stamp = Stamp {
        hlc_ms: 1_790_000_000_000,
        hlc_count: id.n as u16,
        source: ClockSource::County,
    };
    let fact = Fact {
        id,
        record,
        kind,
        version: 1,
        after: vec![],
        stamp,
        observed: None,
        was: None,
        body,
    };
    let sides = sides.iter().map(|(name, value)| SideValue {
        record,
        fact: id,
        name: *name,
        value: value.to_vec(),
    });
    Written {
        fact,
        sides: sides.collect(),
    }
}
