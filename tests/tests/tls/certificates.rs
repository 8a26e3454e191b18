use saddlebag_replica::surroundings::{BUILT_MS, TrustedRoots};
use saddlebag_replica::sync::{Transport, Trust};

use crate::authority::{Authority, LONG, Shown, Span};
use crate::county::{County, Serving};
use crate::phone::{LONG_OFF_MS, Phone, runtime};
use crate::stranger::Stranger;

const BUILT_S: u64 = BUILT_MS as u64 / 1000;
const DAY_S: u64 = 24 * 60 * 60;

fn believing(authority: &Authority) -> TrustedRoots {
    TrustedRoots::of_der([authority.root()])
}

/// A server with this certificate, in files.
fn serve(county: &County, shown: &Shown) -> Serving {
    write(county, shown);
    let (certificate, key) = (county.path("cert.pem"), county.path("key.pem"));
    county.serve(&[
        "--tls-cert",
        certificate.to_str().unwrap(),
        "--tls-key",
        key.to_str().unwrap(),
    ])
}

fn write(county: &County, shown: &Shown) {
    let (certificate, key) = shown.pem();
    for (name, text) in [("cert.pem", certificate), ("key.pem", key)] {
        std::fs::write(county.path("new"), text).unwrap();
        std::fs::rename(county.path("new"), county.path(name)).unwrap();
    }
}

/// Of someone who shows this, the code with which a phone turns away; none where it speaks to them.
fn turns_away(authority: &Authority, shown: &Shown, earliest_ms: i64) -> Option<&'static str> {
    let stranger = Stranger::who_shows(shown);
    let trust = Trust::Certificate(believing(authority), earliest_ms);
    let transport = Transport::new(&stranger.url, trust).unwrap();
    let error = runtime()
        .block_on(transport.sync("a-token", vec![1]))
        .unwrap_err();
    let heard = stranger.heard();
    // It is told the token if and only if it is believed.
    assert_eq!(heard.is_empty(), !error.is_passing(), "{error}");
    (!error.is_passing()).then(|| error.code())
}

#[test]
fn a_phone_with_a_dead_clock_syncs_by_a_public_certificate() {
    let (county, authority) = (County::new(), Authority::new(LONG));
    let serving = serve(
        &county,
        &authority.shown("localhost", (BUILT_S, BUILT_S + 90 * DAY_S)),
    );
    for off_ms in [-LONG_OFF_MS, 0, LONG_OFF_MS, -3 * LONG_OFF_MS] {
        let phone = Phone::new(believing(&authority), BUILT_MS, off_ms);
        phone.enrol(&county.qr(&serving.url())).unwrap();
        phone.clock.reboot();
        phone.scan("SBTLS00001");
        phone.sync().unwrap();
        assert_eq!(phone.unsent(), 0, "{off_ms}");
        assert_eq!(
            phone.replica.identity().unwrap().unwrap().server_keys,
            Vec::<[u8; 32]>::new()
        );
    }
}

#[test]
fn a_certificate_is_refused_once_it_has_certainly_expired() {
    let authority = Authority::new(LONG);
    let shown = authority.shown("localhost", (BUILT_S - DAY_S, BUILT_S));
    assert_eq!(turns_away(&authority, &shown, BUILT_MS - 1000), None);
    assert_eq!(
        turns_away(&authority, &shown, BUILT_MS),
        None,
        "to its last second"
    );
    assert_eq!(
        turns_away(&authority, &shown, BUILT_MS + 1000),
        Some("certificate_expired")
    );
    // The same of the authority's own.
    let authority = Authority::new((BUILT_S - 9 * DAY_S, BUILT_S));
    let shown = authority.shown("localhost", LONG);
    assert_eq!(turns_away(&authority, &shown, BUILT_MS), None);
    assert_eq!(
        turns_away(&authority, &shown, BUILT_MS + 1000),
        Some("certificate_expired")
    );
}

#[test]
fn a_certificate_may_begin_later_than_the_phone_knows_of() {
    let years = |n: u64| BUILT_S + n * 365 * DAY_S;
    for (below, own) in [
        (LONG, (years(20), years(21))),
        ((years(19), years(30)), (years(20), years(21))),
        ((years(20), years(30)), (years(19), years(21))),
    ] as [(Span, Span); 3]
    {
        let authority = Authority::new(below);
        let shown = authority.shown("localhost", own);
        assert_eq!(turns_away(&authority, &shown, BUILT_MS), None);
    }
    // There is no time at which both are good.
    let authority = Authority::new((years(0), years(1)));
    let shown = authority.shown("localhost", (years(2), years(3)));
    assert_eq!(
        turns_away(&authority, &shown, BUILT_MS),
        Some("certificate_expired")
    );
}

#[test]
fn nobody_else_is_believed() {
    let (authority, other) = (Authority::new(LONG), Authority::new(LONG));
    for shown in [
        other.shown("localhost", LONG),
        Shown::by_itself(),
        authority.shown("sync.example", LONG),
        authority
            .shown("localhost", LONG)
            .with_the_key_of(Shown::by_itself()),
    ] {
        assert_eq!(
            turns_away(&authority, &shown, BUILT_MS),
            Some("untrusted_certificate")
        );
    }
    assert_eq!(
        turns_away(&authority, &authority.shown("localhost", LONG), BUILT_MS),
        None
    );
}

#[test]
fn what_the_county_said_the_time_is_counts_and_a_code_helps_where_it_was_wrong() {
    let (county, authority) = (County::new(), Authority::new(LONG));
    let serving = serve(&county, &authority.shown("localhost", LONG));
    let phone = Phone::new(believing(&authority), BUILT_MS, 0);
    // The server's clock is a thousand days ahead for a while.
    county.ahead_by(1000 * DAY_S as i64 * 1000);
    phone.enrol(&county.qr(&serving.url())).unwrap();
    phone.sync().unwrap();
    county.ahead_by(0);
    write(
        &county,
        &authority.shown("localhost", (BUILT_S, BUILT_S + 500 * DAY_S)),
    );
    phone.scan("SBTLS00001");
    assert_eq!(phone.sync(), Err("certificate_expired"));
    assert_eq!(phone.unsent(), 1);
    phone.enrol(&county.qr(&serving.url())).unwrap();
    phone.sync().unwrap();
    assert_eq!(phone.unsent(), 0);
}

#[test]
fn a_renewed_certificate_is_shown_without_a_new_start() {
    let (county, authority) = (County::new(), Authority::new(LONG));
    let serving = serve(&county, &authority.shown("localhost", LONG));
    let phone = Phone::new(believing(&authority), BUILT_MS, 0);
    phone.enrol(&county.qr(&serving.url())).unwrap();
    phone.sync().unwrap();
    write(&county, &authority.shown("elsewhere", LONG));
    assert_eq!(phone.sync(), Err("untrusted_certificate"), "it is shown at once");
    write(&county, &authority.shown("localhost", LONG));
    phone.sync().unwrap();
    serving.signal("-HUP");
    phone.sync().unwrap();
    serving.stop();
}
