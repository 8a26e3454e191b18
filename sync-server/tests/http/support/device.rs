use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::{ByteArray, ByteVec};
use saddlebag_protocol::{
    Cursor, EnrolAnswer, EnrolRequest, ErrorCode, Forget, Outcome, Push, RemovedSide, SyncAnswer,
    SyncRequest, from_frame, to_frame,
};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Body, Chain, Fact, FactKind, SideName, SideValue, pack, unpack};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::{Reply, Server, send};

/// A phone, as small as one can be that keeps what it wrote and what it was given.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) enrolled: EnrolAnswer,
    pub(crate) key: SigningKey,
    pub(crate) actor: [u8; 16],
    address: std::net::SocketAddr,
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
        let written = written(id, record, kind, body, sides);
        self.own.push(written);
        id
    }

    /// The chain below its own fact n.
    pub(crate) fn chain_below(&self, n: usize) -> Chain {
        self.own[..n - 1]
            .iter()
            .fold(Chain::START, |chain, written| chain.then(&written.fact.hash()))
    }

    /// A push of its own facts from n on, and of others.
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
            changes: None,
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

    /// The same with facts under one-time numbers.
    pub(crate) fn sync_with(&mut self, others: Vec<Written>) -> (Vec<Outcome>, Vec<Outcome>) {
        let push = self.push_from(self.confirmed + 1, &others);
        let push = (self.confirmed < self.own.len() || !others.is_empty()).then_some(push);
        let mut request = SyncRequest {
            cursor: self.cursor,
            push,
            ..SyncRequest::default()
        };
        let mut outcomes = (Vec::new(), Vec::new());
        loop {
            let answer = self
                .ask(&request)
                .unwrap_or_else(|reply| panic!("{:?}", reply.code()));
            assert_eq!(answer.code, None);
            for receipt in answer.receipts.iter().flat_map(|receipts| &receipts.facts) {
                let list = if receipt.device == self.enrolled.device {
                    &mut outcomes.0
                } else {
                    &mut outcomes.1
                };
                list.extend((receipt.from..=receipt.to).map(|_| receipt.outcome.clone()));
            }
            self.take(&answer);
            if !answer.more {
                break;
            }
            request = SyncRequest {
                cursor: self.cursor,
                ..SyncRequest::default()
            };
        }
        self.confirmed += outcomes.0.len();
        outcomes
    }

    /// Applies an answer's page.
    pub(crate) fn take(&mut self, answer: &SyncAnswer) {
        if let Some(page) = &answer.page {
            let batch = page
                .facts
                .as_ref()
                .map(|facts| unpack(facts).unwrap())
                .unwrap_or_default();
            for fact in batch.facts {
                self.facts.insert(fact.id, fact);
            }
            for side in batch.side {
                if !self.sides.contains(&side) {
                    self.sides.push(side);
                }
            }
            for removed in page.removed_side.iter().flatten() {
                self.sides.retain(|side| {
                    (side.fact.device.0, side.fact.n, side.name as u8)
                        != (removed.device, removed.n, removed.name)
                });
                self.removed.push(*removed);
            }
            for forget in page.forget.iter().flatten() {
                self.facts.retain(|_, fact| fact.record.0 != forget.record);
                self.sides.retain(|side| side.record.0 != forget.record);
                self.forgotten.push(*forget);
            }
        }
        self.cursor = answer.cursor.or(self.cursor);
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
