//! Catching Automerge's panics without printing them: a panic's message may quote what the record holds.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is trying a change, so that a panic on it is expected and its message must not be shown. A
/// panic hook that is set after the first trial has to ask.
pub fn panics_are_expected() -> bool {
    QUIET.get()
}

/// The panic hook belongs to the whole process, so it is wrapped once and asks the thread; other threads keep the
/// hook that was there.
fn wrap_hook() {
    static WRAPPED: Once = Once::new();
    WRAPPED.call_once(|| {
        let shown = take_hook();
        set_hook(Box::new(move |panic| {
            if !panics_are_expected() {
                shown(panic);
            }
        }));
    });
}

/// Runs `risky`; none where it panicked. Nothing that it touched may be looked at again then.
pub(crate) fn catch<T>(risky: impl FnOnce() -> T) -> Option<T> {
    wrap_hook();
    let before = QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(risky));
    QUIET.set(before);
    outcome.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_outcome() {
        assert_eq!(catch(|| 1), Some(1));
        assert_eq!(catch(|| -> u8 { panic!("never shown") }), None);
        assert!(!panics_are_expected());
    }
}
