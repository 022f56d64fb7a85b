//! The folder of messages: what is told now, beside what is written there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use containers_sigpolicy::answer::Answer;

/// What is told in the files of one folder.
pub struct Book {
    folder: PathBuf,
    write: bool,
    told: BTreeSet<PathBuf>,
    wrong: Vec<String>,
}

impl Book {
    /// A folder below the package's.
    pub fn open(folder: &str) -> Self {
        Self {
            folder: Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            write: std::env::var_os("WRITE_MESSAGES").is_some(),
            told: BTreeSet::new(),
            wrong: Vec::new(),
        }
    }

    /// Compares what is told of a situation with its file, or writes that.
    pub fn tell(&mut self, situation: &str, answer: &Answer) {
        let text = answer.to_string();
        let lines: Vec<&str> = text.lines().collect();
        let is_short = lines
            .iter()
            .all(|line| line.chars().count() <= Answer::MAX_COLUMNS);
        assert!(is_short && lines.len() <= Answer::MAX_LINES, "{text}");
        if lines.last().is_some_and(|last| last.ends_with(" …")) {
            self.wrong
                .push(format!("{situation}: not all to do is told:\n{text}"));
        }
        let file = self.folder.join(format!("{situation}.txt"));
        assert!(self.told.insert(file.clone()), "{situation} is told twice");
        if self.write {
            fs::write(&file, &text).expect("a file");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if text != expected {
            self.wrong
                .push(format!("{situation}:\n{text}instead of:\n{expected}"));
        }
    }

    /// That nothing was told otherwise, and that nothing is written that was not told.
    pub fn close(self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let there: BTreeSet<_> = fs::read_dir(&self.folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
            .collect();
        assert_eq!(there, self.told, "a file that no situation is told in");
    }
}

/// The same answer with another name for a folder that is called differently each time.
pub fn with_folder(mut answer: Answer, folder: &Path, name: &str) -> Answer {
    let folder = folder.to_str().expect("UTF-8");
    let replace = |text: &mut String| *text = text.replace(folder, name);
    let texts = [
        &mut answer.cause,
        &mut answer.place,
        &mut answer.policy,
        &mut answer.engine,
    ];
    texts.into_iter().flatten().for_each(replace);
    replace(&mut answer.headline);
    answer.warnings.iter_mut().for_each(replace);
    answer.steps.iter_mut().for_each(replace);
    answer
}
