//! `playcookie rehearse`.

use std::num::NonZeroU32;

use clap::{Args, Subcommand, ValueEnum};

use super::deferred::Deferred;
use super::districts::Districts;
use super::game::Play;
use super::usage;
use super::values::AnyGame;
use crate::base::failure::Failure;
use crate::stand_in::{Fault, Version};

/// Why a rehearsal goes nowhere else.
const OWN_SERVER: &str =
    "--api cannot be used with rehearse, which talks to its own stand-in server";

/// The stand-in server and game, and what happens there.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option without a value"
)]
#[command(
    disable_help_subcommand = true,
    after_help = "Any name and password are welcome; don't type a real password.\n\
    Without --two-factor, --queue and --refuse: a code and a short line, where the game has them."
)]
pub struct Rehearse {
    /// The game to rehearse
    #[arg(value_name = "GAME", required_unless_present = "serve")]
    pub game: Option<AnyGame>,
    /// The account has two-factor login: the code is shown; for ttcc, this place waits for an approval
    #[arg(long, help_heading = "Rehearsal")]
    pub two_factor: bool,
    /// So many players are in front
    #[arg(long, value_name = "N", help_heading = "Rehearsal")]
    pub queue: Option<u32>,
    /// The password is refused
    #[arg(long, help_heading = "Rehearsal")]
    pub refuse: bool,
    /// Only keep the server up, and print the option that leads to it
    #[arg(long, help_heading = "Rehearsal")]
    pub serve: bool,
    /// Where the server listens with --serve [default: any free port]
    #[arg(long, value_name = "N", requires = "serve", help_heading = "Rehearsal")]
    pub port: Option<u16>,
    /// The first line of standard input is the PIN (scid)
    #[arg(long, help_heading = "Rehearsal")]
    pub pin_stdin: bool,
    /// What there is to download.
    #[command(flatten)]
    pub files: Files,
    /// The options of `play`.
    #[command(flatten)]
    pub play: Play,
    /// What is rehearsed in place of the main job.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// What may be rehearsed besides the main job.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// The districts of the stand-in, which move; looks again every 5 seconds unless --watch says otherwise
    Districts(Deferred<Districts>),
    /// Install the first version of the stand-in's small game into a temporary folder, and bring it to the second
    Update(Faults),
}

/// The small game that the stand-in publishes, and what goes wrong with downloads.
#[derive(Debug, Clone, Copy, Args)]
pub struct Files {
    /// Which version of a small game is there to download
    #[arg(
        long,
        value_name = "VERSION",
        default_value = "2",
        help_heading = "Rehearsal"
    )]
    pub published: Published,
    /// What goes wrong.
    #[command(flatten)]
    pub faults: Faults,
}

/// What goes wrong with downloads.
#[derive(Debug, Clone, Copy, Args)]
pub struct Faults {
    /// Each download is cut off after so many bytes, and can go on from there
    #[arg(long, value_name = "BYTES", help_heading = "Rehearsal")]
    pub cut: Option<u32>,
    /// So many downloads, the first ones, arrive damaged
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Rehearsal"
    )]
    pub corrupt: u32,
    /// Downloads come with so many KiB a second
    #[arg(long, value_name = "KIB", help_heading = "Rehearsal")]
    pub slow: Option<NonZeroU32>,
}

/// A version of the small game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Published {
    /// The first
    #[value(name = "1")]
    First,
    /// The one after it
    #[value(name = "2")]
    Second,
}

impl From<Published> for Version {
    fn from(published: Published) -> Self {
        match published {
            Published::First => Self::First,
            Published::Second => Self::Second,
        }
    }
}

impl Faults {
    /// The same for the stand-in.
    pub const fn fault(self) -> Fault {
        Fault {
            cut: self.cut,
            corrupt: self.corrupt,
            slow: self.slow,
        }
    }
}

impl Rehearse {
    /// What clap cannot know.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let who = &self.play.who;
        if !who.accounts.is_empty() || !who.group.is_empty() || who.save.is_some() {
            return Err(usage::wrong(
                "a rehearsal knows no remembered accounts and saves nothing",
                "leave the account, --group and --save out; any username is welcome",
            ));
        }
        if self.play.server.api.is_some() {
            return Err(usage::wrong(
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

    /// The files of a rehearsal go to a folder of their own.
    fn check_files(&self) -> Result<(), Failure> {
        let start = &self.play.start;
        if start.game_dir.is_some() || start.exe.is_some() {
            return Err(usage::wrong(
                "a rehearsal's update goes to a temporary folder, and to no game that is there already",
                "leave --game-dir and --exe out, or --update",
            ));
        }
        if self.game == Some(AnyGame::Scid) {
            return Err(usage::wrong(
                "Supercell ID has no files to rehearse an update of",
                "those of ttr, ttcc and tlopo can be: `playcookie rehearse ttr --update`",
            ));
        }
        Ok(())
    }

    /// Who only updates does not log in, and so is not told where the files are of one game.
    fn check_update(&self) -> Result<(), Failure> {
        self.check_files()?;
        if self.game == Some(AnyGame::Ttcc) {
            return Err(usage::wrong(
                "the download servers of Toontown: Corporate Clash are told to logged-in launchers only, and this rehearsal logs nobody in",
                "rehearse the login, too: `playcookie rehearse ttcc --update`",
            ));
        }
        Ok(())
    }

    fn check_verb(&self, verb: &Verb) -> Result<(), Failure> {
        let Verb::Districts(districts) = verb else {
            return self.check_update();
        };
        if districts.api.is_some() {
            return Err(usage::wrong(
                OWN_SERVER,
                "leave --api out, or look with `playcookie ttr districts --api …`",
            ));
        }
        if self.game == Some(AnyGame::Scid) {
            return Err(usage::wrong(
                "Supercell ID has no districts to rehearse",
                "those of ttr, ttcc and tlopo can be: `playcookie rehearse ttr districts`",
            ));
        }
        Ok(())
    }
}
