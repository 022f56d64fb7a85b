//! Programs that tests make, and processes that they look for.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The system's gpg, without which there is nothing to test.
pub fn gpg() -> PathBuf {
    let path = std::env::var_os("PATH").expect("PATH is set");
    std::env::split_paths(&path)
        .map(|directory| directory.join("gpg"))
        .find(|program| program.is_file())
        .expect("gpg is installed: apt-get install gnupg")
}

/// A shell script, executable.
///
/// Written by another process: while this one has a file open for writing, a program that another
/// thread starts inherits it, and then the file cannot be executed ("text file busy").
pub fn script(directory: &Path, name: &str, commands: &str) -> PathBuf {
    let path = directory.join(name);
    let mut writer = Command::new("/bin/sh")
        .args(["-c", "cat >\"$1\" && chmod +x \"$1\"", "sh"])
        .arg(&path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("sh");
    let mut input = writer.stdin.take().expect("a pipe");
    write!(input, "#!/bin/sh\n{commands}\n").expect("a script");
    drop(input);
    assert!(writer.wait().expect("sh ends").success());
    path
}

/// The processes that have a path in `directory` among their arguments, as text. One that was just killed
/// gets a moment to end.
pub fn processes_in(directory: &Path) -> Vec<String> {
    for _ in 0..100 {
        if working_in(directory).is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    working_in(directory)
}

fn working_in(directory: &Path) -> Vec<String> {
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
