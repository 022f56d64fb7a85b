//! Running a program with a deadline: no shell, no thread, and no process left afterwards.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// How much of a program's output is kept, in bytes. A list of the keys in the largest key file
/// stays below it.
const MAX_OUTPUT: usize = 128 * 1024 * 1024;

/// How much of a program's errors is kept, in bytes: the first lines say what there is to know.
const MAX_ERRORS: usize = 16 * 1024;

/// The longest wait between two looks at a program.
const INTERVAL: Duration = Duration::from_millis(10);

/// The variables of the environment that a program gets: where a wrapper finds other programs, and
/// where the loader finds libraries.
const INHERITED: [&str; 2] = ["PATH", "LD_LIBRARY_PATH"];

/// A program to run once.
#[derive(Debug)]
pub(in crate::engine) struct Call<'a> {
    /// The program, by its absolute path.
    pub(in crate::engine) program: &'a Path,
    /// Its arguments.
    pub(in crate::engine) arguments: &'a [&'a OsStr],
    /// What it reads from its standard input; nothing by default.
    pub(in crate::engine) input: Option<File>,
    /// The directory that it works in; `/` by default.
    pub(in crate::engine) directory: Option<&'a Path>,
    /// When it is ended.
    pub(in crate::engine) deadline: Duration,
}

/// How a program ended.
#[derive(Debug)]
pub(in crate::engine) enum Ended {
    /// With an exit code.
    Exited(Exited),
    /// By this signal.
    Crashed {
        /// The signal's number.
        signal: i32,
    },
    /// Not by itself: it was ended at the deadline.
    Hung,
}

/// The result of a program that ended by itself.
#[derive(Debug, Default)]
pub(in crate::engine) struct Exited {
    /// The exit code.
    pub(in crate::engine) status: i32,
    /// What it wrote to its standard output.
    pub(in crate::engine) output: Vec<u8>,
    /// The beginning of what it wrote to its standard error.
    pub(in crate::engine) errors: Vec<u8>,
}

impl Call<'_> {
    /// Runs the program in a process group of its own, and ends this group at the deadline, or as soon as the program
    /// itself has ended. From the environment it gets [`INHERITED`] and the locale `C`.
    ///
    /// # Errors
    ///
    /// What the system says if the program cannot be started or waited for, or writes too much.
    pub(in crate::engine) fn run(self) -> io::Result<Ended> {
        let start = Instant::now();
        let mut command = Command::new(self.program);
        command
            .args(self.arguments)
            .env_clear()
            .env("LC_ALL", "C")
            .current_dir(self.directory.unwrap_or(Path::new("/")))
            .stdin(self.input.map_or_else(Stdio::null, Stdio::from))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        for name in INHERITED {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        let mut running = Running::new(command.spawn()?)?;
        let mut output = Stream::<ChildStdout>::new(running.child.stdout.take(), MAX_OUTPUT)?;
        let mut errors = Stream::<ChildStderr>::new(running.child.stderr.take(), MAX_ERRORS)?;
        let left = |start: Instant| self.deadline.saturating_sub(start.elapsed());

        // Until both streams are closed, which is when a program ends that leaves no other process running.
        loop {
            let has_ended = running.has_ended()?;
            output.read()?;
            errors.read()?;
            let open: Vec<BorrowedFd<'_>> = [output.as_fd(), errors.as_fd()]
                .into_iter()
                .flatten()
                .collect();
            if has_ended || open.is_empty() {
                break;
            }
            if left(start).is_zero() {
                return Ok(Ended::Hung);
            }
            wait_for_input(&open, left(start).min(INTERVAL))?;
        }
        let mut interval = Duration::from_micros(100);
        while !running.has_ended()? {
            if left(start).is_zero() {
                return Ok(Ended::Hung);
            }
            thread::sleep(interval);
            interval = interval.saturating_mul(2).min(INTERVAL);
        }
        let status = running.end()?;
        if output.overflowed {
            return Err(io::Error::new(
                ErrorKind::FileTooLarge,
                format!("it wrote more than {MAX_OUTPUT} bytes"),
            ));
        }
        Ok(match status.signal() {
            Some(signal) => Ended::Crashed { signal },
            None => Ended::Exited(Exited {
                status: status.code().unwrap_or(-1),
                output: output.kept,
                errors: errors.kept,
            }),
        })
    }
}

/// A child in a process group of its own. Whatever happens, its group is ended, and it is reaped.
#[derive(Debug)]
struct Running {
    child: Child,
    group: Pid,
    reaped: bool,
}

impl Running {
    fn new(mut child: Child) -> io::Result<Self> {
        match i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            Some(group) => Ok(Self {
                child,
                group,
                reaped: false,
            }),
            None => {
                child.kill()?;
                child.wait()?;
                Err(io::Error::other("the system gave it no process ID"))
            }
        }
    }

    /// Whether the child has ended. It is not reaped: until then its process ID, which is its group's, is not another
    /// process's.
    fn has_ended(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(self.group), options)?.is_some())
    }

    /// Ends the group and reaps the child.
    fn end(&mut self) -> io::Result<ExitStatus> {
        // There may be no process left in it to end.
        let _ = kill_process_group(self.group, Signal::KILL);
        self.reaped = true;
        self.child.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.reaped {
            let _ = self.end();
        }
    }
}

/// What a program writes, of which the beginning is kept.
#[derive(Debug)]
struct Stream<P> {
    /// None once it is closed.
    pipe: Option<P>,
    limit: usize,
    kept: Vec<u8>,
    overflowed: bool,
}

impl<P: Read + AsFd> Stream<P> {
    fn new(pipe: Option<P>, limit: usize) -> io::Result<Self> {
        if let Some(pipe) = &pipe {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        Ok(Self {
            pipe,
            limit,
            kept: Vec::new(),
            overflowed: false,
        })
    }

    fn as_fd(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd)
    }

    /// Reads what is there.
    fn read(&mut self) -> io::Result<()> {
        let mut buffer = [0; 16 * 1024];
        while let Some(pipe) = &mut self.pipe {
            match pipe.read(&mut buffer) {
                Ok(0) => self.pipe = None,
                Ok(count) => {
                    let room = self.limit.saturating_sub(self.kept.len());
                    self.overflowed |= count > room;
                    let new = buffer.get(..count.min(room)).unwrap_or_default();
                    self.kept.extend_from_slice(new);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn wait_for_input(pipes: &[BorrowedFd<'_>], at_most: Duration) -> io::Result<()> {
    let mut pipes: Vec<PollFd<'_>> = pipes
        .iter()
        .map(|pipe| PollFd::from_borrowed_fd(*pipe, PollFlags::IN))
        .collect();
    let at_most = Timespec::try_from(at_most).map_err(io::Error::other)?;
    match poll(&mut pipes, Some(&at_most)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(commands: &str, deadline: Duration) -> io::Result<Ended> {
        Call {
            program: Path::new("/bin/sh"),
            arguments: &[OsStr::new("-c"), OsStr::new(commands)],
            input: None,
            directory: None,
            deadline,
        }
        .run()
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn output_errors_and_exit_code() {
        let Ended::Exited(exited) = sh("echo out; echo err >&2; pwd; cat; exit 7", LONG).unwrap()
        else {
            panic!("it exits");
        };
        assert_eq!(exited.status, 7);
        assert_eq!(exited.output, b"out\n/\n");
        assert_eq!(exited.errors, b"err\n");
    }

    #[test]
    fn much_output_on_both_streams_is_read_while_it_runs() {
        let commands = "head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero";
        let Ended::Exited(exited) = sh(commands, LONG).unwrap() else {
            panic!("it exits");
        };
        assert_eq!(exited.output.len(), 1_000_000);
        assert_eq!(exited.errors.len(), MAX_ERRORS);
    }

    #[test]
    fn a_signal_is_no_exit_code() {
        let ended = sh("kill -SEGV $$", LONG).unwrap();
        assert!(matches!(ended, Ended::Crashed { signal: 11 }), "{ended:?}");
    }

    #[test]
    fn the_whole_group_is_ended() {
        // A helper that holds the pipes open, in the background of a program that ends at once, and
        // of one that hangs.
        let start = Instant::now();
        let ended = sh("sleep 600 & echo $!", LONG).unwrap();
        let Ended::Exited(exited) = ended else {
            panic!("it exits");
        };
        let helper = String::from_utf8(exited.output).unwrap();
        assert!(is_gone(helper.trim()));
        let ended = sh("sleep 600 & sleep 601", Duration::from_millis(200)).unwrap();
        assert!(matches!(ended, Ended::Hung), "{ended:?}");
        // Without its streams, it is still waited for.
        let closed = "exec >&- 2>&-; sleep 600";
        let ended = sh(closed, Duration::from_millis(200)).unwrap();
        assert!(matches!(ended, Ended::Hung), "{ended:?}");
        assert!(start.elapsed() < LONG);
    }

    /// Whether the process has ended; its parent may not have reaped it yet.
    fn is_gone(process: &str) -> bool {
        (0..100).any(|_| {
            thread::sleep(Duration::from_millis(10));
            let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
            stat.map_or(true, |stat| stat.contains(") Z "))
        })
    }

    #[test]
    fn nothing_of_the_environment_comes_along() {
        let Ended::Exited(exited) = sh("env", LONG).unwrap() else {
            panic!("it exits");
        };
        for line in String::from_utf8(exited.output).unwrap().lines() {
            let name = line.split('=').next().unwrap();
            // The last three are the shell's own.
            let known = ["LC_ALL", "PATH", "LD_LIBRARY_PATH", "PWD", "SHLVL", "_"];
            assert!(known.contains(&name), "{line}");
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let missing = Call {
            program: Path::new("/nowhere/gpg"),
            arguments: &[],
            input: None,
            directory: None,
            deadline: LONG,
        };
        assert_eq!(missing.run().unwrap_err().kind(), ErrorKind::NotFound);
    }
}
