//! Signatures and key files for the tests of this engine, without a valid signature value where none is needed.

use std::cell::OnceCell;
use std::rc::Rc;

use super::ENGINE;
use crate::engine::rules::certificate::keyblock::{Component, Node, Placed, UserName, What};
use crate::engine::rules::certificate::read::{Contents, ReadCopy, read};
use crate::engine::rules::signature::Signature;

/// An Ed25519 key with a user ID and a bound signing subkey.
pub(crate) const WITH_SUBKEY: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/testdata/conformance/keys/states/subkey-ed25519.gpg"
));

/// An Ed25519 key that has revoked itself.
pub(crate) const REVOKED: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/testdata/conformance/keys/ed25519-revoked.gpg"
));

/// A key whose revocation does not say who made it.
pub(crate) const REVOKED_BY_NOBODY: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/testdata/conformance/keys/revocations/issuer-none.gpg"
));

/// The body of a version 4 EdDSA signature over SHA-256 with these subpackets and integers of one octet.
pub(crate) fn packet(kind: u8, hashed: &[&[u8]], unhashed: &[&[u8]], value: u8) -> Vec<u8> {
    let area = |subpackets: &[&[u8]]| {
        let octets: Vec<u8> = subpackets
            .iter()
            .flat_map(|subpacket| [&[u8::try_from(subpacket.len()).unwrap()], *subpacket].concat())
            .collect();
        [
            &u16::try_from(octets.len()).unwrap().to_be_bytes(),
            &*octets,
        ]
        .concat()
    };
    let (hashed, unhashed) = (area(hashed), area(unhashed));
    let integers = [0, 8, value, 0, 8, 0xFF];
    [&[4, kind, 22, 8], &*hashed, &*unhashed, &[9, 9], &integers].concat()
}

/// The same, read.
pub(crate) fn signature(kind: u8, hashed: &[&[u8]], unhashed: &[&[u8]], value: u8) -> Signature {
    Signature::parse(&packet(kind, hashed, unhashed, value)).unwrap()
}

/// The body of a signature by nobody, over SHA-1.
pub(crate) fn over_sha1(kind: u8) -> Vec<u8> {
    let mut packet = packet(kind, &[&[2, 0x70, 0, 0, 0]], &[], 0x81);
    packet[3] = 2;
    packet
}

/// A signature in a place that it fits, made so many seconds after the epoch.
pub(crate) fn node(kind: u8, created: u8, value: u8) -> Node {
    let signature = signature(kind, &[&[2, 0, 0, 0, created]], &[], value);
    Node {
        placed: Rc::new(Placed {
            identity: signature.value_hash(),
            signature,
            fits: None,
            back: OnceCell::new(),
        }),
        good: true,
    }
}

/// When the signatures of these nodes were made.
pub(crate) fn times(nodes: &[Node]) -> Vec<u32> {
    let times = nodes.iter().map(|node| node.signature().created());
    times.map(Option::unwrap).collect()
}

/// A user ID with these signatures.
pub(crate) fn user(name: &str, signatures: Vec<Node>) -> Component<Node> {
    Component {
        what: Rc::new(What::User(UserName::Id(name.into()))),
        signatures,
    }
}

/// What a key file of binary form holds.
pub(crate) fn contents(octets: &[u8]) -> Contents {
    read(octets, "key file", ENGINE).unwrap()
}

/// The only certificate of a key file.
pub(crate) fn copy(octets: &[u8]) -> ReadCopy {
    let mut copies = contents(octets).copies;
    assert_eq!(copies.len(), 1, "{copies:?}");
    copies.remove(0)
}
