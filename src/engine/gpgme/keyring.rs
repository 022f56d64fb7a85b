//! One verification: the message's structure by us, the signature by gpg, the verdict by both.

use std::io::{self, Write};

use gpgme::{Context, Data};

use super::listing::Listing;
use super::verdict::{Checked, Verdict};
use super::worker::Workers;
use crate::engine::message::malformed;
use crate::engine::{Keyring, KeyringError, MAX_PAYLOAD_SIZE, Proven, Settings, message};

const VERIFY: &str = "verify a signature";

/// Keys in a home directory of their own.
#[derive(Debug)]
pub(super) struct GpgmeKeyring {
    workers: Workers,
    listing: Listing,
    settings: Settings,
}

impl GpgmeKeyring {
    pub(super) fn new(workers: Workers, listing: Listing, settings: Settings) -> Self {
        Self {
            workers,
            listing,
            settings,
        }
    }
}

impl GpgmeKeyring {
    /// Whether gpg still lists the keys. It says nothing at all about a message whose compressed
    /// data is damaged in some ways, which looks the same as a gpg that cannot be executed.
    fn gpg_works(&self) -> bool {
        !self.listing.is_empty()
            && self
                .workers
                .call(VERIFY, Listing::read)
                .is_ok_and(|called| {
                    called
                        .result
                        .is_ok_and(|listing| listing.has_keys_of(&self.listing))
                })
    }
}

impl Keyring for GpgmeKeyring {
    fn verify(&self, untrusted_blob: &[u8]) -> Result<Proven, KeyringError> {
        // gpg passes over what follows a compressed packet, and has no bound on what comes out of
        // it: so it gets only what is exactly one signature over one literal, and small.
        let message = message::read(untrusted_blob)?;
        let blob = untrusted_blob.to_vec();
        let called = self
            .workers
            .call(VERIFY, move |context| check(context, &blob))?;
        if called.status.is_empty() && self.gpg_works() {
            return Err(malformed("gpg gives it up without a word").into());
        }
        let verdict = Verdict {
            message: &message,
            listing: &self.listing,
            settings: self.settings,
            status: &called.status,
        };
        verdict.judge(called.result)
    }
}

/// Lets gpg check the message, and takes what libgpgme says of it.
fn check(context: &mut Context, blob: &[u8]) -> Result<Checked, gpgme::Error> {
    let mut output = Bounded(Vec::new());
    let result = {
        let output = Data::from_writer(&mut output).map_err(|error| error.error())?;
        context.verify_opaque(Data::from_buffer(blob)?, output)?
    };
    Ok(Checked::new(&result, output.0))
}

/// Output with a bound.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > MAX_PAYLOAD_SIZE {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
