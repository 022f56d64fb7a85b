//! Choosing an engine that works.

use std::sync::Arc;

#[cfg(feature = "_gnupg")]
use crate::engine::untried::Untried;
use crate::engine::{Diagnosis, Engine, EngineDiagnosis, EngineError, EngineKind, Environment};

impl Environment {
    /// Tries every engine of the crate, in the default order, and says what it found.
    ///
    /// If the build has an engine on GnuPG, gpg imports a built-in key in an empty home directory, and
    /// verifies a built-in signature by it; leaves no process and no file behind.
    #[must_use]
    pub fn probe(&self) -> Diagnosis {
        Diagnosis {
            engines: EngineKind::DEFAULT_ORDER
                .iter()
                .map(|kind| self.try_engine(*kind).0)
                .collect(),
        }
    }

    /// The first engine of `order` that works.
    ///
    /// # Errors
    ///
    /// [`EngineError::NoneUsable`] with the diagnosis of each engine of `order`, if none does.
    pub fn select(&self, order: &[EngineKind]) -> Result<Selection, EngineError> {
        let mut skipped = Vec::new();
        for kind in order {
            match self.try_engine(*kind) {
                (_, Some(engine)) => {
                    return Ok(Selection { engine, skipped });
                }
                (diagnosis, None) => skipped.push(diagnosis),
            }
        }
        Err(EngineError::NoneUsable {
            diagnosis: Box::new(Diagnosis { engines: skipped }),
        })
    }

    /// The engine of this kind, to be put to work before it is tried out, or what keeps it from that. `None` of one that
    /// needs no trial.
    #[cfg_attr(
        not(feature = "_gnupg"),
        expect(clippy::unused_self, reason = "only gpg is looked for")
    )]
    pub(crate) fn presume(&self, kind: EngineKind) -> Option<Presumed> {
        #[cfg(feature = "gpgme")]
        if kind == EngineKind::Gpgme {
            return Some(Presumed::of(crate::engine::Gpgme::with_environment(
                self.clone(),
            )));
        }
        #[cfg(feature = "gpg")]
        if kind == EngineKind::Gpg {
            return Some(Presumed::of(crate::engine::Gpg::with_environment(
                self.clone(),
            )));
        }
        let _ = kind;
        None
    }

    fn try_engine(&self, kind: EngineKind) -> (EngineDiagnosis, Option<Arc<dyn Engine>>) {
        match kind {
            #[cfg(feature = "gpgme")]
            EngineKind::Gpgme => {
                let engine = crate::engine::Gpgme::with_environment(self.clone());
                usable(engine.diagnose(), engine)
            }
            #[cfg(feature = "gpg")]
            EngineKind::Gpg => {
                let engine = crate::engine::Gpg::with_environment(self.clone());
                usable(engine.diagnose(), engine)
            }
            #[cfg(feature = "_native")]
            EngineKind::Native => always(kind, crate::engine::Native::new()),
            #[cfg(feature = "sequoia")]
            EngineKind::Sequoia => always(kind, crate::engine::Sequoia::new()),
            #[cfg(not(all(
                feature = "gpgme",
                feature = "gpg",
                feature = "_native",
                feature = "sequoia"
            )))]
            _ => (EngineDiagnosis::new(kind), None),
        }
    }
}

/// An engine that was looked for, and not tried.
#[derive(Debug)]
pub(crate) enum Presumed {
    /// It is there.
    #[cfg(feature = "_gnupg")]
    Found(Box<dyn Untried>),
    /// It is not, or cannot be used.
    #[cfg(feature = "_gnupg")]
    Missing(Box<EngineDiagnosis>),
}

impl Presumed {
    #[cfg(feature = "_gnupg")]
    fn of(engine: impl Untried + 'static) -> Self {
        let diagnosis = engine.look();
        if diagnosis.is_usable() {
            Self::Found(Box::new(engine))
        } else {
            Self::Missing(Box::new(diagnosis))
        }
    }

    /// The engine, if it is there.
    pub(crate) fn engine(&self) -> Option<Arc<dyn Engine>> {
        match *self {
            #[cfg(feature = "_gnupg")]
            Self::Found(ref engine) => Some(engine.engine()),
            #[cfg(feature = "_gnupg")]
            Self::Missing(_) => None,
        }
    }

    /// Tries the engine out: whether what does its work is what was found.
    ///
    /// # Errors
    ///
    /// Why it does not work.
    pub(crate) fn confirm(&self) -> Result<bool, Box<EngineDiagnosis>> {
        match *self {
            #[cfg(feature = "_gnupg")]
            Self::Found(ref engine) => engine.confirm(),
            #[cfg(feature = "_gnupg")]
            Self::Missing(ref diagnosis) => Err(diagnosis.clone()),
        }
    }
}

/// The engine, if its diagnosis says that it works.
#[cfg(feature = "_gnupg")]
fn usable(
    diagnosis: EngineDiagnosis,
    engine: impl Engine + 'static,
) -> (EngineDiagnosis, Option<Arc<dyn Engine>>) {
    let works = diagnosis.is_usable();
    (
        diagnosis,
        works.then(|| Arc::new(engine) as Arc<dyn Engine>),
    )
}

/// An engine that needs nothing from the system, and so works.
#[cfg(feature = "_rules")]
fn always(
    kind: EngineKind,
    engine: impl Engine + 'static,
) -> (EngineDiagnosis, Option<Arc<dyn Engine>>) {
    let mut diagnosis = EngineDiagnosis::new(kind);
    diagnosis.version = Some(engine.version());
    (diagnosis, Some(Arc::new(engine)))
}

/// The engine that was chosen, and those that were tried before it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Selection {
    /// The first engine that works.
    pub engine: Arc<dyn Engine>,
    /// The engines that were tried before it, each with why it does not work.
    pub skipped: Vec<EngineDiagnosis>,
}

/// An engine of the caller's choice, before which none was tried.
impl<E: Engine + 'static> From<E> for Selection {
    fn from(engine: E) -> Self {
        Self::from(Arc::new(engine))
    }
}

/// An engine of the caller's choice that is shared with others.
impl<E: Engine + 'static> From<Arc<E>> for Selection {
    fn from(engine: Arc<E>) -> Self {
        Self::from(engine as Arc<dyn Engine>)
    }
}

/// An engine of the caller's choice that is shared with others.
impl From<Arc<dyn Engine>> for Selection {
    fn from(engine: Arc<dyn Engine>) -> Self {
        Self {
            engine,
            skipped: Vec::new(),
        }
    }
}

/// Tries every engine of the crate, as the environment is: [`Environment::probe`].
#[must_use]
pub fn probe() -> Diagnosis {
    Environment::from_env().probe()
}

/// The first engine of `order` that works, as the environment is: [`Environment::select`].
///
/// # Errors
///
/// [`EngineError::NoneUsable`] if none does, with the reason of each.
pub fn select(order: &[EngineKind]) -> Result<Selection, EngineError> {
    Environment::from_env().select(order)
}
