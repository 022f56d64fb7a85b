//! The platform that this program runs on.

use std::env::consts;
use std::fs::File;
use std::io::Read;

use super::Platform;

/// Linux says of each processor what it is, the first one first.
const CPUINFO: &str = "/proc/cpuinfo";

/// What is said of the first processor is far shorter.
const MAX_CPUINFO_SIZE: u64 = 64 * 1024;

impl Platform {
    /// The platform that this program runs on: what it was built for, by Go's names; and for ARM the variant of the
    /// processor, found as containers/image does (`getCPUVariant` in `internal/pkg/platform`): `v7` and `v8` on macOS and
    /// Windows; on Linux what `/proc/cpuinfo` says of the first processor; else none. What an index says of versions and
    /// features of the operating system is not known of this one.
    ///
    /// A 32-bit program on a 64-bit processor runs on the 32-bit architecture.
    #[must_use]
    pub fn current() -> Self {
        let (os, architecture) = (
            go_os(consts::OS),
            go_architecture(consts::ARCH, cfg!(target_endian = "little")),
        );
        let platform = Self::new(os, architecture);
        match variant(os, architecture, cpuinfo) {
            Some(variant) => platform.with_variant(variant),
            None => platform,
        }
    }
}

/// `GOOS` for `std::env::consts::OS`. What is not here has the same name, or Go does not know it.
fn go_os(os: &'static str) -> &'static str {
    match os {
        "macos" => "darwin",
        "wasi" => "wasip1",
        same => same,
    }
}

/// `GOARCH` for `std::env::consts::ARCH`, which does not say the order of bytes. What is not here has the same name, or
/// Go does not know it.
fn go_architecture(architecture: &'static str, is_little_endian: bool) -> &'static str {
    match (architecture, is_little_endian) {
        ("x86", _) => "386",
        ("x86_64", _) => "amd64",
        ("aarch64", true) => "arm64",
        ("aarch64", false) => "arm64be",
        ("arm", false) => "armbe",
        ("mips", true) => "mipsle",
        ("mips64", true) => "mips64le",
        ("powerpc", _) => "ppc",
        ("powerpc64", true) => "ppc64le",
        ("powerpc64", false) => "ppc64",
        ("riscv32", _) => "riscv",
        ("loongarch64", _) => "loong64",
        ("wasm32", _) => "wasm",
        (same, _) => same,
    }
}

/// The variant of the processor. `cpuinfo` gives what Linux says of it.
fn variant(
    os: &str,
    architecture: &str,
    cpuinfo: impl FnOnce() -> Option<String>,
) -> Option<&'static str> {
    match (os, architecture) {
        ("darwin" | "windows", "arm64") => Some("v8"),
        ("darwin" | "windows", "arm") => Some("v7"),
        ("linux", "arm" | "arm64") => variant_by_cpuinfo(&cpuinfo()?),
        _ => None,
    }
}

/// The variant of an ARM processor by its `CPU architecture`. A Raspberry Pi Zero says 7 there and is a v6, which its
/// `model name` tells.
fn variant_by_cpuinfo(cpuinfo: &str) -> Option<&'static str> {
    let architecture = value(cpuinfo, "cpu architecture")?.to_ascii_lowercase();
    match architecture.as_str() {
        "8" | "aarch64" => Some("v8"),
        "7" => {
            let model = value(cpuinfo, "model name")?.to_ascii_lowercase();
            Some(if model.starts_with("armv6-compatible") {
                "v6"
            } else {
                "v7"
            })
        }
        "7m" | "?(12)" | "?(13)" | "?(14)" | "?(15)" | "?(16)" | "?(17)" => Some("v7"),
        "6" | "6tej" => Some("v6"),
        "5" | "5t" | "5te" | "5tej" => Some("v5"),
        "4" | "4t" => Some("v4"),
        "3" => Some("v3"),
        _ => None,
    }
}

/// The first value of this name, in whatever letter case: `CPU architecture: 8`.
fn value<'a>(cpuinfo: &'a str, name: &str) -> Option<&'a str> {
    cpuinfo.lines().find_map(|line| {
        let mut parts = line.split(':').map(str::trim);
        let is_meant = parts.next()?.eq_ignore_ascii_case(name);
        parts.next().filter(|_| is_meant)
    })
}

fn cpuinfo() -> Option<String> {
    let mut text = Vec::new();
    let file = File::open(CPUINFO).ok()?;
    file.take(MAX_CPUINFO_SIZE).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{go_architecture, go_os, variant};
    use crate::index::Platform;

    #[test]
    fn go_has_other_names() {
        for (rust, go) in [
            ("linux", "linux"),
            ("macos", "darwin"),
            ("windows", "windows"),
            ("freebsd", "freebsd"),
        ] {
            assert_eq!(go_os(rust), go);
        }
        for (rust, is_little_endian, go) in [
            ("x86_64", true, "amd64"),
            ("x86", true, "386"),
            ("aarch64", true, "arm64"),
            ("arm", true, "arm"),
            ("powerpc64", true, "ppc64le"),
            ("powerpc64", false, "ppc64"),
            ("mips64", true, "mips64le"),
            ("mips64", false, "mips64"),
            ("s390x", false, "s390x"),
            ("riscv64", true, "riscv64"),
            ("loongarch64", true, "loong64"),
        ] {
            assert_eq!(go_architecture(rust, is_little_endian), go, "{rust}");
        }
    }

    #[test]
    fn this_machine_has_a_platform() {
        let platform = Platform::current();
        if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            assert_eq!(platform, Platform::new("linux", "amd64"));
        }
        if cfg!(all(target_os = "linux", target_arch = "s390x")) {
            assert_eq!(platform, Platform::new("linux", "s390x"));
        }
        assert!(!platform.os().is_empty() && !platform.architecture().is_empty());
    }

    #[test]
    fn variants_are_found_as_containers_image_does() {
        let cpu = |architecture: &str, model: &str| {
            format!("processor\t: 0\nmodel name\t: {model}\nCPU architecture: {architecture}\n\n")
        };
        for (cpuinfo, found) in [
            (cpu("8", "Cortex-A72"), Some("v8")),
            (cpu("AArch64", "x"), Some("v8")),
            (cpu("7", "ARMv7 Processor rev 4 (v7l)"), Some("v7")),
            (
                cpu("7", "ARMv6-compatible processor rev 7 (v6l)"),
                Some("v6"),
            ),
            (cpu("7M", "x"), Some("v7")),
            (cpu("?(14)", "x"), Some("v7")),
            (cpu("6TEJ", "x"), Some("v6")),
            (cpu("5TE", "x"), Some("v5")),
            (cpu("4T", "x"), Some("v4")),
            (cpu("3", "x"), Some("v3")),
            (cpu("9", "x"), None),
            // The first processor counts.
            (cpu("8", "x") + &cpu("7", "x"), Some("v8")),
            ("CPU architecture: 7\n".to_owned(), None),
            ("model name: 7\n".to_owned(), None),
            ("CPU architecture\n".to_owned(), None),
            (String::new(), None),
        ] {
            for architecture in ["arm", "arm64"] {
                let variant = variant("linux", architecture, || Some(cpuinfo.clone()));
                assert_eq!(variant, found, "{cpuinfo}");
            }
            assert_eq!(variant("linux", "amd64", || Some(cpuinfo.clone())), None);
            assert_eq!(variant("freebsd", "arm64", || Some(cpuinfo.clone())), None);
        }
        assert_eq!(variant("linux", "arm", || None), None);
        assert_eq!(variant("darwin", "arm64", || None), Some("v8"));
        assert_eq!(variant("windows", "arm", || None), Some("v7"));
        assert_eq!(variant("windows", "amd64", || None), None);
    }
}
