use proptest::prelude::*;

use super::*;

/// Two devices that never met must name one parcel alike, and a delivery keeps its name for good: what a
/// text normalises to may never change. A case may be added, none edited.
const NORMALISED: &[(&str, &str)] = &[
    ("773123456789012", "773123456789012"),
    ("  sf1234567890123 ", "SF1234567890123"),
    ("ＳＦ１２３４５６７８９０１２３", "SF1234567890123"),
    ("YT 8888 0000 1111 2", "YT8888000011112"),
    ("jd-0012-3456", "JD-0012-3456"),
    ("ＪＤ－００１２－３４５６", "JD-0012-3456"),
    ("\u{202A}rr\u{3000}473 124 829\tcn\u{202C}\r\n", "RR473124829CN"),
    ("\u{FEFF}123\u{200B}456", "123456"),
    ("abcdef", "ABCDEF"),
    ("------", "------"),
    (
        "12345678901234567890123456789012",
        "12345678901234567890123456789012",
    ),
];

#[test]
fn normalisation_is_frozen() {
    for (typed, normalised) in NORMALISED {
        assert_eq!(Waybill::parse(typed).unwrap().as_str(), *normalised, "{typed:?}");
    }
}

#[test]
fn what_is_no_waybill_is_refused_with_a_stable_code() {
    let code = |text: &str| Waybill::parse(text).unwrap_err().code();
    assert_eq!(code(""), "waybill_too_short");
    assert_eq!(code("1 2 3 4 5"), "waybill_too_short");
    assert_eq!(code("123456789012345678901234567890123"), "waybill_too_long");
    for text in [
        "SF12345_",
        "SF12345.",
        "快递123456",
        "SF12345'; --",
        "ßßßßßß",
        "１２３４５６é",
        "١٢٣٤٥٦٧",
    ] {
        assert_eq!(code(text), "waybill_bad_character", "{text}");
    }
}

#[test]
fn s10_numbers_are_checked() {
    let s10 = |text: &str| Waybill::parse(text).unwrap().s10();
    // RR473124829GB is the worked example of UPU S10; the others reach the two special remainders.
    for good in [
        "RR473124829GB",
        "rr 473 124 829 gb",
        "LX000000005CN",
        "EA020000000CN",
    ] {
        assert_eq!(s10(good), S10Checked::Good, "{good}");
    }
    for bad in ["RR473124828GB", "RR473124820CN", "LX000000000CN"] {
        assert_eq!(s10(bad), S10Checked::Bad, "{bad}");
    }
    for other in [
        "773123456789012",
        "RR47312482GB",
        "RR4731248290GB",
        "R1473124829GB",
        "RR47312482-GB",
        "ABCDEF",
    ] {
        assert_eq!(s10(other), S10Checked::NotS10, "{other}");
    }
}

/// Phones and counties in the field hold these ids: a change here would part every parcel that two devices
/// know apart into two deliveries, and every hand-in from its count.
#[test]
fn derived_ids_are_frozen() {
    let key = [7; 32];
    let waybill = Waybill::parse("SF1234567890123").unwrap();
    let courier = PersonId([9; 16]);
    let ids = [
        delivery_id(&key, &waybill, 0),
        delivery_id(&key, &waybill, 1),
        hand_in_id(&key, courier, 1),
        count_id(&key, courier, 1),
    ];
    let golden = [
        "569367a2-123b-8016-b926-7383dfd01480",
        "46c40936-591d-8954-8522-d855bb0080d4",
        "87b36776-3d7d-87d4-a518-02211caef12b",
        "5160a16e-f7a8-8a3a-aa20-6304758fa522",
    ];
    assert_eq!(ids.map(|id| id.to_string()), golden);
}

#[test]
fn a_derived_id_depends_on_key_name_number_and_domain() {
    let key = [7; 32];
    let parse = |text| Waybill::parse(text).unwrap();
    let courier = PersonId([9; 16]);
    let mut ids = vec![
        delivery_id(&key, &parse("SF1234567"), 0),
        delivery_id(&key, &parse("SF1234567"), 1),
        delivery_id(&key, &parse("SF1234568"), 0),
        delivery_id(&[8; 32], &parse("SF1234567"), 0),
        hand_in_id(&key, courier, 1),
        hand_in_id(&key, courier, 2),
        hand_in_id(&key, PersonId([8; 16]), 1),
        count_id(&key, courier, 1),
    ];
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8);
    for id in ids {
        let uuid = uuid::Uuid::from_bytes(id.0);
        assert_eq!(
            (uuid.get_version_num(), uuid.get_variant()),
            (8, uuid::Variant::RFC4122)
        );
    }
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(text in "\\PC{0,40}|[a-z0-9 －-]{4,40}") {
        if let Ok(waybill) = Waybill::parse(&text) {
            prop_assert!(LENGTH.contains(&waybill.as_str().len()));
            prop_assert_eq!(Waybill::parse(waybill.as_str()), Ok(waybill));
        }
    }

    #[test]
    fn one_wrong_digit_is_noticed(serial in 0u32..100_000_000, place in 0usize..8, off in 1u8..10) {
        let good = (0..10)
            .map(|check| Waybill::parse(&format!("RR{serial:08}{check}CN")).unwrap())
            .find(|waybill| waybill.s10() == S10Checked::Good)
            .unwrap();
        let mut wrong = good.as_str().as_bytes().to_vec();
        wrong[2 + place] = b'0' + (wrong[2 + place] - b'0' + off) % 10;
        let wrong = Waybill::parse(std::str::from_utf8(&wrong).unwrap()).unwrap();
        // Remainders 0 and 6 both give the check digit 5: S10 itself misses those.
        let remainder = |waybill: &Waybill| {
            let weights = [8, 6, 4, 2, 3, 5, 9, 7];
            waybill.as_str().as_bytes()[2..10].iter().zip(weights).map(|(d, w)| u32::from(d - b'0') * w).sum::<u32>() % 11
        };
        let ambiguous = |remainder: u32| matches!(remainder, 0 | 6);
        if !(ambiguous(remainder(&good)) && ambiguous(remainder(&wrong))) {
            prop_assert_eq!(wrong.s10(), S10Checked::Bad);
        }
    }
}
