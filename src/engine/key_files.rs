//! Key files as they are opened, each once for all that read it.

use crate::engine::{KeyMaterial, KeyWarning, MAX_KEY_FILE_SIZE};
use crate::openpgp::armor;
use crate::openpgp::releases::read_on_by_some;

/// A key file that was opened.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    /// Where it is from, and its bytes.
    pub(super) material: KeyMaterial<'a>,
    /// What is in it; a sentence that says why no keys are.
    pub(super) file: Result<armor::KeyFile<'a>, String>,
    /// Why nothing in any key file counts, if so: it contains a damaged block of which releases of GnuPG read a part
    /// before they see the damage, each a different one. That part may revoke a key in another file.
    pub(super) read_in_part: Option<String>,
}

/// Opens key files: each is binary itself, or holds armored blocks.
pub(super) fn open<'a>(keys: &[KeyMaterial<'a>]) -> Vec<Opened<'a>> {
    keys.iter()
        .map(|material| {
            let (file, read_in_part) = armor::read(material.bytes, MAX_KEY_FILE_SIZE);
            Opened {
                material: *material,
                file,
                read_in_part,
            }
        })
        .collect()
}

/// Why nothing in these key files counts, if so: one release of GnuPG reads on where another stops reading the file.
/// What follows may be a key, or the revocation of one in another file.
pub(in crate::engine) fn of_key_files(files: &[Opened<'_>]) -> Option<KeyWarning> {
    let reads_on = |opened: &Opened<'_>| {
        let file = opened.file.as_ref().ok()?;
        let detail = read_on_by_some(&file.octets)?;
        Some(format!("{detail}, so no other key counts either"))
    };
    let read_in_part = |opened: &Opened<'_>| opened.read_in_part.clone();
    let found = |why: &dyn Fn(&Opened<'_>) -> Option<String>| {
        files
            .iter()
            .find_map(|opened| Some((opened.material.origin, why(opened)?)))
    };
    let (origin, detail) = found(&reads_on).or_else(|| found(&read_in_part))?;
    Some(KeyWarning::NoKeyFound {
        origin: origin.to_owned(),
        detail,
        found: None,
    })
}
