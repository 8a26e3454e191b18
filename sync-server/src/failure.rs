//! A request that is not carried out.

use saddlebag_protocol::ErrorCode;

use crate::county::{CountyError, is_full};
use crate::store::StoreError;

/// Why a request is not carried out, and when to come back where that helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", code.code())]
pub struct Failure {
    /// The stable code.
    pub code: ErrorCode,
    /// Seconds after which the same request may do better.
    pub retry_after_s: Option<u32>,
}

impl Failure {
    /// The server is at its limit for so many seconds.
    pub fn busy(retry_after_s: u32) -> Self {
        Self {
            code: ErrorCode::Busy,
            retry_after_s: Some(retry_after_s),
        }
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            retry_after_s: None,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Full => ErrorCode::StoreFull,
            StoreError::Closed => ErrorCode::Busy,
            // Its text says what of ours broke, never what somebody wrote.
            error => {
                tracing::error!(code = error.code(), %error, "the store failed");
                ErrorCode::Internal
            }
        };
        code.into()
    }
}

impl From<CountyError> for Failure {
    fn from(error: CountyError) -> Self {
        match error {
            CountyError::Store(error) => error.into(),
            CountyError::Disk(error) if is_full(&error) => ErrorCode::StoreFull.into(),
            error => {
                tracing::error!(code = error.code(), "the county failed");
                ErrorCode::Internal.into()
            }
        }
    }
}
