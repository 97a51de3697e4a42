//! Finding the program of a game on this computer.

mod installed_game;

use std::path::{Path, PathBuf};

pub use installed_game::InstalledGame;
use installed_game::needs_prefix;

use super::runner::{Prefix, Runner, prefix};
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
    /// `--prefix`.
    pub prefix: Option<PathBuf>,
    /// `--wine`.
    pub wine: Option<PathBuf>,
    /// `--proton`.
    pub proton: Option<PathBuf>,
}

/// Finds a game: where the options say, else where this program installs games, else in the usual places.
///
/// # Errors
/// [`Reason::GameMissing`] when the game is not found, [`Reason::GameStart`] when the runner of the options does not know its
/// prefix.
pub fn find(
    game: &'static Game,
    options: &FindOptions,
    paths: &SearchPaths,
) -> Result<InstalledGame, Failure> {
    let found = match &options.exe {
        Some(exe) => named(game, exe, options)?,
        None => candidates(game, options, paths)
            .find_map(InstalledGame::existing)
            .ok_or_else(|| missing(game, options))?,
    };
    found.with_prefix(options, paths)
}

/// Finds every install of a game, in the order of the search: the first is what [`find`] returns.
///
/// # Errors
/// As [`find`].
pub fn find_all(
    game: &'static Game,
    options: &FindOptions,
    paths: &SearchPaths,
) -> Result<Vec<InstalledGame>, Failure> {
    if options.exe.is_some() {
        return Ok(vec![find(game, options, paths)?]);
    }
    let mut found: Vec<(PathBuf, InstalledGame)> = Vec::new();
    for one in candidates(game, options, paths).filter_map(InstalledGame::existing) {
        // One program beside another is not another install.
        let real = one.directory.canonicalize();
        let real = real.unwrap_or_else(|_| one.directory.clone());
        if !found.iter().any(|(known, _)| *known == real) {
            found.push((real, one.with_prefix(options, paths)?));
        }
    }
    if found.is_empty() {
        return Err(missing(game, options));
    }
    Ok(found.into_iter().map(|(_, found)| found).collect())
}

/// Returns what [`find`] finds once an update has installed the game in a directory, without its prefix; none when the makers
/// publish no program that the runner runs. A program that is already there decides for which system the files are.
pub fn expected(game: &'static Game, directory: &Path, runner: Runner) -> Option<InstalledGame> {
    let published = || {
        in_directory(game, directory.to_owned(), "game-dir", runner).filter(|found| {
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
    let found = InstalledGame {
        program: exe,
        directory,
        origin: "exe",
        prefix: None,
    };
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
        Runner::Auto if cfg!(windows) => &[System::Windows],
        Runner::Auto => &[System::HERE, System::Windows],
        _ => &[System::Windows],
    }
}

/// Returns every place where the program may be, in the order of the search. Each is looked up when its turn comes.
fn candidates<'a>(
    game: &'static Game,
    options: &'a FindOptions,
    paths: &'a SearchPaths,
) -> Box<dyn Iterator<Item = InstalledGame> + 'a> {
    let runner = options.runner;
    if let Some(named) = &options.game_dir {
        let named = std::path::absolute(named).into_iter();
        return Box::new(
            named.flat_map(move |named| in_directory(game, named, "game-dir", runner)),
        );
    }
    let own = paths.data.iter();
    let own = own.map(|data| data.join("games").join(game.id));
    let own = own.flat_map(move |own| in_directory(game, own, "playcookie", runner));
    // The others run nothing outside of their own prefixes.
    let own = own.filter(move |_| runner.runs_anything() || options.prefix.is_some());
    let is_searched = needs_prefix(runner, System::Windows);
    if let Some(named) = options.prefix.as_ref().filter(|_| is_searched) {
        let named = prefix::belonging_to(named, Runner::Wine, paths).into_iter();
        let named = named.flat_map(move |named| in_prefix(game, "prefix", named, paths));
        return Box::new(own.chain(named));
    }
    let usual = installs(game, runner).filter(|install| install.system == System::HERE);
    let usual = usual.flat_map(move |install| {
        let places = install.directories.iter();
        let places = places.filter_map(|place| paths.expand(place));
        places.flat_map(move |place| programs(install, place, "usual directory"))
    });
    let prefixes = is_searched.then(|| prefix::discovered(runner, paths));
    let inside = prefixes.into_iter().flatten();
    let inside = inside.flat_map(move |(origin, prefix)| in_prefix(game, origin, prefix, paths));
    Box::new(own.chain(usual).chain(inside))
}

/// Returns the installs that a runner can run.
fn installs(game: &'static Game, runner: Runner) -> impl Iterator<Item = &'static Install> {
    let systems = search_order(runner).iter();
    systems.flat_map(|system| game.installs.iter().filter(|it| it.system == *system))
}

/// Returns every program that the game may have in a directory.
fn programs(
    install: &'static Install,
    directory: PathBuf,
    origin: &'static str,
) -> impl Iterator<Item = InstalledGame> {
    let programs = install.programs.iter();
    programs.map(move |program| InstalledGame {
        program: directory.join(program),
        directory: directory.clone(),
        origin,
        prefix: None,
    })
}

fn in_directory(
    game: &'static Game,
    directory: PathBuf,
    origin: &'static str,
    runner: Runner,
) -> impl Iterator<Item = InstalledGame> {
    installs(game, runner).flat_map(move |install| programs(install, directory.clone(), origin))
}

/// Returns every program that the game may have in a prefix: beside the program that the runner's files name, and in the
/// usual directories.
fn in_prefix(
    game: &'static Game,
    origin: &'static str,
    prefix: Prefix,
    paths: &SearchPaths,
) -> impl Iterator<Item = InstalledGame> {
    let installs = installs(game, Runner::Wine);
    installs.flat_map(move |install| {
        let places = install.directories.iter();
        let inside = prefix.path.iter();
        let inside =
            inside.flat_map(|prefix| places.clone().flat_map(|it| paths.inside(prefix, it)));
        let directories: Vec<_> = prefix.directory.iter().cloned().chain(inside).collect();
        let prefix = prefix.clone();
        let found = directories.into_iter();
        found
            .flat_map(move |directory| programs(install, directory, origin))
            .map(move |found| InstalledGame {
                prefix: Some(prefix.clone()),
                ..found
            })
    })
}

fn missing(game: &Game, options: &FindOptions) -> Failure {
    let message = match (&options.game_dir, &options.prefix) {
        (Some(directory), _) | (None, Some(directory)) => {
            format!("{} was not found in {}", game.name, directory.display())
        }
        (None, None) if !options.runner.runs_anything() => {
            let (game, runner) = (game.name, options.runner.name());
            format!("{game} was not found in a prefix of the runner {runner}")
        }
        (None, None) => format!("{} was not found where it is usually installed", game.name),
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
mod tests;
