//! Certificate policies (RFC 5280, section 6.1, as RFC 9618 has them), where any policy will do.
//!
//! They bite only where a certificate demands one explicitly. RFC 9618 keeps a graph of policies in place of a tree, of which
//! here the lowest level is enough: whether it is empty is all that is asked, and each of its nodes is below one of the level
//! before.

use std::collections::{BTreeMap, BTreeSet};

use crate::sigstore::certificate::{Certificate, Extensions, Oid};

/// The policy that stands for each.
const ANY: &[u8] = &[0x55, 0x1D, 32, 0];

/// The lowest level: each valid policy, and the policies that may be below it.
type Level = BTreeMap<Policy, BTreeSet<Policy>>;

/// A policy; the first is any.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Policy {
    Any,
    One(Oid),
}

impl Policy {
    fn of(oid: &Oid) -> Self {
        match oid.is(ANY) {
            true => Self::Any,
            false => Self::One(oid.clone()),
        }
    }
}

/// Whether a path is valid under some policy. The first is the leaf, and the last the trust anchor, which is not asked.
pub(super) fn are_valid(path: &[&Certificate]) -> bool {
    let below_anchor = path.len().saturating_sub(1);
    let Ok(never) = u64::try_from(path.len()) else {
        return false;
    };
    let mut state = State {
        explicit: never,
        mapping: never,
        any: never,
        level: BTreeMap::from([(Policy::Any, BTreeSet::from([Policy::Any]))]),
    };
    for (index, certificate) in path.iter().enumerate().take(below_anchor).rev() {
        let is_leaf = index == 0;
        state.take_policies(certificate, is_leaf);
        if is_leaf {
            state.wrap_up(certificate.extensions());
        } else if !state.prepare_for_next(certificate) {
            return false;
        }
    }
    state.explicit > 0 || !state.level.is_empty()
}

/// The state variables of section 6.1.2.
struct State {
    /// After how many certificates a policy is demanded: `explicit_policy`.
    explicit: u64,
    /// After how many policies are not mapped any more: `policy_mapping`.
    mapping: u64,
    /// After how many the policy "any" is none: `inhibit_anyPolicy`.
    any: u64,
    level: Level,
}

impl State {
    /// Section 6.1.3, (d) and (e).
    fn take_policies(&mut self, certificate: &Certificate, is_leaf: bool) {
        let policies: Vec<Policy> = {
            let policies = certificate.extensions().policies.iter();
            policies.map(Policy::of).collect()
        };
        let expected: BTreeSet<&Policy> = self.level.values().flatten().collect();
        let has_any = self.level.contains_key(&Policy::Any);
        let stated = policies.iter().filter(|policy| **policy != Policy::Any);
        let known = stated.filter(|policy| has_any || expected.contains(policy));
        let mut level: Level = known
            .map(|policy| (policy.clone(), BTreeSet::from([policy.clone()])))
            .collect();
        let any_counts = self.any > 0 || (!is_leaf && certificate.is_self_issued());
        if any_counts && policies.contains(&Policy::Any) {
            for policy in expected {
                let own = || BTreeSet::from([policy.clone()]);
                level.entry(policy.clone()).or_insert_with(own);
            }
        }
        self.level = level;
    }

    /// Section 6.1.4; whether the mappings are some that may be.
    fn prepare_for_next(&mut self, certificate: &Certificate) -> bool {
        let extensions = certificate.extensions();
        let mut mappings: Level = BTreeMap::new();
        for (issuer, subject) in &extensions.policy_mappings {
            let (issuer, subject) = (Policy::of(issuer), Policy::of(subject));
            if issuer == Policy::Any || subject == Policy::Any {
                return false;
            }
            mappings.entry(issuer).or_default().insert(subject);
        }
        for (issuer, subjects) in mappings {
            if self.mapping == 0 {
                self.level.remove(&issuer);
            } else if self.level.contains_key(&issuer) || self.level.contains_key(&Policy::Any) {
                self.level.insert(issuer, subjects);
            }
        }
        if !certificate.is_self_issued() {
            for skipped in [&mut self.explicit, &mut self.mapping, &mut self.any] {
                *skipped = skipped.saturating_sub(1);
            }
        }
        let constraints = extensions.policy_constraints;
        for (variable, stated) in [
            (&mut self.explicit, constraints.require_explicit_policy),
            (&mut self.mapping, constraints.inhibit_policy_mapping),
            (&mut self.any, extensions.inhibit_any_policy),
        ] {
            *variable = stated.map_or(*variable, |stated| stated.min(*variable));
        }
        true
    }

    /// Section 6.1.5, (a) and (b).
    fn wrap_up(&mut self, extensions: &Extensions) {
        self.explicit = self.explicit.saturating_sub(1);
        if extensions.policy_constraints.require_explicit_policy == Some(0) {
            self.explicit = 0;
        }
    }
}

#[cfg(test)]
mod tests;
