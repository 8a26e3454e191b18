use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{SystemTime, UNIX_EPOCH};

use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::{ByteArray, ByteVec};
use saddlebag_protocol::{
    Cursor, EnrolAnswer, EnrolRequest, ErrorBody, Outcome, Push, Report, SyncAnswer, SyncRequest, from_frame,
    to_frame,
};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Body, Chain, Fact, FactKind, SideName, SideValue, pack, unpack};
use saddlebag_records::id::{DeviceNumber, FactId, PersonId, RecordId};

use super::Serving;

/// A phone that writes facts, pushes them, and keeps the facts and side values that it is given.
pub(crate) struct Phone {
    address: SocketAddr,
    key: SigningKey,
    pub(crate) enrolled: EnrolAnswer,
    own: Vec<Fact>,
    /// Facts that are not pushed yet, with what hangs on them.
    waiting: Vec<(Fact, Vec<SideValue>)>,
    cursor: Option<Cursor>,
    nonce: u64,
    pub(crate) facts: BTreeMap<FactId, Fact>,
    pub(crate) sides: Vec<SideValue>,
}

impl Phone {
    pub(crate) fn enrol(address: SocketAddr, code: &str) -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let key = SigningKey::from_bytes(&seed);
        let request = EnrolRequest {
            code: code.to_owned(),
            county: None,
            public_key: key.verifying_key().to_bytes(),
            actor: *blake3::hash(&seed).as_bytes().first_chunk().unwrap(),
            app: "test 1".to_owned(),
            capabilities: None,
        };
        let body = minicbor::to_vec(&request).unwrap();
        let (status, answer) = post(
            address,
            "/v1/enrol",
            &[("Content-Type", "application/cbor")],
            &body,
        );
        assert_eq!(status, 200);
        Self {
            address,
            key,
            enrolled: minicbor::decode(&answer).unwrap(),
            own: Vec::new(),
            waiting: Vec::new(),
            cursor: None,
            nonce: 0,
            facts: BTreeMap::new(),
            sides: Vec::new(),
        }
    }

    /// Speaks to another server from now on.
    pub(crate) fn at(&mut self, serving: &Serving) {
        self.address = serving.address;
    }

    pub(crate) fn person(&self) -> PersonId {
        PersonId(self.enrolled.person.id)
    }

    pub(crate) fn device(&self) -> DeviceNumber {
        DeviceNumber(self.enrolled.device)
    }

    /// Writes a fact.
    pub(crate) fn write(&mut self, record: &str, kind: FactKind, body: Body) -> FactId {
        let n = 1 + self.own.len() as u64;
        let fact = fact(
            FactId::new(DeviceNumber(self.enrolled.device), n),
            record,
            kind,
            body,
        );
        self.own.push(fact.clone());
        self.waiting.push((fact.clone(), Vec::new()));
        fact.id
    }

    /// Writes the first fact of a record under the next one-time number.
    pub(crate) fn write_aliased(&mut self, record: &str, kind: FactKind, body: Body) -> FactId {
        let number = self.enrolled.one_time.remove(0);
        let fact = fact(FactId::new(DeviceNumber(number), 1), record, kind, body);
        self.waiting.push((fact.clone(), Vec::new()));
        fact.id
    }

    /// Writes the next fact of a record under the one-time number of an earlier one.
    pub(crate) fn go_on(&mut self, after: FactId, record: &str, kind: FactKind, body: Body) {
        let id = FactId::new(after.device, after.n + 1);
        self.waiting.push((fact(id, record, kind, body), Vec::new()));
    }

    /// Hangs a phone number on the last fact.
    pub(crate) fn with_phone(&mut self, phone: &str) {
        self.hang(SideName::Phone, phone.as_bytes());
    }

    /// Hangs a side value on the last fact.
    pub(crate) fn hang(&mut self, name: SideName, value: &[u8]) {
        let (fact, sides) = self.waiting.last_mut().unwrap();
        let side = SideValue {
            record: fact.record,
            fact: fact.id,
            name,
            value: value.to_vec(),
        };
        sides.push(side);
    }

    /// Pushes what waits and pulls to the end; what became of each fact that was pushed, in their order, or the code of
    /// a request that was not carried out.
    pub(crate) fn sync(&mut self) -> Result<Vec<Outcome>, String> {
        let mut push = (!self.waiting.is_empty()).then(|| self.push());
        let mut outcomes = Vec::new();
        let mut report = Some(Report {
            app: "test 1".to_owned(),
            clock_error_ms: Some(-120),
            free_bytes: Some(1 << 30),
            unsent_facts: 3,
            unsent_photos: 1,
            unsent_photo_bytes: 4096,
        });
        loop {
            let request = SyncRequest {
                cursor: self.cursor,
                push: push.clone(),
                report: report.take(),
                ..SyncRequest::default()
            };
            let token = format!("Bearer {}", self.enrolled.token);
            let headers = [
                ("Authorization", &*token),
                ("Content-Type", "application/cbor"),
                ("Content-Encoding", "zstd"),
            ];
            let (status, body) = post(self.address, "/v1/sync", &headers, &to_frame(&request, 3));
            if status != 200 {
                let error: ErrorBody = minicbor::decode(&body).unwrap();
                return Err(error.text);
            }
            let answer: SyncAnswer = from_frame(&body).unwrap();
            if let Some(fork) = &answer.fork {
                self.enrolled.device = fork.device;
                self.enrolled.token.clone_from(&fork.token);
                self.enrolled.one_time.clone_from(&fork.one_time);
                self.cursor = None;
                self.write_anew();
                push = (!self.waiting.is_empty()).then(|| self.push());
                continue;
            }
            if answer.code.is_some() {
                // Nothing of it was taken: the push goes again, and all that was pulled is pulled anew.
                self.cursor = None;
                self.facts.clear();
                self.sides.clear();
                continue;
            }
            push = None;
            for receipt in answer.receipts.iter().flat_map(|receipts| &receipts.facts) {
                outcomes.extend((receipt.from..=receipt.to).map(|_| receipt.outcome.clone()));
            }
            self.take(&answer);
            if !answer.more {
                return Ok(outcomes);
            }
        }
    }

    /// Writes its facts anew under the number that it has now.
    fn write_anew(&mut self) {
        let device = DeviceNumber(self.enrolled.device);
        for fact in &mut self.own {
            let was = saddlebag_records::fact::Was {
                id: fact.id,
                hash: fact.hash(),
            };
            fact.id = FactId::new(device, fact.id.n);
            fact.was = Some(was);
        }
        self.waiting = self.own.iter().map(|fact| (fact.clone(), Vec::new())).collect();
    }

    fn push(&mut self) -> Push {
        self.nonce += 1;
        let waiting = std::mem::take(&mut self.waiting);
        let first = waiting
            .iter()
            .find(|(fact, _)| fact.id.device.0 == self.enrolled.device)
            .map(|(fact, _)| fact.id.n);
        let chain = first.map(|first| {
            let below = self.own.iter().take(first as usize - 1);
            ByteArray::from(
                below
                    .fold(Chain::START, |chain, fact| chain.then(&fact.hash()))
                    .running_hash(),
            )
        });
        let (facts, side): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
        let batch = Batch {
            facts,
            side: side.into_iter().flatten().collect(),
        };
        let mut push = Push {
            nonce: self.nonce.to_be_bytes(),
            facts: Some(ByteVec::from(pack(&batch))),
            chain,
            changes: None,
            signature: [0; 64],
        };
        push.signature = self
            .key
            .sign(&push.to_sign(&self.enrolled.county, self.enrolled.device))
            .to_bytes();
        push
    }

    fn take(&mut self, answer: &SyncAnswer) {
        let page = answer.page.as_ref();
        let batch = page
            .and_then(|page| page.facts.as_ref())
            .map(|facts| unpack(facts).unwrap())
            .unwrap_or_default();
        self.facts
            .extend(batch.facts.into_iter().map(|fact| (fact.id, fact)));
        self.sides.extend(batch.side);
        for removed in page
            .and_then(|page| page.removed_side.as_ref())
            .into_iter()
            .flatten()
        {
            let fact = FactId::new(DeviceNumber(removed.device), removed.n);
            self.sides
                .retain(|side| side.fact != fact || side.name as u8 != removed.name);
        }
        for forget in page.and_then(|page| page.forget.as_ref()).into_iter().flatten() {
            self.facts.retain(|_, fact| fact.record.0 != forget.record);
            self.sides.retain(|side| side.record.0 != forget.record);
        }
        self.cursor = answer.cursor.or(self.cursor);
    }

    /// Whether it holds anything of this record.
    pub(crate) fn holds(&self, record: &str) -> bool {
        let record: RecordId = record.parse().unwrap();
        self.facts.values().any(|fact| fact.record == record)
    }

    /// The kinds of the facts that it holds of a record.
    pub(crate) fn kinds(&self, record: &str) -> Vec<FactKind> {
        let record: RecordId = record.parse().unwrap();
        self.facts
            .values()
            .filter(|fact| fact.record == record)
            .map(|fact| fact.kind)
            .collect()
    }
}

fn fact(id: FactId, record: &str, kind: FactKind, body: Body) -> Fact {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Fact {
        id,
        record: record.parse().unwrap(),
        kind,
        version: 1,
        after: Vec::new(),
        stamp: Stamp {
            hlc_ms: now as i64,
            hlc_count: id.n as u16,
            source: ClockSource::County,
        },
        observed: None,
        was: None,
        body,
    }
}

fn post(to: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Vec<u8>) {
    let mut request = format!("POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(to).unwrap();
    stream.write_all(&[request.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    (
        head.split(' ').nth(1).unwrap().parse().unwrap(),
        answer[end + 4..].to_vec(),
    )
}
