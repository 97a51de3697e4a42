//! Programs that a machine may lack.

use std::io::Write;

/// Whether a program is installed; says so when a test has to do without it.
pub(crate) fn is_installed(program: &str) -> bool {
    let found = which::which(program).is_ok();
    if !found {
        // Past the capturing of a test's output, so that it is read.
        let _ = writeln!(
            std::io::stderr(),
            "{program} is not installed: not tested with it"
        );
    }
    found
}
