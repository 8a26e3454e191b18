use std::sync::LazyLock;

use saddlebag_protocol::ErrorCode;
use saddlebag_records::access::Refusal;
use saddlebag_records::cash::CashError;
use saddlebag_records::pin::PinError;
use saddlebag_records::plan::EditError;
use saddlebag_records::tip_text::TipTextRefusal;

use super::Error;
use crate::sync::{SyncError, TransportError};

/// The codes that are of no other type's making.
const OWN: [&str; 24] = [
    "busy",
    "damaged",
    "disk_full",
    "enrolled_elsewhere",
    "fact_too_long",
    "folder_not_writable",
    "foreign_server",
    "future_database",
    "internal_app",
    "io",
    "not_enrolled",
    "store",
    "takes_no_cash",
    "to_oneself",
    "unfit_fact",
    "unfit_side_value",
    "unknown_fact",
    "unknown_field",
    "unknown_kind",
    "unknown_record",
    "unknown_stop",
    "unreadable_field",
    "wiped",
    "wrong_key",
];

static OF_VERBS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of_others = Refusal::ALL.map(Refusal::code).into_iter();
    let of_others = of_others
        .chain(EditError::CODES)
        .chain(CashError::CODES)
        .chain(PinError::CODES)
        .chain(TipTextRefusal::CODES);
    sorted(OWN.into_iter().chain(of_others))
});

static OF_SYNCING: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of_servers = ErrorCode::ALL.iter().map(|code| code.code());
    let own = [SyncError::CANCELLED].into_iter().chain(TransportError::CODES);
    sorted(own.chain(of_servers).chain(Error::codes().iter().copied()))
});

fn sorted(codes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut codes: Vec<_> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

impl Error {
    /// Every code that a verb can answer with, sorted. Those of syncing and enrolling are
    /// [`SyncError::codes`].
    pub fn codes() -> &'static [&'static str] {
        &OF_VERBS
    }
}

impl SyncError {
    /// Every code that syncing and enrolling can answer with, sorted.
    pub fn codes() -> &'static [&'static str] {
        &OF_SYNCING
    }
}

#[cfg(test)]
mod tests {
    use saddlebag_records::fact::{Body, kinds, schema_of};
    use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
    use saddlebag_records::plan::ItemId;

    use super::*;

    /// One of each, but for those whose codes are of another type's making.
    fn of_its_own() -> Vec<Error> {
        let unfit = schema_of(kinds::delivery::ATTEMPTED).unwrap().check(&Body::new());
        vec![
            Error::WrongKey,
            Error::FutureDatabase { found: 9, known: 1 },
            Error::NotEnrolled,
            Error::EnrolledElsewhere,
            Error::UnknownRecord(RecordId([0; 16])),
            Error::UnknownFact(FactId::new(DeviceNumber(1), 1)),
            Error::UnknownStop,
            Error::UnknownKind,
            Error::UnknownField(String::new()),
            Error::UnreadableField(String::new()),
            Error::Unfit(unfit.unwrap_err()),
            Error::UnfitSideValue,
            Error::TooLong,
            Error::ToOneself,
            Error::TakesNoCash,
            Error::Wiped,
            Error::ForeignAnswer,
            Error::Panicked,
            Error::Busy,
            Error::DiskFull,
            Error::FolderNotWritable,
            Error::Store(rusqlite::Error::QueryReturnedNoRows),
            Error::Io(std::io::ErrorKind::NotFound.into()),
            Error::Damaged(""),
        ]
    }

    /// Does not compile before a new variant is looked at here: then it is to be added above.
    fn is_of_its_own(error: &Error) -> bool {
        match error {
            Error::WrongKey
            | Error::FutureDatabase { .. }
            | Error::NotEnrolled
            | Error::EnrolledElsewhere
            | Error::UnknownRecord(_)
            | Error::UnknownFact(_)
            | Error::UnknownStop
            | Error::UnknownKind
            | Error::UnknownField(_)
            | Error::UnreadableField(_)
            | Error::Unfit(_)
            | Error::UnfitSideValue
            | Error::TooLong
            | Error::ToOneself
            | Error::TakesNoCash
            | Error::Wiped
            | Error::ForeignAnswer
            | Error::Panicked
            | Error::Busy
            | Error::DiskFull
            | Error::FolderNotWritable
            | Error::Store(_)
            | Error::Io(_)
            | Error::Damaged(_) => true,
            Error::NotTheirs(_) | Error::Words(_) | Error::Edit(_) | Error::Pin(_) | Error::Cash(_) => false,
        }
    }

    #[test]
    fn every_error_has_a_code_that_is_listed() {
        let mut codes: Vec<_> = of_its_own().iter().map(Error::code).collect();
        assert!(of_its_own().iter().all(is_of_its_own));
        codes.sort_unstable();
        assert_eq!(codes, OWN);
        assert!(OWN.iter().all(|code| Error::codes().contains(code)));
        for error in [
            Error::NotTheirs(Refusal::RoleMayNot.code()),
            Error::Words(TipTextRefusal::Plate),
            Error::Edit(EditError::ZeroActor),
            Error::Pin(PinError::NotHashed),
            Error::Cash(CashError::Overflow),
        ] {
            assert!(!is_of_its_own(&error));
            assert!(Error::codes().contains(&error.code()), "{error}");
        }
    }

    #[test]
    fn every_end_of_a_session_has_a_code_that_is_listed() {
        for error in [
            SyncError::Cancelled,
            SyncError::Refused(ErrorCode::Revoked),
            SyncError::Link(TransportError::Foreign),
            SyncError::Replica(Error::DiskFull),
        ] {
            assert!(SyncError::codes().contains(&error.code()), "{error}");
        }
        let ways = [
            TransportError::BadAddress,
            TransportError::Unreachable,
            TransportError::Cut,
            TransportError::Foreign,
            TransportError::Insecure,
            TransportError::WrongKey,
            TransportError::Untrusted,
            TransportError::Expired,
        ];
        assert_eq!(TransportError::CODES, ways.map(|way| way.code()));
    }

    #[test]
    fn every_unfit_edit_has_a_code_that_is_listed() {
        let unfit = [
            EditError::NoPlan,
            EditError::NoSuchField(String::new()),
            EditError::NotOfItsType(String::new()),
            EditError::Item(ItemId([0; 8])),
            EditError::OutOfRange,
            EditError::NotStarted(String::new()),
            EditError::ZeroActor,
            EditError::ChangeTooLarge,
            EditError::PlanTooLarge,
            EditError::Damaged,
        ];
        assert_eq!(EditError::CODES, unfit.map(|error| error.code()));
    }
}
