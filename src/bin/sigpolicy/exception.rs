//! Exceptions from what `sigpolicy lint` finds, as they are written on the command line.

use std::str::FromStr;

use containers_sigpolicy::Moment;
use containers_sigpolicy::explain::{LintCode, LintException};
use containers_sigpolicy::policy::ScopeName;

/// What stands before the end of an exception.
const UNTIL: &str = ";until=";

/// The code of that name.
///
/// # Errors
///
/// A sentence, with a code that may be meant.
pub fn parse_code(name: &str) -> Result<LintCode, String> {
    name.parse()
        .map_err(|error: <LintCode as FromStr>::Err| error.to_string())
}

/// `CODE[@SCOPE]=REASON[;until=TIME]`.
///
/// # Errors
///
/// A sentence.
pub fn parse(text: &str) -> Result<LintException, String> {
    let (what, rest) = text.split_once('=').unwrap_or((text, ""));
    let (reason, until) = match rest.rsplit_once(UNTIL) {
        Some((reason, until)) => (reason, Some(moment(until)?)),
        None => (rest, None),
    };
    let reason = reason.trim();
    if reason.is_empty() {
        return Err("an exception needs a reason: --except CODE=REASON".to_owned());
    }
    let (code, in_scope) = match what.split_once('@') {
        Some((code, name)) => (code, Some(scope(name)?)),
        None => (what, None),
    };
    let mut exception = LintException::new(parse_code(code)?, reason);
    if let Some(scope) = in_scope {
        exception = exception.in_scope(scope);
    }
    if let Some(until) = until {
        exception = exception.until(until);
    }
    Ok(exception)
}

/// `default`, or the transport, a colon, and the scope.
fn scope(name: &str) -> Result<ScopeName, String> {
    match name.split_once(':') {
        Some((transport, scope)) => Ok(ScopeName::new(Some(transport), scope)),
        None if name == "default" => Ok(ScopeName::new(None, "")),
        None => Err(format!(
            "`{}` is no scope such as docker:registry.example/app, nor `default`",
            name.escape_debug()
        )),
    }
}

/// A time, or the beginning of a day (UTC).
fn moment(text: &str) -> Result<Moment, String> {
    let of_day = || format!("{text}T00:00:00Z").parse();
    text.parse()
        .or_else(|error: <Moment as FromStr>::Err| of_day().map_err(|_| error))
        .map_err(|error| format!("`{}` is {error}", text.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_have_a_code_a_reason_and_perhaps_a_scope_and_an_end() {
        let code = LintCode::TagNotBound;
        let new = |reason: &str| LintException::new(code, reason);
        let scope = || ScopeName::new(Some("docker"), "r.example:5000/app@sha256:00");
        let day = || "2027-01-31T00:00:00Z".parse().expect("a time");
        for (text, exception) in [
            ("tag-not-bound=known", new("known")),
            ("tag-not-bound= a = b; c ", new("a = b; c")),
            (
                "tag-not-bound=known;until=2027-01-31",
                new("known").until(day()),
            ),
            (
                "tag-not-bound=known;until=2027-01-31T00:00:00Z",
                new("known").until(day()),
            ),
            (
                "tag-not-bound@docker:r.example:5000/app@sha256:00=known;until=2027-01-31",
                new("known").in_scope(scope()).until(day()),
            ),
            (
                "tag-not-bound@docker:=known",
                new("known").in_scope(ScopeName::new(Some("docker"), "")),
            ),
            (
                "tag-not-bound@default=known",
                new("known").in_scope(ScopeName::new(None, "")),
            ),
        ] {
            assert_eq!(parse(text), Ok(exception), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_told() {
        let reason = "an exception needs a reason: --except CODE=REASON";
        for (text, says) in [
            ("", reason),
            ("tag-not-bound", reason),
            ("tag-not-bound= ", reason),
            ("tag-not-bound=;until=2027-01-31", reason),
            (
                "tag-not-bund=known",
                "there is no check `tag-not-bund`; did you mean `tag-not-bound`?",
            ),
            (
                "tag-not-bound@r.example=known",
                "`r.example` is no scope such as docker:registry.example/app, nor `default`",
            ),
        ] {
            assert_eq!(parse(text), Err(says.to_owned()), "{text}");
        }
        let error = parse("tag-not-bound=known;until=soon").expect_err("no time");
        assert!(error.starts_with("`soon` is "), "{error}");
    }
}
