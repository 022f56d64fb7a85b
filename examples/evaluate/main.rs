//! Answers cases of the conformance format: JSON lines in, JSON lines out.
//!
//! ```text
//! evaluate [--root DIR] [--crypto-policy NAME] [--engine auto|gpgme|gpg|native|sequoia] < cases.jsonl
//! ```
//!
//! Each line is one case (`testdata/README.md` describes the format); paths start from `--root`.
//! Each line gets one answer, `{"name", "verdict", "code", "message"}`, whatever it holds: a line
//! that is not a case is answered with the verdict `error` and the code `case-invalid`.
//!
//! The exit code is 0 once there are no more lines, or nobody reads the answers any more; it is 2 if
//! the arguments are wrong, no engine works, or a line cannot be read or its answer written.

mod case;
#[path = "../shared/output.rs"]
mod output;

use std::error::Error;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use case::{Answer, Case};
use containers_sigpolicy::CryptoPolicy;
use containers_sigpolicy::engine::{self, Engine, EngineKind};

/// The longest line that is read, in bytes. What is longer is answered with an error and passed
/// over.
const MAX_LINE: usize = 64 * 1024 * 1024;

const USAGE: &str = "\
usage: evaluate [OPTIONS] <CASES

Answers cases of the conformance format, one JSON object a line, with one line each.

options:
  --root DIR            where the paths in cases start (default: here)
  --crypto-policy NAME  standard or gnupg (default: standard)
  --engine NAME         auto, gpgme, gpg, native or sequoia (default: auto, the first that works of these)
  -h, --help            print this
";

fn main() -> ExitCode {
    let options = match Options::parse() {
        Ok(Some(options)) => options,
        Ok(None) => return output::end(USAGE, 0),
        Err(error) => return output::end_with_usage(error, USAGE),
    };
    let engine = match engine::select(&options.order) {
        Ok(selection) => selection.engine,
        Err(error) => {
            output::complain(format_args!("error: {error}\n"));
            return ExitCode::from(output::NO_ANSWER);
        }
    };
    match answer_all(&options, &engine) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Input(error)) => {
            output::complain(format_args!("error: cannot read the cases: {error}\n"));
            ExitCode::from(output::NO_ANSWER)
        }
        Err(Failure::Output(error)) => output::untold(&error),
    }
}

/// Why not all answers were given.
enum Failure {
    Input(io::Error),
    Output(io::Error),
}

fn answer_all(options: &Options, engine: &Arc<dyn Engine>) -> Result<(), Failure> {
    let mut input = BufReader::new(io::stdin());
    let mut answers = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    while let Some(length) = read_line(&mut input, &mut line).map_err(Failure::Input)? {
        let answer = if length > MAX_LINE {
            Answer::invalid(None, format!("the line is longer than {MAX_LINE} bytes"))
        } else {
            match Case::parse(&line) {
                Ok(case) => case.answer(&options.root, engine, options.crypto_policy),
                Err(answer) => answer,
            }
        };
        let mut text =
            serde_json::to_vec(&answer).map_err(|error| Failure::Output(error.into()))?;
        text.push(b'\n');
        let mut written = answers.write_all(&text);
        // An answer goes out before the next question is read, for programs that take turns.
        if input.buffer().is_empty() {
            written = written.and_then(|()| answers.flush());
        }
        if !output::is_read(written).map_err(Failure::Output)? {
            return Ok(());
        }
    }
    output::is_read(answers.flush()).map_err(Failure::Output)?;
    Ok(())
}

/// Reads one line into `line`, without its newline and never more than one byte over the limit;
/// returns its length, or nothing at the end of the input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<usize>> {
    line.clear();
    let mut length = 0_usize;
    let mut any = false;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(any.then_some(length));
        }
        any = true;
        let newline = buffer.iter().position(|byte| *byte == b'\n');
        let part = newline.map_or(buffer, |end| buffer.get(..end).unwrap_or_default());
        length = length.saturating_add(part.len());
        if length <= MAX_LINE {
            line.extend_from_slice(part);
        }
        let consumed = part.len().saturating_add(usize::from(newline.is_some()));
        input.consume(consumed);
        if newline.is_some() {
            return Ok(Some(length));
        }
    }
}

struct Options {
    root: PathBuf,
    crypto_policy: CryptoPolicy,
    /// The engines to try, in order.
    order: Vec<EngineKind>,
}

impl Options {
    /// The options, or nothing if help was asked for.
    fn parse() -> Result<Option<Self>, Box<dyn Error>> {
        use lexopt::prelude::*;

        let mut options = Self {
            root: PathBuf::from("."),
            crypto_policy: CryptoPolicy::Standard,
            order: EngineKind::DEFAULT_ORDER.to_vec(),
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("root") => options.root = parser.value()?.into(),
                Long("crypto-policy") => {
                    options.crypto_policy = parser.value()?.string()?.parse()?;
                }
                Long("engine") => {
                    let name = parser.value()?.string()?;
                    options.order = match name.as_str() {
                        "auto" => EngineKind::DEFAULT_ORDER.to_vec(),
                        name => vec![name.parse()?],
                    };
                }
                Short('h') | Long("help") => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Some(options))
    }
}
