use minicbor::{Decode, Encode};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $code:literal, $status:literal;)*) => {
        /// Why a request was not carried out. Codes are stable: clients match on them, never on texts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum ErrorCode {
            $($(#[$doc])* #[n($number)] $name,)*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as text: in JSON, logs and metrics, and as the key of its translation.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that it comes with.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
        }
    };
}

codes! {
    /// The body is not one zstd frame, or not the message that this endpoint takes.
    Malformed = 0, "malformed", 400;
    /// The body, its decompressed form or one of its lists is larger than the limits say.
    TooLarge = 1, "too_large", 413;
    /// There is no token, or no device has it. Nothing on the device is deleted for it.
    Unauthorised = 2, "unauthorised", 401;
    /// The device was revoked, or lost for more than 30 days: it brings nothing any more.
    Revoked = 3, "revoked", 403;
    /// The push's signature is not the device's.
    BadSignature = 4, "bad_signature", 400;
    /// The cursor is none of this log's: offer checkpoints. Comes in an answer, not as a failure.
    UnknownCursor = 5, "unknown_cursor", 200;
    /// The device's past is not the county's: take the new number. Comes in an answer, not as a failure.
    Forked = 6, "forked", 200;
    /// The enrolment code is unknown, used, or too old.
    BadCode = 7, "bad_code", 403;
    /// The enrolment code was tried too often.
    CodeSpent = 8, "code_spent", 403;
    /// The server is at its limit; `retry_after_s` says when to come back.
    Busy = 9, "busy", 503;
    /// The county's disk is full: nothing was kept.
    StoreFull = 10, "store_full", 507;
    /// Something failed at the server: nothing was kept.
    Internal = 11, "internal", 500;
    /// There is no such endpoint.
    NotFound = 12, "not_found", 404;
    /// The endpoint takes another method.
    WrongMethod = 13, "wrong_method", 405;
    /// The body's type or encoding is not the one that this endpoint takes.
    WrongType = 14, "wrong_type", 415;
    /// An actor is the zero actor, or another device announced it first.
    BadActor = 15, "bad_actor", 400;
    /// The request did not arrive in time.
    Timeout = 16, "timeout", 408;
    /// The server serves several counties and the request names none of them.
    UnknownCounty = 17, "unknown_county", 404;
    /// The server does not serve this protocol version any more, or not yet.
    WrongVersion = 18, "wrong_version", 400;
}

/// The body of every answer that is not 200.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ErrorBody {
    /// Why.
    #[n(0)]
    pub code: ErrorCode,
    /// The same as text, for clients that do not know the number.
    #[n(1)]
    pub text: String,
    /// When to come back, in seconds.
    #[n(2)]
    pub retry_after_s: Option<u32>,
}

impl From<ErrorCode> for ErrorBody {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            text: code.code().to_owned(),
            retry_after_s: None,
        }
    }
}
