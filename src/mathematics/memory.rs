//! What a library has answered or made, remembered.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

/// The most that is remembered. All keys that people make have a dozen shapes, and few policies trust a hundred keys.
const MAX_REMEMBERED: usize = 1_024;

/// Answers of the type `A` to one question about things of the type `Q`, which are the same whenever it is asked.
#[derive(Debug)]
pub(super) struct Memory<Q, A>(Mutex<BTreeMap<Q, A>>);

impl<Q: Ord, A: Clone> Memory<Q, A> {
    /// None yet.
    pub(super) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// The answer about this one; from memory, if it was asked before.
    pub(super) fn about(&self, one: Q, ask: impl FnOnce() -> A) -> A {
        let Ok(answer) = self.try_about(one, || Ok::<_, Infallible>(ask()));
        answer
    }

    /// The same, where there may be none, which is not remembered.
    ///
    /// # Errors
    ///
    /// Those of `ask`.
    pub(super) fn try_about<E>(&self, one: Q, ask: impl FnOnce() -> Result<A, E>) -> Result<A, E> {
        let answers = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers().get(&one) {
            return Ok(answer.clone());
        }
        // Others need not wait for the calculation.
        let answer = ask()?;
        let mut answers = answers();
        if answers.len() >= MAX_REMEMBERED {
            answers.clear();
        }
        answers.insert(one, answer.clone());
        Ok(answer)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_asked_again() {
        let answers = Memory::new();
        assert_eq!(answers.try_about(1, || Err("not now")), Err("not now"));
        assert_eq!(answers.try_about(1, || Ok::<_, ()>(2)), Ok(2));
        assert_eq!(answers.about(1, || 3), 2);
    }

    #[test]
    fn memory_has_an_end() {
        let answers = Memory::new();
        for number in 0..=MAX_REMEMBERED {
            assert!(answers.about(number, || true));
            assert!(answers.about(number, || false), "{number} was asked again");
        }
        assert!(answers.0.lock().unwrap().len() <= MAX_REMEMBERED);
    }
}
