//! What a library has answered, remembered.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The most answers that are remembered. All keys that people make have a dozen shapes.
const MAX_ANSWERS: usize = 1_024;

/// Answers to one question about things of the type `Q`.
#[derive(Debug)]
pub(super) struct Answers<Q>(Mutex<BTreeMap<Q, bool>>);

impl<Q: Copy + Ord> Answers<Q> {
    /// None yet.
    pub(super) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// The answer about this one; from memory, if it was asked before.
    pub(super) fn about(&self, one: Q, ask: impl FnOnce() -> bool) -> bool {
        let answers = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers().get(&one) {
            return *answer;
        }
        // Others need not wait for the calculation.
        let answer = ask();
        let mut answers = answers();
        if answers.len() >= MAX_ANSWERS {
            answers.clear();
        }
        answers.insert(one, answer);
        answer
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_an_end() {
        let answers = Answers::new();
        for number in 0..=MAX_ANSWERS {
            assert!(answers.about(number, || true));
            assert!(answers.about(number, || false), "{number} was asked again");
        }
        assert!(answers.0.lock().unwrap().len() <= MAX_ANSWERS);
    }
}
