//! Scopes that an image nearly matches.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::letters::misspelt;
use super::miss::Miss;
use super::spelling::misspelling;
use crate::image::{ImageName, Transport};
use crate::policy::{Policy, PolicyScope, ScopeName, Span};
use crate::text::quote::Quoted;

/// The most that are told of one image.
const MAX_NEAR_MISSES: usize = 5;

/// A scope of a policy that an image does not match, though it was probably meant for it.
///
/// `Display` is a sentence: ``line 5 has `busybox`, which matches no image: a scope is written in full, with its host;
/// write `docker.io/library/busybox` ``.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NearMiss {
    /// The scope as it is written.
    pub scope: ScopeName,
    /// Its place in the policy; none if the policy was made in code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Why the image does not match it.
    pub miss: Miss,
    /// The scope that the image matches, and that was probably meant; none if that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<ScopeName>,
}

/// The cause, and what to write.
impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause())?;
        match (self.miss, &self.instead) {
            (Miss::UnknownTransport | Miss::OtherTransport, Some(instead)) => {
                match &instead.transport {
                    Some(transport) => write!(f, "; write {}", Quoted(transport)),
                    None => Ok(()),
                }
            }
            (miss, Some(instead)) if miss.matches_nothing() => {
                write!(f, "; write {}", Quoted(&instead.scope))
            }
            (_, Some(instead)) => write!(f, "; it would match {}", Quoted(&instead.scope)),
            (_, None) => Ok(()),
        }
    }
}

impl NearMiss {
    /// Where the scope is, and why the image does not match it: a clause.
    pub(crate) fn cause(&self) -> String {
        let place = match &self.span {
            Some(span) => format!("line {} has", span.start.line),
            None => "the policy has".to_owned(),
        };
        let which = if self.miss.matches_nothing() {
            "which matches no image"
        } else {
            "which this image does not match"
        };
        let scope = Quoted(&self.scope.scope);
        match (self.miss, &self.scope.transport) {
            (Miss::UnknownTransport | Miss::OtherTransport, Some(transport)) => {
                let transport = Quoted(transport);
                format!(
                    "{place} {scope} below the transport {transport}, {which}: {}",
                    self.miss
                )
            }
            (miss, _) => format!("{place} {scope}, {which}: {miss}"),
        }
    }

    /// What to do if it was meant for the image.
    pub(crate) fn remedy(&self) -> String {
        let place = match &self.span {
            Some(span) => format!("in line {}", span.start.line),
            None => "there".to_owned(),
        };
        let instead = self.instead.as_ref().and_then(|instead| match self.miss {
            Miss::UnknownTransport | Miss::OtherTransport => instead.transport.as_deref(),
            _ => Some(instead.scope.as_str()),
        });
        match instead {
            Some(instead) => format!(
                "if that was meant for this image, write {} {place}",
                Quoted(instead)
            ),
            None => format!("if that was meant for this image, correct it {place}"),
        }
    }
}

impl Policy {
    /// The scopes that this image nearly matches, and that were probably meant for it: misspelt ones, ones that no
    /// image can match, and ones for other ports or tags of it; the likeliest first, at most five. The scope that
    /// applies is none of them, nor are more general ones.
    #[must_use]
    pub fn near_misses(&self, image: &ImageName) -> Vec<NearMiss> {
        let target = Target::new(self, image);
        let mut found: Vec<(Rank, NearMiss)> = Vec::new();
        for scope in self.scopes() {
            let Some((rank, miss, instead)) = target.near(&scope) else {
                continue;
            };
            let near_miss = NearMiss {
                scope: scope.name(),
                span: None,
                miss,
                instead,
            };
            found.push((rank, near_miss));
            if found.len() > MAX_NEAR_MISSES {
                found.sort_by_key(|(rank, _)| *rank);
                found.pop();
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        let found = found.into_iter().map(|(_, near_miss)| NearMiss {
            span: self.place_of_scope(&near_miss.scope),
            ..near_miss
        });
        found.collect()
    }
}

/// How far a scope is from the image; the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It means the image, or what it is in, and is written wrongly.
    Miswritten,
    /// Another port, tag, or letter case.
    Variant,
    /// So many letters differ.
    Letters(usize),
}

/// What scopes are compared with.
struct Target<'a> {
    transport: Transport,
    /// Identity and namespaces, in the order in which the policy is searched.
    names: Vec<&'a str>,
    /// How many of them are searched before the scope that applies.
    open: usize,
    /// Its own repository, if it has one.
    repository: Option<&'a str>,
    /// The host with its port.
    host: Option<&'a str>,
}

impl<'a> Target<'a> {
    fn new(policy: &Policy, image: &'a ImageName) -> Self {
        let namespaces = image.policy_namespaces().iter().map(String::as_str);
        let is_named = matches!(
            image.transport(),
            Transport::Docker | Transport::Atomic | Transport::DockerDaemon
        );
        let reference = image.docker_reference().filter(|_| is_named);
        let names: Vec<&str> = image
            .policy_identity()
            .into_iter()
            .chain(namespaces)
            .collect();
        let applied = policy.requirements_for(image);
        let applied = applied.scope().scope().filter(|scope| !scope.is_empty());
        let place = names.iter().position(|name| applied == Some(name));
        Self {
            transport: image.transport(),
            open: place.unwrap_or(names.len()),
            names,
            repository: reference.map(|reference| reference.name()),
            host: reference.map(|reference| reference.domain()),
        }
    }

    /// Why the image does not match a scope that is near, and which scope it would match.
    fn near(&self, scope: &PolicyScope<'_>) -> Option<(Rank, Miss, Option<ScopeName>)> {
        let transport = scope.transport?;
        if transport != self.transport.name() {
            return self.in_other_transport(transport, scope.scope);
        }
        if scope.scope.is_empty() || self.names.contains(&scope.scope) {
            return None;
        }
        let instead = |name: &str| ScopeName {
            scope: name.to_owned(),
            ..scope.name()
        };
        if !is_regular(scope.scope) {
            if let Some(found) = misspelling(self.transport, scope.scope) {
                let name = found.instead.as_deref();
                let means_it = match name {
                    Some(name) => self.name(name).is_some(),
                    None => self.means(scope.scope),
                };
                return means_it.then(|| (Rank::Miswritten, found.miss, name.map(instead)));
            }
        }
        if let Some((miss, name)) = self.variant(scope.scope) {
            return Some((Rank::Variant, miss, name.map(instead)));
        }
        let (letters, name) = self.misspelt(scope.scope)?;
        Some((Rank::Letters(letters), Miss::Misspelt, Some(instead(name))))
    }

    /// Another transport with the same scope: one that there is not, or one with the same sort of scopes.
    fn in_other_transport(
        &self,
        transport: &str,
        scope: &str,
    ) -> Option<(Rank, Miss, Option<ScopeName>)> {
        if self.name(scope).is_none() && !(scope.is_empty() && self.is_lost()) {
            return None;
        }
        let instead = ScopeName::new(Some(self.transport.name()), scope);
        if transport.parse::<Transport>().is_ok() {
            return (!scope.is_empty()).then_some((
                Rank::Variant,
                Miss::OtherTransport,
                Some(instead),
            ));
        }
        let meant = super::transport::meant(transport)?;
        (meant == self.transport).then_some((
            Rank::Miswritten,
            Miss::UnknownTransport,
            Some(instead),
        ))
    }

    /// Whether a scope with a wildcard that cannot be mended means the image: `*.example.com/shop`, `registry.*.com`.
    fn means(&self, scope: &str) -> bool {
        let mut parts = scope.split('*');
        let (Some(start), Some(end), None) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let end = end.trim_end_matches('/');
        self.open_names().iter().any(|name| {
            name.strip_prefix(start)
                .and_then(|name| name.strip_suffix(end))
                .is_some_and(|middle| !middle.is_empty() && !middle.contains('/'))
        })
    }

    /// Another port of the host, other letter case, another tag.
    fn variant(&self, scope: &str) -> Option<(Miss, Option<&'a str>)> {
        let host = self.host?;
        let (scope_host, rest) = match scope.split_once('/') {
            Some((scope_host, _)) => scope.split_at_checked(scope_host.len())?,
            None => (scope, ""),
        };
        let bare = |host: &'_ str| host.split(':').next().unwrap_or_default().to_owned();
        if scope_host != host && bare(scope_host) == bare(host) {
            let name = self.name(&format!("{host}{rest}"))?;
            let miss = if scope_host.contains(':') {
                Miss::OtherPort
            } else {
                Miss::PortMissing
            };
            return Some((miss, Some(name)));
        }
        let official = self.repository?.strip_prefix("docker.io/library/");
        if official.is_some_and(|official| scope.strip_prefix("docker.io/") == Some(official)) {
            return Some((Miss::HubNamespace, self.name(self.repository?)));
        }
        let same_letters = |name: &&&str| name.eq_ignore_ascii_case(scope);
        if let Some(name) = self.open_names().iter().find(same_letters) {
            return Some((Miss::LetterCase, Some(name)));
        }
        let rest = scope.strip_prefix(self.repository?)?;
        rest.starts_with([':', '@'])
            .then_some((Miss::OtherTag, None))
    }

    /// The name that differs from the scope in few letters, and in how many.
    fn misspelt(&self, scope: &str) -> Option<(usize, &'a str)> {
        self.host?;
        let names = self.open_names().iter();
        let near = names.filter_map(|name| Some((misspelt(name, scope)?, *name)));
        near.min_by_key(|(letters, _)| *letters)
    }

    /// The names that are searched before the scope that applies.
    fn open_names(&self) -> &[&'a str] {
        self.names.get(..self.open).unwrap_or_default()
    }

    /// The name that this text is.
    fn name(&self, text: &str) -> Option<&'a str> {
        self.open_names()
            .iter()
            .find(|name| **name == text)
            .copied()
    }

    /// Whether no scope of the policy applies but a default.
    fn is_lost(&self) -> bool {
        self.open == self.names.len()
    }
}

/// Whether a scope has nothing about it that makes it match no image, at a glance: most have not.
fn is_regular(scope: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
    let mut parts = scope.split('/');
    let (host, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    host.contains('.')
        && host != "index.docker.io"
        && (host != "docker.io" || second.is_none() || third.is_some())
        && host.bytes().all(is_plain)
        && scope.bytes().all(|byte| is_plain(byte) || byte == b'/')
        && !scope.ends_with('/')
        && !scope.contains("//")
}
