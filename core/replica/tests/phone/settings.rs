//! What the person set.

use saddlebag_replica::{Language, Replica, Settings, Theme};
use serde_json::json;

use crate::a_phone::{KEY, Phone, raw, surroundings};

#[test]
fn settings_are_there_before_anybody_is_enrolled_and_stay() {
    let dir = tempfile::tempdir().unwrap();
    let open = |seed| Replica::open(dir.path(), KEY, surroundings(seed)).unwrap();
    let replica = open(1);
    assert_eq!(replica.settings().unwrap(), Settings::default());

    let chosen = Settings {
        language: Language::KkArab,
        theme: Theme::Contrast,
        text_size: 3,
        xinjiang_time: true,
        sound: false,
        vibration: false,
    };
    replica.save_settings(&chosen).unwrap();
    drop(replica);
    assert_eq!(open(2).settings().unwrap(), chosen);
}

/// The screens write them as JSON.
#[test]
fn settings_have_the_names_that_screens_know() {
    assert_eq!(
        serde_json::to_value(Settings::default()).unwrap(),
        json!({
            "language": "zh-Hans", "theme": "system", "text_size": 1,
            "xinjiang_time": false, "sound": true, "vibration": true
        })
    );
    for (language, theme) in [("kk-Arab", "light"), ("en", "dark")] {
        let typed = json!({
            "language": language, "theme": theme, "text_size": 2,
            "xinjiang_time": true, "sound": true, "vibration": false
        });
        let settings: Settings = serde_json::from_value(typed).unwrap();
        assert_eq!(
            (settings.language.name(), settings.theme.name()),
            (language, theme)
        );
    }
}

#[test]
fn a_size_that_there_is_not_becomes_one_that_there_is() {
    let phone = Phone::of_courier(1);
    for (wanted, kept) in [(0, 1), (2, 2), (200, 3)] {
        let settings = Settings {
            text_size: wanted,
            ..Settings::default()
        };
        phone.save_settings(&settings).unwrap();
        assert_eq!(phone.settings().unwrap().text_size, kept);
    }
}

#[test]
fn what_a_later_app_set_is_as_it_is_by_default() {
    let phone = Phone::of_courier(1);
    phone.save_settings(&Settings::default()).unwrap();
    for (set, read) in [(9, 3), (300, 3), (-1, 1)] {
        raw(phone.dir.path())
            .execute_batch(&format!(
                "UPDATE settings SET language = 'ug-Arab', theme = 'sepia', sound = 0, text_size = {set}"
            ))
            .unwrap();
        let settings = phone.settings().unwrap();
        assert_eq!(
            (settings.language, settings.theme, settings.text_size),
            (Language::ZhHans, Theme::System, read)
        );
        assert!(!settings.sound);
    }
}
