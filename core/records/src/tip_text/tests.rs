use proptest::prelude::*;

use super::*;

fn refused(text: &str) -> Option<TipTextRefusal> {
    check(text).err()
}

/// Numbers here are from unassigned prefixes or made up; none is anybody's.
#[test]
fn phone_numbers_are_refused_however_they_are_written() {
    for text in [
        "打13800000000找他",
        "打 138 0000 0000",
        "138-0000-0000",
        "138.0000.0000",
        "138。0000。0000",
        "1 3 8 0 0 0 0 0 0 0 0",
        "138 - 0000 - 0000",
        "１３８００００００００",
        "１３８－００００－００００",
        "١٣٨٠٠٠٠٠٠٠٠",
        "۱۳۸ ۰۰۰۰ ۰۰۰۰",
        "تەلەفون \u{200E}١٣٨-٠٠٠٠-٠٠٠٠\u{200E}",
        "138\u{200B}0000\u{200B}0000",
        "①③⑧⓪⓪⓪⓪⓪⓪⓪⓪",
        "1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣",
        "幺三八零零零零零零零零",
        "+8613800000000",
        "+86 138 0000 0000",
        "0086-138-0000-0000",
        "013800000000",
        "013-800-000-000",
        "单号138000000001",
        "0906-6620000",
        "0906 662 0000",
        "(0906)6620000",
        "（０９０６）６６２００００",
        "09066620000",
        "٠٩٠٦-٦٦٢٠٠٠٠",
        "0991-88800000",
        "010-88800000",
        "010 8880 0000",
        "02188800000",
        "+86 906 662 0000",
        "+86 10 8880 0000",
        "400-800-0000",
        "+7 701 000 0000",
        "家里6620000",
    ] {
        assert_eq!(refused(text), Some(TipTextRefusal::PhoneNumber), "{text}");
    }
}

#[test]
fn identity_numbers_are_refused_however_they_are_written() {
    for text in [
        "654324199001011234",
        "证号65432419900101123X坏人",
        "65432419900101123x",
        "６５４３２４１９９００１０１１２３Ｘ",
        "654324 19900101 1234",
        "654324-1990-0101-123 X",
        "6543 2419 9001 0112 3X",
        "٦٥٤٣٢٤١٩٩٠٠١٠١١٢٣٤",
        "654324900101123",
        "654324 900101 123",
        "123456789012345",
        "773123456789012",
        "991231123456789012",
        "号00654324199001011234",
    ] {
        assert_eq!(refused(text), Some(TipTextRefusal::IdentityNumber), "{text}");
    }
}

#[test]
fn plates_are_refused_however_they_are_written() {
    for text in [
        "新H12345",
        "一辆新H·12345压坏了桥",
        "新H 12345",
        "新H-123-45",
        "新 H 1 2 3 4 5",
        "新H.A1B23",
        "新h12345",
        "新Ｈ１２３４５",
        "新H١٢٣٤٥",
        "新HD12345",
        "新H12345D",
        "京A·F0236停在路上",
        "新H1234学",
        "新H1234挂",
        "粤Z1234港",
        "新H12345 3次",
    ] {
        assert_eq!(refused(text), Some(TipTextRefusal::Plate), "{text}");
    }
}

#[test]
fn what_a_place_needs_said_is_taken() {
    for text in [
        "",
        "库勒拜镇往北3公里，桥面塌了",
        "G217线1350公里+500米处落石，长约20米",
        "S319 k12+300 路基冲毁",
        "在S319、S227交叉口",
        "2026年11月23日14:05发现，2026-11-23 16:30还没修",
        "20261123",
        "灯杆 101 102 103 104 105 不亮",
        "0号井、3号泵，水压0.2",
        "坐标 48.0606123, 86.4186123",
        "拨打110和95598都没人来，12345已登记",
        "停电10千伏，1000多户，800米电线",
        "水深1.5米 宽30米 长200米",
        "雪厚 30-50cm，约 1200 米不通",
        "路边新A级厕所锁着",
        "新iPhone5掉在路上了",
        "新修的路K12345段",
        "川上有冰，云A线方向",
        "جولدا سۋ بار، 3 كيلومەتر",
        "ten lamps out, km 12 to 14",
        "6月7日8点9分",
        "06 07 08 09 10 号灯",
        "110、112、113、115、118号杆",
    ] {
        assert_eq!(refused(text), None, "{text}");
    }
}

#[test]
fn the_length_is_counted_in_code_points() {
    assert_eq!(refused(&"路".repeat(200)), None);
    assert_eq!(refused(&"路".repeat(201)), Some(TipTextRefusal::TooLong));
    assert_eq!(refused(&"a\u{301}".repeat(100)), None);
    assert_eq!(refused(&"a\u{301}".repeat(101)), Some(TipTextRefusal::TooLong));
    assert_eq!(refused(&"x".repeat(1 << 20)), Some(TipTextRefusal::TooLong));
}

#[test]
fn refusals_keep_their_codes() {
    use TipTextRefusal::*;
    assert_eq!(
        [TooLong, IdentityNumber, Plate, PhoneNumber].map(TipTextRefusal::code),
        TipTextRefusal::CODES
    );
    assert_eq!(
        TipTextRefusal::CODES,
        [
            "tip_text_too_long",
            "tip_text_identity_number",
            "tip_text_plate",
            "tip_text_phone_number"
        ]
    );
}

/// Writes ASCII digits in one of the ways that a keyboard of the county offers.
fn typed(digits: &str, way: usize, separators: &[&str]) -> String {
    let zero = [u32::from('0'), 0xFF10, 0x0660, 0x06F0][way % 4];
    digits
        .chars()
        .enumerate()
        .map(|(at, c)| {
            let c = c
                .to_digit(10)
                .and_then(|digit| char::from_u32(zero + digit))
                .unwrap_or(c);
            let separator = separators
                .get(at % separators.len().max(1))
                .copied()
                .unwrap_or_default();
            if at == 0 {
                c.to_string()
            } else {
                format!("{separator}{c}")
            }
        })
        .collect()
}

fn separators() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(
        prop::sample::select(vec!["", "", "", " ", "-", ".", "－", "．", "·", " - "]),
        1..6,
    )
}

fn around() -> impl Strategy<Value = String> {
    "[路桥坏了，。！ab ]{0,10}"
}

proptest! {
    #[test]
    fn no_mobile_number_passes(n in 13_000_000_000u64..20_000_000_000, way: usize, between in separators(),
                               before in around(), after in around()) {
        let text = format!("{before}{}{after}", typed(&n.to_string(), way, &between));
        prop_assert!(refused(&text).is_some(), "{}", text);
    }

    #[test]
    fn no_landline_passes(area in prop::sample::select(vec!["0906", "0991", "0371"]), n in 2_000_000u32..9_000_000,
                          way: usize, between in separators(), before in around(), after in around()) {
        let text = format!("{before}{}{after}", typed(&format!("{area}{n}"), way, &between));
        prop_assert!(refused(&text).is_some(), "{}", text);
    }

    #[test]
    fn no_identity_number_passes(place in 650_000u32..660_000, year in 1920u32..2020, month in 1u32..13,
                                 day in 1u32..29, rest in 0u32..1000, check in "[0-9X]", way: usize,
                                 between in separators(), before in around()) {
        let number = format!("{place}{year}{month:02}{day:02}{rest:03}{check}");
        let text = format!("{before}{}", typed(&number, way, &between));
        prop_assert!(refused(&text).is_some(), "{}", text);
        let old = format!("{place}{:02}{month:02}{day:02}{rest:03}", year % 100);
        let text = format!("{before}{}", typed(&old, way, &between));
        prop_assert!(refused(&text).is_some(), "{}", text);
    }

    #[test]
    fn no_plate_passes(province in "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]", letter in "[A-Za-z]",
                       serial in "[0-9]{3}[0-9A-Z]{2}|[A-Z][0-9]{4}|[DF][0-9]{5}", between in separators(),
                       before in around(), after in "[路桥坏了，。！]{0,10}") {
        let text = format!("{before}{province}{letter}{}{after}", typed(&format!("·{serial}"), 0, &between));
        prop_assert!(refused(&text).is_some(), "{}", text);
    }

    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,250}|[0-9X新H +.-]{0,250}") {
        let _ = check(&text);
    }
}
