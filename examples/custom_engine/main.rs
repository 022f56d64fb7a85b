//! Verifies an image with an engine of one's own: see `unanimous.rs` for the engine.
//!
//! ```text
//! custom_engine POLICY KEY_DIRECTORY IMAGE DIRECTORY
//! ```

mod unanimous;

use std::error::Error;
use std::sync::Arc;

use containers_sigpolicy::engine::{Engine, Sequoia};
use containers_sigpolicy::{DirSource, ImageName, Policy, Verifier};
use unanimous::Unanimous;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |what: &str| arguments.next().ok_or_else(|| format!("which {what}?"));
    let policy = Policy::from_file(argument("policy")?)?;
    let key_directory = argument("directory of keys")?;
    let name = ImageName::parse(&argument("image")?)?;
    let source = DirSource::open(argument("directory")?)?.with_name(name);

    // Any engines will do; with this build's one it asks the same twice.
    let sequoia: Arc<dyn Engine> = Arc::new(Sequoia::new());
    let verifier = Verifier::builder(policy)
        .engine(Unanimous::new(Arc::clone(&sequoia), vec![sequoia]))
        .key_directory(key_directory)
        .build();
    let accepted = verifier.verify(&source)?;
    print!("{}", accepted.report());
    Ok(())
}
