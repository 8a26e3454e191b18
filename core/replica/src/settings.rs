//! What the person set: how the screens look and sound. It stays on this phone.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::replica::Replica;
use crate::store;

/// What the person set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Settings {
    /// The language of the screens.
    pub language: Language,
    /// Their colours.
    pub theme: Theme,
    /// 1 to 3: 100, 115 and 130 %.
    pub text_size: u8,
    /// Whether Xinjiang time (UTC+6) stands beside Beijing time.
    pub xinjiang_time: bool,
    /// Whether a scan is heard.
    pub sound: bool,
    /// Whether a scan is felt.
    pub vibration: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::ZhHans,
            theme: Theme::System,
            text_size: SMALLEST,
            xinjiang_time: false,
            sound: true,
            vibration: true,
        }
    }
}

const SMALLEST: u8 = 1;
const LARGEST: u8 = 3;

/// The size of text that there is and that is nearest to this one.
pub(crate) fn nearest_text_size(wanted: i64) -> u8 {
    let size = wanted.clamp(SMALLEST.into(), LARGEST.into());
    u8::try_from(size).unwrap_or(SMALLEST)
}

/// A language of the screens: a file of `assets/i18n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub enum Language {
    /// Chinese.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Kazakh in Arabic script.
    #[serde(rename = "kk-Arab")]
    KkArab,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    const ALL: [Self; 3] = [Self::ZhHans, Self::KkArab, Self::En];

    /// Its tag.
    pub fn name(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::KkArab => "kk-Arab",
            Self::En => "en",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }
}

/// The colours of the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Light or dark, as the phone is set.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Strong contrast, for bright sun.
    Contrast,
}

impl Theme {
    const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Contrast];

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

impl Replica {
    /// What the person set; the defaults before they set anything, enrolled or not.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn settings(&self) -> Result<Settings> {
        Ok(self.read(store::settings::load)?.unwrap_or_default())
    }

    /// Keeps what the person set. A size of text that there is not becomes the nearest that there is.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn save_settings(&self, settings: &Settings) -> Result<()> {
        let settings = Settings {
            text_size: nearest_text_size(settings.text_size.into()),
            ..settings.clone()
        };
        self.write(|transaction| store::settings::save(transaction, &settings))
    }
}
