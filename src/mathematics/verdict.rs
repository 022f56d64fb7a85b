//! What a library answers.

/// What came of a calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Verdict {
    /// The key has made the signature.
    Good,
    /// It has not, or one of them is not of the form that the algorithm has: a point that is not on its curve, an integer
    /// out of its range, too many or too few octets.
    Bad,
    /// Nobody knows. The library does not calculate with the algorithm, the curve or a key of this size, or not with this
    /// hash: that is nothing against the signature, and nothing in favour of it.
    NotCalculated,
}

impl From<bool> for Verdict {
    fn from(good: bool) -> Self {
        if good { Self::Good } else { Self::Bad }
    }
}
