//! Every error code of the protocol, through the endpoint. Those of enrolment are in `enrolment.rs`; `store_full`
//! and `internal` are shown where they arise, since no request brings them about.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use saddlebag_protocol::limits::{MAX_ACTORS, MAX_CHECKPOINTS, MAX_FRAME, MAX_MESSAGE, MAX_WINDOW_LOG};
use saddlebag_protocol::{Cursor, ErrorCode, Leaving, Outcome, SyncRequest, to_frame};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_sync_server::http::Patience;
use saddlebag_sync_server::store::{DeviceState, StoreError};

use crate::support::{Device, Server, send, send_and_cut};

fn phone(server: &Server) -> Device {
    server.device(server.person(11, Role::Courier, None))
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(bytes, 3).unwrap()
}

#[test]
fn bodies_that_are_no_message_are_malformed_and_bombs_too_large() {
    let server = Server::start();
    let phone = phone(&server);
    let good = to_frame(&SyncRequest::default(), 3);
    let cut = &good[..good.len() - 1];
    let doubled = [good.clone(), good.clone()].concat();
    for body in [
        &b""[..],
        b"not zstd",
        cut,
        &doubled,
        &zstd(b"\x80"),
        &zstd(b"\xa0\xa0"),
        &zstd(b""),
    ] {
        assert_eq!(phone.ask_raw(body).code(), ErrorCode::Malformed, "{body:?}");
    }
    let bomb = zstd(&vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < 8 * 1024);
    assert_eq!(phone.ask_raw(&bomb).code(), ErrorCode::TooLarge);
    assert_eq!(
        phone.ask_raw(&zstd(&vec![0xa0; MAX_MESSAGE + 1])).code(),
        ErrorCode::TooLarge
    );
    assert_eq!(phone.ask_raw(&vec![0; MAX_FRAME + 1]).code(), ErrorCode::TooLarge);
    assert_eq!(phone.ask_raw(&good).status, 200);
}

#[test]
fn a_window_that_would_take_more_memory_than_a_message_is_malformed() {
    let server = Server::start();
    let phone = phone(&server);
    let mut good = Vec::new();
    minicbor::encode(SyncRequest::default(), &mut good).unwrap();
    let with_window = |log: u32| {
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(log).unwrap();
        encoder.write_all(&good).unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(phone.ask_raw(&with_window(MAX_WINDOW_LOG)).status, 200);
    for log in [MAX_WINDOW_LOG + 1, 27] {
        assert_eq!(phone.ask_raw(&with_window(log)).code(), ErrorCode::Malformed);
    }
}

#[test]
fn the_body_of_somebody_unknown_is_not_waited_for() {
    let brief = Patience {
        stranger: Duration::from_millis(50),
        ..Patience::default()
    };
    let server = Server::start_with(brief);
    let phone = phone(&server);
    let mut stream = TcpStream::connect(server.address).unwrap();
    let other = format!("{}AAAA", &phone.enrolled.token[..60]);
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\nContent-Encoding: zstd\r\n\
         Authorization: Bearer {other}\r\nContent-Length: {MAX_FRAME}\r\n\r\nhalf"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[test]
fn who_asks_badly_and_often_slows_down_no_phone_behind_the_same_address() {
    let brief = Patience {
        stranger: Duration::from_millis(200),
        ..Patience::default()
    };
    let server = Server::start_with(brief);
    let phone = phone(&server);
    let waits = || {
        let begun = Instant::now();
        let reply = send(server.address, "POST", "/v1/sync", &[], b"");
        assert_eq!(reply.code(), ErrorCode::WrongType);
        begun.elapsed() >= brief.stranger
    };
    assert!((0..5000).any(|_| waits()), "nobody waited");
    assert_eq!(phone.ask(&SyncRequest::default()).unwrap().code, None);
}

#[test]
fn a_body_that_trickles_times_out_whatever_it_brings() {
    let brief = Patience {
        body: Duration::from_millis(200),
        ..Patience::default()
    };
    let server = Server::start_with(brief);
    let phone = phone(&server);
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/cbor\r\n\
         Content-Encoding: zstd\r\nAuthorization: Bearer {}\r\nContent-Length: {MAX_FRAME}\r\n\r\n",
        phone.enrolled.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A byte whenever no answer came for as long.
    stream.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    let mut answer = [0; 4096];
    let taken = loop {
        match stream.read(&mut answer) {
            Ok(taken) => break taken,
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        // It may have been answered meanwhile.
        let _ = stream.write_all(b"x");
    };
    assert!(answer[..taken].starts_with(b"HTTP/1.1 408 "));
}

#[test]
fn lists_beyond_their_limits_are_too_large() {
    let server = Server::start();
    let phone = phone(&server);
    let cursor = Cursor {
        epoch: [1; 8],
        seq: 1,
        nonce: [1; 8],
        within: 0,
    };
    let requests = [
        SyncRequest {
            checkpoints: Some(vec![cursor; MAX_CHECKPOINTS + 1]),
            ..SyncRequest::default()
        },
        SyncRequest {
            actors: Some(vec![[7; 16].into(); MAX_ACTORS + 1]),
            ..SyncRequest::default()
        },
        SyncRequest {
            capabilities: Some(vec!["x".into(); 17]),
            ..SyncRequest::default()
        },
    ];
    for request in requests {
        assert_eq!(phone.refused(&request), ErrorCode::TooLarge);
    }
    let long = SyncRequest {
        capabilities: Some(vec!["x".repeat(41)]),
        ..SyncRequest::default()
    };
    assert_eq!(phone.refused(&long), ErrorCode::Malformed);
}

#[test]
fn a_token_that_nobody_has_is_unauthorised() {
    let server = Server::start();
    let phone = phone(&server);
    let frame = to_frame(&SyncRequest::default(), 3);
    let ask = |authorization: Option<&str>| {
        let mut headers = vec![("Content-Type", "application/cbor"), ("Content-Encoding", "zstd")];
        headers.extend(authorization.map(|value| ("Authorization", value)));
        send(server.address, "POST", "/v1/sync", &headers, &frame)
    };
    let token = &phone.enrolled.token;
    let other = format!("{}AAAA", &token[..60]);
    let elsewhere = "A".repeat(64);
    let bearers =
        [other, elsewhere, String::new(), format!("{token}A")].map(|token| format!("Bearer {token}"));
    assert_eq!(ask(None).code(), ErrorCode::Unauthorised);
    assert_eq!(
        ask(Some(&format!("Basic {token}"))).code(),
        ErrorCode::Unauthorised
    );
    for bearer in bearers {
        assert_eq!(ask(Some(&bearer)).code(), ErrorCode::Unauthorised);
    }
    assert_eq!(ask(Some(&format!("bearer {token}"))).status, 200);
}

#[test]
fn a_revoked_device_does_nothing_and_a_lost_one_pushes_into_quarantine() {
    let server = Server::start();
    let mut phone = phone(&server);
    let parcel = RecordId([40; 16]);
    server.set_state(phone.number(), DeviceState::Lost);
    let told = phone.ask(&SyncRequest::default()).unwrap();
    assert_eq!((told.leaving, told.order), (Some(Leaving::Lost), None));
    phone.write(parcel, kinds::delivery::LOADED_OUT, Body::new());
    assert_eq!(phone.sync(), [Outcome::Held("quarantined".into())]);
    assert_eq!(phone.cursor, None, "nothing is served, not even a cursor");
    let record = server
        .county
        .store()
        .read_blocking(|tx| tx.record(parcel))
        .unwrap();
    assert_eq!(record, None);
    server.set_state(phone.number(), DeviceState::Revoked);
    let push = phone.push_from(1, &[]);
    assert_eq!(
        phone.refused(&SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        }),
        ErrorCode::Revoked
    );
}

#[test]
fn a_push_is_signed_by_its_device_for_its_county() {
    let server = Server::start();
    let mut phone = phone(&server);
    let mut other = server.device(server.person(13, Role::Courier, None));
    phone.write(RecordId([40; 16]), kinds::delivery::LOADED_OUT, Body::new());
    let push = phone.push_from(1, &[]);
    let forged = other.signed(push.clone());
    let mut changed = push.clone();
    changed.nonce = [9; 8];
    for push in [forged, changed] {
        let request = SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        };
        assert_eq!(phone.refused(&request), ErrorCode::BadSignature);
    }
    other.write(RecordId([41; 16]), kinds::delivery::LOADED_OUT, Body::new());
    assert_eq!(other.sync(), [Outcome::Admitted]);
}

#[test]
fn gaps_and_packs_that_cannot_be_read_are_malformed() {
    let server = Server::start();
    let mut phone = phone(&server);
    for n in 0..3u8 {
        phone.write(RecordId([40 + n; 16]), kinds::delivery::LOADED_OUT, Body::new());
    }
    let ask = |phone: &Device, push| {
        phone.refused(&SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        })
    };
    let all = phone.own.clone();
    let no_chain = phone.push_of(&all, None);
    assert_eq!(ask(&phone, no_chain), ErrorCode::Malformed);
    let with_gap = [all[0].clone(), all[2].clone()];
    let with_gap = phone.push_of(&with_gap, Some([0; 8]));
    assert_eq!(ask(&phone, with_gap), ErrorCode::Malformed);
    for packed in [&b"\x00"[..], b"", b"\x92\x01\x02"] {
        let mut push = phone.push_from(1, &[]);
        push.facts = Some(packed.to_vec().into());
        assert_eq!(ask(&phone, phone.signed(push.clone())), ErrorCode::Malformed);
        (push.facts, push.chain, push.changes) = (None, None, Some(packed.to_vec().into()));
        assert_eq!(ask(&phone, phone.signed(push)), ErrorCode::Malformed);
    }
    assert_eq!(
        phone.sync(),
        [Outcome::Admitted, Outcome::Admitted, Outcome::Admitted]
    );
}

#[test]
fn an_unknown_cursor_asks_for_checkpoints_and_goes_on_from_the_newest_that_holds() {
    let server = Server::start();
    let mut phone = phone(&server);
    phone.sync();
    let known = phone.cursor.unwrap();
    let before = phone.facts.clone();
    server.station(3);
    phone.sync();
    let held = phone.facts.clone();
    let lost = Cursor {
        nonce: [9; 8],
        ..phone.cursor.unwrap()
    };
    let of_another_epoch = Cursor {
        epoch: [9; 8],
        ..known
    };
    phone.write(RecordId([40; 16]), kinds::delivery::LOADED_OUT, Body::new());
    for cursor in [
        lost,
        of_another_epoch,
        Cursor {
            seq: u64::MAX,
            ..known
        },
    ] {
        let push = phone.push_from(1, &[]);
        let request = SyncRequest {
            cursor: Some(cursor),
            push: Some(push),
            ..SyncRequest::default()
        };
        let answer = phone.ask(&request).unwrap();
        assert_eq!(answer.code, Some(ErrorCode::UnknownCursor));
        assert_eq!(
            (answer.receipts, answer.page, answer.cursor),
            (None, None, None),
            "nothing was done"
        );
    }
    let push = phone.push_from(1, &[]);
    let back = SyncRequest {
        cursor: Some(lost),
        checkpoints: Some(vec![of_another_epoch, known]),
        push: Some(push),
        ..SyncRequest::default()
    };
    let answer = phone.ask(&back).unwrap();
    assert_eq!((answer.code, answer.went_back), (None, Some(known)));
    assert!(answer.receipts.is_some());
    phone.facts = before;
    phone.take(&answer);
    assert_eq!(phone.facts, held);
    let from_the_start = SyncRequest {
        cursor: Some(lost),
        checkpoints: Some(vec![]),
        ..SyncRequest::default()
    };
    let answer = phone.ask(&from_the_start).unwrap();
    assert_eq!((answer.code, answer.went_back), (None, None));
    phone.facts.clear();
    phone.take(&answer);
    assert_eq!(phone.facts, held);
}

#[test]
fn actors_belong_to_who_announced_them_first() {
    let server = Server::start();
    let phone = phone(&server);
    let other = server.device(server.person(13, Role::Courier, None));
    let announce = |actor: [u8; 16]| SyncRequest {
        actors: Some(vec![actor.into()]),
        ..SyncRequest::default()
    };
    assert_eq!(phone.refused(&announce([0; 16])), ErrorCode::BadActor);
    assert_eq!(phone.refused(&announce(other.actor)), ErrorCode::BadActor);
    phone.ask(&announce([8; 16])).unwrap();
    phone.ask(&announce([8; 16])).unwrap();
    assert_eq!(other.refused(&announce([8; 16])), ErrorCode::BadActor);
}

#[test]
fn endpoints_methods_types_and_versions() {
    let server = Server::start();
    let code = |method: &str, path: &str, headers: &[(&str, &str)]| {
        send(server.address, method, path, headers, b"").code()
    };
    let cbor = ("Content-Type", "application/cbor");
    assert_eq!(code("GET", "/", &[]), ErrorCode::NotFound);
    assert_eq!(code("GET", "/v1/photos", &[]), ErrorCode::NotFound);
    assert_eq!(code("GET", "/v1/sync", &[]), ErrorCode::WrongMethod);
    assert_eq!(code("DELETE", "/v1/enrol", &[]), ErrorCode::WrongMethod);
    assert_eq!(code("POST", "/v2/sync", &[]), ErrorCode::WrongVersion);
    assert_eq!(code("POST", "/vx/sync", &[]), ErrorCode::NotFound);
    assert_eq!(code("POST", "/v1/enrol", &[]), ErrorCode::WrongType);
    assert_eq!(
        code("POST", "/v1/enrol", &[cbor, ("Content-Encoding", "zstd")]),
        ErrorCode::WrongType
    );
    assert_eq!(code("POST", "/v1/sync", &[cbor]), ErrorCode::WrongType);
    assert_eq!(
        code("POST", "/v1/sync", &[cbor, ("Content-Encoding", "gzip")]),
        ErrorCode::WrongType
    );
    let json = ("Content-Type", "application/json");
    assert_eq!(
        code("POST", "/v1/sync", &[json, ("Content-Encoding", "zstd")]),
        ErrorCode::WrongType
    );
}

#[test]
fn half_a_request_costs_nobody_else_anything() {
    let server = Server::start();
    let phone = phone(&server);
    let head = "POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\n\
                Content-Encoding: zstd\r\nAuthorization: Bearer x\r\n";
    let whole = format!("{head}Content-Length: 100\r\n\r\n{}", "x".repeat(50));
    for end in [0, 1, 20, head.len(), whole.len()] {
        assert!(
            send_and_cut(server.address, &whole.as_bytes()[..end]).is_none_or(|reply| reply.status >= 400)
        );
    }
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(&whole.as_bytes()[..head.len()]).unwrap();
            stream
        })
        .collect();
    assert_eq!(phone.ask(&SyncRequest::default()).unwrap().code, None);
    drop(waiting);
}

#[test]
fn a_body_that_stops_coming_times_out() {
    let brief = Patience {
        stall: Duration::from_millis(50),
        ..Patience::default()
    };
    let server = Server::start_with(brief);
    let phone = phone(&server);
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/cbor\r\n\
         Content-Encoding: zstd\r\nAuthorization: Bearer {}\r\nContent-Length: 100\r\n\r\nhalf",
        phone.enrolled.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("timeout"));
}

#[test]
fn codes_of_the_store_are_those_of_the_protocol() {
    use saddlebag_sync_server::failure::Failure;
    let code = |error: StoreError| Failure::from(error).code;
    assert_eq!(code(StoreError::Full), ErrorCode::StoreFull);
    assert_eq!(code(StoreError::Panicked), ErrorCode::Internal);
    assert_eq!(code(StoreError::Damaged("fact")), ErrorCode::Internal);
    assert_eq!(code(StoreError::Closed), ErrorCode::Busy);
}

#[test]
fn health_and_metrics_tell_of_work_and_of_nobody() {
    let server = Server::start();
    let mut phone = phone(&server);
    phone.write(RecordId([40; 16]), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    let get = |path: &str| send(server.address, "GET", path, &[], b"");
    assert_eq!(
        (get("/healthz").status, get("/healthz").text()),
        (200, "ok\n".to_owned())
    );
    let ready = get("/readyz");
    assert_eq!(ready.status, 200);
    assert_eq!(
        ready.text(),
        r#"{"ready":true,"counties":1,"backup_overdue":1,"damaged":0}"#
    );
    let metrics = get("/metrics");
    assert!(metrics.head.contains("openmetrics-text"), "{}", metrics.head);
    let text = metrics.text();
    assert!(
        text.contains(r#"saddlebag_requests_total{endpoint="sync",code="ok"} 1"#),
        "{text}"
    );
    assert!(
        text.contains(r#"saddlebag_facts_total{outcome="admitted"} 1"#),
        "{text}"
    );
    let names = ["同事11", &phone.enrolled.token, "19900000011", "127.0.0.1"];
    assert!(names.iter().all(|name| !text.contains(name)));
    drop(Arc::clone(&server.state));
}
