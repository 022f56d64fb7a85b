//! Text for people: what is not trusted within quotes, the nearest spelling of what was meant, and sentences beside what
//! programs read.

pub(crate) mod content;
pub(crate) mod hex;
pub(crate) mod name;
pub(crate) mod parsed;
pub(crate) mod quote;
pub(crate) mod recognise;
pub(crate) mod sentences;
pub(crate) mod suggest;
