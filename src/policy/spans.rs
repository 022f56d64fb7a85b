//! Where in its JSON a policy says what it says.

use super::{Policy, ScopeName};
use crate::json::{LineText, Span, push_key};

impl Policy {
    /// The key of a transport, `"docker"` below `transports`. None if the policy was made in code or does not have it.
    #[must_use]
    pub fn place_of_transport(&self, transport: &str) -> Option<Span> {
        self.places.transport(transport)
    }

    /// The key of a scope, such as `"registry.example.com"`; of the policy's default, `"default"`. None if the policy
    /// was made in code or does not have the scope.
    #[must_use]
    pub fn place_of_scope(&self, scope: &ScopeName) -> Option<Span> {
        self.places.scope(scope.transport.as_deref(), &scope.scope)
    }

    /// A requirement of a scope; `index` counts from 0, as in
    /// [`Requirements::as_slice`](super::Requirements::as_slice). None if the policy was made in code or does not have
    /// it.
    #[must_use]
    pub fn place_of_requirement(&self, scope: &ScopeName, index: usize) -> Option<Span> {
        self.place_of_member(scope, index, "")
    }

    /// A part of a requirement by its JSON Pointer (RFC 6901), such as `/keyPath`, `/keyPaths/1` and
    /// `/signedIdentity/prefix`; no key of a requirement has a character that would have to be escaped there. None if
    /// the policy was made in code, or if the requirement does not have it: a `signedIdentity` need not be written.
    #[must_use]
    pub fn place_of_member(&self, scope: &ScopeName, index: usize, pointer: &str) -> Option<Span> {
        self.places
            .member(scope.transport.as_deref(), &scope.scope, index, pointer)
    }

    /// The line of the policy's text in which a place of it begins, cut if it is long. None if the policy was made in
    /// code.
    #[must_use]
    pub fn line_text(&self, place: &Span) -> Option<LineText> {
        self.places.line_text(place)
    }
}

/// The path to a transport's scopes in the policy's JSON: `transports.docker`.
pub(crate) fn transport_path(transport: &str) -> String {
    let mut path = "transports".to_owned();
    push_key(&mut path, transport);
    path
}

impl ScopeName {
    /// The path to the scope's requirements in the policy's JSON, as errors give it:
    /// `transports.docker["registry.k8s.io"]`, `default`.
    #[must_use]
    pub fn json_path(&self) -> String {
        match &self.transport {
            None => "default".to_owned(),
            Some(transport) => {
                let mut path = transport_path(transport);
                push_key(&mut path, &self.scope);
                path
            }
        }
    }
}
