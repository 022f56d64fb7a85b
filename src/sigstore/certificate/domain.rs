//! Names of domains in certificates, and in constraints on them.

/// Whether a name consists of labels between dots, none of them empty, of visible ASCII characters. No more is asked, as in Go;
/// a name without any label is one, too.
pub(crate) fn is_domain(name: &str) -> bool {
    name.is_empty() || name.split('.').all(is_label)
}

/// Whether a constraint is on a domain: a name of one, which may begin with a dot.
pub(super) fn is_constraint(constraint: &str) -> bool {
    match constraint.strip_prefix('.') {
        Some("") => false,
        Some(domain) => is_domain(domain),
        None => is_domain(constraint),
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|octet| octet.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_not_empty() {
        for name in ["", "example", "a.example", "*.example", "A_b.~", "a:80"] {
            assert!(is_domain(name), "{name}");
        }
        for name in [".", "a.", ".a", "a..b", "a b", "a\u{7F}", "ä.example"] {
            assert!(!is_domain(name), "{name}");
        }
    }

    #[test]
    fn a_constraint_may_begin_with_one_dot() {
        for constraint in ["", "example", ".example", ".a.example"] {
            assert!(is_constraint(constraint), "{constraint}");
        }
        for constraint in [".", "..example", "example.", "a..b", ". a"] {
            assert!(!is_constraint(constraint), "{constraint}");
        }
    }
}
