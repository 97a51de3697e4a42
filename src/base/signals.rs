//! The signals that end the program: catching them, and exiting as if they had not been caught.
//!
//! Commands that wait for something install the handlers. Signals are caught rather than ignored, because a game would
//! inherit ignored signals.

/// A request to end the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// `kill`, or the system is shutting down.
    Terminate,
    /// The terminal was closed.
    HangUp,
}

impl Signal {
    /// Returns the signal's number on Unix, which is used for exit statuses on every system.
    pub const fn number(self) -> i32 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}

pub use system::{Signals, exit_by_signal};

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{self, SignalKind};

    use super::Signal;

    /// The installed signal handlers.
    #[derive(Debug)]
    pub struct Signals {
        interrupt: Option<unix::Signal>,
        terminate: Option<unix::Signal>,
        hang_up: Option<unix::Signal>,
    }

    impl Signals {
        /// Installs the handlers. A signal that was ignored when the program started (`nohup`, a background job) stays
        /// ignored.
        ///
        /// # Errors
        /// The system's error when a handler cannot be installed.
        pub fn catch() -> io::Result<Self> {
            let ignored = ignored();
            let listen = |signal: Signal, kind| {
                let bit = 1_u64 << (signal.number() - 1);
                (ignored & bit == 0).then(|| unix::signal(kind)).transpose()
            };
            Ok(Self {
                interrupt: listen(Signal::Interrupt, SignalKind::interrupt())?,
                terminate: listen(Signal::Terminate, SignalKind::terminate())?,
                hang_up: listen(Signal::HangUp, SignalKind::hangup())?,
            })
        }

        /// Waits for the next signal.
        pub async fn next(&mut self) -> Signal {
            tokio::select! {
                () = caught(&mut self.interrupt) => Signal::Interrupt,
                () = caught(&mut self.terminate) => Signal::Terminate,
                () = caught(&mut self.hang_up) => Signal::HangUp,
            }
        }
    }

    /// Waits for one kind of signal, forever when it is ignored.
    async fn caught(signal: &mut Option<unix::Signal>) {
        if let Some(signal) = signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }

    /// Returns the bit mask of the signals that were ignored when the program started; zero on systems without `/proc`.
    fn ignored() -> u64 {
        std::fs::read_to_string("/proc/self/status")
            .ok()
            .and_then(|status| {
                let mask = status
                    .lines()
                    .find_map(|line| line.strip_prefix("SigIgn:"))?;
                u64::from_str_radix(mask.trim(), 16).ok()
            })
            .unwrap_or(0)
    }

    /// Ends the program by the default action of `signal`, so that a shell loop that runs it ends too. Returns the
    /// equivalent exit status when that fails.
    pub fn exit_by_signal(signal: Signal) -> i32 {
        // On an error the exit status below is used instead.
        let _ = signal_hook::low_level::emulate_default_handler(signal.number());
        128 + signal.number()
    }
}

#[cfg(windows)]
mod system {
    use std::io;

    use tokio::signal::windows;

    use super::Signal;

    /// The installed handlers of console events.
    #[derive(Debug)]
    pub struct Signals {
        ctrl_c: windows::CtrlC,
        ctrl_break: windows::CtrlBreak,
        ctrl_close: windows::CtrlClose,
    }

    impl Signals {
        /// Installs the handlers.
        ///
        /// # Errors
        /// The system's error when a handler cannot be installed.
        pub fn catch() -> io::Result<Self> {
            Ok(Self {
                ctrl_c: windows::ctrl_c()?,
                ctrl_break: windows::ctrl_break()?,
                ctrl_close: windows::ctrl_close()?,
            })
        }

        /// Waits for the next event.
        pub async fn next(&mut self) -> Signal {
            tokio::select! {
                _ = self.ctrl_c.recv() => Signal::Interrupt,
                _ = self.ctrl_break.recv() => Signal::Terminate,
                _ = self.ctrl_close.recv() => Signal::HangUp,
            }
        }
    }

    /// Returns the exit status for `signal`; Windows programs do not end by signals.
    pub fn exit_by_signal(signal: Signal) -> i32 {
        128 + signal.number()
    }
}
