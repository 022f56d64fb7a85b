//! What gpg says while it works: its status lines (`doc/DETAILS` of GnuPG).

/// How many lines are kept. One verification has about a dozen; an import has three for each key, and
/// the smallest key that gpg imports has more than 100 octets, so that those of the largest key file
/// are all kept.
const MAX_LINES: usize = 1 << 21;

const _: () = assert!(crate::engine::MAX_KEY_FILE_SIZE / 100 * 3 < MAX_LINES);

/// How each status line begins.
#[cfg(any(feature = "gpg", test))]
const PREFIX: &str = "[GNUPG:] ";

/// Codes of libgpg-error (`err-codes.h`) that status lines give.
pub(in crate::engine) mod code {
    pub(in crate::engine) const UNKNOWN_VERSION: u32 = 3;
    pub(in crate::engine) const PUBLIC_KEY_ALGORITHM: u32 = 4;
    pub(in crate::engine) const DIGEST_ALGORITHM: u32 = 5;
    pub(in crate::engine) const BAD_PUBLIC_KEY: u32 = 6;
    pub(in crate::engine) const NO_PUBLIC_KEY: u32 = 9;
    pub(in crate::engine) const TIME_CONFLICT: u32 = 39;
    pub(in crate::engine) const UNUSABLE_PUBLIC_KEY: u32 = 53;
    pub(in crate::engine) const WRONG_KEY_USAGE: u32 = 125;
    pub(in crate::engine) const UNKNOWN_CURVE: u32 = 188;
}

/// The part of an error of libgpg-error that is not its source.
const CODE_MASK: u32 = 0xFFFF;

/// The status lines of one call, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Status {
    lines: Vec<Line>,
}

#[derive(Debug, PartialEq, Eq)]
struct Line {
    keyword: String,
    arguments: String,
}

impl Status {
    /// The lines that gpg wrote to its `--status-fd`. A line that it did not finish does not count.
    #[cfg(any(feature = "gpg", test))]
    pub(in crate::engine) fn read(output: &[u8]) -> Self {
        let mut status = Self::default();
        for line in output.split_inclusive(|byte| *byte == b'\n') {
            let Some(line) = line.strip_suffix(b"\n") else {
                continue;
            };
            let line = String::from_utf8_lossy(line);
            let Some(line) = line.strip_prefix(PREFIX) else {
                continue;
            };
            let (keyword, arguments) = line.split_once(' ').unwrap_or((line, ""));
            status.record(keyword, arguments);
        }
        status
    }

    /// Keeps one line.
    pub(in crate::engine) fn record(&mut self, keyword: &str, arguments: &str) {
        if is_keyword(keyword) && self.lines.len() < MAX_LINES {
            self.lines.push(Line {
                keyword: keyword.to_owned(),
                arguments: arguments.to_owned(),
            });
        }
    }

    /// Whether there is no line.
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines have this keyword.
    pub(in crate::engine) fn count(&self, keyword: &str) -> usize {
        self.all(keyword).count()
    }

    /// The fields of the first line with this keyword.
    pub(in crate::engine) fn fields<'a>(&'a self, keyword: &'a str) -> Option<Vec<&'a str>> {
        self.all(keyword).next()
    }

    /// The fields of each line with this keyword.
    pub(in crate::engine) fn all<'a>(
        &'a self,
        keyword: &'a str,
    ) -> impl Iterator<Item = Vec<&'a str>> {
        self.lines
            .iter()
            .filter(move |line| line.keyword == keyword)
            .map(|line| line.arguments.split_ascii_whitespace().collect())
    }

    /// The code of the first line `ERROR` or `FAILURE` of this place, such as `verify.keyusage`.
    pub(in crate::engine) fn error_at(&self, place: &str) -> Option<u32> {
        ["ERROR", "FAILURE"]
            .into_iter()
            .flat_map(|keyword| self.all(keyword))
            .find(|fields| fields.first() == Some(&place))
            .and_then(|fields| fields.get(1)?.parse().ok())
            .map(error_code)
    }
}

/// The code of an error of libgpg-error, without its source.
pub(in crate::engine) fn error_code(error: u32) -> u32 {
    error & CODE_MASK
}

/// What an error of libgpg-error says, as far as we know it.
pub(in crate::engine) fn error_text(error: u32) -> String {
    let text = match error_code(error) {
        1 => "general error",
        code::UNKNOWN_VERSION => "unknown version in packet",
        code::PUBLIC_KEY_ALGORITHM => "invalid public key algorithm",
        code::DIGEST_ALGORITHM => "invalid digest algorithm",
        code::BAD_PUBLIC_KEY => "bad public key",
        8 => "bad signature",
        code::NO_PUBLIC_KEY => "no public key",
        10 => "checksum error",
        14 => "invalid packet",
        15 => "invalid armor",
        16 => "no user ID",
        30 => "bad integer",
        32 => "bad signature class",
        34 => "invalid keyring",
        38 => "unexpected data",
        code::TIME_CONFLICT => "time conflict",
        code::UNUSABLE_PUBLIC_KEY => "unusable public key",
        58 => "no data",
        60 => "not supported",
        79 => "invalid data",
        84 => "unsupported algorithm",
        89 => "bad data",
        code::WRONG_KEY_USAGE => "wrong key usage",
        code::UNKNOWN_CURVE => "unknown elliptic curve",
        222 => "legacy key",
        other => return format!("error {other} of libgpg-error"),
    };
    text.to_owned()
}

/// Whether the text is of the form of a keyword.
pub(in crate::engine) fn is_keyword(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_gpg_writes_them() {
        let status = Status::read(
            b"[GNUPG:] NEWSIG\ngpg: a word\n\
              [GNUPG:] ERRSIG 346265C87326EA6C 1 10 00 1748779200 9 -\n\
              [GNUPG:] GOODSIG 072BFD98BFD18C59 Somebody [GNUPG:] VALIDSIG\n\
              [GNUPG:] lower 1\n [GNUPG:] NODATA 1\n\
              [GNUPG:] ERROR verify.keyusage 33554557\n\
              [GNUPG:] FAILURE gpg-exit 33554433\n\
              [GNUPG:] VALIDSIG 9AFDCD",
        );
        assert_eq!(status.fields("ERRSIG").unwrap()[4], "1748779200");
        assert_eq!(status.count("GOODSIG"), 1);
        assert_eq!(status.count("VALIDSIG") + status.count("NODATA"), 0);
        assert_eq!(status.error_at("verify.keyusage"), Some(125));
        assert_eq!(status.error_at("gpg-exit"), Some(1));
        assert_eq!(status.lines.len(), 5);
        assert!(Status::read(b"gpg: nothing\n").is_empty());
    }
}
