//! Running a program with a deadline.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How much of a program's output is read, in bytes: the first lines say what there is to know.
const MAX_OUTPUT: u64 = 16 * 1024;

/// How long it is waited between two looks at a program, at most.
const INTERVAL: Duration = Duration::from_millis(10);

/// How long the rest of a program's output may take once it has ended.
const REST: Duration = Duration::from_millis(200);

/// How a program ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// With this exit code.
    Exited {
        /// The exit code.
        status: i32,
        /// What it wrote to its standard output.
        output: String,
        /// What it wrote to its standard error.
        errors: String,
    },
    /// By this signal.
    Crashed {
        /// The signal's number.
        signal: i32,
    },
    /// Not by itself: it was ended at the deadline.
    Hung,
}

/// Runs `program`, without input and without the user's home directory, and ends it and whatever
/// it has started at the deadline.
pub(super) fn run(program: &Path, arguments: &[&OsStr], deadline: Duration) -> io::Result<Ended> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_remove("GNUPGHOME")
        .env_remove("HOME")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let output = read(child.stdout.take());
    let errors = read(child.stderr.take());
    let status = wait(&mut child, deadline)?;
    // What it has started and left behind, or all of it.
    end_group(&child);
    let Some(status) = status else {
        child.wait()?;
        return Ok(Ended::Hung);
    };
    if let Some(signal) = status.signal() {
        return Ok(Ended::Crashed { signal });
    }
    Ok(Ended::Exited {
        status: status.code().unwrap_or(-1),
        output: output.recv_timeout(REST).unwrap_or_default(),
        errors: errors.recv_timeout(REST).unwrap_or_default(),
    })
}

/// How the child ended, or nothing if it has not by the deadline.
fn wait(child: &mut Child, deadline: Duration) -> io::Result<Option<std::process::ExitStatus>> {
    let start = Instant::now();
    let mut interval = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= deadline {
            return Ok(None);
        }
        thread::sleep(interval);
        interval = interval.saturating_mul(2).min(INTERVAL);
    }
}

fn end_group(child: &Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        // There may be nobody left in it.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Reads the beginning of a program's output in a thread of its own, and the rest into nothing.
fn read(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut pipe) = pipe {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was read before an error still counts.
            let _ = pipe.by_ref().take(MAX_OUTPUT).read_to_end(&mut bytes);
            let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
            let _ = io::copy(&mut pipe, &mut io::sink());
        });
    }
    receiver
}
