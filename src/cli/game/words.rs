//! Words that options of a game take.

use clap::ValueEnum;

use crate::launch::find::Runner;
use crate::launch::variables::Format;

/// The values of `--runner`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RunnerName {
    /// This system when the game's program is made for it, else Wine
    #[default]
    Auto,
    /// This system
    Native,
    /// Wine
    #[cfg(not(windows))]
    Wine,
}

impl From<RunnerName> for Runner {
    fn from(name: RunnerName) -> Self {
        match name {
            RunnerName::Auto => Self::Auto,
            RunnerName::Native => Self::Native,
            #[cfg(not(windows))]
            RunnerName::Wine => Self::Wine,
        }
    }
}

/// The values of `--format`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// For `eval` in a POSIX shell (the default)
    #[default]
    Sh,
    /// For `source` in fish
    Fish,
    /// For `Invoke-Expression` in PowerShell
    Powershell,
    /// NAME=value lines, unquoted
    Env,
    /// One JSON object
    Json,
}

impl From<Shell> for Format {
    fn from(shell: Shell) -> Self {
        match shell {
            Shell::Sh => Self::Sh,
            Shell::Fish => Self::Fish,
            Shell::Powershell => Self::PowerShell,
            Shell::Env => Self::Env,
            Shell::Json => Self::Json,
        }
    }
}
