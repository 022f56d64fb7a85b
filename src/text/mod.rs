//! Text for people: what is not trusted within quotes, and the nearest spelling of what was meant.

pub(crate) mod content;
pub(crate) mod name;
pub(crate) mod parsed;
pub(crate) mod quote;
pub(crate) mod recognise;
pub(crate) mod suggest;
