//! Ending the processes that work in a home directory.
//!
//! libgpgme starts gpg through an intermediate process that exits at once, so gpg is not our child and its process ID
//! is not known. But our home directory is among its arguments, and no other process has that path there. On a system
//! without `/proc`, nothing is found and nothing is ended.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The wait between two looks.
const INTERVAL: Duration = Duration::from_millis(5);

/// Ends every process with a path in `directory` among its arguments, and all that these have
/// started.
pub(in crate::engine) fn end(directory: &Path) {
    for process in working_in(directory) {
        // It may have ended by itself meanwhile.
        let _ = kill_process(process, Signal::KILL);
    }
}

/// Waits until no process works in `directory` any more; those that still do when `patience` is
/// over are ended.
pub(in crate::engine) fn end_after(directory: &Path, patience: Duration) {
    let start = Instant::now();
    while !working_in(directory).is_empty() {
        if start.elapsed() > patience {
            end(directory);
        }
        if start.elapsed() > patience.saturating_mul(4) {
            break;
        }
        thread::sleep(INTERVAL);
    }
}

/// The processes that work in `directory`, and their descendants.
fn working_in(directory: &Path) -> Vec<Pid> {
    let others = others();
    let mut pending: Vec<i32> = others
        .iter()
        .filter(|(_, process)| mentions(process, directory))
        .map(|(id, _)| *id)
        .collect();
    // Usually there is none, and who has started whom need not be read.
    if pending.is_empty() {
        return Vec::new();
    }
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for (id, process) in &others {
        if let Some(parent) = parent(process) {
            children.entry(parent).or_default().push(*id);
        }
    }
    let mut found = HashSet::new();
    while let Some(id) = pending.pop() {
        if found.insert(id) {
            pending.extend(children.get(&id).into_iter().flatten());
        }
    }
    found.into_iter().filter_map(Pid::from_raw).collect()
}

/// All other processes, each with what `/proc` has of it.
fn others() -> Vec<(i32, PathBuf)> {
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .filter(|(id, _)| *id != own)
        .collect()
}

/// Whether an argument of the process is a path in `directory`, or that directory itself.
fn mentions(process: &Path, directory: &Path) -> bool {
    let Ok(arguments) = fs::read(process.join("cmdline")) else {
        return false;
    };
    let directory = directory.as_os_str().as_bytes();
    arguments.split(|byte| *byte == 0).any(|argument| {
        argument
            .strip_prefix(directory)
            .is_some_and(|rest| rest.first().is_none_or(|byte| *byte == b'/'))
    })
}

/// The parent of a process: the second field after its name (proc_pid_stat(5)).
fn parent(process: &Path) -> Option<i32> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_ascii_whitespace().nth(1)?.parse().ok()
}
