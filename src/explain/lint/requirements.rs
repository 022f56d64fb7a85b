//! What requirements are checked for.

use std::collections::HashSet;

use super::code::LintCode;
use super::finding::LintFinding;
use crate::explain::letters::misspelt;
use crate::explain::needs::{Obstacle, obstacle};
use crate::image::Transport;
use crate::policy::{
    Fulcio, KeySource, Pki, Policy, PolicyScope, RemapIdentity, Requirement, ScopeName, SignedBy,
    SignedIdentity, SigstoreSigned, SigstoreTrust,
};
use crate::reference::Reference;
use crate::text::quote::Quoted;

pub(super) fn check(policy: &Policy, findings: &mut Vec<LintFinding>) {
    for scope in policy.scopes() {
        let transport = match scope.transport.map(str::parse) {
            // What is below it applies to no image; that is said already.
            Some(Err(_)) => continue,
            Some(Ok(transport)) => Some(transport),
            None => None,
        };
        let list = List {
            policy,
            transport,
            name: scope.name(),
            scope,
            binds_tags: scope.requirements.iter().any(binds_tags),
        };
        for (index, requirement) in scope.requirements.iter().enumerate() {
            list.check(index, requirement, findings);
        }
        list.check_all(findings);
    }
}

/// The requirements of a scope.
struct List<'a> {
    policy: &'a Policy,
    transport: Option<Transport>,
    name: ScopeName,
    scope: PolicyScope<'a>,
    /// Whether some requirement of the list compares tags.
    binds_tags: bool,
}

impl List<'_> {
    fn check(&self, index: usize, requirement: &Requirement, findings: &mut Vec<LintFinding>) {
        let mut found = |finding: LintFinding, member: &str| {
            findings.push(finding.at_requirement(self.policy, &self.name, index, member));
        };
        if let Some((finding, member)) = cannot_pass(self.transport, requirement) {
            found(finding, member);
        }
        match requirement {
            Requirement::SignedBy(signed_by) => {
                let keys = signed_by.keys();
                for (finding, member) in key_paths(keys.paths(), member_of(keys)) {
                    found(finding, &member);
                }
                for finding in self.identity(signed_by.signed_identity()) {
                    found(finding, "signedIdentity");
                }
            }
            Requirement::SigstoreSigned(sigstore) => {
                for (finding, member) in sigstore_key_paths(sigstore.trust()) {
                    found(finding, &member);
                }
                if let Some(finding) = sigstore_identity(sigstore) {
                    found(finding, "signedIdentity");
                }
                for finding in self.names(sigstore.signed_identity()) {
                    found(finding, "signedIdentity");
                }
            }
            _ => {}
        }
    }

    fn identity(&self, identity: &SignedIdentity) -> Vec<LintFinding> {
        let mut findings = Vec::new();
        match identity {
            SignedIdentity::MatchRepository if !self.binds_tags => {
                findings.push(tag_not_bound(identity).step(
                    "leave `signedIdentity` out if each tag is signed by its own name: the default compares it",
                ));
            }
            SignedIdentity::ExactRepository(_) if !self.binds_tags => {
                findings.push(tag_not_bound(identity).step(
                    "write `exactReference` if one tag is meant; leave it if each tag may run as any other",
                ));
            }
            SignedIdentity::MatchExact if self.transport.is_none_or(has_digests) => {
                let finding = LintFinding::new(
                    LintCode::MatchExactRefusesDigests,
                    "`matchExact` compares whole names, so a signature for a tag never counts for an image that is \
                     asked for by digest",
                );
                findings.push(finding.step(
                    "leave `signedIdentity` out: the default takes a digest, which is compared with the image itself",
                ));
            }
            _ => {}
        }
        findings.extend(self.names(identity));
        findings
    }

    /// What is wrong with the names in an identity.
    fn names(&self, identity: &SignedIdentity) -> Vec<LintFinding> {
        let remap = match identity {
            SignedIdentity::RemapIdentity(remap) => self.remap(remap),
            _ => None,
        };
        remap.into_iter().chain(self.misspelt(identity)).collect()
    }

    /// Whether `remapIdentity` concerns the images of the scope.
    fn remap(&self, remap: &RemapIdentity) -> Option<LintFinding> {
        let prefix = Quoted(remap.prefix());
        let never = |message: String| LintFinding::new(LintCode::RemapNeverFits, message);
        let in_full = "write it with its host, as in `registry.example.com/team`";
        if !begins_names(remap.signed_prefix()) {
            return Some(
                never(format!(
                    "no name in full begins with the `signedPrefix` {}",
                    Quoted(remap.signed_prefix())
                ))
                .step(in_full),
            );
        }
        if !begins_names(remap.prefix()) {
            return Some(
                never(format!("no name in full begins with the `prefix` {prefix}")).step(in_full),
            );
        }
        self.transport.filter(|transport| has_digests(*transport))?;
        let scope = self.scope.scope;
        if scope.is_empty() {
            return None;
        }
        let repository = match Reference::parse_expanded(scope) {
            Ok(reference) => reference.name().to_owned(),
            Err(_) => scope.to_owned(),
        };
        let covers = |wider: &str, narrower: &str| {
            narrower
                .strip_prefix(wider)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if covers(remap.prefix(), &repository) {
            return None;
        }
        let is_inside = match scope.strip_prefix('*') {
            Some(domain) => {
                let host = remap.prefix().split(['/', ':']).next().unwrap_or_default();
                host.ends_with(domain)
            }
            None => covers(&repository, remap.prefix()),
        };
        Some(if is_inside {
            LintFinding::new(
                LintCode::RemapOutsideScope,
                format!(
                    "`remapIdentity` concerns only the images of {} below {prefix}; \
                     the others have to be signed by their own names",
                    Quoted(scope)
                ),
            )
            .step("give the images below the prefix a scope of their own, or write the scope as `prefix`")
        } else {
            let finding = never(format!(
                "no image of {} is below the `prefix` {prefix}, so each has to be signed by its own name",
                Quoted(scope)
            ));
            match scope.starts_with('*') {
                true => finding.step("write as `prefix` what the names of its images begin with"),
                false => finding.step(format!("write {} as `prefix`", Quoted(&repository))),
            }
        })
    }

    /// A name that has to be signed and is not quite the scope's.
    fn misspelt(&self, identity: &SignedIdentity) -> Option<LintFinding> {
        let (key, reference) = match identity {
            SignedIdentity::ExactReference(exact) => ("dockerReference", exact.docker_reference()),
            SignedIdentity::ExactRepository(exact) => {
                ("dockerRepository", exact.docker_repository())
            }
            _ => return None,
        };
        self.transport.filter(|transport| has_digests(*transport))?;
        let scope = Reference::parse_normalized(self.scope.scope).ok()?;
        misspelt(scope.name(), reference.name())?;
        let finding = LintFinding::new(
            LintCode::IdentityMisspelt,
            format!(
                "`{key}` has {}, and the scope is {}: images have to be signed as the former",
                Quoted(reference.name()),
                Quoted(self.scope.scope)
            ),
        );
        Some(finding.step(format!("write {} if that is meant", Quoted(scope.name()))))
    }

    /// What several requirements mean together.
    fn check_all(&self, findings: &mut Vec<LintFinding>) {
        let list = self.scope.requirements.as_slice();
        if list.len() < 2 {
            return;
        }
        let must = |message: String| {
            let message = format!(
                "{} requirements are listed, and every one must accept: {message}",
                list.len()
            );
            LintFinding::new(LintCode::BothMustPass, message)
        };
        let place = |sort: fn(&Requirement) -> bool| list.iter().position(sort);
        let mut found = |finding: LintFinding, index: usize| {
            findings.push(finding.at_requirement(self.policy, &self.name, index, ""));
        };
        let is_reject = |requirement: &Requirement| *requirement == Requirement::Reject;
        let is_open =
            |requirement: &Requirement| *requirement == Requirement::InsecureAcceptAnything;
        if let Some(index) = place(is_reject) {
            let finding = must("with `reject` among them, no image passes".to_owned());
            found(finding.step("remove `reject`, or the others"), index);
            return;
        }
        if let Some(index) = place(is_open) {
            if !list.iter().all(is_open) {
                let finding = must("`insecureAcceptAnything` changes nothing".to_owned());
                found(finding.step("remove it"), index);
            }
        }
        let mut signed =
            list.iter()
                .enumerate()
                .filter_map(|(index, requirement)| match requirement {
                    Requirement::SignedBy(signed_by) => Some((index, signed_by)),
                    _ => None,
                });
        let Some((_, first)) = signed.next() else {
            return;
        };
        // The same name signed by two is rarely meant; two names are.
        let own: HashSet<&String> = first.keys().paths().iter().collect();
        let has_others = |second: &SignedBy| {
            first.signed_identity() == second.signed_identity()
                && first.keys() != second.keys()
                && !second.keys().paths().iter().any(|file| own.contains(file))
        };
        if let Some((index, second)) = signed.find(|(_, second)| has_others(second)) {
            let finding = must("an image needs a signature by a key of each".to_owned());
            found(
                match (first.keys(), second.keys()) {
                    (KeySource::Path(one), KeySource::Path(other)) => finding.step(format!(
                        "if either is meant to be enough, write one with `\"keyPaths\": [{}, {}]`",
                        crate::json::quoted(one),
                        crate::json::quoted(other)
                    )),
                    _ => finding
                        .step("if either is meant to be enough, write one with the keys of both"),
                },
                index,
            );
        }
    }
}

fn tag_not_bound(identity: &SignedIdentity) -> LintFinding {
    LintFinding::new(
        LintCode::TagNotBound,
        format!(
            "`{}` accepts any signed tag of the repository as any other, an old one as `latest`",
            identity.type_name()
        ),
    )
}

fn binds_tags(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::SignedBy(signed_by) => !matches!(
            signed_by.signed_identity(),
            SignedIdentity::MatchRepository | SignedIdentity::ExactRepository(_)
        ),
        _ => false,
    }
}

/// The member that has the keys.
fn member_of(keys: &KeySource) -> &'static str {
    match keys {
        KeySource::Path(_) => "keyPath",
        KeySource::Paths(_) => "keyPaths",
        KeySource::Data(_) => "keyData",
    }
}

fn cannot_pass(
    transport: Option<Transport>,
    requirement: &Requirement,
) -> Option<(LintFinding, &'static str)> {
    let obstacle = obstacle(transport, requirement)?;
    let never = LintFinding::new(LintCode::RequirementCannotPass, obstacle.to_string());
    Some(match obstacle {
        // That is what it is for.
        Obstacle::Reject => return None,
        Obstacle::NotImplemented { .. } => match requirement {
            Requirement::SignedBy(_) => (
                never.step("use `GPGKeys`, with OpenPGP keys: containers/image evaluates no other type either"),
                "keyType",
            ),
            Requirement::SigstoreSigned(_) => (
                LintFinding::new(LintCode::RequirementNotImplemented, obstacle.to_string())
                    .step("use a program that evaluates it, or demand an OpenPGP signature by `signedBy`"),
                "type",
            ),
            _ => (
                never.step(
                    "demand a signature of the image itself, by `signedBy`: containers/image does not \
                     evaluate this either",
                ),
                "type",
            ),
        },
        Obstacle::NoKeys => (never.step("name a file with keys"), ""),
        _ => (
            never.step("use one of these, with the name that the image is signed by"),
            "signedIdentity",
        ),
    })
}

/// Those of the keys of a requirement `sigstoreSigned`, and of its logs, if this program reads them.
fn sigstore_key_paths(trust: &SigstoreTrust) -> Vec<(LintFinding, String)> {
    match trust {
        SigstoreTrust::Keys { keys, rekor } if cfg!(feature = "sigstore") => {
            let of_logs = rekor.iter();
            let of_logs = of_logs.flat_map(|logs| key_paths(logs.paths(), logs.member_as_logs()));
            let mut found = key_paths(keys.paths(), keys.member_as_keys());
            found.extend(of_logs);
            found
        }
        SigstoreTrust::Fulcio { fulcio, rekor } if cfg!(feature = "sigstore") => {
            let member = format!("fulcio/{}", fulcio.ca().name(Fulcio::CA));
            let mut found = key_paths(fulcio.ca().paths(), &member);
            found.extend(key_paths(rekor.paths(), rekor.member_as_logs()));
            found
        }
        SigstoreTrust::Pki(pki) if cfg!(feature = "sigstore") => {
            let roots = (Some(pki.ca_roots()), Pki::ROOTS);
            let between = (pki.ca_intermediates(), Pki::INTERMEDIATES);
            let sources = [roots, between].into_iter();
            let found = sources.filter_map(|(source, names)| {
                let member = format!("pki/{}", source?.name(names));
                Some(key_paths(source?.paths(), &member))
            });
            found.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// Paths of key files that lead nowhere, or to different places: those of a member, which has one or a list.
fn key_paths(paths: &[String], member: &str) -> Vec<(LintFinding, String)> {
    let place = |index: usize| match member.ends_with("Path") {
        true => member.to_owned(),
        false => format!("{member}/{index}"),
    };
    // One of a kind is enough: the others are beside it.
    let mut found: Vec<(LintFinding, String)> = Vec::new();
    let mut named = HashSet::new();
    for (index, path) in paths.iter().enumerate() {
        if !named.insert(path) {
            let message = format!("{} is named twice", Quoted(path));
            let finding = LintFinding::new(LintCode::DuplicateKey, message).step("remove one");
            found.push((finding, place(index)));
            continue;
        }
        found.extend(
            key_path(path)
                .filter(|finding| found.iter().all(|(other, _)| other.code != finding.code))
                .map(|finding| (finding, place(index))),
        );
    }
    found
}

fn key_path(path: &str) -> Option<LintFinding> {
    let shown = Quoted(path);
    if let Some((_, rest)) = path.split_once("://") {
        let finding = LintFinding::new(
            LintCode::KeyPathIsUrl,
            format!("{shown} is a URL, and is looked for as a file of that name"),
        );
        return Some(match path.strip_prefix("file://") {
            Some(_) if rest.starts_with('/') => finding.step(format!("write {}", Quoted(rest))),
            _ => finding.step("get the file, and write its path"),
        });
    }
    if path.starts_with('~') {
        let finding = LintFinding::new(
            LintCode::HomeRelativeKeyPath,
            format!("{shown} is no path below a home directory: `~` is a name like any other"),
        );
        return Some(finding.step("write the path from `/` on"));
    }
    (!path.starts_with('/')).then(|| {
        LintFinding::new(
            LintCode::RelativeKeyPath,
            format!("{shown} is looked for from the directory that the program runs in"),
        )
        .step("write the path from `/` on")
    })
}

/// cosign signs repositories, not tags (containers-policy.json(5), `sigstoreSigned`).
fn sigstore_identity(sigstore: &SigstoreSigned) -> Option<LintFinding> {
    let compares_tags = matches!(
        sigstore.signed_identity(),
        SignedIdentity::MatchExact | SignedIdentity::MatchRepoDigestOrExact
    );
    let is_key = matches!(sigstore.trust(), SigstoreTrust::Keys { .. });
    (compares_tags && is_key).then(|| {
        LintFinding::new(
            LintCode::SigstoreDefaultIdentity,
            format!(
                "`{}` compares tags, and signatures by cosign name a repository only",
                sigstore.signed_identity().type_name()
            ),
        )
        .step("write `matchRepository` for them: then any signed tag is accepted as any other")
    })
}

/// Whether names in full can begin with a prefix of `remapIdentity`.
fn begins_names(prefix: &str) -> bool {
    ["/x", "/x/x", ""]
        .iter()
        .any(|rest| Reference::parse_expanded(&format!("{prefix}{rest}")).is_ok())
}

/// Whether images of the transport are named by tag or digest.
fn has_digests(transport: Transport) -> bool {
    matches!(
        transport,
        Transport::Docker | Transport::Atomic | Transport::DockerDaemon
    )
}
