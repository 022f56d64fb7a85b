//! Programs that tests make, and processes that they look for.
#![allow(dead_code, reason = "no test program uses all of it")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The system's gpg, without which there is nothing to test.
pub fn gpg() -> PathBuf {
    let path = std::env::var_os("PATH").expect("PATH is set");
    std::env::split_paths(&path)
        .map(|directory| directory.join("gpg"))
        .find(|program| program.is_file())
        .expect("gpg is installed: apt-get install gnupg")
}

/// A shell script, executable.
pub fn script(directory: &Path, name: &str, commands: &str) -> PathBuf {
    let path = directory.join(name);
    fs::write(&path, format!("#!/bin/sh\n{commands}\n")).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    path
}

/// The processes that have a path in `directory` among their arguments, as text.
pub fn processes_in(directory: &Path) -> Vec<String> {
    let wanted = directory.to_str().expect("UTF-8").as_bytes();
    fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok())
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| line.windows(wanted.len()).any(|part| part == wanted))
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .collect()
}
