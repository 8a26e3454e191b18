use saddlebag_replica::EnrolmentText;
use saddlebag_replica::sync::{Transport, Trust};

use crate::authority::{Authority, LONG, Shown};
use crate::county::{County, Serving};
use crate::phone::{LONG_OFF_MS, Phone, runtime};
use crate::stranger::Stranger;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn pinned() -> (County, Serving) {
    let county = County::new();
    county.admin(&["tls", "create"]).unwrap();
    let serving = county.serve(&["--tls-pinned"]);
    (county, serving)
}

/// A phone of C01 with a scan that the county does not have.
fn with_a_scan(county: &County, serving: &Serving) -> Phone {
    let phone = Phone::plain();
    phone.enrol(&county.qr(&serving.url())).unwrap();
    phone.sync().unwrap();
    phone.scan("SBTLS00001");
    assert_eq!(phone.unsent(), 1);
    phone
}

fn token(phone: &Phone) -> String {
    phone.replica.identity().unwrap().unwrap().token
}

#[test]
fn a_phone_with_a_dead_clock_syncs_with_a_pinned_server() {
    let (county, serving) = pinned();
    for off_ms in [-LONG_OFF_MS, 0, LONG_OFF_MS, -3 * LONG_OFF_MS] {
        let phone = Phone::new(
            saddlebag_replica::surroundings::TrustedRoots::bundled(),
            saddlebag_replica::surroundings::BUILT_MS,
            off_ms,
        );
        phone.enrol(&county.qr(&serving.url())).unwrap();
        phone.clock.reboot();
        phone.scan("SBTLS00001");
        phone.sync().unwrap();
        assert_eq!(phone.unsent(), 0, "{off_ms}");
    }
}

#[test]
fn a_wrong_key_gets_nothing_and_takes_nothing_away() {
    let (county, serving) = pinned();
    let phone = with_a_scan(&county, &serving);
    let authority = Authority::new(LONG);
    for shown in [
        Shown::by_itself(),
        // Whatever an authority says of it.
        authority.shown("localhost", LONG),
    ] {
        let stranger = Stranger::who_shows(&shown);
        assert_eq!(phone.sync_at(&stranger.url), Err("wrong_server_key"));
        assert_eq!(stranger.heard(), b"");
    }
    assert_eq!(phone.unsent(), 1);
    phone.sync().unwrap();
    assert_eq!(phone.unsent(), 0);
}

/// What the stranger of the other tests would hear, if it were believed.
#[test]
fn whoever_has_the_key_is_told_the_token() {
    let shown = Shown::by_itself();
    let stranger = Stranger::who_shows(&shown);
    let transport = Transport::new(&stranger.url, Trust::Keys(vec![[1; 32], shown.key_hash()])).unwrap();
    let answered = runtime().block_on(transport.sync("a-token", vec![1, 2, 3]));
    assert!(answered.unwrap_err().is_passing(), "it heard, and said nothing");
    let heard = String::from_utf8_lossy(&stranger.heard()).into_owned();
    assert!(heard.contains("Bearer a-token"), "{heard}");
}

#[test]
fn who_shows_the_certificate_must_have_its_key() {
    let (shown, other) = (Shown::by_itself(), Shown::by_itself());
    let trust = Trust::Keys(vec![shown.key_hash()]);
    let stranger = Stranger::who_shows(&shown.with_the_key_of(other));
    let transport = Transport::new(&stranger.url, trust).unwrap();
    let answered = runtime().block_on(transport.sync("a-token", vec![1, 2, 3]));
    assert_eq!(answered.unwrap_err().code(), "wrong_server_key");
    assert_eq!(stranger.heard(), b"");
}

#[test]
fn who_answers_without_tls_is_no_server_and_hears_no_token() {
    let (county, serving) = pinned();
    let phone = with_a_scan(&county, &serving);
    let stranger = Stranger::in_the_clear();
    assert_eq!(phone.sync_at(&stranger.url), Err("foreign_server"));
    let heard = stranger.heard();
    assert!(heard.len() > 5 && heard[0] == 22, "a TLS handshake: {heard:?}");
    let unencrypted = serving.url().replace("https:", "http:");
    assert_eq!(phone.sync_at(&unencrypted), Err("insecure_address"));
    assert_eq!(phone.unsent(), 1);
    assert!(!token(&phone).is_empty());
}

#[test]
fn a_code_that_was_typed_does_not_make_a_phone_believe_a_pinned_server() {
    let (county, serving) = pinned();
    let phone = Phone::plain();
    let said = county.qr(&serving.url());
    let typed = EnrolmentText {
        server_key: None,
        ..said.clone()
    };
    assert_eq!(phone.enrol(&typed), Err("untrusted_certificate"));
    let wrong = EnrolmentText {
        server_key: Some(format!("{:064}", 0).parse().unwrap()),
        ..said.clone()
    };
    assert_eq!(phone.enrol(&wrong), Err("wrong_server_key"));
    // Nothing was sent, so the code is as good as before.
    phone.enrol(&said).unwrap();
}

#[test]
fn a_phone_that_was_away_finds_the_server_under_its_next_key() {
    let (county, serving) = pinned();
    let (near, away) = (Phone::plain(), Phone::plain());
    for phone in [&near, &away] {
        phone.enrol(&county.qr(&serving.url())).unwrap();
        phone.sync().unwrap();
    }
    let told = |phone: &Phone| phone.replica.identity().unwrap().unwrap().server_keys;
    let first = told(&away);
    assert_eq!(first.len(), 2);
    county.ahead_by(DAY_MS);
    county.admin(&["tls", "rotate"]).unwrap();
    near.sync().unwrap();
    assert_eq!((told(&near)[0], told(&near).len()), (first[1], 2));
    // The other one does not know yet what comes after.
    county.ahead_by(2 * DAY_MS);
    assert_eq!(
        county.admin(&["tls", "rotate"]),
        Err("tls_leaves_behind".to_owned())
    );
    away.scan("SBTLS00001");
    away.sync().unwrap();
    assert_eq!((away.unsent(), told(&away)), (0, told(&near)));
    county.admin(&["tls", "rotate"]).unwrap();
    near.sync().unwrap();
    away.sync().unwrap();
}

#[test]
fn a_phone_that_was_left_behind_keeps_all_and_is_enrolled_again() {
    let (county, serving) = pinned();
    let phone = with_a_scan(&county, &serving);
    for day in 1..=2 {
        county.ahead_by(day * DAY_MS);
        county.admin(&["tls", "rotate", "--leave-behind"]).unwrap();
    }
    assert_eq!(phone.sync(), Err("wrong_server_key"));
    assert_eq!(phone.unsent(), 1);
    phone.enrol(&county.qr(&serving.url())).unwrap();
    phone.sync().unwrap();
    assert_eq!(phone.unsent(), 0);
}
