//! The worked exchange of `docs/sync-protocol.md`, byte for byte. `UPDATE_GENERATED=1 cargo test -p saddlebag-replica`
//! writes it anew.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::ByteArray;
use saddlebag_protocol::{Cursor, FactReceipt, Outcome, Push, Receipts, SyncAnswer, SyncRequest};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Body, Chain, Fact, SideName, SideValue, field, kinds::delivery, pack};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::waybill::{Waybill, delivery_id};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sync-protocol.md");
const TITLE: &str = "## A worked exchange\n";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn lines(bytes: &[u8]) -> String {
    let text = hex(bytes);
    let lines: Vec<_> = text.as_bytes().chunks(112).map(String::from_utf8_lossy).collect();
    format!("```text\n{}\n```\n", lines.join("\n"))
}

fn message(message: &impl minicbor::Encode<()>) -> String {
    lines(&minicbor::to_vec(message).unwrap())
}

fn section() -> String {
    let id_key = [7; 32];
    let record = delivery_id(&id_key, &Waybill::parse("SF1234567890123").unwrap(), 0);
    let fact = |n, kind, after: Vec<FactId>, ms, body| Fact {
        id: FactId::new(DeviceNumber(12), n),
        record,
        kind,
        version: 1,
        after,
        stamp: Stamp {
            hlc_ms: ms,
            hlc_count: 0,
            source: ClockSource::County,
        },
        observed: None,
        was: None,
        body,
    };
    let place = RecordId([5; 16]);
    let facts = vec![
        fact(
            1,
            delivery::SCANNED_IN,
            vec![],
            1_795_392_000_000,
            Body::new().with(field::PLACE, place),
        ),
        fact(
            2,
            delivery::DELIVERED,
            vec![FactId::new(DeviceNumber(12), 1)],
            1_795_395_600_000,
            Body::new()
                .with(field::RECEIVER, "Generated")
                .with(field::PROOF, 1u16),
        ),
    ];
    let position = [
        &476_500_000i32.to_be_bytes()[..],
        &864_000_000i32.to_be_bytes(),
        &9u16.to_be_bytes(),
    ]
    .concat();
    let side = SideValue {
        record,
        fact: facts[1].id,
        name: SideName::Position,
        value: position,
    };
    let chain = facts
        .iter()
        .fold(Chain::START, |chain, fact| chain.then(&fact.hash()));
    let encoded = (
        lines(&facts[0].encode()),
        hex(&facts[0].hash().0),
        lines(&facts[1].encode()),
    );
    let packed = pack(&Batch {
        facts,
        side: vec![side],
    });

    let county = [1; 16];
    let key = SigningKey::from_bytes(&[2; 32]);
    let mut push = Push {
        nonce: [3; 8],
        facts: Some(packed.clone().into()),
        chain: Some(ByteArray::from(Chain::START.running_hash())),
        changes: None,
        signature: [0; 64],
    };
    push.signature = key.sign(&push.to_sign(&county, 12)).to_bytes();
    let request = SyncRequest {
        push: Some(push),
        keys: Some(1),
        ..SyncRequest::default()
    };
    let receipt = FactReceipt {
        device: 12,
        from: 1,
        to: 2,
        outcome: Outcome::Admitted,
    };
    let answer = SyncAnswer {
        county_time: 1_795_395_700_000,
        code: None,
        receipts: Some(Receipts {
            facts: vec![receipt],
            changes: vec![],
        }),
        page: None,
        cursor: Some(Cursor {
            epoch: [9; 8],
            seq: 42,
            nonce: [8; 8],
            within: 0,
        }),
        more: false,
        position: 42,
        watermark: 0,
        backup_time: None,
        one_time: None,
        keys: None,
        fork: None,
        went_back: None,
        server_keys: None,
        leaving: None,
        order: None,
        again: None,
    };
    let (first, hash, second) = encoded;
    format!(
        "{TITLE}
A device (number 12, Ed25519 seed `02` × 32) of a county (id `01` × 16, id key `07` × 32) scans a parcel that nobody
announced, `SF1234567890123`, into the station `05` × 16, and delivers it an hour later. The record's id is
`{record}`. Its first fact, in canonical CBOR:

{first}
with the hash `{hash}`. The second:

{second}
Both packed, with the position (47.65° N, 86.4° E, within 9 m) that hangs on the second:

{packed}
The device's first request (before compression), with the running hash over nothing, `{none}`:

{request}
The answer (before compression): both facts are admitted, and lie below row 42 of the county's log.

{answer}
Had the answer been lost, the same request would have brought the same receipts. The next push of facts begins with n =
3 and carries the running hash `{next}`.
",
        packed = lines(&packed),
        none = hex(&Chain::START.running_hash()),
        request = message(&request),
        answer = message(&answer),
        next = hex(&chain.running_hash()),
    )
}

#[test]
fn the_pages_worked_exchange_is_what_a_device_says() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (before, shown) = page.split_at(page.find(TITLE).unwrap());
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(PAGE, format!("{before}{}", section())).unwrap();
        return;
    }
    assert_eq!(shown, section(), "run with UPDATE_GENERATED=1");
}
