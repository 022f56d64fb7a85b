//! Calls of libgpgme with a deadline.
//!
//! A context of libgpgme cannot leave its thread, and a call blocks until gpg has ended. So each context has its own
//! thread, which is reused for the next call: setting a program on a context runs `gpg --version`, and once for each
//! thread is enough.

use std::ffi::CStr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gpgme::{Context, Protocol};

use super::kind::KIND;
use crate::engine::gnupg::failure::{failed, unusable_for};
use crate::engine::gnupg::home::Home;
use crate::engine::gnupg::processes;
use crate::engine::gnupg::program::Program;
use crate::engine::gnupg::status::{Status, is_keyword};
use crate::engine::{EngineError, Finding};

/// How many threads are kept for later calls.
const MAX_IDLE: usize = 16;

/// How long a call may take to return after its gpg was ended, before it is abandoned.
const GRACE: Duration = Duration::from_secs(2);

/// How often gpg is ended again meanwhile: a script may start another program.
const INTERVAL: Duration = Duration::from_millis(20);

/// Threads that call libgpgme in one home directory.
#[derive(Debug)]
pub(super) struct Workers {
    // Before the home directory, so that no thread is left when that is removed.
    idle: Mutex<Vec<Worker>>,
    home: Arc<Home>,
    program: Program,
    deadline: Duration,
}

/// The result of a call, with everything that gpg said meanwhile.
#[derive(Debug)]
pub(super) struct Called<T> {
    pub(super) result: Result<T, gpgme::Error>,
    pub(super) status: Status,
}

/// What a thread does.
type Job = Box<dyn FnOnce(&mut Context) + Send>;

/// A thread with a context.
#[derive(Debug)]
struct Worker {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
    /// The path by which its gpg knows the home directory.
    alias: PathBuf,
}

impl Workers {
    pub(super) fn new(home: Home, program: Program, deadline: Duration) -> Self {
        Self {
            idle: Mutex::default(),
            home: Arc::new(home),
            program,
            deadline,
        }
    }

    /// Calls libgpgme on a context with our program and home directory. `operation` is a verb
    /// phrase for messages.
    ///
    /// # Errors
    ///
    /// [`EngineError::TimedOut`] if gpg had to be ended at the deadline; [`EngineError::Failed`]
    /// if there is no context, or the call panics; [`EngineError::Unusable`] if the system's
    /// configuration of GnuPG could change what it says.
    pub(super) fn call<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&mut Context) -> Result<T, gpgme::Error> + Send + 'static,
    ) -> Result<Called<T>, EngineError> {
        let check = self.program.configuration.check();
        check.map_err(|finding| unusable_for(KIND, finding))?;
        let idle = self.lock().pop();
        let worker = match idle {
            Some(worker) => worker,
            None => self.hire(operation)?,
        };
        let (sender, receiver) = mpsc::channel();
        let job: Job = Box::new(move |context| {
            let status = Arc::new(Mutex::new(Status::default()));
            let recorder = Arc::clone(&status);
            let result = context.with_status_handler(
                move |one: Option<&CStr>, other: Option<&CStr>| {
                    let mut status = recorder.lock().unwrap_or_else(PoisonError::into_inner);
                    record(&mut status, one, other);
                    Ok(())
                },
                work,
            );
            let status =
                std::mem::take(&mut *status.lock().unwrap_or_else(PoisonError::into_inner));
            // Nobody may be waiting any more.
            let _ = sender.send(Called { result, status });
        });
        worker
            .send(job)
            .map_err(|detail| failed(KIND, operation, detail))?;
        match receiver.recv_timeout(self.deadline) {
            Ok(called) => {
                let mut idle = self.lock();
                if idle.len() < MAX_IDLE {
                    idle.push(worker);
                }
                Ok(called)
            }
            Err(RecvTimeoutError::Disconnected) => {
                processes::end(&worker.alias);
                Err(failed(KIND, operation, "the call to libgpgme panicked"))
            }
            Err(RecvTimeoutError::Timeout) => {
                worker.end(&receiver);
                Err(self.timed_out(operation))
            }
        }
    }

    /// A new thread with a context.
    fn hire(&self, operation: &'static str) -> Result<Worker, EngineError> {
        let alias = self
            .home
            .alias()
            .map_err(|finding| unusable_for(KIND, finding))?;
        let (jobs, work) = mpsc::channel::<Job>();
        let (ready, is_ready) = mpsc::channel();
        let (program, home) = (self.program.path.clone(), alias.clone());
        // The thread may outlive the keyring if libgpgme never returns; the home directory then
        // stays until it does.
        let keep = Arc::clone(&self.home);
        let thread = thread::Builder::new()
            .name("gpgme".to_owned())
            .spawn(move || {
                // A panic in libgpgme's wrapper ends this thread only.
                let _ = std::panic::catch_unwind(AssertUnwindSafe(|| {
                    let mut context = match context(&program, &home) {
                        Ok(context) => context,
                        Err(error) => {
                            let _ = ready.send(Err(error));
                            return;
                        }
                    };
                    let _ = ready.send(Ok(()));
                    drop(ready);
                    for job in work {
                        job(&mut context);
                    }
                }));
                drop(keep);
            })
            .map_err(|error| failed(KIND, operation, no_thread(&error)))?;
        let worker = Worker {
            jobs: Some(jobs),
            thread: Some(thread),
            alias,
        };
        match is_ready.recv_timeout(self.deadline) {
            Ok(Ok(())) => Ok(worker),
            Ok(Err(error)) if is_invalid_engine(error) => {
                Err(unusable_for(KIND, self.without_engine()))
            }
            Ok(Err(error)) => Err(failed(KIND, operation, error)),
            Err(RecvTimeoutError::Disconnected) => {
                Err(failed(KIND, operation, "libgpgme did not start"))
            }
            Err(RecvTimeoutError::Timeout) => {
                worker.end(&is_ready);
                Err(self.timed_out(operation))
            }
        }
    }

    fn without_engine(&self) -> Finding {
        Finding::LibraryWithoutEngine {
            version: gpgme::init().version().to_owned(),
            program: self.program.path.clone(),
        }
    }

    fn timed_out(&self, operation: &str) -> EngineError {
        EngineError::TimedOut {
            engine: KIND.name().to_owned(),
            operation: operation.to_owned(),
            program: self.program.path.display().to_string(),
            deadline: self.deadline,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    fn send(&self, job: Job) -> Result<(), &'static str> {
        let gone = "its thread has ended";
        match &self.jobs {
            Some(jobs) => jobs.send(job).map_err(|_| gone),
            None => Err(gone),
        }
    }

    /// Ends this thread's gpg until its call returns. A call that does not return even then is abandoned, with its
    /// thread.
    fn end<T>(mut self, returned: &mpsc::Receiver<T>) {
        let start = Instant::now();
        while start.elapsed() < GRACE {
            processes::end(&self.alias);
            match returned.recv_timeout(INTERVAL) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => return,
            }
        }
        // Dropping a worker waits for its thread, which would be forever.
        drop(self.thread.take());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // Its panics were caught.
            let _ = thread.join();
        }
    }
}

/// Keeps a status line of a keyword and its arguments, in whichever order: version 0.11.0 of the crate
/// `gpgme` hands them over the wrong way round. A line of which either could be the keyword is passed
/// over; no line that counts is of that form.
fn record(status: &mut Status, one: Option<&CStr>, other: Option<&CStr>) {
    let text = |text: Option<&CStr>| {
        text.map(|text| text.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let (one, other) = (text(one), text(other));
    match (is_keyword(&one), is_keyword(&other)) {
        (true, false) => status.record(&one, &other),
        (false, true) => status.record(&other, &one),
        _ => {}
    }
}

/// Whether libgpgme has no entry for GnuPG, because it found none when it started: then a context cannot be set to use
/// a program (`_gpgme_set_engine_info` in its engine.c).
fn is_invalid_engine(error: gpgme::Error) -> bool {
    [gpgme::Error::INV_ENGINE, gpgme::Error::NO_ENGINE]
        .map(|known| known.code())
        .contains(&error.code())
}

fn no_thread(error: &std::io::Error) -> Finding {
    Finding::OutOfResources {
        what: "start a thread for libgpgme".to_owned(),
        detail: error.to_string(),
    }
}

/// A context that runs `program` in the home directory `home` and reports everything it says.
fn context(program: &std::path::Path, home: &std::path::Path) -> Result<Context, gpgme::Error> {
    use std::os::unix::ffi::OsStrExt;

    let mut context = Context::from_protocol(Protocol::OpenPgp)?;
    context.set_engine_info(
        Some(program.as_os_str().as_bytes()),
        Some(home.as_os_str().as_bytes()),
    )?;
    context.set_flag("full-status", "1")?;
    context.set_offline(true);
    context.set_armor(false);
    Ok(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyword_and_arguments_are_told_apart_in_either_order() {
        let mut status = Status::default();
        for (one, other) in [
            (c"ERRSIG", c"346265C87326EA6C 1 10 00 1748779200 9"),
            (c"1 0 1", c"IMPORT_RES"),
            (c"NODATA", c""),
            // A signature can name its user: what it says must not pass for gpg's own word.
            (c"NEWSIG", c"VALIDSIG"),
        ] {
            record(&mut status, Some(one), Some(other));
        }
        assert_eq!(status.fields("ERRSIG").unwrap()[4], "1748779200");
        assert_eq!(status.fields("IMPORT_RES").unwrap(), ["1", "0", "1"]);
        assert_eq!(status.count("NODATA"), 1);
        assert_eq!(status.count("VALIDSIG") + status.count("NEWSIG"), 0);
    }
}
