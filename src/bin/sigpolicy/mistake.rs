//! A mistake or a finding in a policy, with its place: as a snippet for people, and as an annotation for GitHub.

use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use containers_sigpolicy::Digest;
use containers_sigpolicy::PolicyError;
use containers_sigpolicy::explain::{LintFinding, LintLevel};
use containers_sigpolicy::policy::{PolicyOrigin, Span};

/// How wide a snippet is; a longer line is cut around the place.
const WIDTH: usize = 100;

/// Of longer lines nothing is shown: there may be a thousand findings in one.
const MAX_LINE: usize = 64 * 1024;

/// The largest policy whose text is read again.
const MAX_POLICY: u64 = 16 * 1024 * 1024;

/// Something in a policy.
pub struct Mistake {
    pub level: LintLevel,
    code: String,
    message: String,
    label: Option<String>,
    steps: Vec<String>,
    path: String,
    span: Option<Span>,
}

impl Mistake {
    /// All mistakes of a policy that cannot be read.
    pub fn of_error(error: &PolicyError) -> Vec<Self> {
        std::iter::once(error)
            .chain(error.others())
            .map(|error| Self {
                level: LintLevel::Error,
                code: error.code().to_owned(),
                message: error.kind().to_string(),
                label: error.label(),
                steps: error.steps(),
                path: error.path().to_owned(),
                span: error.span().cloned(),
            })
            .collect()
    }

    /// A finding in a policy that can be read.
    pub fn of_finding(finding: &LintFinding) -> Self {
        Self {
            level: finding.level,
            code: finding.code.name().to_owned(),
            message: finding.message.clone(),
            label: None,
            steps: finding.steps.clone(),
            path: finding.path.clone(),
            span: finding.span.clone(),
        }
    }

    /// The mistake with its line, as compilers show it.
    pub fn snippet(&self, file: &str, text: Option<&str>) -> String {
        let level = match self.level {
            LintLevel::Note => Level::NOTE,
            LintLevel::Warning => Level::WARNING,
            _ => Level::ERROR,
        };
        let title = level.primary_title(&self.message).id(&self.code);
        let mut group = match self
            .span
            .as_ref()
            .map(|span| (span, text.and_then(|text| line(text, span))))
        {
            Some((span, Some((line, marked)))) => {
                let mut annotation = AnnotationKind::Primary.span(marked);
                if let Some(label) = &self.label {
                    annotation = annotation.label(label);
                }
                let snippet = Snippet::source(line)
                    .line_start(span.start.line)
                    .path(file)
                    .annotation(annotation);
                title.element(snippet)
            }
            Some((span, None)) => {
                let origin = Origin::path(file)
                    .line(span.start.line)
                    .char_column(span.start.column);
                title.element(origin)
            }
            None => title.element(Origin::path(file)),
        };
        if !self.path.is_empty() {
            group = group.element(Level::NOTE.no_name().message(&self.path));
        }
        for step in &self.steps {
            group = group.element(Level::HELP.message(step));
        }
        let report: &[Group<'_>] = &[group];
        Renderer::styled().term_width(WIDTH).render(report) + "\n\n"
    }

    /// The mistake as a workflow command of GitHub, which shows it beside the line.
    pub fn annotation(&self, file: &str) -> String {
        let level = match self.level {
            LintLevel::Note => "notice",
            LintLevel::Warning => "warning",
            _ => "error",
        };
        let mut properties = format!("file={}", property(file));
        if let Some(Span { start, end, .. }) = &self.span {
            properties.push_str(&format!(
                ",line={},endLine={},col={},endColumn={}",
                start.line, end.line, start.column, end.column
            ));
        }
        let mut message = self.message.clone();
        for step in &self.steps {
            message.push_str("\ndo: ");
            message.push_str(step);
        }
        format!(
            "::{level} {properties},title={}::{}\n",
            property(&self.code),
            value(&message)
        )
    }
}

/// The text of a policy's file, if it is still what was read.
pub fn text_of(origin: &PolicyOrigin) -> Option<String> {
    let (file, digest) = (origin.file.as_deref()?, origin.digest.as_ref()?);
    let bytes = read(file)?;
    (Digest::of(&bytes) == *digest).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

fn read(file: &Path) -> Option<Vec<u8>> {
    let metadata = std::fs::metadata(file).ok()?;
    (metadata.is_file() && metadata.len() <= MAX_POLICY).then_some(())?;
    std::fs::read(file).ok()
}

/// The line in which a span begins, and what of the line it marks.
fn line<'a>(text: &'a str, span: &Span) -> Option<(&'a str, Range<usize>)> {
    let before = text.get(..span.bytes.start)?;
    let begin = before
        .rfind('\n')
        .map_or(0, |newline| newline.saturating_add(1));
    let rest = text.get(begin..)?;
    let line = rest.split('\n').next()?;
    if line.len() > MAX_LINE {
        return None;
    }
    let start = span.bytes.start.checked_sub(begin)?.min(line.len());
    let end = span.bytes.end.checked_sub(begin)?.min(line.len());
    Some((line, start..end.max(start)))
}

/// The message of a workflow command, by its escapes.
fn value(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}
