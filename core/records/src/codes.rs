//! The closed, versioned code lists of `codes/*.toml`: what may be chosen, under numbers that never change.
//!
//! A code is never deleted or renumbered; `retired` ends its being offered. A code newer than this version is
//! kept, carried, and shown as "newer entry (code)".

pub mod kuaidi100_state;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

// `LIST::NAME`, generated; a test fails when it is stale and `UPDATE_GENERATED=1 cargo test -p
// saddlebag-records` writes it anew.
include!("codes/codes.gen.rs");

/// The version of all lists together: the highest `since` or `retired` in them.
pub const LISTS_VERSION: u16 = 1;

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The number in stored facts and plans; in a list of bits, the bit.
    pub code: u16,
    /// The name in code, tables and the API.
    pub name: String,
    /// The version of the lists that brought it.
    pub since: u16,
    /// The version of the lists from which it is no longer offered.
    pub retired: Option<u16>,
    #[serde(flatten)]
    attributes: BTreeMap<String, Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Attribute {
    Flag(bool),
    Number(i64),
    Text(String),
    Texts(Vec<String>),
}

impl Code {
    /// Whether the entry has this attribute, as a flag that is true.
    pub fn is(&self, attribute: &str) -> bool {
        matches!(self.attributes.get(attribute), Some(Attribute::Flag(true)))
    }

    /// An attribute that is a number, such as `working_days` of a case tier.
    pub fn number(&self, attribute: &str) -> Option<i64> {
        match self.attributes.get(attribute) {
            Some(Attribute::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// An attribute that is a text, such as `tag` of a language.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        match self.attributes.get(attribute) {
            Some(Attribute::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// An attribute that is several texts; none where it is missing.
    pub fn texts(&self, attribute: &str) -> &[String] {
        match self.attributes.get(attribute) {
            Some(Attribute::Texts(texts)) => texts,
            _ => &[],
        }
    }
}

/// One list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    list: String,
    #[serde(default)]
    bits: bool,
    code: Vec<Code>,
}

impl CodeList {
    /// Every list, sorted by name.
    pub fn all() -> &'static [Self] {
        &LISTS
    }

    /// The list of this name.
    pub fn get(list: &str) -> Option<&'static Self> {
        LISTS.iter().find(|known| known.list == list)
    }

    /// The list's name.
    pub fn list(&self) -> &str {
        &self.list
    }

    /// Whether the codes are bits that are added together.
    pub fn is_bits(&self) -> bool {
        self.bits
    }

    /// Every entry, retired ones too, by rising code.
    pub fn entries(&self) -> &[Code] {
        &self.code
    }

    /// The entry with this code, if this version knows it.
    pub fn entry(&self, code: u16) -> Option<&Code> {
        self.code.iter().find(|entry| entry.code == code)
    }

    /// The name of this code, if this version knows it.
    pub fn name(&self, code: u16) -> Option<&str> {
        self.entry(code).map(|entry| entry.name.as_str())
    }

    /// The code of this name.
    pub fn code(&self, name: &str) -> Option<u16> {
        self.code
            .iter()
            .find(|entry| entry.name == name)
            .map(|entry| entry.code)
    }

    /// Whether a person may still choose this code.
    pub fn is_offered(&self, code: u16) -> bool {
        self.entry(code).is_some_and(|entry| entry.retired.is_none())
    }

    /// The key of the translation: `LIST.NAME`.
    pub fn translation_key(&self, code: u16) -> Option<String> {
        self.name(code).map(|name| format!("{}.{name}", self.list))
    }

    /// The name, or "newer entry (code)", for logs and the command line; screens translate.
    pub fn shown(&self, code: u16) -> String {
        self.name(code)
            .map_or_else(|| format!("newer entry ({code})"), str::to_owned)
    }
}

macro_rules! files {
    ($($list:literal)*) => { [$(include_str!(concat!("../codes/", $list, ".toml"))),*] };
}

static LISTS: LazyLock<Vec<CodeList>> = LazyLock::new(|| {
    let files = files! {
        "appeal_kind" "appeal_settlement" "carrier_kind" "case_tier" "consent_scope" "delivery_flag"
        "drop_point_host" "failure_reason" "goods" "how_collected" "how_consent_given" "identity_document"
        "kuaidi100" "language" "place_kind" "proof_kind" "reject_reason" "rest_service" "role" "season" "tip_kind"
    };
    #[expect(
        clippy::expect_used,
        reason = "compiled in, and every test of this module reads them all"
    )]
    let lists = files
        .iter()
        .map(|file| toml::from_str(file).expect("a code list"))
        .collect();
    lists
});

#[cfg(test)]
mod tests;
