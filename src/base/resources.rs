//! Checks that the limits of the system leave enough files and threads for a command.

use std::fs::File;
use std::io;
use std::thread;

/// How many more files a command has open at once at most, apart from downloads.
const FILES: usize = 24;
/// A file that every system has.
const NULL: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Checks that enough files can be opened. Libraries report this limit as something else.
///
/// # Errors
/// The error of the system.
pub fn check_files() -> io::Result<()> {
    let null = File::open(NULL)?;
    let files = (1..FILES).map(|_| null.try_clone());
    files.collect::<io::Result<Vec<_>>>()?;
    Ok(())
}

/// Checks that a thread can be started. Libraries panic at this limit.
///
/// # Errors
/// The error of the system.
pub fn check_threads() -> io::Result<()> {
    // The thread does nothing, so it cannot fail.
    let _ = thread::Builder::new().spawn(|| ())?.join();
    Ok(())
}

/// Returns whether a limit on files or threads caused an error.
#[cfg(unix)]
pub fn is_limit(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let errno = Errno::from_io_error(error);
    errno.is_some_and(|errno| [Errno::MFILE, Errno::NFILE, Errno::AGAIN].contains(&errno))
}

/// Returns whether a limit on files or threads caused an error.
#[cfg(not(unix))]
pub const fn is_limit(_: &io::Error) -> bool {
    false
}
