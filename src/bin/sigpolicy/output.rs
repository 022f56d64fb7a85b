//! How the program prints, and ends: without a panic, whoever reads it or no longer does.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

/// The exit code where there is no answer, or where it could not be told.
pub const NO_ANSWER: u8 = 2;

/// The labels of an answer's lines.
const LABELS: [&str; 11] = [
    "cause", "signed", "run", "where", "policy", "warning", "do", "engine", "format", "claims",
    "unread",
];

/// Prints `text`, in colours if it is for a terminal and nobody has asked for none (`NO_COLOR`), and ends with `status`.
pub fn text(text: impl Display, status: u8) -> ExitCode {
    let styled = styled(&text.to_string());
    let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
    end(
        stdout
            .write_all(styled.as_bytes())
            .and_then(|()| stdout.flush()),
        status,
    )
}

/// Prints a text that has its colours already, where they belong, and ends with `status`.
pub fn styled_text(text: &str, status: u8) -> ExitCode {
    let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
    let written = stdout.write_all(text.as_bytes());
    end(written.and_then(|()| stdout.flush()), status)
}

/// Prints a value as JSON, and ends with `status`.
pub fn json(value: &impl Serialize, status: u8) -> ExitCode {
    match serde_json::to_string_pretty(value) {
        Ok(json) => plain((json + "\n").as_bytes(), status),
        Err(error) => untold(&error.into()),
    }
}

/// Prints these bytes as they are, and ends with `status`.
pub fn plain(bytes: &[u8], status: u8) -> ExitCode {
    let mut stdout = io::stdout().lock();
    end(
        stdout.write_all(bytes).and_then(|()| stdout.flush()),
        status,
    )
}

/// Ends over what is wrong with the arguments, or because help or the version was asked for.
pub fn wrong_usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let help = error.render().ansi().to_string();
        let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
        return end(
            stdout
                .write_all(help.as_bytes())
                .and_then(|()| stdout.flush()),
            0,
        );
    }
    if asks_for_json(std::env::args_os()) {
        return usage(&error.render().to_string(), true);
    }
    complain(error.render().ansi());
    ExitCode::from(NO_ANSWER)
}

/// Ends over what is wrong with the arguments.
pub fn usage(message: &str, json: bool) -> ExitCode {
    if !json {
        complain(format_args!("error: {message}\n"));
        return ExitCode::from(NO_ANSWER);
    }
    // What clap prints has the usage in its other lines.
    let first = message.lines().next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    self::json(
        &serde_json::json!({
            "schema": 1,
            "verdict": "undecided",
            "error": {"code": "usage", "message": message, "causes": []},
        }),
        NO_ANSWER,
    )
}

/// Ends over an error of the library or of the system.
pub fn failure(error: &(dyn StdError + 'static), json: bool) -> ExitCode {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        message = format!("{message}: {deeper}");
        cause = deeper.source();
    }
    usage(&message, json)
}

/// Prints to the standard error. Where that fails, nothing is left to tell it to.
pub fn complain(text: impl Display) {
    let mut stderr = anstream::AutoStream::auto(io::stderr().lock());
    let _ = stderr.write_all(text.to_string().as_bytes());
}

/// A stranger's text on one line, without control and other invisible characters.
pub fn shown(text: &str) -> String {
    text.chars()
        .take(500)
        .flat_map(|character| match character {
            '\'' | '"' | '\\' => vec![character],
            other => other.escape_debug().collect(),
        })
        .collect()
}

/// Whether the arguments ask for JSON, although something else in them is wrong.
fn asks_for_json(arguments: impl Iterator<Item = std::ffi::OsString>) -> bool {
    let arguments: Vec<_> = arguments.collect();
    let two = |pair: &[std::ffi::OsString]| matches!(pair, [name, value] if name == "--format" && value == "json");
    arguments.windows(2).any(two)
        || arguments
            .iter()
            .any(|argument| argument == "--json" || argument == "--format=json")
}

/// The exit code after writing. A reader who has gone, as `head` does when it has enough, wants no more, which is no
/// error; an answer that could not be written, because the disk is full, has not been given.
fn end(written: io::Result<()>, status: u8) -> ExitCode {
    match written {
        Ok(()) => ExitCode::from(status),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(status),
        Err(error) => untold(&error),
    }
}

fn untold(error: &io::Error) -> ExitCode {
    complain(format_args!("error: cannot write the output: {error}\n"));
    ExitCode::from(NO_ANSWER)
}

/// The text with its first word in the colour of a verdict, and labels of lines dimmed. What images and policies have in
/// it is escaped already: nothing here is a control character but line feeds.
fn styled(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let label = line
            .trim_start()
            .split_once(':')
            .map(|(label, _)| label)
            .filter(|label| line.starts_with("  ") && LABELS.contains(label));
        let word = line.split_once(':').map(|(word, _)| word);
        match (index, label, word) {
            (0, _, Some(word)) => {
                let style = verdict(word);
                let rest = line.strip_prefix(word).unwrap_or(line);
                shown.push_str(&format!("{style}{word}{style:#}{rest}"));
            }
            (_, Some(label), _) => {
                let style = Style::new().bold();
                let rest = line.trim_start().strip_prefix(label).unwrap_or(line);
                shown.push_str(&format!("  {style}{label}{style:#}{rest}"));
            }
            _ => shown.push_str(line),
        }
    }
    shown
}

fn verdict(word: &str) -> Style {
    let colour = match word {
        "accepted" | "OK" => AnsiColor::Green,
        "rejected" | "error" | "NOT VERIFIED" | "CRITICAL" => AnsiColor::Red,
        "undecided" | "WARNING" | "UNKNOWN" => AnsiColor::Yellow,
        _ => return Style::new(),
    };
    colour.on_default().bold()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_change_no_words() {
        let text =
            "rejected: x [key-expired]\n  cause:   it is\n           two: lines\n  do:      y\n";
        let styled = styled(text);
        assert!(
            styled.starts_with("\u{1b}[1m\u{1b}[31mrejected\u{1b}[0m: x"),
            "{styled:?}"
        );
        assert!(
            styled.contains("\n  \u{1b}[1mcause\u{1b}[0m:   it is\n"),
            "{styled:?}"
        );
        assert_eq!(anstream::adapter::strip_str(&styled).to_string(), text);
    }

    #[test]
    fn json_is_asked_for_in_three_ways() {
        let asks = |arguments: &[&str]| asks_for_json(arguments.iter().map(Into::into));
        assert!(asks(&["sigpolicy", "--json"]));
        assert!(asks(&["--format=json"]));
        assert!(asks(&["--format", "json", "--wrong"]));
        assert!(!asks(&["--format", "text", "json"]));
    }
}
