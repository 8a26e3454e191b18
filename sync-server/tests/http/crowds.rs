//! More than there should be: idle connections by the thousand, and the largest requests all at once, against the real
//! program, whose memory the kernel tells.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread::scope;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use saddlebag_protocol::limits::{MAX_FRAME, MAX_MESSAGE};
use saddlebag_protocol::{Outcome, SyncRequest, to_frame};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, FactKind, kinds};
use saddlebag_records::id::RecordId;

use crate::support::{Device, Dice, Running, Server};

/// A county that the real program serves, and phones of it.
fn county(phones: usize) -> (tempfile::TempDir, Running, Vec<Device>) {
    let server = Server::start();
    let mut phones: Vec<_> = (0..phones)
        .map(|n| server.device(server.person(11 + n as u8, Role::Courier, None)))
        .collect();
    let folder = server.stop();
    let running = Running::serve(&folder.path().join("data"));
    for phone in &mut phones {
        phone.address = running.address;
    }
    (folder, running, phones)
}

/// As many connections as are wanted, or as this process may open.
fn most_connections(wanted: u64) -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    let most = limit.maximum.unwrap_or(u64::MAX) - 200;
    println!("{} connections of {wanted}", wanted.min(most));
    wanted.min(most)
}

/// Opens connections, some at a time, and sends this over each.
fn crowd(to: SocketAddr, count: u64, sent: &[u8]) -> Vec<TcpStream> {
    const AT_A_TIME: u64 = 16;
    let one = |_| {
        let mut stream = TcpStream::connect(to).unwrap();
        // It may have had to make room already.
        let _ = stream.write_all(sent);
        stream
    };
    scope(|all| {
        let some = || all.spawn(|| (0..count / AT_A_TIME).map(one).collect::<Vec<_>>());
        let threads: Vec<_> = (0..AT_A_TIME).map(|_| some()).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

fn syncs(phone: &mut Device, record: u8) {
    phone.write(RecordId([record; 16]), kinds::delivery::LOADED_OUT, Body::new());
    assert_eq!(phone.sync(), [Outcome::Admitted]);
}

/// How many of them the server has ended.
fn ended(crowd: &[TcpStream]) -> usize {
    let is_ended = |stream: &&TcpStream| {
        stream.set_nonblocking(true).unwrap();
        let mut stream = *stream;
        loop {
            match stream.read(&mut [0; 4096]) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
            }
        }
    };
    crowd.iter().filter(is_ended).count()
}

#[test]
fn ten_thousand_idle_connections_take_little_memory_and_keep_no_phone_out() {
    let count = most_connections(10_000);
    let (_folder, running, mut phones) = county(1);
    let phone = &mut phones[0];
    syncs(phone, 40);
    let idle = running.memory();
    let half_a_head = format!("POST /v1/sync HTTP/1.1\r\nHost: x\r\nX: {}", "x".repeat(12_000));
    let with_token = format!(
        "POST /v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/cbor\r\n\
         Content-Encoding: zstd\r\nContent-Length: 100\r\n\r\nhalf",
        phone.enrolled.token
    );
    let kinds: [(&str, &[u8], u64); 4] = [
        ("silent", b"", 60),
        (
            "that asked something",
            b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            100,
        ),
        ("in the middle of a head", half_a_head.as_bytes(), 100),
        ("in the middle of a body, one device", with_token.as_bytes(), 100),
    ];
    let mut all = Vec::new();
    for (at, (what, sent, most)) in kinds.into_iter().enumerate() {
        let crowd = crowd(running.address, count / 4, sent);
        syncs(phone, 41 + at as u8);
        let over = running.memory().over(idle);
        let ended = ended(&crowd);
        println!(
            "{} {what}: {over} MB over idle, {ended} of them ended",
            crowd.len()
        );
        assert!(over <= most, "{what}: {over} MB");
        all.push(crowd);
    }
}

#[test]
fn the_largest_requests_all_at_once_take_bounded_memory() {
    const AT_ONCE: usize = 32;
    let (_folder, running, mut phones) = county(AT_ONCE);
    let requests: Vec<_> = phones
        .iter_mut()
        .zip(0..)
        .map(|(phone, n)| largest(phone, n))
        .collect();
    let idle = running.memory();
    running.forget_peak();
    let together = Barrier::new(AT_ONCE);
    scope(|all| {
        for (phone, frame) in phones.iter().zip(&requests) {
            all.spawn(|| {
                together.wait();
                assert_eq!(phone.ask_raw(frame).status, 200);
            });
        }
    });
    let over = running.peak().over(idle);
    println!(
        "{AT_ONCE} requests of {} bytes: {over} MB over idle",
        requests[0].len()
    );
    assert!(over <= 300, "{over} MB");
}

/// A push that is nearly as large as one may be, packed and unpacked: facts of a kind that no server knows yet, which are
/// kept as they are.
fn largest(phone: &mut Device, seed: u64) -> Vec<u8> {
    let (record, mut dice) = (RecordId([50 + seed as u8; 16]), Dice::new(seed));
    for _ in 0..MAX_MESSAGE / 8_000 {
        let mut text: Vec<u8> = (0..MAX_FRAME * 7_900 / MAX_MESSAGE)
            .map(|_| dice.below(256) as u8)
            .collect();
        text.resize(7_900, 0);
        let body = Body::new().with(200, text);
        phone.write(record, FactKind(9_999), body);
    }
    let push = phone.push_from(1, &[]);
    let frame = to_frame(
        &SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        },
        3,
    );
    assert!(
        frame.len() <= MAX_FRAME && frame.len() > MAX_FRAME * 9 / 10,
        "{}",
        frame.len()
    );
    frame
}
