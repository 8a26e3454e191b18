//! A job on its way to the writer, and its answer on the way back.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::{StoreError, WriteTx};

/// A job whose types the writer does not know.
pub(crate) trait Job: Send {
    /// Does it, once, and says whether to keep what it wrote.
    fn run(&mut self, tx: &mut dyn WriteTx) -> bool;
    /// Sends its answer: its own, if the commit went well.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// The answer of a job, once it is durable.
#[must_use = "a job that failed says so here alone"]
pub struct Answer<T, E>(oneshot::Receiver<Result<T, E>>);

impl<T, E: From<StoreError>> Answer<T, E> {
    /// Blocks this thread until the answer is there.
    ///
    /// # Panics
    /// When called from async code: `.await` it there.
    ///
    /// # Errors
    /// Those of the job, and every [`StoreError`] of the commit.
    pub fn wait(self) -> Result<T, E> {
        self.0
            .blocking_recv()
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}

impl<T, E: From<StoreError>> Future for Answer<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0)
            .poll(context)
            .map(|answer| answer.unwrap_or_else(|_| Err(StoreError::Closed.into())))
    }
}

pub(super) struct Pending<F, T, E> {
    job: Option<F>,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Pending<F, T, E> {
    pub(super) fn new(job: F) -> (Self, Answer<T, E>) {
        let (answer, receiver) = oneshot::channel();
        let pending = Self {
            job: Some(job),
            outcome: None,
            answer,
        };
        (pending, Answer(receiver))
    }
}

impl<F, T, E> Job for Pending<F, T, E>
where
    F: FnOnce(&mut dyn WriteTx) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut dyn WriteTx) -> bool {
        let Some(job) = self.job.take() else { return false };
        // What a panicking job wrote is rolled back, so nothing half-done is seen after it.
        let outcome =
            catch_unwind(AssertUnwindSafe(|| job(tx))).unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        self.outcome.insert(outcome).is_ok()
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match committed {
            Ok(()) => self.outcome.unwrap_or_else(|| Err(StoreError::Closed.into())),
            Err(error) => Err(error.into()),
        };
        // Nobody to hear it: the caller went away, its job is done all the same.
        let _ = self.answer.send(answer);
    }
}
