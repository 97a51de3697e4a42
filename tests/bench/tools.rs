//! Programs that a machine may not have.

use std::path::PathBuf;

/// What this machine does not have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Missing(pub(crate) &'static str);

/// A program on the `PATH`.
pub(crate) fn tool(name: &'static str) -> Result<PathBuf, Missing> {
    which::which(name).map_err(|_| Missing(name))
}
