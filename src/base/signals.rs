//! The signals that end the program, and dying of them.
//!
//! Handlers are installed by the commands that wait for something. Signals are caught, never ignored: a game would
//! inherit that they are ignored.

/// A request to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// `kill`, or the system shutting down.
    Terminate,
    /// The terminal went away.
    HangUp,
}

impl Signal {
    /// The signal's number on Unix; elsewhere the same numbers stand for the same requests.
    pub const fn number(self) -> i32 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}

pub use system::{Signals, die_of};

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{self, SignalKind};

    use super::Signal;

    /// Catches the signals until the program ends.
    #[derive(Debug)]
    pub struct Signals {
        interrupt: Option<unix::Signal>,
        terminate: Option<unix::Signal>,
        hang_up: Option<unix::Signal>,
    }

    impl Signals {
        /// Starts to catch. A signal that was ignored from the start (`nohup`, a background job) stays ignored.
        ///
        /// # Errors
        /// When the system has no room for a handler.
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

        /// The next signal.
        pub async fn next(&mut self) -> Signal {
            tokio::select! {
                () = caught(&mut self.interrupt) => Signal::Interrupt,
                () = caught(&mut self.terminate) => Signal::Terminate,
                () = caught(&mut self.hang_up) => Signal::HangUp,
            }
        }
    }

    async fn caught(signal: &mut Option<unix::Signal>) {
        if let Some(signal) = signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }

    /// The mask of signals that were ignored when the program was started; zero where the system does not tell.
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

    /// Ends the program by the signal itself, so that a shell's loop around it stops too. Gives the status that
    /// stands for it where that failed.
    pub fn die_of(signal: Signal) -> i32 {
        // An error leaves the status below, which says the same.
        let _ = signal_hook::low_level::emulate_default_handler(signal.number());
        128 + signal.number()
    }
}

#[cfg(windows)]
mod system {
    use std::io;

    use tokio::signal::windows;

    use super::Signal;

    /// Catches the console's events until the program ends.
    #[derive(Debug)]
    pub struct Signals {
        ctrl_c: windows::CtrlC,
        ctrl_break: windows::CtrlBreak,
        ctrl_close: windows::CtrlClose,
    }

    impl Signals {
        /// Starts to catch.
        ///
        /// # Errors
        /// When the system has no room for a handler.
        pub fn catch() -> io::Result<Self> {
            Ok(Self {
                ctrl_c: windows::ctrl_c()?,
                ctrl_break: windows::ctrl_break()?,
                ctrl_close: windows::ctrl_close()?,
            })
        }

        /// The next event.
        pub async fn next(&mut self) -> Signal {
            tokio::select! {
                _ = self.ctrl_c.recv() => Signal::Interrupt,
                _ = self.ctrl_break.recv() => Signal::Terminate,
                _ = self.ctrl_close.recv() => Signal::HangUp,
            }
        }
    }

    /// The status that stands for the signal: Windows has no dying of one.
    pub fn die_of(signal: Signal) -> i32 {
        128 + signal.number()
    }
}
