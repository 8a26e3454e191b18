//! A code makes a phone a device of the county, once.

use ed25519_dalek::{Verifier, VerifyingKey};
use saddlebag_protocol::{EnrolRequest, ErrorCode, KeyList, KeyPurpose, SignedKeyList, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::id::DeviceNumber;
use saddlebag_sync_server::enrol::issue_code;

use crate::support::{Server, send};

const MINUTE_MS: i64 = 60_000;

fn request(code: &str, actor: u8) -> EnrolRequest {
    EnrolRequest {
        code: code.to_owned(),
        county: None,
        public_key: ed25519_dalek::SigningKey::from_bytes(&[actor; 32])
            .verifying_key()
            .to_bytes(),
        actor: [actor; 16],
        app: "test 1".into(),
        capabilities: Some(vec!["x".into()]),
    }
}

fn code_of(server: &Server, request: &EnrolRequest) -> ErrorCode {
    server.enrol(request).expect_err("the device was enrolled").code()
}

#[test]
fn enrolment_hands_over_all_that_a_device_needs() {
    let server = Server::start();
    let station = server.station(3);
    let courier = server.person(11, Role::Courier, Some(station));
    let code = issue_code(&server.county, courier).unwrap().to_string();
    let answer = server.enrol(&request(&code.replace('-', ""), 5)).unwrap();
    assert_eq!(answer.county, server.county.id().0);
    assert!(!DeviceNumber(answer.device).is_one_time());
    assert_eq!(answer.one_time.len(), 64);
    assert!(
        answer
            .one_time
            .iter()
            .all(|number| DeviceNumber(*number).is_one_time())
    );
    assert_eq!(answer.id_key, *server.county.keys().id_key());
    assert_eq!(
        (answer.person.name.as_str(), answer.person.role.as_str()),
        ("同事11", "courier")
    );
    assert_eq!(answer.person.id, courier.0);
    assert_eq!(answer.person.station.unwrap(), station.0.into());

    let list: KeyList = minicbor::decode(&answer.keys.list).unwrap();
    let key = |purpose| list.keys.iter().find(|key| key.purpose == purpose).unwrap();
    let signing = key(KeyPurpose::Signing);
    assert_eq!(answer.keys.signed_by, signing.id);
    let signed = SignedKeyList::to_sign(&answer.county, &answer.keys.list);
    let signature = ed25519_dalek::Signature::from_bytes(&answer.keys.signature);
    VerifyingKey::from_bytes(&signing.key)
        .unwrap()
        .verify(&signed, &signature)
        .unwrap();
    for purpose in [KeyPurpose::Recovery, KeyPurpose::Liaison, KeyPurpose::NextSigning] {
        assert_ne!(key(purpose).key, [0; 32]);
    }
}

#[test]
fn a_lost_answer_is_said_again_until_the_device_has_used_it() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let code = issue_code(&server.county, courier).unwrap().to_string();
    let first = server.enrol(&request(&code, 5)).unwrap();
    server.outside.pass(60 * MINUTE_MS);
    assert_eq!(server.enrol(&request(&code, 5)).unwrap(), first);
    assert_eq!(code_of(&server, &request(&code, 6)), ErrorCode::BadCode);
    let device = crate::support::Device::resumed(&server, first, [5; 32]);
    device.ask(&SyncRequest::default()).unwrap();
    assert_eq!(code_of(&server, &request(&code, 5)), ErrorCode::BadCode);
}

#[test]
fn a_code_lives_15_minutes_and_belongs_to_somebody_active() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let code = issue_code(&server.county, courier).unwrap().to_string();
    server.outside.pass(15 * MINUTE_MS);
    assert_eq!(code_of(&server, &request(&code, 5)), ErrorCode::BadCode);
    let code = issue_code(&server.county, courier).unwrap().to_string();
    saddlebag_sync_server::people::leave(&server.county, server.admin, courier).unwrap();
    assert_eq!(code_of(&server, &request(&code, 5)), ErrorCode::BadCode);
    assert_eq!(
        issue_code(&server.county, courier).unwrap_err().code,
        ErrorCode::NotFound
    );
}

#[test]
fn a_code_bears_five_tries() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let taken = server.device(courier);
    let code = issue_code(&server.county, courier).unwrap().to_string();
    for _ in 0..5 {
        let request = EnrolRequest {
            actor: taken.actor,
            ..request(&code, 5)
        };
        assert_eq!(code_of(&server, &request), ErrorCode::BadActor);
    }
    assert_eq!(code_of(&server, &request(&code, 5)), ErrorCode::CodeSpent);
}

#[test]
fn an_address_that_guesses_has_to_wait() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let code = issue_code(&server.county, courier).unwrap().to_string();
    for _ in 0..60 {
        assert_eq!(
            code_of(&server, &request("0000-0000-0000", 5)),
            ErrorCode::BadCode
        );
    }
    let reply = server.enrol(&request(&code, 5)).unwrap_err();
    assert!(reply.head.contains("retry-after: 900"), "{}", reply.head);
    assert_eq!(reply.code(), ErrorCode::Busy);
    server.outside.pass(15 * MINUTE_MS);
    let code = issue_code(&server.county, courier).unwrap().to_string();
    server.enrol(&request(&code, 5)).unwrap();
}

#[test]
fn what_is_no_request_changes_nothing() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let code = issue_code(&server.county, courier).unwrap().to_string();
    let good = request(&code, 5);
    let long = "x".repeat(41);
    let malformed = [
        EnrolRequest {
            app: long.clone(),
            ..good.clone()
        },
        EnrolRequest {
            capabilities: Some(vec![long]),
            ..good.clone()
        },
        EnrolRequest {
            capabilities: Some(vec!["x".into(); 17]),
            ..good.clone()
        },
        EnrolRequest {
            public_key: [2; 32],
            ..good.clone()
        },
    ];
    for request in malformed {
        assert_eq!(code_of(&server, &request), ErrorCode::Malformed);
    }
    let zero = EnrolRequest {
        actor: [0; 16],
        ..good.clone()
    };
    assert_eq!(code_of(&server, &zero), ErrorCode::BadActor);
    let elsewhere = EnrolRequest {
        county: Some([9; 16].into()),
        ..good.clone()
    };
    assert_eq!(code_of(&server, &elsewhere), ErrorCode::UnknownCounty);
    let post = |body: &[u8]| {
        send(
            server.address,
            "POST",
            "/v1/enrol",
            &[("Content-Type", "application/cbor")],
            body,
        )
        .code()
    };
    assert_eq!(post(b""), ErrorCode::Malformed);
    assert_eq!(post(b"\xa0\x00"), ErrorCode::Malformed);
    assert_eq!(post(&[0; 4097]), ErrorCode::TooLarge);
    server.enrol(&good).unwrap();
}
