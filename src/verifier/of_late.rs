//! What was seen a moment ago, for what each accepted image asks and only the system knows.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long what was seen counts.
const MAX_AGE: Duration = Duration::from_secs(1);

/// Something that was seen, and when.
#[derive(Debug)]
pub(super) struct OfLate<T> {
    seen: Mutex<Option<(Instant, T)>>,
}

impl<T: Clone> OfLate<T> {
    /// Just now, this was seen.
    pub(super) fn seen(what: T) -> Self {
        Self {
            seen: Mutex::new(Some((Instant::now(), what))),
        }
    }

    /// What was seen at most [`MAX_AGE`] ago; otherwise what is seen now.
    pub(super) fn get(&self, look: impl FnOnce() -> T) -> T {
        let mut seen = self.lock();
        match &*seen {
            Some((at, what)) if at.elapsed() < MAX_AGE => what.clone(),
            _ => {
                let what = look();
                *seen = Some((Instant::now(), what.clone()));
                what
            }
        }
    }

    /// Looks again the next time.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, T)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing was seen yet.
impl<T> Default for OfLate<T> {
    fn default() -> Self {
        Self {
            seen: Mutex::new(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_at_once_in_a_while() {
        let of_late = OfLate::default();
        assert_eq!(of_late.get(|| 1), 1);
        assert_eq!(of_late.get(|| 2), 1);
        of_late.forget();
        assert_eq!(of_late.get(|| 3), 3);
        *of_late.lock() = Instant::now().checked_sub(MAX_AGE).map(|at| (at, 4));
        assert_eq!(of_late.get(|| 5), 5);
        assert_eq!(OfLate::seen(6).get(|| 7), 6);
    }
}
