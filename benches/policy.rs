//! What the policy costs: reading it, and looking a scope up.
#![allow(
    missing_docs,
    reason = "criterion's macros write functions without a word"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a benchmark that panics has failed"
)]

use std::fmt::Write;

use containers_sigpolicy::{ImageName, Policy};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SIZES: [usize; 3] = [1, 100, 10_000];

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read a policy");
    for scopes in SIZES {
        let text = policy_text(scopes);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(scopes),
            &text,
            |bencher, text| {
                bencher.iter(|| Policy::from_slice(text.as_bytes()).expect("a valid policy"));
            },
        );
    }
}

fn look_up(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("look a scope up");
    let name = ImageName::parse("docker://registry.example/team-7/group/app/web:1.4.2")
        .expect("a valid name");
    for scopes in SIZES {
        let policy = Policy::from_slice(policy_text(scopes).as_bytes()).expect("a valid policy");
        group.bench_with_input(
            BenchmarkId::from_parameter(scopes),
            &policy,
            |bencher, policy| {
                bencher.iter(|| policy.requirements_for(&name));
            },
        );
    }
}

fn policy_text(scopes: usize) -> String {
    let mut text = String::from(r#"{"default":[{"type":"reject"}],"transports":{"docker":{"#);
    for index in 0..scopes {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}"registry.example/team-{index}":[{{"type":"signedBy","keyType":"GPGKeys","keyPath":"/etc/pki/team-{index}.gpg","signedIdentity":{{"type":"matchRepository"}}}}]"#
        );
    }
    text.push_str("}}}");
    text
}

criterion_group!(benches, read, look_up);
criterion_main!(benches);
