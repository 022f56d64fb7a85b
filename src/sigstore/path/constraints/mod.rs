//! Whether authorities allow the names of the certificates below them (RFC 5280, section 4.2.1.10).
//!
//! Releases of Go differ: older ones look at the names of the leaf and of the authority itself, newer ones at those of all
//! certificates below it; older ones take a host without a dot before it for a domain, newer ones for that host alone. Here
//! what all of them allow is allowed.

use std::fmt::Display;

use crate::sigstore::certificate::{
    AlternativeNames, Certificate, EmailConstraint, Mailbox, NameConstraints, is_domain,
};

/// The most comparisons of a name with a constraint for one signature, as Go had it: certificates can hold thousands of both.
pub(super) const MAX_COMPARISONS: usize = 250_000;

/// A name that an authority forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Forbidden {
    /// The certificate's title whose name it is.
    pub(super) certificate: String,
    /// The name.
    pub(super) name: String,
    /// The authority.
    pub(super) authority: String,
    /// Why.
    pub(super) problem: Problem,
}

/// Why a name is forbidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// By this constraint.
    Excluded(String),
    /// It is within none of what is permitted.
    NotPermitted,
    /// It cannot be held against constraints.
    Unreadable,
    /// More comparisons than [`MAX_COMPARISONS`].
    TooMany,
}

/// That each authority of a path allows its own names and those of the certificates below it. The first of the path is no
/// authority here, whatever it says.
///
/// # Errors
///
/// The first name that is forbidden.
pub(super) fn check(path: &[&Certificate], left: &mut usize) -> Result<(), Forbidden> {
    for (index, authority) in path.iter().enumerate().skip(1) {
        let Some(constraints) = &authority.extensions().name_constraints else {
            continue;
        };
        for certificate in path.iter().take(index.saturating_add(1)) {
            let Some(names) = &certificate.extensions().names else {
                continue;
            };
            check_names(constraints, names, left).map_err(|(name, problem)| Forbidden {
                certificate: certificate.title(),
                name,
                authority: authority.title(),
                problem,
            })?;
        }
    }
    Ok(())
}

/// That all names are allowed.
///
/// # Errors
///
/// The first one that is not.
fn check_names(
    constraints: &NameConstraints,
    names: &AlternativeNames,
    left: &mut usize,
) -> Result<(), (String, Problem)> {
    let (permitted, excluded) = (&constraints.permitted, &constraints.excluded);
    let unreadable = |name: &str| (name.to_owned(), Problem::Unreadable);
    for address in names.emails() {
        let mailbox = Mailbox::parse(address).ok_or_else(|| unreadable(address))?;
        Lists {
            permitted: &permitted.emails,
            excluded: &excluded.emails,
        }
        .check(
            address,
            left,
            |constraint| is_mailbox_of(&mailbox, constraint, is_host),
            |constraint| is_mailbox_of(&mailbox, constraint, is_within),
        )?;
    }
    for name in names.dns() {
        if !is_domain(name) {
            return Err(unreadable(name));
        }
        Lists {
            permitted: &permitted.dns,
            excluded: &excluded.dns,
        }
        .check(
            name,
            left,
            |constraint| is_within(name, constraint),
            |constraint| is_within(name, constraint) || is_wildcard_beside(name, constraint),
        )?;
    }
    for uri in names.uris() {
        let host = uri.domain().ok_or_else(|| unreadable(uri.as_str()))?;
        Lists {
            permitted: &permitted.uris,
            excluded: &excluded.uris,
        }
        .check(
            uri.as_str(),
            left,
            |constraint| is_host(host, constraint),
            |constraint| is_within(host, constraint),
        )?;
    }
    for address in names.addresses() {
        Lists {
            permitted: &permitted.networks,
            excluded: &excluded.networks,
        }
        .check(
            &address.to_string(),
            left,
            |network| network.contains(*address),
            |network| network.contains(*address),
        )?;
    }
    Ok(())
}

/// The constraints on names of one kind.
struct Lists<'a, T> {
    permitted: &'a [T],
    excluded: &'a [T],
}

impl<T: Display> Lists<'_, T> {
    /// That a name is within nothing that is excluded, and within something that is permitted, if anything is.
    fn check(
        &self,
        name: &str,
        left: &mut usize,
        is_permitted: impl Fn(&T) -> bool,
        is_excluded: impl Fn(&T) -> bool,
    ) -> Result<(), (String, Problem)> {
        let forbidden = |problem| Err((name.to_owned(), problem));
        let comparisons = self.permitted.len().saturating_add(self.excluded.len());
        match left.checked_sub(comparisons) {
            Some(rest) => *left = rest,
            None => return forbidden(Problem::TooMany),
        }
        if let Some(constraint) = self
            .excluded
            .iter()
            .find(|constraint| is_excluded(constraint))
        {
            return forbidden(Problem::Excluded(constraint.to_string()));
        }
        if self.permitted.is_empty() || self.permitted.iter().any(is_permitted) {
            Ok(())
        } else {
            forbidden(Problem::NotPermitted)
        }
    }
}

/// Whether a mailbox is the one of a constraint, or at a host of it.
fn is_mailbox_of(
    mailbox: &Mailbox,
    constraint: &EmailConstraint,
    is_at: impl Fn(&str, &str) -> bool,
) -> bool {
    match constraint {
        EmailConstraint::Mailbox(other, _) => {
            mailbox.local == other.local && mailbox.domain.eq_ignore_ascii_case(&other.domain)
        }
        EmailConstraint::Host(host) => is_at(&mailbox.domain, host),
    }
}

/// Whether the labels of a constraint are the last of a name. A dot before them demands one more, and no labels are those of
/// every name.
fn is_within(name: &str, constraint: &str) -> bool {
    let suffix = constraint.strip_prefix('.').unwrap_or(constraint);
    if constraint.is_empty() {
        return true;
    }
    let start = name.len().checked_sub(suffix.len());
    let parts = start.and_then(|start| name.split_at_checked(start));
    parts.is_some_and(|(before, last)| {
        last.eq_ignore_ascii_case(suffix)
            && (before.ends_with('.') || (before.is_empty() && !constraint.starts_with('.')))
    })
}

/// Whether a host is that of a constraint, or below it if that begins with a dot.
fn is_host(host: &str, constraint: &str) -> bool {
    if constraint.is_empty() || constraint.starts_with('.') {
        is_within(host, constraint)
    } else {
        host.eq_ignore_ascii_case(constraint)
    }
}

/// Whether a name begins with an asterisk that could stand for the first label of a constraint.
fn is_wildcard_beside(name: &str, constraint: &str) -> bool {
    let [of_name, of_constraint] = [name, constraint].map(|text| text.split_once('.'));
    match (of_name, of_constraint) {
        (Some((_, parent)), Some((_, other))) => {
            name.starts_with('*') && parent.eq_ignore_ascii_case(other)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
