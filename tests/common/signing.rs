//! Messages signed by keys that a test makes itself.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::io::Write;
use std::time::SystemTime;

use sequoia_openpgp as openpgp;

use openpgp::cert::Cert;
use openpgp::policy::StandardPolicy;
use openpgp::serialize::stream::{Compressor, LiteralWriter, Message, Signer};

/// A message with this payload, signed by the certificate's key for signing at this time.
pub fn signed_by(cert: &Cert, payload: &[u8], at: SystemTime, compressed: bool) -> Vec<u8> {
    let policy = StandardPolicy::new();
    let keys = cert.keys().with_policy(&policy, at).secret();
    let key = keys.for_signing().next().unwrap();
    let mut blob = Vec::new();
    let mut message = Message::new(&mut blob);
    if compressed {
        message = Compressor::new(message).build().unwrap();
    }
    let message = Signer::new(message, key.key().clone().into_keypair().unwrap())
        .unwrap()
        .creation_time(at)
        .build()
        .unwrap();
    let mut literal = LiteralWriter::new(message).build().unwrap();
    literal.write_all(payload).unwrap();
    literal.finalize().unwrap();
    blob
}
