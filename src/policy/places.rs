//! The text of a policy, and where in it everything is.
//!
//! The text is kept, and places are looked up in it when somebody asks, so that reading a policy costs nothing more.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::json::{Document, LineTable, LineText, Span, Value};

/// The text that a policy was read from, if it was; copies of the policy share it.
#[derive(Clone, Default)]
pub(super) struct Places {
    text: Option<Arc<Text>>,
}

impl Places {
    pub(super) fn of(document: Document<'_>) -> Self {
        Self {
            text: Some(Arc::new(Text {
                document: document.into_owned(),
                index: OnceLock::new(),
            })),
        }
    }
}

/// Each place is none if there is no text, or not that place in it.
impl Places {
    /// The key of a transport.
    pub(super) fn transport(&self, transport: &str) -> Option<Span> {
        let text = self.text.as_deref()?;
        Some(text.span(text.index().transports.get(transport)?.key.clone()))
    }

    /// The key of a scope; without a transport, that of the policy's default.
    pub(super) fn scope(&self, transport: Option<&str>, scope: &str) -> Option<Span> {
        let text = self.text.as_deref()?;
        Some(text.span(text.index().scope(transport, scope)?.key.clone()))
    }

    /// What a JSON Pointer leads to in a requirement of the scope.
    pub(super) fn member(
        &self,
        transport: Option<&str>,
        scope: &str,
        index: usize,
        pointer: &str,
    ) -> Option<Span> {
        let text = self.text.as_deref()?;
        let requirement = text.requirement(transport, scope, index)?;
        if pointer.is_empty() {
            return Some(text.span(requirement));
        }
        let mut value = text.document.value(requirement)?;
        for step in pointer.split('/').skip(1) {
            value = below(value, step)?;
        }
        Some(text.span(value.range()))
    }

    /// The line in which a place begins.
    pub(super) fn line_text(&self, place: &Span) -> Option<LineText> {
        let text = self.text.as_deref()?.document.text();
        Some(LineText::around(text, place.bytes.start, place.start))
    }
}

/// Without the text, which may be long.
impl fmt::Debug for Places {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.text.is_some() { "known" } else { "none" })
    }
}

struct Text {
    document: Document<'static>,
    /// Made when it is needed first.
    index: OnceLock<Index>,
}

/// Where the scopes are, in bytes.
struct Index {
    lines: LineTable,
    default: Option<Entry>,
    transports: HashMap<String, TransportEntry>,
}

struct TransportEntry {
    key: Range<usize>,
    scopes: HashMap<String, Entry>,
}

struct Entry {
    key: Range<usize>,
    list: Range<usize>,
    /// Each requirement of the list. Made when it is needed first.
    requirements: OnceLock<Vec<Range<usize>>>,
}

impl Text {
    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.document))
    }

    fn span(&self, bytes: Range<usize>) -> Span {
        self.index().lines.span(self.document.text(), bytes)
    }

    fn requirement(
        &self,
        transport: Option<&str>,
        scope: &str,
        index: usize,
    ) -> Option<Range<usize>> {
        let entry = self.index().scope(transport, scope)?;
        let ranges = entry.requirements.get_or_init(|| {
            let list = self.document.value(entry.list.clone());
            let elements = list.and_then(|list| list.array().ok()).unwrap_or_default();
            elements.into_iter().map(Value::range).collect()
        });
        ranges.get(index).cloned()
    }
}

impl Index {
    fn of(document: &Document<'_>) -> Self {
        let root = document.root();
        let default = members(root).find(|(name, ..)| name == "default");
        let transports = members(root)
            .filter(|(name, ..)| name == "transports")
            .flat_map(|(.., transports)| members(transports))
            .map(|(transport, key, scopes)| {
                let entry = TransportEntry {
                    key: key.range(),
                    scopes: members(scopes)
                        .map(|(scope, key, list)| (scope, Entry::new(key, list)))
                        .collect(),
                };
                (transport, entry)
            });
        Self {
            lines: LineTable::new(document.text()),
            default: default.map(|(_, key, list)| Entry::new(key, list)),
            transports: transports.collect(),
        }
    }

    fn scope(&self, transport: Option<&str>, scope: &str) -> Option<&Entry> {
        match transport {
            None => self.default.as_ref(),
            Some(transport) => self.transports.get(transport)?.scopes.get(scope),
        }
    }
}

impl Entry {
    fn new(key: Value<'_>, list: Value<'_>) -> Self {
        Self {
            key: key.range(),
            list: list.range(),
            requirements: OnceLock::new(),
        }
    }
}

/// The members of an object: name, key, value. The policy was read, so no name occurs twice.
fn members<'doc>(
    value: Value<'doc>,
) -> impl Iterator<Item = (String, Value<'doc>, Value<'doc>)> + use<'doc> {
    let members = value.members_with_duplicates().unwrap_or_default();
    members
        .into_iter()
        .map(|member| (member.name.into_owned(), member.key, member.value))
}

/// The member or element that a step of a JSON Pointer leads to.
fn below<'doc>(value: Value<'doc>, step: &str) -> Option<Value<'doc>> {
    match step.parse::<usize>() {
        Ok(index) => value.array().ok()?.get(index).copied(),
        Err(_) => {
            let (.., value) = members(value).find(|(name, ..)| name == step)?;
            Some(value)
        }
    }
}
