//! What scopes and transports are checked for.

use std::collections::HashMap;

use super::code::{LintCode, LintLevel};
use super::finding::LintFinding;
use crate::explain::miss::Miss;
use crate::explain::official::official;
use crate::explain::spelling::{Misspelling, misspelling};
use crate::explain::transport::meant;
use crate::image::Transport;
use crate::policy::spans::transport_path;
use crate::policy::{Policy, PolicyScope, Requirement, Requirements, ScopeName};
use crate::text::quote::Quoted;

pub(super) fn check(policy: &Policy, findings: &mut Vec<LintFinding>) {
    let ports = Ports::of(policy);
    let mut unknown = None;
    for scope in policy.scopes() {
        let Some(transport) = scope.transport else {
            findings.extend(open_default(policy, &scope));
            continue;
        };
        if let Ok(known) = transport.parse::<Transport>() {
            findings.extend(in_transport(policy, known, &scope));
            findings.extend(ports.finding(policy, &scope));
            continue;
        }
        if unknown != Some(transport) {
            findings.push(unknown_transport(policy, transport));
        }
        unknown = Some(transport);
        if let Some(meant) = meant(transport) {
            let meant = Some(meant.name());
            findings.extend(unsigned_beside(policy, &scope, meant, Some(scope.scope)));
        }
    }
}

fn in_transport(
    policy: &Policy,
    transport: Transport,
    scope: &PolicyScope<'_>,
) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    if scope.scope.is_empty() {
        if is_remote(transport) {
            findings.extend(open_default(policy, scope));
        }
    } else if let Some(misspelling) = misspelling(transport, scope.scope) {
        findings.push(never_matches(policy, scope, &misspelling));
        let instead = misspelling.instead.as_deref();
        findings.extend(unsigned_beside(policy, scope, scope.transport, instead));
        return findings;
    }
    findings.extend(hub_namespace(policy, scope));
    let wider = wider(policy, scope);
    if let Some((wider, requirements)) = &wider {
        if *requirements == scope.requirements {
            findings.push(
                LintFinding::new(
                    LintCode::RedundantScope,
                    format!(
                        "{} says the same as {}, which it is in",
                        Quoted(scope.scope),
                        named(Some(policy), wider)
                    ),
                )
                .step("remove it, or write what is different here")
                .at_scope(policy, &scope.name()),
            );
        }
    }
    if is_remote(transport) && scope.requirements.accept_anything() && !scope.scope.is_empty() {
        let default = ScopeName::new(None, "");
        let (wider, requirements) = wider.unwrap_or((default, policy.default_requirements()));
        if is_signed(requirements) {
            findings.push(
                LintFinding::new(
                    LintCode::UnsignedBelowSigned,
                    format!(
                        "images of {} are accepted unsigned, though {} demands signatures",
                        Quoted(scope.scope),
                        named(Some(policy), &wider)
                    ),
                )
                .step("remove this scope if its images are signed like the others")
                .at_scope(policy, &scope.name()),
            );
        }
    }
    findings
}

fn unknown_transport(policy: &Policy, transport: &str) -> LintFinding {
    let finding = match meant(transport) {
        Some(meant) => LintFinding::new(
            LintCode::UnknownTransport,
            format!(
                "there is no transport {}, so what is below it applies to no image",
                Quoted(transport)
            ),
        )
        .step(format!("write `{meant}`")),
        None => {
            let known: Vec<String> = Transport::ALL
                .iter()
                .map(|known| format!("`{known}`"))
                .collect();
            LintFinding::new(
                LintCode::ForeignTransport,
                format!(
                    "this program knows no transport {}, so what is below it applies to no image that it is \
                     asked about",
                    Quoted(transport)
                ),
            )
            .step(format!("check the name; known are {}", known.join(", ")))
        }
    };
    LintFinding {
        path: transport_path(transport),
        span: policy.place_of_transport(transport),
        ..finding
    }
}

fn never_matches(policy: &Policy, scope: &PolicyScope<'_>, found: &Misspelling) -> LintFinding {
    let Misspelling { miss, instead } = found;
    let step = match (instead, miss) {
        (Some(instead), _) => {
            let name = ScopeName::new(scope.transport, instead);
            if policy.requirements_of(&name).is_some() {
                format!("remove it: {} is there, too", named(Some(policy), &name))
            } else if instead.is_empty() {
                "write `\"\"`, the default of the transport".to_owned()
            } else {
                format!("write {}", Quoted(instead))
            }
        }
        (None, Miss::HostWildcardWithPath) => {
            "name each host with its path, or write the hosts alone, which covers all of them"
                .to_owned()
        }
        (None, Miss::Wildcard) => "name each host or repository".to_owned(),
        (None, _) => {
            "write it as in `registry.example.com/team/app:1.0`, or a part of that from its \
             beginning"
                .to_owned()
        }
    };
    LintFinding::new(
        LintCode::ScopeNeverMatches,
        format!("{} matches no image: {miss}", Quoted(scope.scope)),
    )
    .step(step)
    .at_scope(policy, &scope.name())
}

/// A user's namespace on Docker Hub, where an official image was probably meant; and that this is accepted unsigned.
fn hub_namespace(policy: &Policy, scope: &PolicyScope<'_>) -> Vec<LintFinding> {
    let Some(official) = official(scope.scope) else {
        return Vec::new();
    };
    if policy
        .requirements_of(&ScopeName::new(scope.transport, &official))
        .is_some()
    {
        return Vec::new();
    }
    let finding = LintFinding::new(
        LintCode::OfficialImageNamespace,
        format!(
            "{} is a user's namespace; the official image of that name is {}",
            Quoted(scope.scope),
            Quoted(&official)
        ),
    );
    let finding = finding
        .step(format!("write {} if that is meant", Quoted(&official)))
        .at_scope(policy, &scope.name());
    let unsigned = unsigned_beside(policy, scope, scope.transport, Some(&official));
    // It is not certain that the image is meant.
    let unsigned = unsigned.map(|unsigned| LintFinding {
        level: LintLevel::Warning,
        ..unsigned
    });
    [finding].into_iter().chain(unsigned).collect()
}

/// That the images are accepted unsigned which a scope demands something of, because they do not match it. They are
/// those that would match `instead`, if that is known.
fn unsigned_beside(
    policy: &Policy,
    scope: &PolicyScope<'_>,
    transport: Option<&str>,
    instead: Option<&str>,
) -> Option<LintFinding> {
    if scope.requirements.accept_anything() {
        return None;
    }
    let meant = PolicyScope {
        transport,
        scope: instead.unwrap_or("*"),
        requirements: scope.requirements,
    };
    let name = meant.name();
    let there = policy
        .requirements_of(&name)
        .map(|requirements| (name, requirements));
    let default = || (ScopeName::new(None, ""), policy.default_requirements());
    let (applied, requirements) = there
        .or_else(|| wider(policy, &meant))
        .unwrap_or_else(default);
    if !requirements.accept_anything() {
        return None;
    }
    let finding = LintFinding::new(
        LintCode::UnsignedBesideNeverMatching,
        format!(
            "the images that {} is meant for are accepted unsigned: {} applies to them",
            named(None, &scope.name()),
            named(Some(policy), &applied)
        ),
    );
    Some(
        finding
            .step("mend the scope; until then, write `reject` as that default")
            .at_scope(policy, &scope.name()),
    )
}

/// A default that accepts everything unsigned: the policy's, or that of a transport.
fn open_default(policy: &Policy, scope: &PolicyScope<'_>) -> Option<LintFinding> {
    if !scope.requirements.accept_anything() {
        return None;
    }
    let images = match scope.transport {
        Some(transport) => format!("`{transport}` image"),
        None => "image".to_owned(),
    };
    let finding = LintFinding::new(
        LintCode::UnsignedDefault,
        format!("every {images} that no scope is for is accepted unsigned"),
    );
    Some(
        finding
            .step("write `reject` there, and scopes for what is to be accepted")
            .at_scope(policy, &scope.name()),
    )
}

/// The hosts with a port, by transport and by what is before the port.
struct Ports<'a> {
    hosts: HashMap<(Option<&'a str>, &'a str), &'a str>,
}

impl<'a> Ports<'a> {
    fn of(policy: &'a Policy) -> Self {
        let hosts = policy.scopes().filter_map(|scope| {
            let host = scope.scope.split('/').next()?;
            let (bare, port) = host.split_once(':')?;
            let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            is_port.then_some(((scope.transport, bare), host))
        });
        Self {
            hosts: hosts.collect(),
        }
    }

    /// A host without a port, where the policy has the same with one.
    fn finding(&self, policy: &Policy, scope: &PolicyScope<'_>) -> Option<LintFinding> {
        let with_port = self.hosts.get(&(scope.transport, scope.scope))?;
        let finding = LintFinding::new(
            LintCode::HostWithoutPort,
            format!(
                "{} is only for images that are named without a port; those of {} do not match it",
                Quoted(scope.scope),
                Quoted(with_port)
            ),
        );
        Some(
            finding
                .step("give the same requirements to both if both names are in use")
                .at_scope(policy, &scope.name()),
        )
    }
}

/// The nearest scope of the policy that is more general, in the same transport.
fn wider<'a>(policy: &'a Policy, scope: &PolicyScope<'_>) -> Option<(ScopeName, &'a Requirements)> {
    let found = |name: &str| {
        let name = ScopeName::new(scope.transport, name);
        let requirements = policy.requirements_of(&name)?;
        Some((name, requirements))
    };
    if scope.scope.is_empty() {
        return None;
    }
    let transport: Option<Transport> = scope.transport.and_then(|name| name.parse().ok());
    let is_path = matches!(
        transport,
        Some(Transport::Dir | Transport::Sif | Transport::Oci | Transport::OciArchive)
    );
    let mut name = scope.scope;
    if !is_path {
        name = name.split('@').next().unwrap_or_default();
        let tag = name
            .rfind(':')
            .filter(|colon| name.get(*colon..).is_some_and(|tag| !tag.contains('/')));
        if let Some(colon) = tag.filter(|_| name.contains('/')) {
            name = name.get(..colon).unwrap_or_default();
        }
        if name != scope.scope {
            if let Some(wider) = found(name) {
                return Some(wider);
            }
        }
    }
    while let Some((parent, _)) = name.rsplit_once('/') {
        if let Some(wider) = found(parent).filter(|_| !parent.is_empty()) {
            return Some(wider);
        }
        name = parent;
    }
    if !is_path {
        let host = name.split(':').next().unwrap_or_default();
        let mut host = host.strip_prefix("*.").unwrap_or(host);
        while let Some((_, parent)) = host.split_once('.') {
            if let Some(wider) = found(&format!("*.{parent}")) {
                return Some(wider);
            }
            host = parent;
        }
    }
    found("")
}

/// A scope in a sentence, with its line in the policy.
pub(crate) fn named(policy: Option<&Policy>, scope: &ScopeName) -> String {
    let name = match (&scope.transport, scope.scope.as_str()) {
        (None, _) => "the policy's default".to_owned(),
        (Some(transport), "") => format!("the default of {}", Quoted(transport)),
        (Some(_), scope) => Quoted(scope).to_string(),
    };
    match policy.and_then(|policy| policy.place_of_scope(scope)) {
        Some(place) => format!("{name} in line {}", place.start.line),
        None => name,
    }
}

/// Images of these come from elsewhere.
fn is_remote(transport: Transport) -> bool {
    matches!(transport, Transport::Docker | Transport::Atomic)
}

fn is_signed(requirements: &Requirements) -> bool {
    requirements.iter().any(|requirement| {
        !matches!(
            requirement,
            Requirement::InsecureAcceptAnything | Requirement::Reject
        )
    })
}
