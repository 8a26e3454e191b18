//! A phone that was restored from an old copy, or cloned, gets a number of its own and loses nothing.

use saddlebag_protocol::{ErrorCode, Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, Was, field, kinds};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_sync_server::store::DeviceState;

use crate::support::{Device, Server, written};

fn parcel(n: u8) -> RecordId {
    RecordId([n; 16])
}

/// A phone that the county knows, and its clone from before the last fact.
fn two_phones(server: &Server) -> (Device, Device) {
    let mut phone = server.device(server.person(11, Role::Courier, None));
    phone.write(parcel(40), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    let mut clone = phone.clone();
    phone.write(parcel(41), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    clone.write(parcel(42), kinds::delivery::LOADED_OUT, Body::new());
    (phone, clone)
}

#[test]
fn the_same_number_with_other_bytes_is_a_fork() {
    let server = Server::start();
    let (phone, mut clone) = two_phones(&server);
    let push = clone.push_from(2, &[]);
    let request = SyncRequest {
        push: Some(push),
        ..SyncRequest::default()
    };
    let answer = clone.ask(&request).unwrap();
    assert_eq!(
        (answer.code, &answer.receipts, &answer.page),
        (Some(ErrorCode::Forked), &None, &None)
    );
    let fork = answer.fork.unwrap();
    assert_ne!(fork.device, phone.enrolled.device);
    assert_eq!(fork.one_time.len(), 64);
    let again = clone.ask(&request).unwrap().fork.unwrap();
    assert_eq!(again, fork, "the same request is told the same");
    let record = server
        .county
        .store()
        .read_blocking(|tx| tx.record(parcel(42)))
        .unwrap();
    assert_eq!(record, None, "nothing was admitted");

    // It writes anew what the county lacks, under its new number.
    let old = clone.own[1].clone();
    let mut anew = clone.clone();
    anew.own.clear();
    (anew.enrolled.device, anew.enrolled.token) = (fork.device, fork.token.clone());
    anew.confirmed = 0;
    anew.write(parcel(42), kinds::delivery::LOADED_OUT, Body::new());
    anew.own[0].fact.was = Some(Was {
        id: old.fact.id,
        hash: old.fact.hash(),
    });
    assert_eq!(anew.sync(), [Outcome::Admitted]);
    let device = server
        .county
        .store()
        .read_blocking(|tx| tx.device(anew.number()))
        .unwrap()
        .unwrap();
    assert_eq!(
        (device.replaces, device.state),
        (Some(phone.number()), DeviceState::Active)
    );

    // The other one hears of it at its next push and gets yet another number.
    let mut phone = phone;
    phone.write(parcel(43), kinds::delivery::LOADED_OUT, Body::new());
    let push = phone.push_from(3, &[]);
    let answer = phone
        .ask(&SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        })
        .unwrap();
    let other = answer.fork.unwrap();
    assert_ne!(other.device, fork.device);
    assert_eq!(
        phone.ask(&SyncRequest::default()).unwrap().code,
        None,
        "until then it reads on"
    );
}

#[test]
fn another_past_below_the_push_is_a_fork() {
    let server = Server::start();
    let (_, mut clone) = two_phones(&server);
    clone.write(parcel(44), kinds::delivery::LOADED_OUT, Body::new());
    let push = clone.push_from(3, &[]);
    let answer = clone
        .ask(&SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        })
        .unwrap();
    assert_eq!(answer.code, Some(ErrorCode::Forked));
}

#[test]
fn a_one_time_number_used_twice_is_a_fork_and_voids_the_others() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    let mut clone = phone.clone();
    let alias = phone.enrolled.one_time[0];
    let tip = |record: RecordId, kind: u64| {
        let id = FactId::new(saddlebag_records::id::DeviceNumber(alias), 1);
        written(
            id,
            record,
            kinds::tip::REPORTED,
            Body::new().with(field::TIP_KIND, kind),
            &[],
        )
    };
    assert_eq!(phone.sync_with(vec![tip(parcel(50), 1)]).1, [Outcome::Admitted]);
    let push = clone.push_of(&[tip(parcel(51), 2)], None);
    let answer = clone
        .ask(&SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        })
        .unwrap();
    assert_eq!(answer.code, Some(ErrorCode::Forked));
    let numbers = server
        .county
        .store()
        .read_blocking(|tx| tx.one_time_numbers_of(phone.number()))
        .unwrap();
    assert_eq!(numbers.len(), 1, "the used one stays, the unused ones are void");
}

/// Else a thief would only have to tell the county another past to be served again.
#[test]
fn a_fork_gives_no_more_rights_than_the_device_had() {
    let quarantined = Outcome::Held("quarantined".into());
    for (state, outcome) in [
        (DeviceState::Lost, quarantined),
        (DeviceState::Unconfirmed, Outcome::Admitted),
    ] {
        let server = Server::start();
        let (phone, mut clone) = two_phones(&server);
        server.set_state(phone.number(), state);
        let push = clone.push_from(2, &[]);
        let request = SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        };
        let fork = clone.ask(&request).unwrap().fork.unwrap();
        assert_eq!(clone.ask(&request).unwrap().fork.as_ref(), Some(&fork));
        assert_eq!(fork.one_time.is_empty(), state == DeviceState::Lost);
        let mut anew = clone.clone();
        anew.own.clear();
        (anew.enrolled.device, anew.enrolled.token) = (fork.device, fork.token);
        anew.write(parcel(42), kinds::delivery::LOADED_OUT, Body::new());
        let states: Vec<_> = [phone.number(), anew.number()]
            .map(|number| server.county.store().read_blocking(|tx| tx.device(number)))
            .into_iter()
            .map(|device| device.unwrap().unwrap().state)
            .collect();
        assert_eq!(states, [state, state]);
        let push = anew.push_from(1, &[]);
        let answer = anew
            .ask(&SyncRequest {
                push: Some(push),
                ..SyncRequest::default()
            })
            .unwrap();
        assert_eq!(answer.page, None, "it is served nothing");
        assert_eq!(answer.receipts.unwrap().facts[0].outcome, outcome);
    }
}

#[test]
fn what_came_by_its_old_name_counts_once() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    let first = phone.write(parcel(40), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    let known = phone.own[0].fact.clone();
    phone.write(parcel(40), kinds::delivery::LOADED_OUT, Body::new());
    phone.own[1].fact.was = Some(Was {
        id: first,
        hash: known.hash(),
    });
    assert_eq!(phone.sync(), [Outcome::Refused("known_by_another_name".into())]);
}

#[test]
fn a_phone_that_lost_facts_which_the_county_never_had_is_given_another_number() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    phone.write(parcel(40), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    for n in 41..44u8 {
        phone.write(parcel(n), kinds::delivery::LOADED_OUT, Body::new());
    }
    // The second was on a page that its store cannot read any more.
    let beyond = phone.push_from(3, &[]);
    let request = SyncRequest {
        push: Some(beyond),
        ..SyncRequest::default()
    };
    let answer = phone.ask(&request).unwrap();
    assert_eq!((answer.code, answer.receipts), (Some(ErrorCode::Forked), None));
    assert_ne!(answer.fork.unwrap().device, phone.enrolled.device);
}
