//! Programs end without a panic, whoever reads what they print or no longer does.

use std::io::{Seek as _, Write as _};
use std::process::{Child, Command, Output, Stdio};

/// What a program answers, and its exit code.
pub struct Ending {
    /// How it is called, for complaints.
    said: String,
    program: fn(&str) -> Command,
    name: String,
    arguments: Vec<String>,
    input: &'static str,
    status: i32,
}

impl Ending {
    /// What `program(name)` answers to the arguments and the input, in the folder of the package.
    pub fn new(
        program: fn(&str) -> Command,
        name: &str,
        arguments: &[&str],
        input: &'static str,
        status: i32,
    ) -> Self {
        Self {
            said: format!("{name} {arguments:?}"),
            program,
            name: name.to_owned(),
            arguments: arguments.iter().map(ToString::to_string).collect(),
            input,
            status,
        }
    }

    fn command(&self) -> Command {
        let mut command = (self.program)(&self.name);
        command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(&self.arguments);
        command
    }

    /// Runs it with its input in a file, so that nobody waits for anybody.
    fn run(&self, stdout: Stdio, stderr: Stdio) -> Output {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(self.input.as_bytes()).expect("room");
        file.rewind().expect("a file");
        self.command()
            .stdin(file)
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
            .and_then(Child::wait_with_output)
            .expect("it runs")
    }
}

/// A pipe that nobody reads: its only reader has ended before.
fn closed_pipe() -> Stdio {
    let mut reader = Command::new("true")
        .stdin(Stdio::piped())
        .spawn()
        .expect("true");
    let pipe = reader.stdin.take().expect("a pipe");
    assert!(reader.wait().expect("it ends").success());
    pipe.into()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// `… | head -1` ended in a panic.
pub fn a_reader_who_has_gone_changes_nothing(endings: &[Ending]) {
    for ending in endings {
        let (said, status) = (&ending.said, ending.status);
        let whole = ending.run(Stdio::piped(), Stdio::piped());
        assert_eq!(whole.status.code(), Some(status), "{said}");
        assert!(
            !whole.stdout.is_empty() || !whole.stderr.is_empty(),
            "{said}"
        );

        let unread = ending.run(closed_pipe(), Stdio::piped());
        assert_eq!(unread.status.code(), Some(status), "{said}");
        assert_eq!(text(&unread.stderr), text(&whole.stderr), "{said}");

        let unheard = ending.run(Stdio::piped(), closed_pipe());
        assert_eq!(unheard.status.code(), Some(status), "{said}");
        assert_eq!(unheard.stdout.is_empty(), whole.stdout.is_empty(), "{said}");

        let neither = ending.run(closed_pipe(), closed_pipe());
        assert_eq!(neither.status.code(), Some(status), "{said}");
    }
}

/// An answer that was not written was not given, and whoever looks only at the exit code must not take it for one.
pub fn a_full_disk_is_told_and_is_no_answer(endings: &[Ending]) {
    let full = || -> Stdio {
        let mut options = std::fs::OpenOptions::new();
        let full = options.write(true).open("/dev/full");
        full.expect("Linux has it").into()
    };
    for ending in endings {
        let (said, status) = (&ending.said, ending.status);
        let whole = ending.run(Stdio::piped(), Stdio::piped());
        let unwritten = ending.run(full(), Stdio::piped());
        let complaints = text(&unwritten.stderr);
        if whole.stdout.is_empty() {
            assert_eq!(unwritten.status.code(), Some(status), "{said}");
        } else {
            assert_eq!(unwritten.status.code(), Some(2), "{said}");
            let complaint = "error: cannot write the output: No space left on device";
            assert!(complaints.contains(complaint), "{said}: {complaints}");
        }
        assert!(!complaints.contains("panicked"), "{said}: {complaints}");
        let unheard = ending.run(Stdio::piped(), full());
        assert_eq!(unheard.status.code(), Some(status), "{said}");
    }
}

/// In the shell, as people type it.
pub fn the_first_line_is_enough_for_head(endings: &[Ending]) {
    for ending in endings {
        let script = "{ \"$@\"; echo $? >&3; } 3>\"$STATUS\" | head -n 1 >/dev/null";
        let folder = tempfile::tempdir().expect("a temporary folder");
        let told = folder.path().join("status");
        let command = ending.command();
        let mut shell = Command::new("sh")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["-c", script, "sh"])
            .arg(command.get_program())
            .args(command.get_args())
            .env("STATUS", &told)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh");
        let mut stdin = shell.stdin.take().expect("a pipe");
        // Many lines, so that the program meets the closed pipe.
        for _ in 0..200 {
            if writeln!(stdin, "{}", ending.input).is_err() {
                break;
            }
        }
        drop(stdin);
        assert!(shell.wait().expect("it ends").success());
        let found = std::fs::read_to_string(&told).expect("a status");
        assert_eq!(found.trim(), ending.status.to_string(), "{}", ending.said);
    }
}
