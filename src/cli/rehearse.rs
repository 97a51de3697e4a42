//! `playcookie rehearse`.

use std::num::NonZeroU32;

use clap::{Args, Subcommand, ValueEnum};

use super::deferred::Deferred;
use super::districts::Districts;
use super::game::Play;
use super::status::WatchOption;
use super::values::{GameName, port, whole};
use crate::base::failure::Failure;
use crate::stand_in::{Fault, LoginRefusal, Version};

/// The error of `--api`.
const OWN_SERVER: &str =
    "--api cannot be used with rehearse, which talks to its own stand-in server";

/// The arguments of `rehearse`.
#[derive(Debug, Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Any name and password are accepted; don't type a real password.\n\
    Without these options: a code and a short queue, where the game has them."
)]
pub struct Rehearse {
    /// The game to rehearse
    #[arg(value_name = "GAME", required_unless_present = "serve")]
    pub game: Option<GameName>,
    /// Require a two-factor code (ttcc: an approval)
    #[arg(long, help_heading = "Rehearsal")]
    pub two_factor: bool,
    /// The number of players in front of you
    ///
    /// One is admitted each second.
    #[arg(long, value_name = "N", value_parser = whole::<u32>, help_heading = "Rehearsal")]
    pub queue: Option<u32>,
    /// What is refused.
    #[command(flatten)]
    pub refuse: RefuseOption,
    /// Only run the server; print the --api option that leads to it, and each request
    #[arg(long, help_heading = "Rehearsal", hide_short_help = true)]
    pub serve: bool,
    /// The port of the server, with --serve [default: any free port]
    #[arg(
        long,
        value_name = "N",
        value_parser = port,
        requires = "serve",
        help_heading = "Rehearsal",
        hide_short_help = true
    )]
    pub port: Option<u16>,
    /// Read the PIN from the first line of standard input (scid)
    #[arg(long, help_heading = "Rehearsal", hide_short_help = true)]
    pub pin_stdin: bool,
    /// What can be downloaded.
    #[command(flatten)]
    pub files: FileOptions,
    /// The options of `play`.
    #[command(flatten)]
    pub play: Play,
    /// What is rehearsed instead of playing.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// The verbs of `rehearse`.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Watch invented districts
    #[command(override_usage = "playcookie rehearse <GAME> districts [OPTIONS]")]
    Districts(Deferred<Districts>),
    /// Show the status of the stand-in server
    #[command(override_usage = "playcookie rehearse <GAME> status [OPTIONS]")]
    Status(StatusArguments),
    /// Install a small game into a temporary folder, and update it
    #[command(override_usage = "playcookie rehearse <GAME> update [OPTIONS]")]
    Update(FaultOptions),
}

/// The arguments of `rehearse GAME status`.
#[derive(Debug, Clone, Copy, Args)]
pub struct StatusArguments {
    /// Whether the status is requested again and again.
    #[command(flatten)]
    pub watch: WatchOption,
    /// What is refused.
    #[command(flatten)]
    pub refuse: RefuseOption,
}

/// Why the stand-in server refuses logins, if it does.
#[derive(Debug, Clone, Copy, Args)]
pub struct RefuseOption {
    /// Refuse the login, for this reason [default: password]
    #[arg(
        long = "refuse",
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "password",
        help_heading = "Rehearsal"
    )]
    pub reason: Option<RefusalName>,
}

/// The value of `--refuse`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RefusalName {
    /// The password is wrong (scid: the PIN belongs to no account)
    Password,
    /// The account is banned
    Banned,
    /// The game is closed
    Closed,
    /// There are too many players or requests
    Busy,
}

impl From<RefusalName> for LoginRefusal {
    fn from(name: RefusalName) -> Self {
        match name {
            RefusalName::Password => Self::Password,
            RefusalName::Banned => Self::Banned,
            RefusalName::Closed => Self::Closed,
            RefusalName::Busy => Self::Busy,
        }
    }
}

/// The small game that the stand-in server publishes, and what goes wrong with downloads.
#[derive(Debug, Clone, Copy, Args)]
pub struct FileOptions {
    /// Which version of a small game can be downloaded
    #[arg(
        long,
        value_name = "VERSION",
        default_value = "2",
        help_heading = "Rehearsal",
        hide_short_help = true
    )]
    pub published: VersionName,
    /// What goes wrong with downloads.
    #[command(flatten)]
    pub faults: FaultOptions,
}

/// What goes wrong with downloads.
#[derive(Debug, Clone, Copy, Args)]
pub struct FaultOptions {
    /// Cut each download off after this many bytes; it can be resumed
    #[arg(
        long,
        value_name = "BYTES",
        value_parser = whole::<u32>,
        help_heading = "Rehearsal",
        hide_short_help = true
    )]
    pub cut: Option<u32>,
    /// Damage this many downloads, from the first on
    #[arg(
        long,
        value_name = "N",
        value_parser = whole::<u32>,
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Rehearsal",
        hide_short_help = true
    )]
    pub corrupt: u32,
    /// The speed of downloads in KiB per second
    #[arg(
        long,
        value_name = "KIB",
        value_parser = whole::<NonZeroU32>,
        help_heading = "Rehearsal",
        hide_short_help = true
    )]
    pub slow: Option<NonZeroU32>,
}

/// The value of `--published`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VersionName {
    /// The first
    #[value(name = "1")]
    First,
    /// The second
    #[value(name = "2")]
    Second,
}

impl From<VersionName> for Version {
    fn from(name: VersionName) -> Self {
        match name {
            VersionName::First => Self::First,
            VersionName::Second => Self::Second,
        }
    }
}

impl FaultOptions {
    /// Converts these options for the stand-in server.
    pub const fn fault(self) -> Fault {
        Fault {
            cut: self.cut,
            corrupt: self.corrupt,
            slow: self.slow,
        }
    }
}

impl Rehearse {
    /// Checks what clap cannot check.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let account = &self.play.account;
        let is_remembered = !account.accounts.is_empty() || !account.group.is_empty();
        if is_remembered || account.save.is_some() {
            return Err(Failure::usage(
                "a rehearsal has no remembered accounts and saves nothing",
                "leave the account, --group and --save out; any username is accepted",
            ));
        }
        if self.play.server.api.is_some() {
            return Err(Failure::usage(
                OWN_SERVER,
                "leave --api out, or log in with `playcookie ttr --api …`",
            ));
        }
        if self.play.start.update {
            self.check_files()?;
        }
        self.verb
            .as_ref()
            .map_or(Ok(()), |verb| self.check_verb(verb))
    }

    /// Checks the options of an update: its files go to a temporary folder.
    fn check_files(&self) -> Result<(), Failure> {
        let start = &self.play.start;
        if start.game_dir.is_some() || start.exe.is_some() {
            return Err(Failure::usage(
                "a rehearsal installs and updates in a temporary folder, not in an existing game",
                "leave --game-dir and --exe out, or --update",
            ));
        }
        if self.game == Some(GameName::Scid) {
            return Err(Failure::usage(
                "Supercell ID has no files to update",
                "rehearse the update of another game: `playcookie rehearse ttr --update`",
            ));
        }
        Ok(())
    }

    /// Checks `rehearse GAME update`, which does not log in.
    fn check_update(&self) -> Result<(), Failure> {
        self.check_files()?;
        if self.game == Some(GameName::Ttcc) {
            return Err(Failure::usage(
                "the server names the download servers of Toontown: Corporate Clash to logged-in launchers only, and `rehearse ttcc update` does not log in",
                "rehearse the login too: `playcookie rehearse ttcc --update`",
            ));
        }
        Ok(())
    }

    fn check_verb(&self, verb: &Verb) -> Result<(), Failure> {
        let districts = match verb {
            Verb::Districts(districts) => districts,
            Verb::Status(_) if self.game == Some(GameName::Scid) => {
                return Err(Failure::usage(
                    "Supercell ID publishes no status of its games",
                    "rehearse that of another game: `playcookie rehearse ttr status`",
                ));
            }
            Verb::Status(_) => return Ok(()),
            Verb::Update(_) => return self.check_update(),
        };
        if districts.api.is_some() {
            return Err(Failure::usage(
                OWN_SERVER,
                "leave --api out, or run `playcookie ttr districts --api …`",
            ));
        }
        if self.game == Some(GameName::Scid) {
            return Err(Failure::usage(
                "Supercell ID has no districts",
                "rehearse those of another game: `playcookie rehearse ttr districts`",
            ));
        }
        Ok(())
    }
}
