//! What lasts so many days lasts them by the time that the phone holds, whatever its own clock shows.

use saddlebag_records::codes::{how_consent_given, season};
use saddlebag_replica::{NewCamp, NewConsent, NewHousehold, Scope};

use crate::a_phone::{MORNING_MS, Phone};

const DAY_MS: i64 = 24 * 3_600_000;
const YEAR_MS: i64 = 365 * DAY_MS;

#[test]
fn a_wrong_clock_moves_neither_the_end_of_a_consent_nor_a_camps_season() {
    for wrong_by in [-7 * YEAR_MS, 2 * YEAR_MS] {
        let phone = Phone::of_courier(1);
        phone.clock.set_wall(MORNING_MS + wrong_by);
        assert_eq!(phone.now_ms().unwrap(), MORNING_MS);

        let household = phone
            .register_household(&NewHousehold {
                name: "阿依古丽".to_owned(),
                language: None,
                drop_point: None,
                phone: None,
            })
            .unwrap();
        phone
            .give_consent(&NewConsent {
                household,
                scope: Scope::ErrandHelp,
                days: Some(30),
                how: how_consent_given::SPOKEN,
            })
            .unwrap();
        phone
            .note_camp(&NewCamp {
                household,
                season: season::WINTER,
                days: Some(91),
                position: None,
                landmark: Some("红石头".to_owned()),
                directions: None,
            })
            .unwrap();

        let page = phone.household(household).unwrap();
        let consent = &page.consents[0];
        assert!(consent.stands, "wrong by {wrong_by} ms");
        assert_eq!(consent.until_ms, Some(MORNING_MS + 30 * DAY_MS));
        let camp = &page.camps[0];
        assert_eq!(camp.valid_from_ms, Some(MORNING_MS));
        assert_eq!(camp.valid_until_ms, Some(MORNING_MS + 91 * DAY_MS));

        phone.clock.pass(30 * 24 * 3_600_000 + 1);
        assert!(!phone.household(household).unwrap().consents[0].stands);
    }
}

#[test]
fn nobody_stays_or_agrees_who_is_not_here() {
    let phone = Phone::of_courier(1);
    let camp = phone.note_camp(&NewCamp {
        household: crate::a_phone::STATION,
        season: season::WINTER,
        days: None,
        position: None,
        landmark: None,
        directions: None,
    });
    assert_eq!(camp.unwrap_err().code(), "unknown_record");
}
