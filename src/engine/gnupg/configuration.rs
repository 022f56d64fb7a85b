//! The system's configuration of GnuPG.
//!
//! gpg reads it whatever home directory it is given, and no option keeps it from doing so: `--no-options` only leaves
//! out the file in the home directory (measured with 2.2.40, 2.4.7 and 2.4.9). Options there come before ours. Some
//! have no effect on a verdict, and some are overridden by ours; any other makes the engine unusable, because a verdict
//! could then not be relied on.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::resources::is_lack_of_resources;
use crate::engine::Finding;
use crate::text::quote::visible;

/// Where a build of GnuPG with the usual directories looks. A build with other directories reports what it reads when
/// it is tried out.
const USUAL: [&str; 2] = ["/etc/gnupg/gpg.conf", "/etc/gnupg/common.conf"];

/// The most that is read of such a file, in bytes. They usually have a few lines.
const MAX_SIZE: u64 = 256 * 1024;

/// What gpg says of each file that it reads options from, with `--debug`.
const READING: &str = "reading options from '";

/// What it says of its arguments.
const COMMAND_LINE: &str = "[cmdline]";

/// Options of gpg(1) that concern other things than importing, listing and verifying: how it signs, encrypts, talks to
/// people, and whom it asks for keys.
const WITHOUT_EFFECT: [&str; 54] = [
    "agent-program",
    "ask-cert-expire",
    "ask-cert-level",
    "ask-sig-expire",
    "bzip2-compress-level",
    "cert-digest-algo",
    "cert-notation",
    "cert-policy-url",
    "charset",
    "cipher-algo",
    "comment",
    "compress-algo",
    "compress-level",
    "default-cert-expire",
    "default-cert-level",
    "default-key",
    "default-keyserver-url",
    "default-new-key-algo",
    "default-preference-list",
    "default-recipient",
    "default-recipient-self",
    "default-sig-expire",
    "digest-algo",
    "dirmngr-program",
    "disable-signer-uid",
    "display-charset",
    "emit-version",
    "encrypt-to",
    "encrypt-to-default-key",
    "group",
    "hidden-encrypt-to",
    "include-key-block",
    "keyid-format",
    "keyserver",
    "keyserver-options",
    "no-comments",
    "no-emit-version",
    "no-greeting",
    "no-permission-warning",
    "no-secmem-warning",
    "no-symkey-cache",
    "no-throw-keyids",
    "personal-cipher-preferences",
    "personal-compress-preferences",
    "personal-digest-preferences",
    "photo-viewer",
    "pinentry-mode",
    "s2k-cipher-algo",
    "s2k-count",
    "s2k-digest-algo",
    "s2k-mode",
    "sig-notation",
    "throw-keyids",
    "use-agent",
];

/// Options that those of the home directory override or repeat ([`super::home`]).
const UNDONE: [&str; 15] = [
    "allow-multiple-messages",
    "always-trust",
    "auto-check-trustdb",
    "auto-key-locate",
    "auto-key-retrieve",
    "batch",
    "disable-dirmngr",
    "no-allow-multiple-messages",
    "no-auto-check-trustdb",
    "no-auto-key-locate",
    "no-auto-key-retrieve",
    "no-autostart",
    "no-require-cross-certification",
    "require-cross-certification",
    "trust-model",
];

/// The files of the system from which one gpg reads options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct SystemConfiguration {
    files: Vec<PathBuf>,
}

impl SystemConfiguration {
    /// What gpg says on its standard error, run with `--debug 0` in the home directory `home`; and
    /// the files that it would read if they existed.
    pub(in crate::engine) fn told_by(errors: &[u8], home: &Path) -> Self {
        let mut files: Vec<PathBuf> = USUAL.iter().map(PathBuf::from).collect();
        files.extend(
            read_by(errors, home)
                .filter(|file| !USUAL.iter().any(|usual| file == Path::new(usual))),
        );
        Self { files }
    }

    /// Whether nothing in these files can change a verdict, as they are now.
    ///
    /// # Errors
    ///
    /// [`Finding::SystemConfiguration`] for the first option that can, or for a file that cannot be
    /// read.
    pub(in crate::engine) fn check(&self) -> Result<(), Finding> {
        self.files.iter().try_for_each(|file| check(file))
    }

    /// Whether nothing in the files that gpg says it has just read can change a verdict.
    ///
    /// # Errors
    ///
    /// As from [`check`](Self::check).
    #[cfg(feature = "gpg")]
    pub(in crate::engine) fn check_read(errors: &[u8], home: &Path) -> Result<(), Finding> {
        read_by(errors, home).try_for_each(|file| check(&file))
    }
}

/// The files that gpg says it has read options from, except its home directory's own.
fn read_by(errors: &[u8], home: &Path) -> impl Iterator<Item = PathBuf> {
    let own = home.join("gpg.conf");
    String::from_utf8_lossy(errors)
        .lines()
        .filter_map(|line| line.split_once(READING)?.1.strip_suffix('\''))
        .filter(|file| *file != COMMAND_LINE)
        .map(PathBuf::from)
        .filter(|file| *file != own)
        .collect::<Vec<_>>()
        .into_iter()
}

fn check(path: &Path) -> Result<(), Finding> {
    let finding = |line, option: String| Finding::SystemConfiguration {
        file: path.to_owned(),
        line,
        option,
    };
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SIZE).read_to_end(&mut text));
    match read {
        // What follows would not be seen.
        Ok(_) if text.len() as u64 >= MAX_SIZE => {
            return Err(finding(None, format!("it has {MAX_SIZE} bytes or more")));
        }
        Ok(_) => {}
        Err(error) if is_lack_of_resources(&error) => {
            return Err(Finding::OutOfResources {
                what: format!("read {}", path.display()),
                detail: error.to_string(),
            });
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(());
        }
        Err(error) => return Err(finding(None, error.to_string())),
    }
    for (number, line) in (1_usize..).zip(String::from_utf8_lossy(&text).lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("--").unwrap_or(line);
        let option: String = line
            .chars()
            .take_while(|character| !character.is_whitespace() && *character != '=')
            .collect();
        if !WITHOUT_EFFECT.contains(&option.as_str()) && !UNDONE.contains(&option.as_str()) {
            return Err(finding(Some(number), visible(&option)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gpg_says_that_it_reads() {
        let errors = b"gpg: reading options from '/usr/local/etc/gnupg/gpg.conf'\n\
            gpg: reading options from '/tmp/home/gpg.conf'\n\
            gpg: reading options from '[cmdline]'\n\
            gpg: keybox '/tmp/home/pubring.kbx' created\n";
        let home = Path::new("/tmp/home");
        let read: Vec<PathBuf> = read_by(errors, home).collect();
        assert_eq!(read, [Path::new("/usr/local/etc/gnupg/gpg.conf")]);
        let files = SystemConfiguration::told_by(errors, home).files;
        assert_eq!(files.len(), 3);
        assert_eq!(SystemConfiguration::told_by(b"", home).files.len(), 2);
    }

    #[test]
    fn what_can_change_a_verdict_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("gpg.conf");
        let found = |text: &str| {
            std::fs::write(&path, text).unwrap();
            match check(&path) {
                Ok(()) => None,
                Err(Finding::SystemConfiguration { line, option, .. }) => Some((line, option)),
                Err(other) => panic!("{other}"),
            }
        };
        assert!(check(&path).is_ok(), "a file that is not there");
        assert!(check(&path.join("gpg.conf")).is_ok());
        for harmless in [
            "",
            "# ignore-time-conflict\n\n",
            "keyserver hkps://keys.example\n  no-greeting\n",
            "--trust-model always\nallow-multiple-messages\n",
            "agent-program=/bin/false\r\n",
        ] {
            assert_eq!(found(harmless), None, "{harmless:?}");
        }
        for (text, line, option) in [
            ("ignore-time-conflict", 1, "ignore-time-conflict"),
            (
                "no-greeting\n  --allow-weak-digest-algos\n",
                2,
                "allow-weak-digest-algos",
            ),
            ("keyring=/etc/keys.gpg", 1, "keyring"),
            ("[user root]\nno-greeting", 1, "[user"),
            // Debian's gpg 2.4 imports otherwise with either of the two.
            (
                "no-allow-non-selfsigned-uid",
                1,
                "no-allow-non-selfsigned-uid",
            ),
            ("use-keyboxd\n", 1, "use-keyboxd"),
            ("no-greetin", 1, "no-greetin"),
        ] {
            assert_eq!(
                found(text),
                Some((Some(line), option.to_owned())),
                "{text:?}"
            );
        }
        let long = "#\n".repeat(1 << 17) + "ignore-time-conflict\n";
        std::fs::write(&path, long).unwrap();
        assert!(check(&path).is_err(), "an option behind what is read");
        assert!(check(directory.path()).is_err(), "a directory");
    }

    #[test]
    fn the_lists_are_sorted_and_disjoint() {
        let all = [&WITHOUT_EFFECT[..], &UNDONE[..]].concat();
        for option in &all {
            assert_eq!(
                all.iter().filter(|other| *other == option).count(),
                1,
                "{option}"
            );
        }
        assert!(WITHOUT_EFFECT.is_sorted() && UNDONE.is_sorted());
    }
}
