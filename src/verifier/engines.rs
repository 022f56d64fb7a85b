//! Which engine judges, and which ones are skipped.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use once_cell::sync::OnceCell;

use crate::engine::{
    Diagnosis, EngineDiagnosis, EngineError, EngineKind, Environment, Finding, Presumed, Selection,
};

/// The engine that judges: one of the caller's, or the first of several that works.
#[derive(Debug)]
pub(super) enum Engines {
    /// The caller's. If it fails, there is no verdict.
    Named(Arc<Selection>),
    /// The first that works, and if that fails at its work, the next.
    First {
        /// Where they look for what they need.
        environment: Environment,
        /// In which order they are tried.
        order: Vec<EngineKind>,
        /// The newest choice. An engine that fails ends it, and the next one begins.
        choice: Mutex<Arc<Choice>>,
    },
}

/// One choice, and which engines had failed at their work before it.
#[derive(Debug, Default)]
pub(super) struct Choice {
    failed: Vec<EngineDiagnosis>,
    /// The first engine of those that are left, found and not tried, for the first verdict.
    presumed: OnceCell<Option<(Presumed, Option<Arc<Selection>>)>>,
    /// Made by the first thread that needs it, while the others wait for it; an error is not kept.
    chosen: OnceCell<Arc<Selection>>,
}

/// What came of work that an engine did, which may have failed at it.
pub(super) trait MayBeOfEngine {
    /// What the engine could not do, if that is what came of it.
    fn engine_error(&self) -> Option<&EngineError>;
}

impl<T, E: MayBeOfEngine> MayBeOfEngine for Result<T, E> {
    fn engine_error(&self) -> Option<&EngineError> {
        self.as_ref().err().and_then(E::engine_error)
    }
}

impl Engines {
    /// The engine that the caller has chosen.
    pub(super) fn named(selection: Selection) -> Self {
        Self::Named(Arc::new(selection))
    }

    /// The first engine of `order` that works.
    pub(super) fn first(environment: Environment, order: Vec<EngineKind>) -> Self {
        Self::First {
            environment,
            order,
            choice: Mutex::default(),
        }
    }

    /// Does `work` as [`try_each`](Self::try_each) does, the first time with an engine that is not tried before: work that
    /// `proves` that it works is all the trial that it needs. Any other work counts only if the trial succeeds afterwards,
    /// so that whatever is wrong with an engine is found, and told, as if it had been tried first.
    ///
    /// # Errors
    ///
    /// Those of [`try_each`](Self::try_each).
    pub(super) fn try_each_at_work<T: MayBeOfEngine>(
        &self,
        mut work: impl FnMut(&Arc<Selection>) -> T,
        proves: impl Fn(&T) -> bool,
    ) -> Result<T, EngineError> {
        let Some((selection, choice)) = self.presumed() else {
            return self.try_each(work);
        };
        let result = work(&selection);
        if proves(&result) {
            // Unless another thread has chosen meanwhile: what is proven here stays so.
            let _ = choice.chosen.set(selection);
            return Ok(result);
        }
        match self.current() {
            Ok(chosen) if Arc::ptr_eq(&chosen, &selection) => {
                if self.skip_after(&selection, result.engine_error()) {
                    self.try_others(Some(result), work)
                } else {
                    Ok(result)
                }
            }
            _ => self.try_each(work),
        }
    }

    /// Does `work` with the engine, and where that fails and was not named by the caller, with the
    /// next one. An engine that has failed is not tried again until [`Engines::forget`], so that no
    /// other image waits for it; unless there is no other one that works. What the last one that was tried made of it.
    ///
    /// # Errors
    ///
    /// [`EngineError::NoneUsable`] or [`EngineError::NoneCompiledIn`], if there was none to try.
    pub(super) fn try_each<T: MayBeOfEngine>(
        &self,
        work: impl FnMut(&Arc<Selection>) -> T,
    ) -> Result<T, EngineError> {
        self.try_others(None, work)
    }

    /// The same, where `failed` has come of an engine already.
    fn try_others<T: MayBeOfEngine>(
        &self,
        mut failed: Option<T>,
        mut work: impl FnMut(&Arc<Selection>) -> T,
    ) -> Result<T, EngineError> {
        loop {
            let selection = match (self.current(), failed) {
                (Ok(selection), _) => selection,
                (Err(error), None) => return Err(error),
                (Err(_), Some(failed)) => {
                    self.forget();
                    return Ok(failed);
                }
            };
            let result = work(&selection);
            if !self.skip_after(&selection, result.engine_error()) {
                return Ok(result);
            }
            failed = Some(result);
        }
    }

    /// Forgets which engines have failed, and which was chosen.
    pub(super) fn forget(&self) {
        if let Self::First { choice, .. } = self {
            *lock(choice) = Arc::default();
        }
    }

    /// The engine, chosen now if it is the first time; if none works, the next call tries again.
    fn current(&self) -> Result<Arc<Selection>, EngineError> {
        let (environment, order, choice) = match self {
            Self::Named(selection) => return Ok(Arc::clone(selection)),
            Self::First {
                environment,
                order,
                choice,
            } => (environment, order, choice),
        };
        if !order.iter().any(|kind| kind.is_compiled_in()) {
            return Err(EngineError::NoneCompiledIn);
        }
        // Not locked while engines are tried, which takes seconds if one hangs.
        let choice = Arc::clone(&lock(choice));
        let chosen = choice
            .chosen
            .get_or_try_init(|| choice.choose(environment, order));
        if chosen.is_err() {
            self.look_again_after(&choice);
        }
        chosen.map(Arc::clone)
    }

    /// Forgets what was found for a choice, of which nothing came.
    fn look_again_after(&self, in_vain: &Arc<Choice>) {
        let Self::First { choice, .. } = self else {
            return;
        };
        let mut choice = lock(choice);
        if Arc::ptr_eq(&choice, in_vain) {
            *choice = Arc::new(Choice {
                failed: in_vain.failed.clone(),
                ..Choice::default()
            });
        }
    }

    /// The first engine of those that are left, if none is chosen yet and trying it out would take processes.
    fn presumed(&self) -> Option<(Arc<Selection>, Arc<Choice>)> {
        let Self::First {
            environment,
            order,
            choice,
        } = self
        else {
            return None;
        };
        let choice = Arc::clone(&lock(choice));
        if choice.chosen.get().is_some() {
            return None;
        }
        let presumed = choice.presumed.get_or_init(|| {
            let kind = *choice.untried(order).first()?;
            let presumed = environment.presume(kind)?;
            let selection = presumed.engine().map(|engine| {
                event!(
                    engine = engine.name(),
                    version = engine.version(),
                    skipped = choice.failed.len(),
                    "chose the engine"
                );
                Arc::new(Selection {
                    engine,
                    skipped: choice.failed.clone(),
                })
            });
            Some((presumed, selection))
        });
        let (_, selection) = presumed.as_ref()?;
        let selection = selection.as_ref().map(Arc::clone)?;
        Some((selection, choice))
    }

    /// Whether another engine is to be tried after this error.
    fn skip_after(&self, selection: &Arc<Selection>, error: Option<&EngineError>) -> bool {
        let (Self::First { choice, .. }, Some(error)) = (self, error) else {
            return false;
        };
        // Of which no other engine knows more.
        if matches!(error, EngineError::Clock(_)) {
            return false;
        }
        let Some(engine) = EngineKind::from_name(selection.engine.name()) else {
            return false;
        };
        let mut choice = lock(choice);
        // Unless another thread has met the same.
        if choice
            .chosen
            .get()
            .is_some_and(|current| Arc::ptr_eq(current, selection))
        {
            let mut diagnosis = EngineDiagnosis::new(engine);
            diagnosis.version = Some(selection.engine.version());
            diagnosis.cause = Some(Finding::FailedAtWork {
                engine,
                detail: error.with_causes(),
            });
            event!(%engine, error = error.with_causes(), "an engine failed at its work");
            let failed = choice.failed.iter().cloned().chain([diagnosis]).collect();
            *choice = Arc::new(Choice {
                failed,
                ..Choice::default()
            });
        }
        true
    }
}

impl Choice {
    /// The engines of `order` that have not failed.
    fn untried(&self, order: &[EngineKind]) -> Vec<EngineKind> {
        untried(order, &self.failed)
    }

    /// The first engine of `order` that works: the presumed one, if it is confirmed.
    fn choose(
        &self,
        environment: &Environment,
        order: &[EngineKind],
    ) -> Result<Arc<Selection>, EngineError> {
        let mut failed = self.failed.clone();
        if let Some(Some((presumed, selection))) = self.presumed.get() {
            match (presumed.confirm(), selection) {
                (Ok(true), Some(selection)) => return Ok(Arc::clone(selection)),
                // Another program does its work.
                (Ok(_), _) => {}
                (Err(found), _) => failed.push(*found),
            }
        }
        choose(environment, order, &failed)
    }
}

fn untried(order: &[EngineKind], failed: &[EngineDiagnosis]) -> Vec<EngineKind> {
    let has_failed = |kind: &EngineKind| failed.iter().any(|failed| failed.engine == *kind);
    order
        .iter()
        .copied()
        .filter(|kind| !has_failed(kind))
        .collect()
}

/// The first engine of `order` that works and has not `failed`.
fn choose(
    environment: &Environment,
    order: &[EngineKind],
    failed: &[EngineDiagnosis],
) -> Result<Arc<Selection>, EngineError> {
    let untried = untried(order, failed);
    let in_order = |others: Vec<EngineDiagnosis>| {
        let mut all: Vec<EngineDiagnosis> = failed.iter().cloned().chain(others).collect();
        all.sort_by_key(|found| order.iter().position(|kind| *kind == found.engine));
        all
    };
    match environment.select(&untried) {
        Ok(mut selection) => {
            selection.skipped = in_order(selection.skipped);
            event!(
                engine = selection.engine.name(),
                version = selection.engine.version(),
                skipped = selection.skipped.len(),
                "chose the engine"
            );
            Ok(Arc::new(selection))
        }
        Err(EngineError::NoneUsable { diagnosis }) => Err(EngineError::NoneUsable {
            diagnosis: Box::new(Diagnosis {
                engines: in_order(diagnosis.engines),
            }),
        }),
        Err(error) => Err(error),
    }
}

fn lock(choice: &Mutex<Arc<Choice>>) -> MutexGuard<'_, Arc<Choice>> {
    choice.lock().unwrap_or_else(PoisonError::into_inner)
}
