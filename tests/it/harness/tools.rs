//! Optional programs.

use std::io::Write;

/// Returns whether a program is installed. Prints a note if it is missing.
pub(crate) fn is_installed(program: &str) -> bool {
    let found = which::which(program).is_ok();
    if !found {
        // Writing to the stream directly bypasses the capture of test output.
        let _ = writeln!(
            std::io::stderr(),
            "{program} is not installed: not tested with it"
        );
    }
    found
}
