//! The warnings of an import: there may be millions, but people have to read them.

use std::collections::HashMap;

use super::KeyWarning;

/// How many warnings of one kind are kept of one key file: once these are fixed, the next are reported.
const MAX_OF_FILE: usize = 10;

/// How many warnings of one kind are kept of all key files together.
const MAX_OF_ALL: usize = 100;

/// Warnings as they are gathered: the first of each file and each kind, and how many more there are.
///
/// They are counted by kind, because it matters whether there is one of a kind at all.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    kept: Vec<KeyWarning>,
    of_all: Kinds,
    of_file: HashMap<String, OfFile>,
    /// The files with more, in order.
    with_more: Vec<String>,
}

/// How many warnings there are of a file.
#[derive(Clone, Copy, Debug, Default)]
struct OfFile {
    kept: Kinds,
    more: usize,
}

/// How many warnings there are of each kind.
#[derive(Clone, Copy, Debug, Default)]
struct Kinds {
    no_key_found: usize,
    unusable: usize,
    unsupported: usize,
}

impl Kinds {
    fn of_kind(&mut self, warning: &KeyWarning) -> &mut usize {
        match warning {
            KeyWarning::UnusableKey { .. } | KeyWarning::NotRead { .. } => &mut self.unusable,
            KeyWarning::UnsupportedKey { .. } => &mut self.unsupported,
            KeyWarning::NoKeyFound { .. }
            | KeyWarning::NoPublicKey { .. }
            | KeyWarning::More { .. } => &mut self.no_key_found,
        }
    }
}

impl Warnings {
    /// Adds one, or counts it.
    pub(super) fn push(&mut self, warning: KeyWarning) {
        let origin = warning.origin();
        if !self.of_file.contains_key(origin) {
            self.of_file.insert(origin.to_owned(), OfFile::default());
        }
        let of_all = self.of_all.of_kind(&warning);
        let Some(file) = self.of_file.get_mut(origin) else {
            return;
        };
        let of_file = file.kept.of_kind(&warning);
        if *of_file < MAX_OF_FILE && *of_all < MAX_OF_ALL {
            *of_file = of_file.saturating_add(1);
            *of_all = of_all.saturating_add(1);
            self.kept.push(warning);
            return;
        }
        if file.more == 0 {
            self.with_more.push(origin.to_owned());
        }
        file.more = file.more.saturating_add(1);
    }

    /// All that were kept, and for each file with more, how many.
    pub(super) fn finish(self) -> Vec<KeyWarning> {
        let more = self.with_more.into_iter().map(|origin| KeyWarning::More {
            count: self.of_file.get(&origin).map_or(0, |file| file.more),
            origin,
        });
        self.kept.into_iter().chain(more).collect()
    }
}

impl Extend<KeyWarning> for Warnings {
    fn extend<I: IntoIterator<Item = KeyWarning>>(&mut self, warnings: I) {
        for warning in warnings {
            self.push(warning);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unusable(origin: &str) -> KeyWarning {
        KeyWarning::UnusableKey {
            origin: origin.to_owned(),
            key: None,
            detail: "it is damaged".to_owned(),
        }
    }

    #[test]
    fn the_first_of_a_file_are_kept_and_the_others_counted() {
        let mut warnings = Warnings::default();
        warnings.extend((0..1_000_000).map(|_| unusable("a")));
        warnings.extend((0..MAX_OF_FILE).map(|_| unusable("b")));
        warnings.push(KeyWarning::NoKeyFound {
            origin: "a".to_owned(),
            detail: "it is empty".to_owned(),
            found: None,
        });
        let warnings = warnings.finish();
        assert_eq!(warnings.len(), 2 * MAX_OF_FILE + 2);
        assert_eq!(
            warnings.last(),
            Some(&KeyWarning::More {
                origin: "a".to_owned(),
                count: 1_000_000 - MAX_OF_FILE,
            })
        );
    }

    #[test]
    fn many_files_are_bounded_together() {
        let mut warnings = Warnings::default();
        warnings.extend((0..1000).map(|file| unusable(&format!("file {file}"))));
        let warnings = warnings.finish();
        let more = |warning: &&KeyWarning| matches!(warning, KeyWarning::More { .. });
        assert_eq!(warnings.iter().filter(more).count(), 1000 - MAX_OF_ALL);
    }
}
