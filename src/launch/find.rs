//! Finding the program of a game on this computer.

use std::path::{Component, Path, PathBuf};

use super::search_paths::SearchPaths;
use crate::base::failure::{Failure, Reason};
use crate::games::{Game, Install, System};

/// Options that override where the game is looked for and what runs it.
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
    /// The names of the runners that this system supports.
    pub const NAMES: &[&str] = if cfg!(windows) {
        &["auto", "native"]
    } else {
        &["auto", "native", "wine"]
    };

    /// Returns the name of the runner in options and in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Native => "native",
            Self::Wine => "wine",
        }
    }

    /// Returns the runner of this name, if this system supports it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "native" => Some(Self::Native),
            "wine" if !cfg!(windows) => Some(Self::Wine),
            _ => None,
        }
    }
}

/// A game that is installed on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledGame {
    /// The path of the program.
    pub program: PathBuf,
    /// The game's directory.
    pub directory: PathBuf,
    /// What runs the program; never [`Runner::Auto`].
    pub runner: Runner,
}

impl InstalledGame {
    /// Returns whether every user may change the program or put files beside it.
    pub fn is_writable_by_everyone(&self) -> bool {
        #[cfg(unix)]
        return [&self.directory, &self.program].into_iter().any(|path| {
            use std::os::unix::fs::PermissionsExt;
            let found = path.metadata();
            found.is_ok_and(|found| found.permissions().mode() & 0o002 != 0)
        });
        #[cfg(not(unix))]
        return false;
    }

    /// Returns the game if its program exists, with the program's name as it is spelled on the disk.
    fn existing(self) -> Option<Self> {
        if self.program.is_file() {
            return Some(self.in_own_folder());
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
            .in_own_folder()
        })
    }

    /// Sets the directory of a program for Windows to the program's folder, where it expects its files.
    fn in_own_folder(self) -> Self {
        match self.program.parent() {
            Some(folder) if is_for_windows(&self.program) => Self {
                directory: folder.to_owned(),
                ..self
            },
            _ => self,
        }
    }

    /// Returns the system that the program is made for.
    pub fn system(&self) -> System {
        if is_for_windows(&self.program) {
            System::Windows
        } else {
            System::HERE
        }
    }

    /// Returns the Wine prefix that contains the program, if one does.
    pub fn prefix(&self) -> Option<PathBuf> {
        let drive = |part: Component<'_>| part.as_os_str() == "drive_c";
        let parts = self.program.components();
        let above = parts.clone().take_while(|part| !drive(*part));
        parts.clone().any(drive).then(|| above.collect())
    }
}

/// Finds a game: where the options say, else where this program installs games, else in the usual places.
///
/// # Errors
/// [`Reason::GameMissing`] when the game is not found.
pub fn find(
    game: &'static Game,
    options: &FindOptions,
    paths: &SearchPaths,
) -> Result<InstalledGame, Failure> {
    if let Some(exe) = &options.exe {
        return named(game, exe, options);
    }
    let mut candidates = candidates(game, options, paths);
    candidates
        .find_map(InstalledGame::existing)
        .ok_or_else(|| missing(game, options))
}

/// Returns what [`find`] finds once an update has installed the game in a directory; none when the makers publish no program
/// that the runner runs. A program that is already there decides for which system the files are.
pub fn expected(game: &'static Game, directory: &Path, runner: Runner) -> Option<InstalledGame> {
    let options = FindOptions {
        game_dir: Some(directory.to_owned()),
        exe: None,
        runner,
    };
    let paths = SearchPaths::default();
    let published = || {
        candidates(game, &options, &paths).filter(|found| {
            let mut installs = game.installs.iter();
            installs.any(|install| install.system == found.system() && install.is_published)
        })
    };
    let existing = published().find_map(InstalledGame::existing);
    existing.or_else(|| published().next().map(InstalledGame::in_own_folder))
}

/// Returns the game whose program is named with `--exe`. Its directory is the program's folder unless `--game-dir` is given.
fn named(game: &Game, exe: &Path, options: &FindOptions) -> Result<InstalledGame, Failure> {
    let exe = std::path::absolute(exe).unwrap_or_else(|_| exe.to_owned());
    if !exe.is_file() {
        return Err(Failure::new(
            Reason::GameMissing,
            format!("{}: there is no program at {}", game.name, exe.display()),
            "name the game's program with --exe FILE, or its directory with --game-dir DIR",
        ));
    }
    let folder = exe.parent().map_or_else(|| exe.clone(), Path::to_owned);
    let directory = options
        .game_dir
        .as_deref()
        .and_then(|named| std::path::absolute(named).ok())
        .unwrap_or(folder);
    let mut found = InstalledGame {
        program: exe,
        directory,
        runner: options.runner,
    };
    found.runner = runner_for(options.runner, found.system());
    Ok(if game.runs_in_own_directory {
        found.in_own_folder()
    } else {
        found
    })
}

/// Returns the systems whose programs a runner runs, in the order of the search: with [`Runner::Auto`], a program for this
/// system is preferred to one that needs Wine.
const fn search_order(runner: Runner) -> &'static [System] {
    match runner {
        Runner::Native => &[System::HERE],
        Runner::Wine => &[System::Windows],
        Runner::Auto if cfg!(windows) => &[System::Windows],
        Runner::Auto => &[System::HERE, System::Windows],
    }
}

/// Returns every place where the program may be, in the order of the search.
fn candidates<'a>(
    game: &'static Game,
    options: &'a FindOptions,
    paths: &'a SearchPaths,
) -> impl Iterator<Item = InstalledGame> + 'a {
    let systems = search_order(options.runner).iter();
    let installs =
        systems.flat_map(|system| game.installs.iter().filter(|it| it.system == *system));
    installs.flat_map(move |install| {
        let runner = runner_for(options.runner, install.system);
        directories(game, install, runner, options, paths)
            .into_iter()
            .flat_map(move |directory| {
                let programs = install.programs.iter();
                programs.map(move |program| InstalledGame {
                    program: directory.join(program),
                    directory: directory.clone(),
                    runner,
                })
            })
    })
}

/// Returns every directory where an install may be.
fn directories(
    game: &Game,
    install: &Install,
    runner: Runner,
    options: &FindOptions,
    paths: &SearchPaths,
) -> Vec<PathBuf> {
    if let Some(named) = &options.game_dir {
        return std::path::absolute(named).into_iter().collect();
    }
    let data = paths.data.iter();
    let own = data.map(|data| data.join("games").join(game.id));
    let places = install.directories.iter();
    if runner == Runner::Wine {
        let prefixes = paths.prefixes();
        let prefixes = prefixes.iter();
        let inside = prefixes.flat_map(|prefix| {
            let places = places.clone();
            places.flat_map(|place| paths.inside(prefix, place))
        });
        return own.chain(inside).collect();
    }
    own.chain(places.filter_map(|place| paths.expand(place)))
        .collect()
}

/// Returns what runs a program made for `system`.
fn runner_for(option: Runner, system: System) -> Runner {
    match option {
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

fn missing(game: &Game, options: &FindOptions) -> Failure {
    let message = match &options.game_dir {
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

    /// Creates a home directory with these files.
    fn home(files: &[&str]) -> (tempfile::TempDir, SearchPaths) {
        let home = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = home.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, "").expect("a file");
        }
        let paths = SearchPaths {
            home: Some(home.path().to_owned()),
            data: Some(home.path().join("data")),
            ..SearchPaths::default()
        };
        (home, paths)
    }

    #[cfg(target_os = "linux")]
    fn found(files: &[&str], options: &FindOptions) -> Option<String> {
        let (home, paths) = home(files);
        let found = find(&GAME, options, &paths).ok()?;
        let below = found.program.strip_prefix(home.path()).expect("below home");
        Some(below.to_string_lossy().replace('\\', "/"))
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_game_is_expected_where_it_is_found_later() {
        let expected = |game, runner| {
            let found = expected(game, Path::new("/games/x"), runner).expect("a program");
            (found.program.clone(), found.runner, found.system())
        };
        let plain = ("/games/x/TTREngine".into(), Runner::Native, System::Linux);
        assert_eq!(expected(&GAME, Runner::Auto), plain);
        let (program, runner, system) = expected(&GAME, Runner::Wine);
        assert_eq!((runner, system), (Runner::Wine, System::Windows));
        assert_eq!(program, Path::new("/games/x/TTREngine64.exe"));
        for game in [&crate::games::ttcc::GAME, &crate::games::tlopo::GAME] {
            let (_, runner, system) = expected(game, Runner::Auto);
            assert_eq!((runner, system), (Runner::Wine, System::Windows));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn every_usual_place_on_linux_is_searched_in_order() {
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
    fn games_that_this_program_installed_come_first() {
        let files = ["Toontown Rewritten/TTREngine", "data/games/ttr/TTREngine"];
        assert_eq!(
            found(&files, &FindOptions::default()).as_deref(),
            Some("data/games/ttr/TTREngine")
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_game_for_windows_is_found_in_a_prefix_and_run_by_wine() {
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
        let (home, paths) = home(&[file]);
        let found = find(&GAME, &FindOptions::default(), &paths).expect("found");
        assert_eq!(found.runner, Runner::Wine);
        assert_eq!(
            found.prefix(),
            Some(home.path().join(".local/share/wineprefixes/tt"))
        );
    }

    #[test]
    fn a_game_outside_a_prefix_has_none() {
        let found = InstalledGame {
            program: "/games/TTREngine".into(),
            directory: "/games".into(),
            runner: Runner::Native,
        };
        assert_eq!(found.prefix(), None);
    }

    #[test]
    fn the_directory_is_the_programs_folder_unless_one_is_given() {
        let (home, paths) = home(&["a/Engine.exe", "b/file"]);
        let exe = Some(home.path().join("a/Engine.exe"));
        let mut options = FindOptions {
            exe,
            ..FindOptions::default()
        };
        let found = find(&GAME, &options, &paths).expect("found");
        assert_eq!(found.directory, home.path().join("a"));
        options.game_dir = Some(home.path().join("b"));
        let found = find(&GAME, &options, &paths).expect("found");
        assert_eq!(found.directory, home.path().join("b"));
    }

    #[test]
    fn a_game_that_does_not_exist_is_missing_whatever_the_options() {
        let (home, paths) = home(&[]);
        for options in [
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
            let failure = find(&GAME, &options, &paths).expect_err("nothing is there");
            assert_eq!(failure.reason, Reason::GameMissing);
        }
    }
}
