//! A device that is nothing but its keys and its counters: what it sends is built beforehand, so that a measured second
//! is the server's.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context, Result, bail, ensure};
use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::ByteArray;
use saddlebag_protocol::{
    Cursor, EnrolAnswer, EnrolRequest, ErrorBody, Page, Push, SyncAnswer, SyncRequest, from_frame, to_frame,
};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Chain, Fact, FactHash, SideValue, pack, unpack};
use saddlebag_records::id::{CountyId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::plan::wire::{self, WireChange};
use saddlebag_replica::NewFact;

/// A phone's requests are packed harder; here packing is nobody's to measure.
const LEVEL: i32 = 1;

/// A device of a county.
pub struct RawDevice {
    /// Whose it is.
    pub person: PersonId,
    key: SigningKey,
    token: String,
    county: CountyId,
    number: DeviceNumber,
    next_n: u64,
    chain: Chain,
    cursor: Option<Cursor>,
    nonces: u64,
    /// The latest fact of each record that it knows.
    latest: BTreeMap<RecordId, FactId>,
}

impl RawDevice {
    /// Enrols with this code, and reads all that is for it.
    pub fn enrol(link: &mut RawLink, code: &str, seed: u8) -> Result<Self> {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let request = EnrolRequest {
            code: code.replace('-', ""),
            county: None,
            public_key: key.verifying_key().to_bytes(),
            actor: [seed; 16],
            app: "saddlebag bench".into(),
            capabilities: None,
        };
        let mut body = Vec::new();
        minicbor::encode(&request, &mut body)?;
        let answer: EnrolAnswer = minicbor::decode(&link.post("/v1/enrol", "", &body)?)?;
        let mut device = Self {
            person: PersonId(answer.person.id),
            key,
            token: answer.token,
            county: CountyId(answer.county),
            number: DeviceNumber(answer.device),
            next_n: 1,
            chain: Chain::START,
            cursor: None,
            nonces: 0,
            latest: BTreeMap::new(),
        };
        device.pull(link)?;
        Ok(device)
    }

    /// Reads all that is new.
    pub fn pull(&mut self, link: &mut RawLink) -> Result<()> {
        while self.exchange(link, None)?.more {}
        Ok(())
    }

    /// A push of these facts, each after the latest of its record, `ms` being the time of the first and each a second
    /// after the one before.
    pub fn push_of(&mut self, facts: &[NewFact], ms: i64) -> Push {
        let chain = self.chain.running_hash();
        let mut batch = Batch::default();
        for (new, at_ms) in facts.iter().zip((ms..).step_by(1_000)) {
            let fact = Fact {
                id: FactId::new(self.number, self.next_n),
                record: new.record,
                kind: new.kind,
                version: 1,
                after: self.latest.get(&new.record).copied().into_iter().collect(),
                stamp: Stamp {
                    hlc_ms: at_ms,
                    hlc_count: 0,
                    source: ClockSource::County,
                },
                observed: None,
                was: None,
                body: new.body.clone(),
            };
            self.next_n += 1;
            self.chain = self.chain.then(&FactHash::of(&fact.encode()));
            self.latest.insert(fact.record, fact.id);
            batch.side.extend(new.side.iter().map(|(name, value)| SideValue {
                record: new.record,
                fact: fact.id,
                name: *name,
                value: value.clone(),
            }));
            batch.facts.push(fact);
        }
        self.signed(Some(pack(&batch)), Some(chain), None)
    }

    /// A push of these plan changes.
    pub fn push_of_changes(&mut self, changes: &[WireChange]) -> Push {
        self.signed(None, None, Some(wire::pack(changes)))
    }

    fn signed(&mut self, facts: Option<Vec<u8>>, chain: Option<[u8; 8]>, changes: Option<Vec<u8>>) -> Push {
        self.nonces += 1;
        let mut push = Push {
            nonce: self.nonces.to_be_bytes(),
            facts: facts.map(Into::into),
            chain: chain.map(ByteArray::from),
            changes: changes.map(Into::into),
            signature: [0; 64],
        };
        let signed = push.to_sign(&self.county.0, self.number.0);
        push.signature = self.key.sign(&signed).to_bytes();
        push
    }

    /// One exchange. What is read moves the cursor and is not kept.
    pub fn exchange(&mut self, link: &mut RawLink, push: Option<Push>) -> Result<SyncAnswer> {
        let request = SyncRequest {
            cursor: self.cursor,
            push,
            keys: Some(1),
            ..SyncRequest::default()
        };
        let token = format!(
            "Authorization: Bearer {}\r\nContent-Encoding: zstd\r\n",
            self.token
        );
        let frame = link.post("/v1/sync", &token, &to_frame(&request, LEVEL))?;
        let answer: SyncAnswer = from_frame(&frame)?;
        ensure!(answer.code.is_none(), "{:?}", answer.code);
        if let Some(page) = &answer.page {
            self.note(page)?;
        }
        self.cursor = answer.cursor;
        Ok(answer)
    }

    fn note(&mut self, page: &Page) -> Result<()> {
        let Some(facts) = &page.facts else { return Ok(()) };
        for fact in unpack(facts)?.facts {
            self.latest.insert(fact.record, fact.id);
        }
        Ok(())
    }
}

/// A connection to the server, kept open.
pub struct RawLink {
    stream: TcpStream,
    host: SocketAddr,
}

impl RawLink {
    /// To the server at this address.
    pub fn open(host: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host })
    }

    /// The body of the answer to a POST. `more`: header lines, each with its end.
    pub fn post(&mut self, path: &str, more: &str, body: &[u8]) -> Result<Vec<u8>> {
        let (host, length) = (self.host, body.len());
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/cbor\r\nContent-Length: {length}\r\n{more}\r\n"
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request)?;
        let mut answer = Vec::new();
        let head = loop {
            self.read_more(&mut answer)?;
            if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(answer.get(..head).unwrap_or_default()).to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let whole = head + length.context("a length")?.trim().parse::<usize>()?;
        while answer.len() < whole {
            self.read_more(&mut answer)?;
        }
        let body = answer.split_off(head);
        if !text.starts_with("http/1.1 200") {
            let error: Option<ErrorBody> = minicbor::decode(&body).ok();
            bail!("the server answered {:?}", error.map(|error| error.code));
        }
        Ok(body)
    }

    fn read_more(&mut self, answer: &mut Vec<u8>) -> Result<()> {
        let mut some = [0; 16 * 1024];
        let count = self.stream.read(&mut some)?;
        ensure!(count > 0, "the server hung up");
        answer.extend_from_slice(some.get(..count).unwrap_or_default());
        Ok(())
    }
}
