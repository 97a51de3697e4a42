//! Optional programs.

use std::path::PathBuf;

/// The name of a missing program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Missing(pub(crate) &'static str);

/// Finds a program on the `PATH`.
pub(crate) fn tool(name: &'static str) -> Result<PathBuf, Missing> {
    which::which(name).map_err(|_| Missing(name))
}
