use std::sync::{Arc, Mutex};

use ed25519_dalek::{Signer, SigningKey};
use saddlebag_protocol::{Cursor, ErrorCode, Leaving as Why, Order, SignedOrder, SyncAnswer, SyncRequest};
use saddlebag_replica::{Leaving, Synced};

use crate::county::County;
use crate::hostile::{Hostile, Reply};
use crate::phone::{Phone, scan};

/// An answer that brings nothing and says that everything is covered and the device is to leave.
fn leave_now() -> SyncAnswer {
    SyncAnswer {
        county_time: 1_795_000_000_000,
        code: None,
        receipts: None,
        page: None,
        cursor: None,
        more: false,
        position: 1_000_000,
        watermark: 1_000_000,
        backup_time: Some(1_795_000_000_000),
        one_time: None,
        keys: None,
        fork: None,
        went_back: None,
        server_keys: None,
        leaving: Some(Why::Retired),
        order: None,
        again: None,
    }
}

/// The order that the county itself would give.
fn true_order(county: &County, phone: &Phone, request: &SyncRequest) -> Order {
    Order {
        leaving: Why::Retired,
        device: phone.device().0,
        epoch: county.epoch(),
        nonce: request.leave.map(|nonce| *nonce).unwrap_or_default(),
    }
}

fn signed(county: [u8; 16], key: &SigningKey, order: &Order) -> SignedOrder {
    let order = minicbor::to_vec(order).unwrap();
    let signature = key.sign(&SignedOrder::to_sign(&county, &order)).to_bytes();
    SignedOrder {
        order: order.into(),
        signed_by: 1,
        signature,
    }
}

/// Syncs with a server that answers a request to leave with this order. Whether it was asked to.
fn orders(
    phone: &Phone,
    order: impl Fn(&SyncRequest) -> Option<SignedOrder> + Send + 'static,
) -> (Synced, bool) {
    let asked_to = Arc::new(Mutex::new(false));
    let asked = asked_to.clone();
    let hostile = Hostile::that(move |request| {
        let mut answer = leave_now();
        if request.leave.is_some() {
            *asked.lock().unwrap() = true;
            answer.order = order(request);
        }
        Reply::Answer(Box::new(answer))
    });
    let synced = phone.sync_at(Some(hostile.url.clone())).unwrap();
    let was_asked = *asked_to.lock().unwrap();
    (synced, was_asked)
}

/// What a phone does whose county's server is another's: goes on as if nothing had been.
fn goes_on(county: &County, phone: &Phone) {
    assert!(phone.is_whole());
    let record = phone.scan("SBLEAVE0009");
    assert!(matches!(phone.sync().unwrap(), Synced::Done(_)));
    assert_eq!(county.facts(record).len(), 1);
    assert_eq!(
        phone.replica.leaving().unwrap(),
        None,
        "the county knows of no leaving"
    );
}

#[test]
fn no_refusal_destroys_anything() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    phone.scan("SBLEAVE0002");
    for code in ErrorCode::ALL.iter().copied().filter(|code| code.status() != 200) {
        let hostile = Hostile::that(move |_| Reply::Refused(code));
        let refused = phone.sync_at(Some(hostile.url.clone())).unwrap_err();
        assert_eq!(refused, code.code());
        assert!(phone.is_whole(), "{refused}");
        assert_eq!(phone.unsent(), 1);
    }
    for (status, bytes) in [
        (200, b"<html>".to_vec()),
        (401, Vec::new()),
        (410, b"gone".to_vec()),
        (302, Vec::new()),
    ] {
        let hostile = Hostile::that(move |_| Reply::Bytes(status, bytes.clone()));
        assert_eq!(phone.sync_at(Some(hostile.url.clone())), Err("foreign_server"));
        assert!(phone.is_whole());
    }
    goes_on(&county, &phone);
}

#[test]
fn being_told_to_leave_destroys_nothing() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    let (synced, was_asked) = orders(&phone, |_| None);
    assert!(matches!(synced, Synced::Done(_)) && was_asked);
    goes_on(&county, &phone);
}

#[test]
fn an_order_that_is_not_the_countys_for_this_device_and_this_question_destroys_nothing() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    let (id, key) = (county.open.id().0, county.signing_key());
    let whose = (phone.device().0, county.epoch());
    let order_to = move |request: &SyncRequest| Order {
        leaving: Why::Retired,
        device: whose.0,
        epoch: whose.1,
        nonce: *request.leave.unwrap(),
    };
    type Forge = Box<dyn Fn(&SyncRequest) -> SignedOrder + Send>;
    let with = |change: fn(&mut Order)| -> Forge {
        let key = key.clone();
        Box::new(move |request| {
            let mut order = order_to(request);
            change(&mut order);
            signed(id, &key, &order)
        })
    };
    let own_key = key.clone();
    let forgeries: Vec<(&str, Forge)> = vec![
        ("another device", with(|order| order.device += 1)),
        ("another epoch", with(|order| order.epoch[0] ^= 1)),
        (
            "another question: an older order, said again",
            with(|order| order.nonce = [9; 8]),
        ),
        (
            "another's key",
            Box::new(move |request| signed(id, &SigningKey::from_bytes(&[3; 32]), &order_to(request))),
        ),
        ("no signature", {
            let key = key.clone();
            Box::new(move |request| SignedOrder {
                signature: [0; 64],
                ..signed(id, &key, &order_to(request))
            })
        }),
        ("a key that is not there", {
            let key = key.clone();
            Box::new(move |request| SignedOrder {
                signed_by: 99,
                ..signed(id, &key, &order_to(request))
            })
        }),
        ("a key for something else", {
            let key = key.clone();
            Box::new(move |request| SignedOrder {
                signed_by: 3,
                ..signed(id, &key, &order_to(request))
            })
        }),
        (
            "another county",
            Box::new(move |request| signed([9; 16], &own_key, &order_to(request))),
        ),
    ];
    for (what, forge) in forgeries {
        let (synced, was_asked) = orders(&phone, move |request| Some(forge(request)));
        assert!(was_asked, "{what}");
        assert!(matches!(synced, Synced::Done(_)), "{what}: {synced:?}");
        assert!(phone.is_whole(), "{what}");
    }
    goes_on(&county, &phone);
}

/// What the others would come to, were they the county's word.
#[test]
fn the_countys_own_order_destroys_everything() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    let (id, key) = (county.open.id().0, county.signing_key());
    let order = true_order(&county, &phone, &SyncRequest::default());
    let (synced, _) = orders(&phone, move |request| {
        let order = Order {
            nonce: *request.leave.unwrap(),
            ..order.clone()
        };
        Some(signed(id, &key, &order))
    });
    assert_eq!(
        synced,
        Synced::Wiped {
            why: Leaving::Retired
        }
    );
    phone.was_wiped(Leaving::Retired);
}

#[test]
fn in_another_epoch_nothing_is_destroyed_by_the_word_of_the_one_before() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    let (id, key) = (county.open.id().0, county.signing_key());
    let order = true_order(&county, &phone, &SyncRequest::default());
    let restored = Cursor {
        epoch: [5; 8],
        seq: 0,
        nonce: [0; 8],
        within: 0,
    };
    let hostile = Hostile::that(move |request| {
        let mut answer = leave_now();
        answer.cursor = Some(restored);
        answer.order = request.leave.map(|nonce| {
            let order = Order {
                nonce: *nonce,
                ..order.clone()
            };
            signed(id, &key, &order)
        });
        Reply::Answer(Box::new(answer))
    });
    phone.sync_at(Some(hostile.url.clone())).unwrap();
    phone.sync_at(Some(hostile.url.clone())).unwrap();
    assert!(hostile.asked() >= 2);
    assert!(phone.is_whole());
}

#[test]
fn what_is_recorded_while_the_order_is_on_its_way_stays_and_is_sent() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    let (id, key) = (county.open.id().0, county.signing_key());
    let order = true_order(&county, &phone, &SyncRequest::default());
    let beside = phone.another_handle();
    let (synced, was_asked) = orders(&phone, move |request| {
        scan(&beside, "SBLEAVE0002");
        let order = Order {
            nonce: *request.leave.unwrap(),
            ..order.clone()
        };
        Some(signed(id, &key, &order))
    });
    assert!(was_asked && matches!(synced, Synced::Done(_)), "{synced:?}");
    assert_eq!(phone.unsent(), 1);
    goes_on(&county, &phone);
    assert_eq!(phone.unsent(), 0);
}
