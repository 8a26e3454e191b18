//! Every message of the wire, byte for byte. Phones update late: what is frozen here is spoken by phones that nobody
//! can reach, so a line may be added and never changed. `ADD_GOLDEN=1` adds the lines that are missing.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::{Debug, Write};

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use saddlebag_protocol::*;

fn keys() -> SignedKeyList {
    let key = |id, purpose| Key {
        id,
        purpose,
        key: [id as u8; 32],
    };
    let list = KeyList {
        version: 3,
        keys: vec![key(1, KeyPurpose::Signing), key(2, KeyPurpose::Liaison)],
    };
    let list: ByteVec = minicbor::to_vec(&list).unwrap().into();
    SignedKeyList {
        list,
        signed_by: 1,
        signature: [7; 64],
    }
}

fn cursor() -> Cursor {
    Cursor {
        epoch: [1; 8],
        seq: 70_000,
        nonce: [2; 8],
        within: 0,
    }
}

fn push() -> Push {
    Push {
        nonce: [3; 8],
        facts: Some(vec![0x80].into()),
        chain: Some(ByteArray::from([4; 8])),
        changes: Some(vec![0x81, 0].into()),
        signature: [5; 64],
    }
}

fn frozen<T>(name: &str, message: &T, lines: &mut String)
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + Debug,
{
    let bytes = minicbor::to_vec(message).unwrap();
    let read: T = minicbor::decode(&bytes).unwrap();
    assert_eq!(&read, message, "{name}");
    writeln!(lines, "{name} {}", hex::encode(bytes)).unwrap();
}

fn messages() -> String {
    let mut lines = String::new();
    let enrol = EnrolRequest {
        code: "7K3M9QXT2BVA".into(),
        county: Some(ByteArray::from([1; 16])),
        public_key: [2; 32],
        actor: [3; 16],
        app: "saddlebag 0.1.0".into(),
        capabilities: Some(vec!["photos".into()]),
    };
    frozen("enrol_request", &enrol, &mut lines);
    let enrolled = EnrolAnswer {
        county: [1; 16],
        token: "AQEB".into(),
        device: 12,
        one_time: vec![1 << 63, u64::MAX],
        id_key: [4; 32],
        keys: keys(),
        server_keys: vec![ByteArray::from([5; 32])],
        person: PersonInfo {
            id: [6; 16],
            name: "01".into(),
            role: "courier".into(),
            station: Some(ByteArray::from([7; 16])),
        },
        county_time: 1_795_000_000_000,
        epoch: [1; 8],
    };
    frozen("enrol_answer", &enrolled, &mut lines);
    frozen("sync_request.first", &SyncRequest::default(), &mut lines);
    frozen(
        "sync_request.idle",
        &SyncRequest {
            cursor: Some(cursor()),
            keys: Some(3),
            ..Default::default()
        },
        &mut lines,
    );
    let report = Report {
        app: "saddlebag 0.1.0".into(),
        clock_error_ms: Some(-5),
        free_bytes: Some(1 << 30),
        unsent_facts: 450,
        unsent_photos: 3,
        unsent_photo_bytes: 270_000,
    };
    let full = SyncRequest {
        cursor: Some(Cursor {
            within: 12,
            ..cursor()
        }),
        push: Some(push()),
        budget: Some(2048),
        checkpoints: Some(vec![cursor()]),
        report: Some(report),
        capabilities: Some(vec![]),
        actors: Some(vec![ByteArray::from([9; 16])]),
        one_time_left: Some(60),
        keys: Some(3),
        ..Default::default()
    };
    frozen("sync_request.full", &full, &mut lines);
    let outcomes = [
        Outcome::Admitted,
        Outcome::Held("waiting".into()),
        Outcome::Superseded,
        Outcome::Refused("tip_text_phone".into()),
        Outcome::Gone,
        Outcome::Later,
    ];
    for (at, outcome) in outcomes.iter().enumerate() {
        frozen(&format!("outcome.{at}"), outcome, &mut lines);
    }
    let receipts = Receipts {
        facts: vec![FactReceipt {
            device: 12,
            from: 1,
            to: 450,
            outcome: Outcome::Admitted,
        }],
        changes: vec![ChangeReceipt {
            record: [1; 16],
            actor: [9; 16],
            from: 2,
            to: 2,
            outcome: Outcome::Superseded,
        }],
    };
    let page = Page {
        facts: Some(vec![0x80].into()),
        changes: Some(vec![0x81, 0].into()),
        forget: Some(vec![
            Forget {
                record: [1; 16],
                reason: ForgetReason::NoLongerVisible,
            },
            Forget {
                record: [2; 16],
                reason: ForgetReason::Retention,
            },
            Forget {
                record: [3; 16],
                reason: ForgetReason::Person,
            },
        ]),
        removed_side: Some(vec![RemovedSide {
            record: [1; 16],
            device: 12,
            n: 7,
            name: 1,
        }]),
        authors: Some(vec![AuthorOf {
            device: 13,
            person: [6; 16],
        }]),
    };
    let answer = SyncAnswer {
        county_time: 1_795_000_000_000,
        code: None,
        receipts: Some(receipts),
        page: Some(page),
        cursor: Some(cursor()),
        more: true,
        position: 70_000,
        watermark: 65_000,
        backup_time: Some(1_794_990_000_000),
        one_time: Some(vec![1 << 63]),
        keys: Some(keys()),
        fork: None,
        went_back: Some(cursor()),
        server_keys: None,
        leaving: None,
        order: None,
        again: None,
    };
    frozen("sync_answer.full", &answer, &mut lines);
    let idle = SyncAnswer {
        receipts: None,
        page: None,
        more: false,
        one_time: None,
        keys: None,
        went_back: None,
        ..answer
    };
    frozen("sync_answer.idle", &idle, &mut lines);
    let fork = Fork {
        device: 13,
        token: "AQEB".into(),
        one_time: vec![1 << 63],
        heard: None,
    };
    let forked = SyncAnswer {
        code: Some(ErrorCode::Forked),
        cursor: None,
        fork: Some(fork),
        ..idle
    };
    frozen("sync_answer.forked", &forked, &mut lines);
    let asks = SyncRequest {
        server_keys_since_s: Some(1_795_000_000),
        ..Default::default()
    };
    frozen("sync_request.server_keys", &asks, &mut lines);
    let told = ServerKeys {
        since_s: 1_795_000_001,
        keys: vec![ByteArray::from([5; 32]), ByteArray::from([6; 32])],
    };
    frozen("server_keys", &told, &mut lines);
    let rotated = SyncAnswer {
        code: None,
        fork: None,
        server_keys: Some(SignedServerKeys {
            keys: minicbor::to_vec(&told).unwrap().into(),
            signed_by: 1,
            signature: [8; 64],
        }),
        ..forked
    };
    frozen("sync_answer.server_keys", &rotated, &mut lines);
    let asks = SyncRequest {
        leave: Some(ByteArray::from([4; 8])),
        ..Default::default()
    };
    frozen("sync_request.leave", &asks, &mut lines);
    let asks = SyncRequest {
        renumber: Some(ByteArray::from([4; 8])),
        ..Default::default()
    };
    frozen("sync_request.renumber", &asks, &mut lines);
    let again = Again {
        facts: vec![FactName { author: 12, n: 3 }],
        changes: vec![ChangeName {
            record: [6; 16],
            actor: [7; 16],
            seq: 2,
        }],
    };
    let asks = SyncRequest {
        again: Some(again.clone()),
        given_again: Some(GivenAgain {
            facts: Some(vec![0x80].into()),
            changes: Some(vec![0x81, 0].into()),
        }),
        ..Default::default()
    };
    frozen("sync_request.again", &asks, &mut lines);
    let heard = Heard {
        author: 12,
        from: 3,
        last: 300,
        hashes: vec![7; 16].into(),
    };
    assert_eq!(
        [2, 3, 4, 5].map(|n| heard.hash_start(n)),
        [None, Some([7; 8]), Some([7; 8]), None]
    );
    frozen("heard", &heard, &mut lines);
    let order = Order {
        leaving: Leaving::Lost,
        device: 12,
        epoch: [1; 8],
        nonce: [4; 8],
    };
    frozen("order", &order, &mut lines);
    let ordered = SyncAnswer {
        server_keys: None,
        leaving: Some(Leaving::Retired),
        order: Some(SignedOrder {
            order: minicbor::to_vec(&order).unwrap().into(),
            signed_by: 1,
            signature: [8; 64],
        }),
        ..rotated
    };
    frozen("sync_answer.order", &ordered, &mut lines);
    let asked = SyncAnswer {
        leaving: None,
        order: None,
        again: Some(again),
        ..ordered
    };
    frozen("sync_answer.again", &asked, &mut lines);
    for code in ErrorCode::ALL {
        frozen(
            &format!("error.{}", code.code()),
            &ErrorBody::from(*code),
            &mut lines,
        );
    }
    let signed = push().to_sign(&[1; 16], 12);
    writeln!(lines, "signed.push {}", hex::encode(signed)).unwrap();
    writeln!(
        lines,
        "signed.key_list {}",
        hex::encode(SignedKeyList::to_sign(&[1; 16], b"list"))
    )
    .unwrap();
    writeln!(
        lines,
        "signed.server_keys {}",
        hex::encode(SignedServerKeys::to_sign(&[1; 16], b"keys"))
    )
    .unwrap();
    writeln!(
        lines,
        "signed.order {}",
        hex::encode(SignedOrder::to_sign(&[1; 16], b"order"))
    )
    .unwrap();
    lines
}

#[test]
fn the_bytes_of_every_message_are_frozen() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/messages.txt");
    let frozen = std::fs::read_to_string(path).unwrap_or_default();
    let name = |line: &str| line.split(' ').next().unwrap().to_owned();
    let new: Vec<_> = messages()
        .lines()
        .filter(|line| !frozen.lines().any(|old| old == *line))
        .map(String::from)
        .collect();
    if std::env::var_os("ADD_GOLDEN").is_some() {
        let added = new
            .iter()
            .filter(|line| !frozen.lines().any(|old| name(old) == name(line)));
        let text = added.fold(frozen.clone(), |text, line| text + line + "\n");
        std::fs::write(path, text).unwrap();
        return;
    }
    assert!(new.is_empty(), "changed, or not frozen yet:\n{}", new.join("\n"));
    assert_eq!(
        frozen.lines().count(),
        messages().lines().count(),
        "a frozen message is gone"
    );
}

#[test]
fn a_key_that_a_receiver_does_not_know_is_passed_over() {
    // {0: 1795000000000, 6: 1, 7: 0, 99: [1, {2: 3}]}
    let bytes = hex::decode("a4001b000001a1ee565e0006010700186382 01a10203".replace(' ', "")).unwrap();
    let answer: SyncAnswer = minicbor::decode(&bytes).unwrap();
    assert_eq!(
        (answer.county_time, answer.position, answer.watermark),
        (1_795_000_000_000, 1, 0)
    );
}

#[test]
fn an_idle_exchange_is_small() {
    let request = SyncRequest {
        cursor: Some(cursor()),
        keys: Some(3),
        ..Default::default()
    };
    assert!(to_frame(&request, 3).len() < 64);
}

#[test]
fn a_frame_is_whole_or_refused() {
    let request = SyncRequest {
        cursor: Some(cursor()),
        push: Some(push()),
        ..Default::default()
    };
    let frame = to_frame(&request, 3);
    assert_eq!(from_frame::<SyncRequest>(&frame), Ok(request));
    for cut in 0..frame.len() {
        assert!(from_frame::<SyncRequest>(&frame[..cut]).is_err(), "cut at {cut}");
    }
    let twice = [frame.clone(), frame.clone()].concat();
    assert_eq!(from_frame::<SyncRequest>(&twice), Err(BadFrame::NotZstd));
    assert!(from_frame::<SyncRequest>(&[frame, vec![0]].concat()).is_err());
}

#[test]
fn a_bomb_is_refused_before_it_unfolds() {
    let bomb = zstd::bulk::compress(&vec![0; 200 << 20], 3).unwrap();
    assert!(bomb.len() < limits::MAX_FRAME);
    assert_eq!(from_frame::<SyncRequest>(&bomb), Err(BadFrame::TooLarge));
    let mut wide = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    wide.set_parameter(zstd::zstd_safe::CParameter::WindowLog(27))
        .unwrap();
    std::io::Write::write_all(&mut wide, &vec![1; 1 << 20]).unwrap();
    assert!(from_frame::<SyncRequest>(&wide.finish().unwrap()).is_err());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_refused_or_a_message(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = minicbor::decode::<SyncRequest>(&bytes);
        let _ = minicbor::decode::<SyncAnswer>(&bytes);
        let _ = from_frame::<SyncRequest>(&bytes);
    }
}
