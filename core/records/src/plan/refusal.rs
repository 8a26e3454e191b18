//! Why a plan change is not taken.

use crate::leb128::Malformed;

/// Why the guard or the trial does not take a change. The codes are frozen: they stand in receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[error("plan change refused: {}", self.code())]
pub enum GuardRefusal {
    /// Longer than [`MAX_CHANGE_BYTES`](super::MAX_CHANGE_BYTES).
    TooLarge,
    /// Not a plain change chunk: a document, a deflated change, a bundle or something else.
    NotPlain,
    /// Cut short, or an integer, a text or a column that cannot be read.
    Malformed,
    /// Bytes after the end of the change, or after its columns.
    TrailingBytes,
    /// The checksum is not that of the bytes.
    Checksum,
    /// More than [`MAX_DEPENDENCIES`](super::MAX_DEPENDENCIES), or one of them twice.
    Dependencies,
    /// The actor is not 16 bytes long.
    ActorLength,
    /// The actor is not one of the device that sends the change.
    ForeignActor,
    /// The zero actor writes nothing but the golden starts.
    ZeroActor,
    /// The list of other actors is not sorted, names the author or holds an actor that is not 16 bytes long.
    OtherActors,
    /// A time other than 0: what a change says of its time nobody could check.
    Time,
    /// A message: a carrier for text that nobody would see.
    Message,
    /// A column that no plan change has.
    UnknownColumn,
    /// More than [`MAX_OPS`](super::MAX_OPS) operations, or none.
    OpCount,
    /// A sequence number that does not follow the actor's last one, or is not hung on it.
    Sequence,
    /// Another change of this actor already has this sequence number.
    SequenceReused,
    /// The first operation's counter is not just above those of the dependencies.
    StartOp,
    /// An operation that names one which is not before it.
    Reference,
    /// An action or a value that no plan uses (counters, marks, tables, unknown types).
    Action,
    /// An object made where only a golden start makes one, or a write to what a start made.
    RootObject,
    /// A value that is not of its field's type, or out of its range.
    FieldType,
    /// A key that is too long.
    Key,
    /// Columns that say what they say in another way than Automerge would.
    NotCanonical,
    /// Automerge failed on it, or what it wrote could not be loaded again.
    Spoils,
    /// It hangs on a change that was refused.
    Orphaned,
    /// A record of this kind has no plan.
    NoPlan,
    /// The plan would be larger than a plan may be (bytes, changes or operations).
    PlanTooLarge,
}

impl GuardRefusal {
    /// Every reason.
    pub const ALL: [Self; 27] = [
        Self::TooLarge,
        Self::NotPlain,
        Self::Malformed,
        Self::TrailingBytes,
        Self::Checksum,
        Self::Dependencies,
        Self::ActorLength,
        Self::ForeignActor,
        Self::ZeroActor,
        Self::OtherActors,
        Self::Time,
        Self::Message,
        Self::UnknownColumn,
        Self::OpCount,
        Self::Sequence,
        Self::SequenceReused,
        Self::StartOp,
        Self::Reference,
        Self::Action,
        Self::RootObject,
        Self::FieldType,
        Self::Key,
        Self::NotCanonical,
        Self::Spoils,
        Self::Orphaned,
        Self::NoPlan,
        Self::PlanTooLarge,
    ];

    /// The stable code, as it stands in receipts and in quarantine.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "plan_change_too_large",
            Self::NotPlain => "plan_change_not_plain",
            Self::Malformed => "plan_change_malformed",
            Self::TrailingBytes => "plan_change_trailing_bytes",
            Self::Checksum => "plan_change_checksum",
            Self::Dependencies => "plan_change_dependencies",
            Self::ActorLength => "plan_change_actor_length",
            Self::ForeignActor => "plan_change_foreign_actor",
            Self::ZeroActor => "plan_change_zero_actor",
            Self::OtherActors => "plan_change_other_actors",
            Self::Time => "plan_change_time",
            Self::Message => "plan_change_message",
            Self::UnknownColumn => "plan_change_unknown_column",
            Self::OpCount => "plan_change_op_count",
            Self::Sequence => "plan_change_sequence",
            Self::SequenceReused => "plan_change_sequence_reused",
            Self::StartOp => "plan_change_start_op",
            Self::Reference => "plan_change_reference",
            Self::Action => "plan_change_action",
            Self::RootObject => "plan_change_root_object",
            Self::FieldType => "plan_change_field_type",
            Self::Key => "plan_change_key",
            Self::NotCanonical => "plan_change_not_canonical",
            Self::Spoils => "plan_change_spoils",
            Self::Orphaned => "plan_change_orphaned",
            Self::NoPlan => "plan_kind_without_plan",
            Self::PlanTooLarge => "plan_too_large",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

impl From<Malformed> for GuardRefusal {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}
