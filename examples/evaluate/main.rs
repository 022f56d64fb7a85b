//! Answers cases of the conformance format: JSON lines in, JSON lines out.
//!
//! ```text
//! evaluate [--root DIR] [--crypto-policy NAME] [--engine auto|gpgme|gpg|sequoia] < cases.jsonl
//! ```
//!
//! Each line is one case (`testdata/README.md` describes the format); paths start from `--root`.
//! Each line gets one answer, `{"name", "verdict", "code", "message"}`, whatever it holds: a line
//! that is no case is answered with the verdict `error` and the code `case-invalid`.

mod case;

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

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let Options {
        root,
        crypto_policy,
        engine,
    } = Options::parse()?;
    let mut input = BufReader::new(io::stdin());
    let mut output = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    while let Some(length) = read_line(&mut input, &mut line)? {
        let answer = if length > MAX_LINE {
            Answer::invalid(None, format!("the line is longer than {MAX_LINE} bytes"))
        } else {
            match Case::parse(&line) {
                Ok(case) => case.answer(&root, &engine, crypto_policy),
                Err(answer) => answer,
            }
        };
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        // An answer goes out before the next question is read, for programs that take turns.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
    output.flush()?;
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
    engine: Arc<dyn Engine>,
}

impl Options {
    fn parse() -> Result<Self, Box<dyn Error>> {
        use lexopt::prelude::*;

        let mut root = PathBuf::from(".");
        let mut crypto_policy = CryptoPolicy::Standard;
        let mut order = EngineKind::DEFAULT_ORDER.to_vec();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("root") => root = parser.value()?.into(),
                Long("crypto-policy") => {
                    let name = parser.value()?.string()?;
                    crypto_policy = CryptoPolicy::from_name(&name)
                        .ok_or_else(|| format!("there is no cryptographic policy `{name}`"))?;
                }
                Long("engine") => {
                    let name = parser.value()?.string()?;
                    order = match name.as_str() {
                        "auto" => EngineKind::DEFAULT_ORDER.to_vec(),
                        name => vec![
                            EngineKind::from_name(name)
                                .ok_or_else(|| format!("there is no engine `{name}`"))?,
                        ],
                    };
                }
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Self {
            root,
            crypto_policy,
            engine: engine::select(&order)?.engine,
        })
    }
}
