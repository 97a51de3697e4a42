//! Which prefixes there are, and which runner a prefix belongs to. A prefix is run with what it belongs to, since another Wine
//! would convert it.

use std::path::{Component, Path, PathBuf};

use super::{Prefix, Runner, Tool, cannot_start, crossover, signs, umu};
use crate::base::failure::Failure;
use crate::launch::search_paths::SearchPaths;

/// The runners in the order in which their prefixes are searched.
const ORDER: [Runner; 8] = [
    Runner::Bottles,
    Runner::Lutris,
    Runner::Heroic,
    Runner::Faugus,
    Runner::Proton,
    Runner::CrossOver,
    Runner::Umu,
    Runner::Wine,
];
/// The runners whose files name the Wine of a prefix anywhere.
const LAUNCHERS: [Runner; 3] = [Runner::Lutris, Runner::Heroic, Runner::Faugus];

/// Returns the prefixes of this user in the order of the search, each with how it was found. The files of a runner are read
/// once its turn comes. With a named runner, only its own prefixes.
pub fn discovered(
    runner: Runner,
    paths: &SearchPaths,
) -> impl Iterator<Item = (&'static str, Prefix)> {
    let named = paths.prefix.iter();
    let named = named.filter_map(move |path| {
        let is_wines = runner == Runner::Wine;
        // Wine is told to use it by this very variable.
        let asked = if is_wines { runner } else { Runner::Auto };
        let prefix = belonging_to(path, asked, paths).ok()?;
        let is_wanted = runner == Runner::Auto || prefix.runner == runner;
        is_wanted.then_some(prefix)
    });
    let is_wanted = move |one: &&Runner| runner == Runner::Auto || **one == runner;
    let others = ORDER.iter().filter(is_wanted).flat_map(move |one| {
        let prefixes = one.prefixes(paths).into_iter();
        prefixes.map(move |prefix| match (runner, one) {
            (Runner::Auto, Runner::Umu | Runner::Wine) => {
                let path = prefix.path.as_deref();
                let known = path.and_then(|path| by_signs(path, paths));
                (one.name(), known.unwrap_or(prefix))
            }
            _ => (one.name(), prefix),
        })
    });
    named.map(|prefix| ("WINEPREFIX", prefix)).chain(others)
}

/// Returns the prefix at a path: with the runner that it belongs to, or with the one that is named.
///
/// # Errors
/// When the named runner does not know the prefix.
pub fn belonging_to(path: &Path, runner: Runner, paths: &SearchPaths) -> Result<Prefix, Failure> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let plain = |tool| Prefix::new(path.clone(), runner, tool);
    let known = match runner {
        Runner::Wine => Some(plain(Tool::Wine(None))),
        Runner::Proton => Some(plain(Tool::Proton(None))),
        Runner::Umu => Some(plain(Tool::Umu(None))),
        Runner::Bottles => signs::bottle_above(&path).map(|bottle| plain(Tool::Bottles(bottle))),
        Runner::CrossOver => crossover::at(&path),
        Runner::Lutris | Runner::Heroic | Runner::Faugus => named_by(runner, &path, paths),
        Runner::Auto | Runner::Native => {
            let tool = Tool::Wine(None);
            let wine = || Prefix::new(path.clone(), Runner::Wine, tool);
            let launchers = LAUNCHERS.iter();
            let found = signs::by_place(&path)
                .or_else(|| crossover::at(&path))
                .or_else(|| launchers.clone().find_map(|it| named_by(*it, &path, paths)))
                .or_else(|| by_content(&path, paths));
            return Ok(found.unwrap_or_else(wine));
        }
    };
    known.ok_or_else(|| unknown(runner, &path.display().to_string()))
}

/// Returns the prefix that a runner uses for a program that is in none.
///
/// # Errors
/// When the runner has no such prefix.
pub fn default_of(runner: Runner, program: &Path, paths: &SearchPaths) -> Result<Prefix, Failure> {
    let known = match runner {
        Runner::Auto | Runner::Native | Runner::Wine => {
            Some(Prefix::without_path(Runner::Wine, Tool::Wine(None)))
        }
        Runner::Umu => umu::default_prefix(paths),
        _ => None,
    };
    known.ok_or_else(|| unknown(runner, &program.display().to_string()))
}

/// Returns the path of the prefix that contains a program, if one does.
pub fn containing(program: &Path) -> Option<PathBuf> {
    let drive = |part: Component<'_>| part.as_os_str() == "drive_c";
    let parts = program.components();
    let above = parts.clone().take_while(|part| !drive(*part));
    parts.clone().any(drive).then(|| above.collect())
}

/// Returns the prefix at a path with the runner that created it, if that left its marks: umu if it is installed, else Proton.
pub(super) fn by_content(path: &Path, paths: &SearchPaths) -> Option<Prefix> {
    if !signs::is_used_by_proton(path) {
        return None;
    }
    let (runner, tool) = if umu::program(paths).is_some() {
        (Runner::Umu, Tool::Umu(None))
    } else {
        (Runner::Proton, Tool::Proton(None))
    };
    Some(Prefix::new(path.to_owned(), runner, tool))
}

fn by_signs(path: &Path, paths: &SearchPaths) -> Option<Prefix> {
    signs::by_place(path).or_else(|| by_content(path, paths))
}

/// Returns the prefix at a path as the files of a runner name it.
fn named_by(runner: Runner, path: &Path, paths: &SearchPaths) -> Option<Prefix> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let wanted = real(path);
    let mut prefixes = runner.prefixes(paths).into_iter();
    prefixes.find(|prefix| {
        let known = [prefix.path.as_deref(), prefix.data()];
        known
            .into_iter()
            .flatten()
            .any(|known| real(known) == wanted)
    })
}

fn unknown(runner: Runner, what: &str) -> Failure {
    cannot_start(
        format!("{what} is in no prefix of the runner {}", runner.name()),
        "name a prefix of that runner with --prefix DIR, or leave --runner out",
    )
}

impl Prefix {
    /// Uses this Wine or Proton, where one is named.
    pub fn use_tool(&mut self, wine: Option<&Path>, proton: Option<&Path>, paths: &SearchPaths) {
        if let Some(wine) = wine {
            self.tool = Tool::Wine(Some(wine.into()));
        } else if let Some(proton) = proton {
            let proton = Some(PathBuf::from(proton));
            let is_umu = match self.tool {
                Tool::Proton(_) => false,
                Tool::Umu(_) => true,
                _ => umu::program(paths).is_some(),
            };
            self.tool = if is_umu {
                Tool::Umu(proton)
            } else {
                Tool::Proton(proton)
            };
        } else {
            return;
        }
        let is_wine = matches!(self.tool, Tool::Wine(_));
        self.runner = match self.runner {
            Runner::Lutris | Runner::Heroic | Runner::Faugus => self.runner,
            _ if is_wine => Runner::Wine,
            _ if matches!(self.tool, Tool::Umu(_)) => Runner::Umu,
            _ => Runner::Proton,
        };
    }
}
