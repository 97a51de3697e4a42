//! Lutris: the prefixes, the Wine and the variables of its games.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use super::key_values::KeyValues;
use super::prefix::containing;
use super::steam::SteamRoot;
use super::{Prefix, Runner, Tool, steam, usable_variables, yaml};
use crate::launch::search_paths::SearchPaths;

/// The application's id in Flatpak.
const FLATPAK: &str = "net.lutris.Lutris";

/// Returns the prefixes of its games for Windows.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let native = paths.config_home().zip(paths.data_home());
    let flatpak = paths.flatpak(FLATPAK);
    let flatpak = flatpak.map(|folder| (folder.join("config"), folder.join("data")));
    let mut found = Vec::new();
    for (config, data) in native.into_iter().chain(flatpak) {
        let (config, data) = (config.join("lutris"), data.join("lutris"));
        let config = if config.is_dir() { &config } else { &data };
        let runner = paths.parsed(&config.join("runners/wine.yml"), yaml::parse);
        let games = paths.files(&config.join("games"), "yml");
        let lutris = Lutris {
            runners: data.join("runners"),
            settings: runner.unwrap_or_default(),
            steam: OnceCell::new(),
            paths,
        };
        let games = games
            .iter()
            .filter_map(|game| paths.parsed(game, yaml::parse));
        found.extend(games.filter_map(|game| lutris.prefix(&game)));
    }
    found
}

/// An installation of Lutris.
struct Lutris<'a> {
    /// The folder of its versions of Wine.
    runners: PathBuf,
    /// The settings for all games for Windows.
    settings: KeyValues,
    /// The installations of Steam, whose versions of Proton it uses as well.
    steam: OnceCell<Vec<SteamRoot>>,
    paths: &'a SearchPaths,
}

impl Lutris<'_> {
    /// Returns the prefix of a game; none when the game is not for Windows.
    fn prefix(&self, game: &KeyValues) -> Option<Prefix> {
        let path = |keys: &[&str]| {
            let path = game.get(keys).filter(|path| !path.is_empty())?;
            Some(self.paths.expand(path).unwrap_or_else(|| path.into()))
        };
        let named = path(&["game", "prefix"]);
        if named.is_none() && game.below(&["wine"]).next().is_none() {
            return None;
        }
        let program = path(&["game", "exe"]).map(|program| match &named {
            // A relative one is below the prefix.
            Some(prefix) => prefix.join(program),
            None => program,
        });
        let folder = named.or_else(|| containing(program.as_ref()?))?;
        let setting = |keys: &[&str]| game.get(keys).or_else(|| self.settings.get(keys));
        let version = setting(&["wine", "version"]).unwrap_or_default();
        let custom = setting(&["wine", "custom_wine_path"]).map(PathBuf::from);
        let variables = [&self.settings, game].into_iter();
        let variables = variables.flat_map(|file| file.table(&["system", "env"]));
        let directory = program.as_deref().and_then(Path::parent);
        let directory = directory.filter(|directory| directory.is_absolute());
        folder.is_absolute().then(|| Prefix {
            environment: usable_variables(variables),
            directory: directory.map(Path::to_owned),
            ..Prefix::new(folder, Runner::Lutris, self.tool(version, custom))
        })
    }

    /// Returns the Wine of this version.
    fn tool(&self, version: &str, custom: Option<PathBuf>) -> Tool {
        match version {
            "system" => return Tool::Wine(None),
            "custom" => return Tool::Wine(custom),
            "winehq-devel" => return Tool::Wine(Some("/opt/wine-devel/bin/wine".into())),
            "winehq-staging" => return Tool::Wine(Some("/opt/wine-staging/bin/wine".into())),
            _ if version.is_empty() || version.eq_ignore_ascii_case("ge-proton") => {
                return Tool::Umu(Some("GE-Proton".into()));
            }
            _ => {}
        }
        let wine = self.runners.join("wine").join(version).join("bin/wine");
        if wine.is_file() {
            return Tool::Wine(Some(wine));
        }
        let own = ["proton", "wine"].map(|kind| self.runners.join(kind).join(version));
        let own = own.into_iter().find(|folder| steam::is_proton(folder));
        let proton = own.or_else(|| {
            let mut roots = self.steam.get_or_init(|| steam::roots(self.paths)).iter();
            roots.find_map(|root| root.tool(version, self.paths))
        });
        proton.map_or(Tool::Wine(Some(wine)), |folder| Tool::Umu(Some(folder)))
    }
}
