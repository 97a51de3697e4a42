//! Which process a process id stands for, even after the system gives the id to another process.

use std::io;

use serde::{Deserialize, Serialize};

#[cfg(unix)]
use super::game_process;
#[cfg(unix)]
use crate::base::signals::Signal;

/// A process, identified by its id and the time of its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessIdentity {
    /// The process id.
    pub pid: u32,
    /// The time of the start as the system reports it.
    started: String,
}

impl ProcessIdentity {
    /// Returns the identity of the process that has this id now; `None` when there is none, or it has ended.
    pub fn of(pid: u32) -> Option<Self> {
        let started = system::start_time(pid)?;
        Some(Self { pid, started })
    }

    /// Whether the process still runs. Another process with the same id does not count.
    pub fn is_running(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }

    /// Asks the process to end, or every process of its group if it leads one. A process that has ended is left alone, and
    /// so is another one with its id: the system gives out an id again only after all others, so none can take this one
    /// between the check and the signal.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn terminate(&self, leads_group: bool) -> io::Result<()> {
        if self.is_running() {
            terminate(self.pid, leads_group)
        } else {
            Ok(())
        }
    }
}

#[cfg(unix)]
fn terminate(pid: u32, leads_group: bool) -> io::Result<()> {
    game_process::send(Signal::Terminate, pid, leads_group)
}

/// Asks the program and its children to close their windows.
#[cfg(windows)]
fn terminate(pid: u32, _: bool) -> io::Result<()> {
    use std::process::{Command, Stdio};

    let mut command = Command::new("taskkill.exe");
    command.args(["/T", "/PID", &pid.to_string()]);
    if command.stdin(Stdio::null()).output()?.status.success() {
        Ok(())
    } else {
        Err(io::Error::other("it has no window that can be closed"))
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::fs;

    /// Returns the boot and the clock ticks between it and the start of the process.
    pub(super) fn start_time(pid: u32) -> Option<String> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name of the program may contain spaces and parentheses.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_whitespace();
        if matches!(fields.next()?, "Z" | "X") {
            return None;
        }
        // The 22nd field of the line; the state is the third.
        let ticks = fields.nth(18)?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Some(format!("{} {ticks}", boot.trim()))
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
mod system {
    use std::process::Command;

    /// Returns the date and time of the start of the process.
    pub(super) fn start_time(pid: u32) -> Option<String> {
        let mut command = Command::new("/bin/ps");
        command.args(["-o", "state=", "-o", "lstart=", "-p", &pid.to_string()]);
        let output = command.env("LC_ALL", "C").env("TZ", "UTC").output().ok()?;
        let line = String::from_utf8(output.stdout).ok()?;
        let (state, started) = line.trim().split_once(' ')?;
        (!state.starts_with('Z')).then(|| started.trim().to_owned())
    }
}

#[cfg(windows)]
mod system {
    use std::process::{Command, Stdio};

    /// Returns the file time of the start of the process.
    pub(super) fn start_time(pid: u32) -> Option<String> {
        let script = format!("(Get-Process -Id {pid}).StartTime.ToFileTimeUtc()");
        let mut command = Command::new("powershell.exe");
        command.args(["-NoProfile", "-NonInteractive", "-Command", &script]);
        let output = command.stdin(Stdio::null()).output().ok()?;
        let time = String::from_utf8(output.stdout).ok()?;
        let time = time.trim().to_owned();
        (!time.is_empty()).then_some(time)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_runs_until_it_has_ended_even_before_it_is_waited_for() {
        let mut child = Command::new("/bin/cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("a process");
        let identity = ProcessIdentity::of(child.id()).expect("an identity");
        assert!(identity.is_running());
        identity.terminate(false).expect("a signal");
        while identity.is_running() {
            std::thread::yield_now();
        }
        let status = child.wait().expect("a status");
        assert_eq!(game_process::code(status), 143);
        assert_eq!(ProcessIdentity::of(identity.pid), None);
        assert!(identity.terminate(false).is_ok());
    }

    #[test]
    fn another_process_with_the_same_id_gets_no_signal() {
        let own = ProcessIdentity::of(std::process::id()).expect("an identity");
        let other = ProcessIdentity {
            started: "long ago".to_owned(),
            ..own
        };
        assert!(!other.is_running());
        // The signal would end this test.
        other.terminate(false).expect("nothing to do");
    }
}
