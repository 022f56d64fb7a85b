//! The peer `gpg`: which bytes has a key of this keyring signed?

use std::collections::HashMap;
use std::fs;
use std::hash::Hash;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::program;

/// The largest message that gpg may write, in bytes: more than the library takes, and still bounded.
const MAX_OUTPUT: &str = "16777216";

/// Keywords of `--status-fd` (doc/DETAILS of GnuPG), one for each signature that was checked.
const OUTCOMES: [&str; 6] = [
    "GOODSIG",
    "BADSIG",
    "ERRSIG",
    "EXPSIG",
    "EXPKEYSIG",
    "REVKEYSIG",
];

/// Keywords that belong to no good message, whatever else there is.
const OBJECTIONS: [&str; 3] = ["NODATA", "UNEXPECTED", "FAILURE"];

/// gpg with its keyrings, which it imports once.
#[derive(Debug)]
pub struct Gpg {
    program: PathBuf,
    folder: PathBuf,
    homes: AtomicUsize,
    keyrings: Once<Keys, Keyring>,
    answers: Once<(Keys, Vec<u8>), Result<Signed, String>>,
}

/// Key files, and the time at which they are read (`20260115T120000!`), which is now without one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Keys {
    pub files: Vec<Vec<u8>>,
    pub at: Option<String>,
}

/// What gpg made of key files.
#[derive(Debug)]
pub struct Keyring {
    /// gpg's own file, if there is any key.
    file: Option<Vec<u8>>,
    /// The primary keys' fingerprints.
    pub fingerprints: Vec<String>,
}

/// A good signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub primary_key: String,
    pub payload: Vec<u8>,
}

impl Gpg {
    /// gpg with homes below `folder`.
    pub fn new(program: PathBuf, folder: &Path) -> Self {
        Self {
            program,
            folder: folder.join("gpg"),
            homes: AtomicUsize::new(0),
            keyrings: Once::default(),
            answers: Once::default(),
        }
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Asks for the one good signature of a message; else returns what gpg found instead.
    pub fn verify(&self, keys: &Keys, message: &[u8]) -> Arc<Result<Signed, String>> {
        let question = (keys.clone(), message.to_owned());
        self.answers.or_make(question, |(keys, message)| {
            let home = self.home(keys);
            let input = home.path.join("message");
            let output = home.path.join("payload");
            fs::write(&input, message).unwrap();
            let mut gpg = self.command(&home.path, keys.at.as_deref());
            gpg.args(["--status-fd", "1", "--max-output", MAX_OUTPUT, "--output"])
                .arg(&output)
                .stdin(Stdio::from(fs::File::open(&input).unwrap()));
            let status = String::from_utf8_lossy(&program::run(&mut gpg).stdout).into_owned();
            let lines: Vec<Vec<&str>> = status
                .lines()
                .filter_map(|line| line.strip_prefix("[GNUPG:] "))
                .map(|line| line.split(' ').collect())
                .collect();
            let of = |keywords: &[&str]| -> Vec<&str> {
                let words = lines.iter().map(|line| line[0]);
                words.filter(|word| keywords.contains(word)).collect()
            };
            let valid: Vec<_> = lines.iter().filter(|line| line[0] == "VALIDSIG").collect();
            match (of(&OUTCOMES).as_slice(), of(&OBJECTIONS).as_slice()) {
                (["GOODSIG"], []) if valid.len() == 1 => Ok(Signed {
                    primary_key: valid[0].last().unwrap_or(&"").to_string(),
                    payload: fs::read(&output).unwrap_or_default(),
                }),
                (outcomes, objections) => Err(format!("{outcomes:?} {objections:?}")),
            }
        })
    }

    /// The keyring of these key files.
    pub fn keyring(&self, keys: &Keys) -> Arc<Keyring> {
        self.keyrings.or_make(keys.clone(), |keys| {
            let home = self.empty_home();
            for (index, content) in keys.files.iter().enumerate() {
                let file = home.path.join(format!("keys-{index}"));
                fs::write(&file, content).unwrap();
                let mut gpg = self.command(&home.path, keys.at.as_deref());
                // Whether it worked shows in the keyring.
                program::run_or_abort(gpg.arg("--import").arg(&file));
            }
            let mut gpg = self.command(&home.path, keys.at.as_deref());
            let list = program::run(gpg.args(["--with-colons", "--list-keys"])).stdout;
            let mut fingerprints = Vec::new();
            let mut is_primary = false;
            for line in String::from_utf8_lossy(&list).lines() {
                let fields: Vec<&str> = line.split(':').collect();
                match fields[0] {
                    "pub" => is_primary = true,
                    "fpr" if std::mem::take(&mut is_primary) => {
                        fingerprints.push(fields[9].to_owned());
                    }
                    _ => {}
                }
            }
            Keyring {
                file: fs::read(home.path.join("pubring.kbx")).ok(),
                fingerprints,
            }
        })
    }

    /// A fresh home with these keys.
    pub fn home(&self, keys: &Keys) -> Home {
        let keyring = self.keyring(keys);
        let home = self.empty_home();
        if let Some(file) = &keyring.file {
            fs::write(home.path.join("pubring.kbx"), file).unwrap();
        }
        home
    }

    fn empty_home(&self) -> Home {
        let number = self.homes.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(number.to_string());
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&path).unwrap();
        Home { path }
    }

    fn command(&self, home: &Path, at: Option<&str>) -> Command {
        let mut command = program::command(&self.program, home);
        command.arg("--homedir").arg(home);
        // Neither an agent nor a lock that could outlive the call.
        command.args(["--batch", "--no-tty", "--quiet", "--no-autostart"]);
        command.args(["--lock-never", "--trust-model", "always"]);
        command.args(["--no-auto-check-trustdb", "--no-options"]);
        if let Some(at) = at {
            command.args(["--faked-system-time", at]);
        }
        command
    }
}

/// A home directory of gpg's, for one use.
#[derive(Debug)]
pub struct Home {
    pub path: PathBuf,
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Values that are made once each, also where several threads want the same.
#[derive(Debug)]
struct Once<K, V>(Mutex<HashMap<K, Arc<OnceLock<Arc<V>>>>>);

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash, V> Once<K, V> {
    fn or_make(&self, key: K, make: impl FnOnce(&K) -> V) -> Arc<V> {
        let cell = {
            let mut cells = self.0.lock().unwrap();
            Arc::clone(cells.entry(key.clone()).or_default())
        };
        Arc::clone(cell.get_or_init(|| Arc::new(make(&key))))
    }
}
