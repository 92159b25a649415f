//! The answer of a step that may be asked for twice.

/// `Done` when this call did it, `AlreadyDone` when an earlier one had: a second click, a retried
/// request, a redelivered event. Both are success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome<T> {
    Done(T),
    AlreadyDone(T),
}

impl<T> Outcome<T> {
    pub fn into_inner(self) -> T {
        match self {
            Self::Done(value) | Self::AlreadyDone(value) => value,
        }
    }

    pub fn is_repeat(&self) -> bool {
        matches!(self, Self::AlreadyDone(_))
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Done(value) => Outcome::Done(change(value)),
            Self::AlreadyDone(value) => Outcome::AlreadyDone(change(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn repeat_is_remembered_through_map() {
        assert!(Outcome::AlreadyDone(1).map(|n| n + 1).is_repeat());
        assert!(!Outcome::Done(1).map(|n| n + 1).is_repeat());
        assert_eq!(Outcome::Done(1).map(|n| n + 1).into_inner(), 2);
    }
}
