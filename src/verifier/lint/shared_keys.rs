//! Keys that are trusted more than once. Those that are not good now do no harm.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::sources::{At, Held, Source};
use crate::explain::{LintCode, LintFinding, LintLevel, named_scope};
use crate::policy::ScopeName;
use crate::text::quote::visible;
use crate::verdict::{KeyReport, KeyUse};

/// A key that is good now, with its file.
type Live<'a> = (&'a KeyReport, Held<'a>);

pub(super) fn findings(sources: &[Source<'_>], at: &At<'_>) -> Vec<LintFinding> {
    let mut found = Vec::new();
    for source in sources {
        found.extend(in_one_requirement(source, at));
    }
    let mut told = HashSet::new();
    found.extend(in_one_scope(sources, &mut told, at));
    found.extend(in_several_files(sources, &told, at));
    found
}

/// Keys that two files of one requirement have, once for each pair of files.
fn in_one_requirement(source: &Source<'_>, at: &At<'_>) -> Vec<LintFinding> {
    let mut known: HashMap<&str, &KeyReport> = HashMap::new();
    let mut repeated = Repeated::default();
    for &(report, key) in &source.live {
        let first = *known.entry(key.id()).or_insert(report);
        repeated.add(first, (report, key));
    }
    let findings = repeated.pairs.iter().map(|pair| {
        let message = format!("{}, which the same requirement names", pair.repeats());
        let finding = LintFinding::new(LintCode::DuplicateKey, message).step(
            "name one of the files: a key that is taken out of one of them only is still trusted",
        );
        at.first_use(finding, pair.report)
    });
    findings.collect()
}

/// Scopes with two requirements that trust one key. Notes of which key sources that is told.
fn in_one_scope(
    sources: &[Source<'_>],
    told: &mut HashSet<(usize, usize)>,
    at: &At<'_>,
) -> Vec<LintFinding> {
    let mut scopes: BTreeMap<&ScopeName, Vec<(usize, &KeyUse)>> = BTreeMap::new();
    let signers = sources.iter().enumerate();
    for (place, source) in signers.filter(|(_, source)| source.is_of_signers()) {
        for one in source.uses {
            scopes.entry(&one.scope).or_default().push((place, one));
        }
    }
    // Many scopes may have the same sources.
    let mut shared: HashMap<Vec<usize>, Option<(usize, usize, Live<'_>)>> = HashMap::new();
    let mut found = Vec::new();
    for (scope, mut uses) in scopes.into_iter().filter(|(_, uses)| uses.len() > 1) {
        uses.sort_by_key(|(_, one)| one.requirement);
        let places: Vec<usize> = uses.iter().map(|(place, _)| *place).collect();
        let pair = shared
            .entry(places)
            .or_insert_with_key(|places| in_two_of(sources, places));
        let Some((first, second, (report, key))) = *pair else {
            continue;
        };
        let (Some(&(one, first)), Some(&(other, second))) = (uses.get(first), uses.get(second))
        else {
            continue;
        };
        told.insert((one.min(other), one.max(other)));
        let message = format!(
            "requirements {} and {} of {} both trust {}: one signer can meet both",
            first.requirement,
            second.requirement,
            named_scope(Some(at.policy), scope),
            key.name()
        );
        let finding = LintFinding::new(LintCode::KeyShared, message).step(
            "give each requirement keys of its own if two signers are meant; remove one if not",
        );
        found.push(at.requirement(finding, second, report));
    }
    found
}

/// Which two of these sources have a key in common, by their places in the list, and the key in the second.
fn in_two_of<'a>(sources: &[Source<'a>], places: &[usize]) -> Option<(usize, usize, Live<'a>)> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (index, place) in places.iter().enumerate() {
        for &(report, key) in &sources.get(*place)?.live {
            let first = *known.entry(key.id()).or_insert(index);
            if first != index {
                return Some((first, index, (report, key)));
            }
        }
    }
    None
}

/// Keys that are in different files of different requirements, once for each pair of files.
fn in_several_files(
    sources: &[Source<'_>],
    told: &HashSet<(usize, usize)>,
    at: &At<'_>,
) -> Vec<LintFinding> {
    let mut known: HashMap<&str, (usize, &KeyReport)> = HashMap::new();
    let mut repeated = Repeated::default();
    let signers = sources.iter().enumerate();
    for (place, source) in signers.filter(|(_, source)| source.is_of_signers()) {
        for &(report, key) in &source.live {
            let (other, first) = *known.entry(key.id()).or_insert((place, report));
            if other != place && !told.contains(&(other, place)) {
                repeated.add(first, (report, key));
            }
        }
    }
    let findings = repeated.pairs.iter().filter_map(|pair| {
        let message = format!(
            "{}, which {} trusts",
            pair.repeats(),
            named_scope(Some(at.policy), &pair.first.uses.first()?.scope)
        );
        let mut finding = LintFinding::new(LintCode::KeyShared, message).step(
            "if one signer is meant, name one file in both places: then a new key has to be put there once; if two \
             are, ask each for a key of its own",
        );
        finding.level = LintLevel::Note;
        Some(at.first_use(finding, pair.report))
    });
    findings.collect()
}

/// Pairs of files with keys in common, in the order in which they were met.
#[derive(Default)]
struct Repeated<'a> {
    pairs: Vec<Pair<'a>>,
    places: HashMap<(&'a str, &'a str), usize>,
}

/// Two files, and how many keys both have.
struct Pair<'a> {
    first: &'a KeyReport,
    report: &'a KeyReport,
    /// One of the keys, as the second file has it.
    key: Held<'a>,
    others: usize,
}

impl<'a> Repeated<'a> {
    /// Notes that a key of a file is in another, unless that is the same.
    fn add(&mut self, first: &'a KeyReport, (report, key): Live<'a>) {
        let files = (first.origin.as_str(), report.origin.as_str());
        if files.0 == files.1 {
            return;
        }
        match self
            .places
            .get(&files)
            .and_then(|place| self.pairs.get_mut(*place))
        {
            // What was said of the file is not said for each requirement that names it.
            Some(pair) if std::ptr::eq(pair.report, report) => {
                pair.others = pair.others.saturating_add(1);
            }
            Some(_) => {}
            None => {
                self.places.insert(files, self.pairs.len());
                self.pairs.push(Pair {
                    first,
                    report,
                    key,
                    others: 0,
                });
            }
        }
    }
}

impl Pair<'_> {
    /// That the keys are in the first file, too: a sentence.
    fn repeats(&self) -> String {
        let key = self.key.name();
        let first = visible(&self.first.origin);
        match self.others {
            0 => format!("{key} is in {first}, too"),
            more => format!("{key} and {more} more of it are in {first}, too"),
        }
    }
}
