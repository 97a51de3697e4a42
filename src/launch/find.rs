//! Finding a game's program on this machine.

use std::path::{Component, Path, PathBuf};

use super::places::Places;
use crate::base::failure::{Failure, Reason};
use crate::games::{Game, Install, System};

/// What the player said about where the game is and how it is run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindOptions {
    /// `--game-dir`.
    pub game_dir: Option<PathBuf>,
    /// `--exe`.
    pub exe: Option<PathBuf>,
    /// `--runner`.
    pub runner: Runner,
}

/// What runs the game's program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Runner {
    /// This system when the program is made for it, else Wine.
    #[default]
    Auto,
    /// This system.
    Native,
    /// Wine.
    Wine,
}

impl Runner {
    /// The words for those that work here.
    pub const NAMES: &[&str] = if cfg!(windows) {
        &["auto", "native"]
    } else {
        &["auto", "native", "wine"]
    };

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Native => "native",
            Self::Wine => "wine",
        }
    }

    /// The one that a word stands for.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "native" => Some(Self::Native),
            "wine" if !cfg!(windows) => Some(Self::Wine),
            _ => None,
        }
    }
}

/// A program that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The program.
    pub program: PathBuf,
    /// The game's directory.
    pub directory: PathBuf,
    /// What runs it; never [`Runner::Auto`].
    pub runner: Runner,
}

impl Found {
    /// The same program as it is spelled on the disk, if it is there.
    fn present(self) -> Option<Self> {
        if self.program.is_file() {
            return Some(self.settled());
        }
        if !is_for_windows(&self.program) {
            return None;
        }
        let name = self.program.file_name()?;
        let mut files = self.program.parent()?.read_dir().ok()?.flatten();
        let spelled = files
            .find(|file| file.file_name().eq_ignore_ascii_case(name))?
            .path();
        spelled.is_file().then(|| {
            Self {
                program: spelled,
                ..self
            }
            .settled()
        })
    }

    /// Programs for Windows look for their files in the working directory, so it is the folder that they lie in.
    fn settled(self) -> Self {
        match self.program.parent() {
            Some(folder) if is_for_windows(&self.program) => Self {
                directory: folder.to_owned(),
                ..self
            },
            _ => self,
        }
    }

    /// The system that the program is made for.
    pub fn system(&self) -> System {
        if is_for_windows(&self.program) {
            System::Windows
        } else {
            System::HERE
        }
    }

    /// The Wine prefix that the program lies in, if it does.
    pub fn prefix(&self) -> Option<PathBuf> {
        let drive = |part: Component<'_>| part.as_os_str() == "drive_c";
        let parts = self.program.components();
        let above = parts.clone().take_while(|part| !drive(*part));
        parts.clone().any(drive).then(|| above.collect())
    }
}

/// Finds the game: what the player named, else what this program installed, else where installs usually are.
///
/// # Errors
/// [`Reason::GameMissing`], naming what was looked for.
pub fn find(game: &'static Game, wish: &FindOptions, places: &Places) -> Result<Found, Failure> {
    if let Some(exe) = &wish.exe {
        return named(game, exe, wish);
    }
    let mut candidates = candidates(game, wish, places);
    candidates
        .find_map(Found::present)
        .ok_or_else(|| missing(game, wish))
}

/// What [`find`] finds once the game is installed in a directory; nothing where no program of the game is for this system.
pub fn expected(game: &'static Game, directory: &Path, runner: Runner) -> Option<Found> {
    let wish = FindOptions {
        game_dir: Some(directory.to_owned()),
        exe: None,
        runner,
    };
    candidates(game, &wish, &Places::default())
        .next()
        .map(Found::settled)
}

/// The program that the player named; its folder is the game's directory unless that was named too.
fn named(game: &Game, exe: &Path, wish: &FindOptions) -> Result<Found, Failure> {
    let exe = std::path::absolute(exe).unwrap_or_else(|_| exe.to_owned());
    if !exe.is_file() {
        return Err(Failure::new(
            Reason::GameMissing,
            format!("{}: there is no program at {}", game.name, exe.display()),
            "name the game's program with --exe FILE, or its directory with --game-dir DIR",
        ));
    }
    let folder = exe.parent().map_or_else(|| exe.clone(), Path::to_owned);
    let directory = wish
        .game_dir
        .as_deref()
        .and_then(|named| std::path::absolute(named).ok())
        .unwrap_or(folder);
    let found = Found {
        program: exe,
        directory,
        runner: Runner::Auto,
    };
    let found = Found {
        runner: runner(wish.runner, found.system()),
        ..found
    };
    Ok(if game.runs_in_own_directory {
        found.settled()
    } else {
        found
    })
}

/// Every place where the program could be, in order.
fn candidates<'a>(
    game: &'static Game,
    wish: &'a FindOptions,
    places: &'a Places,
) -> impl Iterator<Item = Found> + 'a {
    let systems = match wish.runner {
        Runner::Native => vec![System::HERE],
        Runner::Wine => vec![System::Windows],
        Runner::Auto if cfg!(windows) => vec![System::Windows],
        Runner::Auto => vec![System::HERE, System::Windows],
    };
    let installs = systems
        .into_iter()
        .flat_map(|system| game.installs.iter().filter(move |it| it.system == system));
    installs.flat_map(move |install| {
        let runner = runner(wish.runner, install.system);
        directories(game, install, runner, wish, places)
            .into_iter()
            .flat_map(move |directory| {
                let programs = install.programs.iter();
                programs.map(move |program| Found {
                    program: directory.join(program),
                    directory: directory.clone(),
                    runner,
                })
            })
    })
}

/// Every directory that an install could be in.
fn directories(
    game: &Game,
    install: &Install,
    runner: Runner,
    wish: &FindOptions,
    places: &Places,
) -> Vec<PathBuf> {
    if let Some(named) = &wish.game_dir {
        return std::path::absolute(named).into_iter().collect();
    }
    let own = places
        .data
        .iter()
        .map(|data| data.join("games").join(game.id));
    if runner == Runner::Wine {
        let prefixes = places.prefixes();
        let inside = prefixes.iter().flat_map(|prefix| {
            install
                .directories
                .iter()
                .flat_map(|it| places.inside(prefix, it))
        });
        return own.chain(inside).collect();
    }
    own.chain(
        install
            .directories
            .iter()
            .filter_map(|place| places.expand(place)),
    )
    .collect()
}

/// What runs a program that was made for `system`.
fn runner(wanted: Runner, system: System) -> Runner {
    match wanted {
        Runner::Auto if system == System::Windows && !cfg!(windows) => Runner::Wine,
        Runner::Auto => Runner::Native,
        named => named,
    }
}

fn is_for_windows(program: &Path) -> bool {
    program
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("exe"))
}

fn missing(game: &Game, wish: &FindOptions) -> Failure {
    let message = match &wish.game_dir {
        Some(directory) => format!("{} was not found in {}", game.name, directory.display()),
        None => format!("{} was not found where it is usually installed", game.name),
    };
    Failure::new(
        Reason::GameMissing,
        message,
        format!(
            "install it with `playcookie {} update` or --update, or with its own launcher, or name it with --game-dir DIR or --exe FILE; nothing was sent",
            game.id
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::games::ttr::GAME;

    /// A home directory with these files in it.
    fn home(files: &[&str]) -> (tempfile::TempDir, Places) {
        let home = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = home.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "").expect("a file");
        }
        let places = Places {
            home: Some(home.path().to_owned()),
            data: Some(home.path().join("data")),
            ..Places::default()
        };
        (home, places)
    }

    #[cfg(target_os = "linux")]
    fn found(files: &[&str], wish: &FindOptions) -> Option<String> {
        let (home, places) = home(files);
        let found = find(&GAME, wish, &places).ok()?;
        let below = found.program.strip_prefix(home.path()).expect("below home");
        Some(below.to_string_lossy().replace('\\', "/"))
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_will_be_installed_is_what_will_be_found() {
        let expected = |game, runner| {
            let found = expected(game, Path::new("/games/x"), runner).expect("a program");
            (found.program.clone(), found.runner, found.system())
        };
        let plain = ("/games/x/TTREngine".into(), Runner::Native, System::Linux);
        assert_eq!(expected(&GAME, Runner::Auto), plain);
        let (program, runner, system) = expected(&GAME, Runner::Wine);
        assert_eq!((runner, system), (Runner::Wine, System::Windows));
        assert_eq!(program, Path::new("/games/x/TTREngine64.exe"));
        let (_, runner, system) = expected(&crate::games::ttcc::GAME, Runner::Auto);
        assert_eq!((runner, system), (Runner::Wine, System::Windows));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn every_usual_place_on_linux_is_found_and_earlier_ones_win() {
        let places = [
            ".var/app/com.toontownrewritten.Launcher/data/TTREngine",
            ".var/app/xyz.xytime.Toontown/data/TTREngine",
            ".var/app/xyz.xytime.Toontown/data/toontown-rewritten/TTREngine",
            "Toontown Rewritten/TTREngine",
            "toontown-rewritten/TTREngine",
            "Games/Toontown Rewritten/TTREngine",
            "Games/toontown-rewritten/TTREngine",
            ".local/share/toontown-rewritten/TTREngine",
            ".local/share/Toontown Rewritten/TTREngine",
        ];
        for first in 0..places.len() {
            let there = places.get(first..).unwrap_or_default();
            assert_eq!(
                found(there, &FindOptions::default()).as_deref(),
                there.first().copied()
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_this_program_installed_comes_first() {
        let files = ["Toontown Rewritten/TTREngine", "data/games/ttr/TTREngine"];
        assert_eq!(
            found(&files, &FindOptions::default()).as_deref(),
            Some("data/games/ttr/TTREngine")
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_windows_game_is_found_inside_a_prefix_and_run_by_wine() {
        let file = ".local/share/wineprefixes/tt/drive_c/Program Files (x86)/Toontown Rewritten/TTREngine64.exe";
        assert_eq!(
            found(&[file], &FindOptions::default()).as_deref(),
            Some(file)
        );
        assert_eq!(
            found(
                &[file],
                &FindOptions {
                    runner: Runner::Native,
                    ..FindOptions::default()
                }
            ),
            None
        );
        let (home, places) = home(&[file]);
        let found = find(&GAME, &FindOptions::default(), &places).expect("found");
        assert_eq!(found.runner, Runner::Wine);
        assert_eq!(
            found.prefix(),
            Some(home.path().join(".local/share/wineprefixes/tt"))
        );
    }

    #[test]
    fn a_game_outside_a_prefix_has_none() {
        let found = Found {
            program: "/games/TTREngine".into(),
            directory: "/games".into(),
            runner: Runner::Native,
        };
        assert_eq!(found.prefix(), None);
    }

    #[test]
    fn a_named_program_brings_its_folder_unless_another_is_named() {
        let (home, places) = home(&["a/Engine.exe", "b/file"]);
        let exe = Some(home.path().join("a/Engine.exe"));
        let alone = find(
            &GAME,
            &FindOptions {
                exe: exe.clone(),
                ..FindOptions::default()
            },
            &places,
        )
        .expect("found");
        assert_eq!(alone.directory, home.path().join("a"));
        let game_dir = Some(home.path().join("b"));
        let both = find(
            &GAME,
            &FindOptions {
                game_dir,
                exe,
                ..FindOptions::default()
            },
            &places,
        )
        .expect("found");
        assert_eq!(both.directory, home.path().join("b"));
    }

    #[test]
    fn a_game_that_is_not_there_is_missing_wherever_it_was_looked_for() {
        let (home, places) = home(&[]);
        for wish in [
            FindOptions::default(),
            FindOptions {
                game_dir: Some(home.path().to_owned()),
                ..FindOptions::default()
            },
            FindOptions {
                exe: Some(home.path().join("nothing")),
                ..FindOptions::default()
            },
            FindOptions {
                exe: Some(home.path().to_owned()),
                ..FindOptions::default()
            },
        ] {
            let failure = find(&GAME, &wish, &places).expect_err("nothing is there");
            assert_eq!(failure.reason, Reason::GameMissing);
        }
    }
}
