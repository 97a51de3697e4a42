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
    /// Ctrl-\.
    Quit,
    /// A timer of the system or of the program that started this one.
    Alarm,
    /// A signal without a fixed meaning.
    User,
    /// The limit of processor time is reached.
    CpuLimit,
}

impl Signal {
    /// Returns the signal's number on Unix, which is used for exit statuses on every system.
    pub const fn number(self) -> i32 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
            Self::Quit => 3,
            Self::Alarm => 14,
            Self::User if cfg!(any(target_os = "linux", target_os = "android")) => 10,
            Self::User => 30,
            Self::CpuLimit => 24,
        }
    }
}

pub use system::{Resizes, Signals, exit_by_signal, handle_stops};

#[cfg(unix)]
mod system {
    use std::future::poll_fn;
    use std::io;
    use std::sync::LazyLock;
    use std::task::Poll;

    use rustix::process::{Signal as Stop, getpid, kill_process};
    use tokio::signal::unix::{self, SignalKind};

    use super::Signal;

    /// The signals that are caught. The default action of each ends the program, which would leave the terminal without
    /// echo at a hidden prompt.
    const CAUGHT: [Signal; 7] = [
        Signal::Interrupt,
        Signal::Terminate,
        Signal::HangUp,
        Signal::Quit,
        Signal::Alarm,
        Signal::User,
        Signal::CpuLimit,
    ];

    /// The installed signal handlers.
    #[derive(Debug)]
    pub struct Signals(Vec<(Signal, unix::Signal)>);

    impl Signals {
        /// Installs the handlers. A signal that was ignored when the program started (`nohup`, a background job) stays
        /// ignored.
        ///
        /// # Errors
        /// The system's error when a handler cannot be installed.
        pub fn catch() -> io::Result<Self> {
            let is_heard = |signal: &Signal| *IGNORED & (1_u64 << (signal.number() - 1)) == 0;
            let handlers = CAUGHT.into_iter().filter(is_heard).map(|signal| {
                let kind = SignalKind::from_raw(signal.number());
                Ok((signal, unix::signal(kind)?))
            });
            Ok(Self(handlers.collect::<io::Result<_>>()?))
        }

        /// Waits for the next signal, forever when all are ignored.
        pub async fn next(&mut self) -> Signal {
            poll_fn(|context| {
                for (signal, handler) in &mut self.0 {
                    if handler.poll_recv(context) == Poll::Ready(Some(())) {
                        return Poll::Ready(*signal);
                    }
                }
                Poll::Pending
            })
            .await
        }
    }

    /// Changes of the terminal's size.
    #[derive(Debug)]
    pub struct Resizes(Option<unix::Signal>);

    impl Resizes {
        /// Notices changes from now on. None is noticed where the handler cannot be installed.
        pub fn catch() -> Self {
            Self(unix::signal(SignalKind::window_change()).ok())
        }

        /// Waits for the next change.
        pub async fn next(&mut self) {
            match &mut self.0 {
                Some(changes) => drop(changes.recv().await),
                None => std::future::pending().await,
            }
        }
    }

    /// Calls `before` when Ctrl-Z stops the program and `after` when it continues, until the runtime ends.
    ///
    /// # Errors
    /// The system's error when a handler cannot be installed.
    pub fn handle_stops(before: fn(), after: fn()) -> io::Result<()> {
        let stop = SignalKind::from_raw(Stop::TSTP.as_raw());
        if *IGNORED & (1_u64 << (Stop::TSTP.as_raw() - 1)) != 0 {
            return Ok(());
        }
        let mut stops = unix::signal(stop)?;
        let mut continues = unix::signal(SignalKind::from_raw(Stop::CONT.as_raw()))?;
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = stops.recv() => {
                        before();
                        // This signal stops the program as well, has no handler, and does nothing where no shell could
                        // continue the program. SIGSTOP would stop it there for ever.
                        let _ = kill_process(getpid(), Stop::TTIN);
                        after();
                    }
                    _ = continues.recv() => after(),
                }
            }
        });
        Ok(())
    }

    /// The bit mask of the signals that were ignored when the program started; zero on systems without `/proc`. Read once,
    /// because the system composes the whole file for each reader.
    static IGNORED: LazyLock<u64> = LazyLock::new(|| {
        std::fs::read_to_string("/proc/self/status")
            .ok()
            .and_then(|status| {
                let mask = status
                    .lines()
                    .find_map(|line| line.strip_prefix("SigIgn:"))?;
                u64::from_str_radix(mask.trim(), 16).ok()
            })
            .unwrap_or(0)
    });

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

    /// Changes of the terminal's size, which this system does not report.
    #[derive(Debug)]
    pub struct Resizes;

    impl Resizes {
        /// Notices nothing.
        pub fn catch() -> Self {
            Self
        }

        /// Waits for ever.
        pub async fn next(&mut self) {
            std::future::pending().await
        }
    }

    /// Does nothing: Windows has no such signal.
    ///
    /// # Errors
    /// Never.
    pub fn handle_stops(_before: fn(), _after: fn()) -> io::Result<()> {
        Ok(())
    }

    /// Returns the exit status for `signal`; Windows programs do not end by signals.
    pub fn exit_by_signal(signal: Signal) -> i32 {
        128 + signal.number()
    }
}
