use proptest::prelude::*;

use super::*;

fn found(text: &str, typed: &str) -> bool {
    Query::parse(typed).is_some_and(|query| query.matches(&tokens_for_index(text)))
}

fn tokens(text: &str) -> String {
    tokens_for_index(text).into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn tokens_are_of_their_class() {
    assert_eq!(tokens("张三"), "c三 c张 c张三 ps pzs");
    assert_eq!(tokens("SF-1234"), "d1234 d234 df123 dsf12 lsf");
    assert_eq!(tokens("گۇلنار"), "aگۇلنار");
    assert_eq!(tokens("Гүлнар"), "oгүлнар");
    assert_eq!(tokens(" ，。!?\"'*()-"), "");
}

#[test]
fn a_name_is_found_by_one_character_and_by_several_in_a_row() {
    for typed in ["张", "三", "张三", "丰", "张三丰", "丰 张"] {
        assert!(found("张三丰", typed), "{typed}");
    }
    for typed in ["李", "张丰", "三张", "张三丰李"] {
        assert!(!found("张三丰", typed), "{typed}");
    }
    assert!(found("阿依古丽·木拉提", "丽木"));
    assert!(found("阿依古丽木拉提", "古丽·木拉提"));
}

#[test]
fn a_name_is_found_by_two_initials_of_any_reading() {
    for (name, typed) in [
        ("张三丰", "zs"),
        ("张三丰", "sf"),
        ("张三丰", "ZSF"),
        ("张三丰", "z"),
        ("单于", "sy"),
        ("单于", "dy"),
        ("单于", "cy"),
        ("曾乐", "zy"),
        ("曾乐", "cl"),
        ("查尔", "ze"),
        ("阿依古丽·木拉提", "lm"),
        ("张三", "ｚｓ"),
    ] {
        assert!(found(name, typed), "{name} {typed}");
    }
    assert!(!found("张三丰", "zf"));
    assert!(!found("张三，李四", "sl"));
}

#[test]
fn each_initial_typed_stands_for_a_character_of_its_own() {
    for (name, typed) in [
        ("张珍", "zz"),
        ("张珍珠", "zzz"),
        ("张珍珠站", "zzz"),
        ("张珍珠站", "zzzz"),
        ("李张珍珠", "lzzz"),
    ] {
        assert!(found(name, typed), "{name} {typed}");
    }
    for (name, typed) in [("张珍", "zzz"), ("张珍珠", "zzzz"), ("张珍李珍张", "zzz")] {
        assert!(!found(name, typed), "{name} {typed}");
    }
}

#[test]
fn a_number_is_found_by_any_part_of_it() {
    for typed in [
        "5678",
        "678",
        "1381",
        "13812345678",
        "138-1234",
        "１２３４",
        "٥٦٧٨",
        "۵۶۷۸",
        "56",
    ] {
        assert_eq!(found("13812345678", typed), typed != "56", "{typed}");
    }
    for typed in ["sf1", "SF1234567890123", "890123", "123", "sf", "s", "S-F-1"] {
        assert!(found("SF1234567890123", typed), "{typed}");
    }
    for typed in ["jd0012", "0012-34", "-3456", "ＪＤ－００", "5-6-"] {
        assert_eq!(found("JD-0012-3456", typed), typed != "5-6-", "{typed}");
    }
    assert!(!found("13812345678", "5679"));
}

#[test]
fn a_kazakh_name_is_found_after_folding() {
    for (name, typed) in [
        ("قالي", "قالى"),
        ("قالی", "قالي"),
        ("كۇلاش", "کۇلاش"),
        ("گۇلجاھان", "گۇلجاهان"),
        ("ايشە", "ايشة"),
        ("ٴادىل", "ادىل"),
        ("ٵدىل", "ادىل"),
        ("ءادىل", "ٴادىل"),
        ("أحمەت", "احمەت"),
        ("مـحـمـد", "محمد"),
        ("مُحَمَّد", "محمد"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("گۇلنار قابدوللا", "قابدوللا گۇلنار"),
        ("گۇلنار قابدوللا", "گۇل"),
        ("گۇلنار\u{200F}", "\u{202B}گۇلنار\u{202C}"),
    ] {
        assert!(found(name, typed), "{name} {typed}");
    }
    assert!(!found("گۇلنار", "نار"));
    assert!(!found("گۇلنار", "گۇلناز"));
}

#[test]
fn every_word_of_a_query_must_be_found() {
    let record = "张三丰 13812345678 SF1234567890123 库勒拜镇";
    for typed in ["张 5678", "zs 5678", "zs 库勒 0123", "kl 张三"] {
        assert!(found(record, typed), "{typed}");
    }
    assert!(!found(record, "张 9999"));
    assert!(!found(record, "李 5678"));
}

#[test]
fn nothing_to_look_for_is_no_query() {
    for typed in ["", "  ", "\"*", "-", "()", "\u{200F}", "。"] {
        assert_eq!(Query::parse(typed), None, "{typed:?}");
        assert_eq!(fts_query(typed), None);
    }
}

#[test]
fn an_expression_says_all_of_any_of_all() {
    for (typed, expression) in [
        ("张", r#""c张""#),
        ("张三丰", r#"("c三丰" AND "c张三")"#),
        ("zs", r#"("lzs" OR "pzs")"#),
        ("z", r#"("lz"* OR "pz"*)"#),
        ("5678", r#""d5678""#),
        ("567", r#""d567"*"#),
        ("zsf", r#"("dzsf"* OR ("psf" AND "pzs"))"#),
        ("قالى 张", r#"("aقالي"* AND "c张")"#),
        (
            r#"张" OR c*) --"#,
            r#"("c张" AND ("lor" OR "por") AND ("lc"* OR "pc"*))"#,
        ),
    ] {
        assert_eq!(fts_query(typed).unwrap(), expression, "{typed}");
    }
}

/// A text of one kind, and what PRODUCT.md promises to find it by.
fn promised() -> impl Strategy<Value = (String, String)> {
    let name = "[张王李单曾解查仇朴区任翟阿依古丽木拉提库勒拜镇巴斯村叶尔肯]{2,8}";
    let one_character = (name, any::<prop::sample::Index>()).prop_map(|(name, at)| {
        let character = at.get(&name.chars().collect::<Vec<_>>()).to_string();
        (name, character)
    });
    let initials = (name, any::<[prop::sample::Index; 3]>()).prop_map(|(name, [at, first, second])| {
        let characters: Vec<char> = name.chars().collect();
        let at = at.index(characters.len() - 1);
        let pick = |c: char, which: prop::sample::Index| {
            let readings: Vec<char> = c
                .to_pinyin_multi()
                .unwrap()
                .into_iter()
                .map(|r| r.plain().chars().next().unwrap())
                .collect();
            *which.get(&readings)
        };
        let typed = [pick(characters[at], first), pick(characters[at + 1], second)]
            .iter()
            .collect();
        (name, typed)
    });
    let phone_tail = "1[3-9][0-9]{9}|0906-?[0-9]{7}".prop_map(|phone| {
        let tail = phone[phone.len() - 4..].to_owned();
        (phone, tail)
    });
    let waybill_part =
        ("[A-Z0-9]{6,32}", any::<[prop::sample::Index; 2]>()).prop_map(|(waybill, [from, length])| {
            let from = from.index(waybill.len() - 2);
            let length = 3 + length.index(waybill.len() - from - 2);
            let part = waybill[from..from + length].to_lowercase();
            (waybill, part)
        });
    let kazakh = "[اٵأقگكکڭيىیهەةھبجدلمنرستشۇۋ]{1,10}".prop_map(|name: String| {
        let respelt = name.chars().map(|c| match c {
            'ى' | 'ی' => 'ي',
            'ک' => 'ك',
            'ه' | 'ة' | 'ھ' => 'ە',
            'ٵ' | 'أ' => 'ا',
            c => c,
        });
        let typed = respelt.collect();
        (name, typed)
    });
    prop_oneof![one_character, initials, phone_tail, waybill_part, kazakh]
}

proptest! {
    #[test]
    fn what_is_promised_is_found(
        (text, typed) in promised(),
        before in "([张a-z0-9ق]{0,6}[ ，\n])?",
        after in "([ ，\n][张a-z0-9ق]{0,6})?",
    ) {
        prop_assert!(found(&format!("{before}{text}{after}"), &typed), "{} by {}", text, typed);
    }

    #[test]
    fn a_text_is_found_by_itself(text in "[张三丰a-z0-9قگۇ ·-]{1,30}") {
        if let Some(query) = Query::parse(&text) {
            prop_assert!(query.matches(&tokens_for_index(&text)), "{}", query.to_fts5());
        }
    }

    #[test]
    fn tokens_and_expressions_hold_nothing_but_letters_and_digits(text in "\\PC{0,100}|.{0,100}") {
        for token in tokens_for_index(&text) {
            prop_assert!(token.chars().all(char::is_alphanumeric), "{}", token);
        }
        if let Some(expression) = fts_query(&text) {
            let without_operators = expression.replace(" AND ", "").replace(" OR ", "");
            prop_assert!(without_operators.chars().all(|c| c.is_alphanumeric() || "\"*()".contains(c)));
            prop_assert_eq!(expression.matches('"').count() % 2, 0);
        }
    }
}
