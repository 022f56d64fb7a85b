//! An explanation for people.

use std::fmt;

use super::explanation::{ExplainedRequirement, ExplainedScope, Explanation};
use crate::policy::Span;
use crate::text::quote::{Quoted, visible};

/// The most key files of a requirement that are named.
const MAX_FILES: usize = 4;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", visible(&self.image))?;
        writeln!(f, "  policy:  {}", self.policy)?;
        write!(f, "  applies: {}", Scope(&self.applies))?;
        if let Some((default, general)) = self.passed_over.split_last() {
            for (index, scope) in general.iter().enumerate() {
                let not = if index == 0 {
                    "; not the more general"
                } else {
                    ","
                };
                write!(f, "{not} {}", Scope(scope))?;
            }
            let nor = if general.is_empty() { "; not" } else { ", nor" };
            write!(
                f,
                "{nor} {} ({})",
                Scope(default),
                default.requires.join(", ")
            )?;
        }
        writeln!(f)?;
        for near_miss in &self.near_misses {
            writeln!(f, "  but:     {near_miss}")?;
        }
        match self.requirements.len() {
            1 => writeln!(f, "  needs:   1 requirement")?,
            count => writeln!(
                f,
                "  needs:   {count} requirements, and every one must accept"
            )?,
        }
        for requirement in &self.requirements {
            writeln!(f, "    {}. {requirement}", requirement.requirement)?;
        }
        f.write_str("  looked up, in this order:")?;
        for searched in &self.searched {
            let there = if searched.is_there { " (there)" } else { "" };
            match &searched.scope.transport {
                None => write!(f, " the policy's default{there}")?,
                Some(transport) if searched.scope.scope.is_empty() => {
                    write!(f, " the default of `{transport}`{there},")?;
                }
                Some(_) => write!(f, " {}{there},", Quoted(&searched.scope.scope))?,
            }
        }
        writeln!(f)
    }
}

impl Explanation {
    /// The image, the scope that applies to it, and the types of its requirements, in one line:
    /// ``docker://registry.example/app:1: docker `registry.example` in line 4 (signedBy)``.
    #[must_use]
    pub fn summary(&self) -> String {
        format!(
            "{}: {} ({})",
            visible(&self.image),
            Scope(&self.applies),
            self.applies.requires.join(", ")
        )
    }
}

impl fmt::Display for ExplainedRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Span { start, .. }) = &self.span {
            write!(f, "line {}: ", start.line)?;
        }
        match self.type_name {
            "insecureAcceptAnything" => {
                return f.write_str("nothing: every image is accepted, and nothing is verified");
            }
            "reject" => return f.write_str("nothing helps: every image is rejected"),
            "signedBy" => {
                f.write_str("a signature by a key ")?;
                self.write_key_files(f)?;
                if let Some(name) = &self.signed_name {
                    write!(f, ", for {name}")?;
                }
                if let Some(rule) = self.rule {
                    write!(f, " ({rule})")?;
                }
            }
            "sigstoreSigned" if self.has_key_data || !self.key_files.is_empty() => {
                if self.certificate_of.is_empty() {
                    f.write_str("a sigstore signature by the key ")?;
                    self.write_key_files(f)?;
                } else {
                    let names = self.certificate_of.iter();
                    let names: Vec<String> = names.map(|name| Quoted(name).to_string()).collect();
                    let names = names.join(" and ");
                    write!(
                        f,
                        "a sigstore signature by a certificate for {names}, which an authority "
                    )?;
                    write_files(f, &self.key_files, self.has_key_data, "caData")?;
                    f.write_str(" vouches for")?;
                }
                if self.needs_log {
                    f.write_str(", recorded by a Rekor log with the key ")?;
                    write_files(f, &self.log_key_files, true, "rekorPublicKeyData")?;
                }
                if let Some(name) = &self.signed_name {
                    write!(f, ", for {name}")?;
                }
                if let Some(rule) = self.rule {
                    write!(f, " ({rule})")?;
                }
            }
            other => write!(f, "`{other}`")?,
        }
        match &self.obstacle {
            Some(obstacle) => write!(f, ": cannot pass, because {obstacle}"),
            None => Ok(()),
        }
    }
}

impl ExplainedRequirement {
    fn write_key_files(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_files(f, &self.key_files, self.has_key_data, "keyData")
    }
}

/// Where keys are: in some files, or in a member of the policy.
fn write_files(
    f: &mut fmt::Formatter<'_>,
    files: &[String],
    is_data: bool,
    member: &str,
) -> fmt::Result {
    match files {
        [] if is_data => write!(f, "in the policy's `{member}`"),
        [] => f.write_str("of an empty list of files"),
        [file] => write!(f, "of {}", Quoted(file)),
        files => {
            write!(f, "of one of {} files: ", files.len())?;
            let shown = files.iter().take(MAX_FILES);
            let shown: Vec<String> = shown.map(|file| Quoted(file).to_string()).collect();
            f.write_str(&shown.join(", "))?;
            if files.len() > MAX_FILES {
                f.write_str(", …")?;
            }
            Ok(())
        }
    }
}

/// A scope with its line.
struct Scope<'a>(&'a ExplainedScope);

impl fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = &self.0.scope;
        match (&scope.transport, scope.scope.as_str()) {
            (None, _) => f.write_str("the policy's default")?,
            (Some(transport), "") => write!(f, "the default of `{}`", visible(transport))?,
            (Some(transport), scope) => write!(f, "{} {}", visible(transport), Quoted(scope))?,
        }
        match &self.0.span {
            Some(span) => write!(f, " in line {}", span.start.line),
            None => Ok(()),
        }
    }
}
