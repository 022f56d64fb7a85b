//! An engine on GnuPG beside gpg by itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use sequoia_openpgp::cert::CipherSuite;

use super::engines::Shared;
use super::keys::{SUITES, Signed, image};
use super::times::{in_turns, microseconds, ratio};
use super::warm as evaluate;

/// One evaluation with keys that are imported already, beside one `gpg --verify` of the same signature.
pub fn warm(engine: &Shared) {
    let home = tempfile::tempdir().expect("a folder");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).expect("a folder of ours");
    let run = |arguments: &[&str]| {
        let status = Command::new("gpg")
            .args(["--batch", "--quiet", "--no-autostart", "--homedir"])
            .arg(home.path())
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.expect("gpg can be run").success());
    };
    let (name, suite): (&str, CipherSuite) = SUITES[0];
    let signed = Signed::by(suite);
    let file = |name: &str, octets: &[u8]| {
        let path = home.path().join(name);
        fs::write(&path, octets).expect("memory is enough");
        path.to_str().expect("a path").to_owned()
    };
    run(&["--import", &file("key", &signed.public())]);
    let blob = file("blob", &signed.blob(0));
    let verifier = signed.verifier(engine);
    let one = image(signed.blob(0));
    let [bare, ours] = in_turns(
        25,
        [&mut || run(&["--verify", &blob]), &mut || {
            evaluate(&verifier, &one);
        }],
    );
    println!(
        "  warm, {name}: {:>6} µs ÷ {:>6} µs of one gpg --verify = {:.2}",
        microseconds(ours),
        microseconds(bare),
        ratio(ours, bare)
    );
}
