use std::io::ErrorKind;

use saddlebag_replica::Error;

/// Why a verb did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The replica's word.
    Replica(Error),
    /// The command line names what is not there, or not so.
    Usage(String),
    /// An expected outcome that is not what was asked for; the code is stable.
    Outcome(&'static str, String),
    /// The store cannot be opened; the code is stable.
    Store(&'static str, String),
    /// Syncing or enrolling ended without an answer.
    Link(&'static str, String),
    /// The server would not.
    Refused(&'static str),
    /// Reading or writing a file.
    Io(std::io::Error),
}

impl Failure {
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Replica(error) => error.code(),
            Self::Usage(_) => "usage",
            Self::Outcome(code, _) | Self::Store(code, _) | Self::Link(code, _) | Self::Refused(code) => code,
            Self::Io(_) => "io",
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Replica(error) => error.to_string(),
            Self::Usage(text) | Self::Outcome(_, text) | Self::Store(_, text) | Self::Link(_, text) => {
                text.clone()
            }
            Self::Refused(code) => format!("the server answered {code}"),
            Self::Io(error) => error.to_string(),
        }
    }

    /// Whether whoever read the answer has read enough of it, such as `head`.
    pub(crate) fn is_read_enough(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == ErrorKind::BrokenPipe)
    }

    /// Documented in `--help`.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Replica(Error::NotEnrolled) => 3,
            Self::Link(..) => 4,
            Self::Refused(_) => 5,
            Self::Store(..)
            | Self::Replica(Error::WrongKey | Error::FutureDatabase { .. } | Error::Damaged(_)) => 6,
            Self::Replica(_) | Self::Outcome(..) | Self::Io(_) => 1,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Replica(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match Error::from(error) {
            Error::Io(error) => Self::Io(error),
            known => Self::Replica(known),
        }
    }
}
