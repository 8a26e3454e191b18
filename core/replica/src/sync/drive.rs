use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use saddlebag_protocol::ErrorCode;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::asked_again::AskedAgain;
use super::backoff::Patience;
use super::leave::leave;
use super::request::Signatory;
use super::session::{Next, Progress, Session};
use super::tls::Trust;
use super::transport::{Transport, TransportError};
use crate::error::Error;
use crate::identity::Identity;
use crate::leaving::Leaving;
use crate::replica::Replica;
use crate::store::last_sync;
use crate::store::own::Own;
use crate::sync_lock::SyncLocked;

/// Is told why an exchange failed and how long it is until the next try.
pub type ToldOfWaiting = Arc<dyn Fn(&TransportError, Duration) + Send + Sync>;

/// How to sync.
#[derive(Clone)]
pub struct SyncOptions {
    /// Ask this server, in the stead of the one from enrolment.
    pub address: Option<String>,
    /// Name and version of the app, as the county sees them; at most 40 characters.
    pub app: String,
    /// When to try again, and when to leave it.
    pub patience: Patience,
    /// Ends the session when it is cancelled; everything stays saved.
    pub cancel: CancellationToken,
    /// Failures in a row after which a session ends although `patience` has more, where none of them was a cut: a link
    /// that cuts brings something with each smaller request, a server that is not there brings nothing.
    pub tries_unanswered: u32,
    /// Is told why an exchange failed and how long it is until the next try.
    pub waiting: Option<ToldOfWaiting>,
    /// Is told how it goes, after each exchange.
    pub progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            address: None,
            app: concat!("saddlebag ", env!("CARGO_PKG_VERSION")).to_owned(),
            patience: Patience::default(),
            cancel: CancellationToken::new(),
            tries_unanswered: u32::MAX,
            waiting: None,
            progress: None,
        }
    }
}

/// What syncing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "sync", rename_all = "snake_case")]
pub enum Synced {
    /// Everything that could go went, and everything that was there came.
    Done(Progress),
    /// Another process, or another handle, is syncing this folder.
    Elsewhere,
    /// Everything went, and then all that was here was destroyed, as the county ordered. This handle and all others are
    /// of no use any more, and the key of the store is to be destroyed too.
    Wiped {
        /// Why.
        why: Leaving,
    },
}

/// Why a session ended before everything was exchanged. Nothing is lost: the next one goes on from here.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The replica's own store.
    #[error(transparent)]
    Replica(#[from] Error),
    /// The server was not reached, or the link broke too often.
    #[error(transparent)]
    Link(TransportError),
    /// The server answered that it will not.
    #[error("the server answered {}", .0.code())]
    Refused(ErrorCode),
    /// It was cancelled.
    #[error("cancelled")]
    Cancelled,
}

impl SyncError {
    pub(crate) const CANCELLED: &str = "cancelled";

    /// A stable code: the key of its translation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Replica(error) => error.code(),
            Self::Link(error) => error.code(),
            Self::Refused(code) => code.code(),
            Self::Cancelled => Self::CANCELLED,
        }
    }
}

impl From<TransportError> for SyncError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Refused(code, _) => Self::Refused(code),
            other => Self::Link(other),
        }
    }
}

/// Does what blocks on a thread where it may.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, SyncError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.unwrap_or(Err(Error::Panicked))?)
}

/// Answers in a row that brought nothing and confirmed nothing, after which a session ends: a county that keeps saying
/// "later" would otherwise be asked for ever.
const FRUITLESS: u32 = 3;
/// Times that a device takes another number in one session: more is a county that does not know what it says.
const MOST_FORKS: u32 = 3;
/// What is read of the store for one request, before packing and compression: at least eight times of what fits.
const RAW_BYTES: usize = 8;

impl Replica {
    /// Exchanges everything that is new, in either direction.
    ///
    /// # Errors
    ///
    /// See [`SyncError`]. Nothing is lost by any of them.
    pub async fn sync(&self, options: SyncOptions) -> Result<Synced, SyncError> {
        let SyncLocked::Ours(_lock) = self.sync_lock()? else {
            return Ok(Synced::Elsewhere);
        };
        let cancel = options.cancel.clone();
        let ended = tokio::select! {
            done = exchange_all_and_leave(self, options) => done,
            () = cancel.cancelled() => Err(SyncError::Cancelled),
        };
        if matches!(ended, Ok(Synced::Wiped { .. })) {
            return ended;
        }
        let (its, code) = (self.clone(), ended.as_ref().err().map(SyncError::code));
        if let Err(error) = blocking(move || its.session_ended(code)).await {
            // What was exchanged is exchanged, whether it can be noted or not.
            tracing::warn!(code = error.code(), "how the session ended could not be noted");
        }
        ended
    }

    /// Notes how a session ended, for the screen that tells of it.
    fn session_ended(&self, code: Option<&str>) -> Result<(), Error> {
        self.write(|transaction| {
            let own = Own::load(transaction, self.surroundings().built_ms)?;
            let (now_ms, _) = own.clock.now(&self.surroundings().clock.read());
            last_sync::save(transaction, now_ms, code)
        })?;
        self.clear_leftovers()
    }
}

async fn exchange_all_and_leave(replica: &Replica, options: SyncOptions) -> Result<Synced, SyncError> {
    let progress = exchange_all(replica, options.clone()).await?;
    let left = leave(replica, &options).await?;
    Ok(left.map_or(Synced::Done(progress), |why| Synced::Wiped { why }))
}

async fn exchange_all(replica: &Replica, options: SyncOptions) -> Result<Progress, SyncError> {
    let (mut identity, mut signatory) = who_asks(replica).await?;
    let its = replica.clone();
    let earliest_ms = blocking(move || its.earliest_true_ms()).await?;
    let trust = Trust::of(&identity, &replica.surroundings().roots, earliest_ms);
    let mut transport = Transport::new(options.address.as_deref().unwrap_or(&identity.server), trust)?;
    let mut session = Session::new(options.patience, usize::MAX, replica.draw_nonce());
    let (mut fruitless, mut unanswered, mut offers_checkpoints, mut forks) = (0, 0, false, 0);
    let mut asked_again = AskedAgain::default();
    loop {
        let (its, app, raw) = (replica.clone(), options.app.clone(), session.budget() * RAW_BYTES);
        let names = asked_again.waiting().to_vec();
        let outgoing = blocking(move || its.outgoing(&app, raw, offers_checkpoints, &names)).await?;
        let composed = session.request(&outgoing, &signatory);
        let frame = match transport.sync(&identity.token, composed.frame.clone()).await {
            Ok(frame) => frame,
            Err(error) => {
                if error == TransportError::Cut {
                    transport = transport.one_connection_each()?;
                }
                unanswered = if error == TransportError::Cut {
                    0
                } else {
                    unanswered + 1
                };
                let next = session.failed(&error, &composed, replica.draw_nonce()[0]);
                report(&options, &session);
                match next {
                    Next::Again(wait) if unanswered < options.tries_unanswered => {
                        if let Some(waiting) = &options.waiting {
                            waiting(&error, wait);
                        }
                        tokio::time::sleep(wait).await;
                    }
                    Next::Again(_) | Next::GiveUp => return Err(error.into()),
                }
                continue;
            }
        };
        unanswered = 0;
        let answer = session.answered(&composed, &frame, replica.draw_nonce())?;
        report(&options, &session);
        match answer.code {
            Some(ErrorCode::UnknownCursor) if !offers_checkpoints => {
                offers_checkpoints = true;
                continue;
            }
            Some(ErrorCode::Forked) if forks < MOST_FORKS => {
                let its = replica.clone();
                blocking(move || its.take_fork_in(&answer)).await?;
                (identity, signatory) = who_asks(replica).await?;
                (offers_checkpoints, forks) = (false, forks + 1);
                continue;
            }
            Some(code) => return Err(SyncError::Refused(code)),
            None => {}
        }
        asked_again.arrived(&outgoing.given_again);
        asked_again.note(answer.again.as_ref());
        let (its, went_back) = (replica.clone(), offers_checkpoints);
        let more = answer.more;
        let taken = blocking(move || its.take_in(&outgoing, &composed.pushed, &answer, went_back)).await?;
        offers_checkpoints = false;
        if !more && !taken.more_here && asked_again.waiting().is_empty() {
            return Ok(session.progress());
        }
        fruitless = if taken.was_fruitful { 0 } else { fruitless + 1 };
        if fruitless == FRUITLESS {
            return Ok(session.progress());
        }
    }
}

/// Who this device is by now.
async fn who_asks(replica: &Replica) -> Result<(Identity, Signatory), SyncError> {
    let its = replica.clone();
    let identity = blocking(move || its.identity())
        .await?
        .ok_or(Error::NotEnrolled)?;
    let signatory = Signatory {
        county: identity.county,
        device: identity.device,
        key: SigningKey::from_bytes(&identity.signing_seed),
    };
    Ok((identity, signatory))
}

fn report(options: &SyncOptions, session: &Session) {
    if let Some(progress) = &options.progress {
        progress(session.progress());
    }
}
