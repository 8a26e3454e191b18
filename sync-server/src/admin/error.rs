use serde::{Deserialize, Serialize};

use crate::act::ActError;
use crate::county::CountyError;
use crate::failure::Failure;
use crate::store::StoreError;

/// Why a verb was not carried out. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {about}")]
pub struct AdminError {
    /// The stable code: one of [`CODES`], of the rules (`docs/sync-protocol.md`), or of the store.
    pub code: String,
    /// What it is about, in words that name nobody: a field, a column, a file.
    pub about: String,
}

impl AdminError {
    /// With one of the codes.
    pub fn new(code: &str, about: impl ToString) -> Self {
        Self {
            code: code.to_owned(),
            about: about.to_string(),
        }
    }
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), &error)
    }
}

impl From<CountyError> for AdminError {
    fn from(error: CountyError) -> Self {
        Self::new(error.code(), &error)
    }
}

impl From<ActError> for AdminError {
    fn from(error: ActError) -> Self {
        match &error {
            ActError::Refused { record, code } => Self::new(code, record),
            _ => Self::new(error.code(), &error),
        }
    }
}

impl From<Failure> for AdminError {
    fn from(failure: Failure) -> Self {
        Self::new(failure.code.code(), failure)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// Codes of verbs that were not carried out. `docs/operations.md` explains each; a test says so.
        pub mod code {
            $($(#[$doc])* pub const $name: &str = $code;)*
        }

        /// Every code of [`code`].
        pub const CODES: &[&str] = &[$(code::$name,)*];
    };
}

codes! {
    /// No county has this id, or the folder has none.
    NO_COUNTY = "no_such_county";
    /// The folder has several counties and the request names none.
    WHICH_COUNTY = "which_county";
    /// Nobody has this id or key.
    NO_PERSON = "no_such_person";
    /// There is no such record.
    NO_RECORD = "no_such_record";
    /// There is no such device.
    NO_DEVICE = "no_such_device";
    /// Nothing is held under this number.
    NO_HELD = "no_such_held";
    /// The record is of another kind than the verb is for.
    WRONG_KIND = "wrong_kind";
    /// The person has left.
    LEFT = "person_has_left";
    /// The verb wants `--as`.
    AS_MISSING = "as_missing";
    /// The verb shows or exports personal data and wants `--why`.
    WHY_MISSING = "why_missing";
    /// The verb exports personal data and wants `--second`.
    SECOND_MISSING = "second_missing";
    /// The second person is the first one.
    SECOND_IS_FIRST = "second_is_first";
    /// The person's role is not one for this verb.
    ROLE = "role_may_not";
    /// Only a courier carries something.
    NOT_A_COURIER = "not_a_courier";
    /// It is not theirs to see.
    NOT_SEEN = "not_theirs_to_see";
    /// A value is not of the form that it should have.
    BAD_VALUE = "bad_value";
    /// The record is not in a state in which this can be done.
    WRONG_STATE = "wrong_state";
    /// Whoever handled a case does not judge it.
    HANDLED_IT = "handled_it";
    /// The file is not UTF-8.
    CSV_NOT_UTF8 = "csv_not_utf8";
    /// The file is larger than 32 MB.
    CSV_TOO_LARGE = "csv_too_large";
    /// The file's first line lacks a column, or names one that is not known, or one twice.
    CSV_COLUMNS = "csv_columns";
    /// The answer or the question is larger than the socket takes.
    TOO_LARGE = "too_large";
    /// A server has the folder and does not answer at its socket.
    NOT_ANSWERING = "server_not_answering";
    /// What came over the socket is not what this version sends: client and server are of different versions.
    OTHER_VERSION = "other_version";
    /// Devices would not know the server any more.
    TLS_LEAVES_BEHIND = "tls_leaves_behind";
    /// Only the user that runs the server may speak to it.
    OTHER_USER = "other_user";
    /// The verb failed in a way that it should not.
    INTERNAL = "internal";
}

#[cfg(test)]
mod tests {
    use super::CODES;
    use crate::admin::value;

    #[test]
    fn the_operators_page_explains_every_code() {
        let page = include_str!("../../../docs/operations.md");
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        for code in CODES.iter().chain(value::CODES) {
            let row = format!("| `{code}` |");
            assert!(
                rows.iter().any(|line| line.starts_with(&row)),
                "docs/operations.md lacks {code}"
            );
        }
    }
}
