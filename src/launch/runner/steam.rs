//! What Steam has installed: its libraries, the prefixes in them, versions of Proton and their runtimes.

use std::path::{Path, PathBuf};

use super::key_values::KeyValues;
use super::{Prefix, Runner, Tool, signs, vdf};
use crate::launch::search_paths::SearchPaths;

/// The usual roots, below the home directory.
pub(in crate::launch) const ROOTS: [&str; 6] = [
    ".local/share/Steam",
    ".steam/steam",
    ".steam/debian-installation",
    "snap/steam/common/.local/share/Steam",
    ".var/app/com.valvesoftware.Steam/.local/share/Steam",
    ".var/app/com.valvesoftware.Steam/data/Steam",
];
/// The names that Steam's configuration has for Valve's own versions of Proton, by the names of their folders.
const VALVES: [(&str, &str); 8] = [
    ("proton_10", "Proton 10.0"),
    ("proton_9", "Proton 9.0 (Beta)"),
    ("proton_8", "Proton 8.0"),
    ("proton_63", "Proton 6.3"),
    ("proton_513", "Proton 5.13"),
    ("proton_experimental", "Proton - Experimental"),
    ("proton_hotfix", "Proton Hotfix"),
    ("proton_9", "Proton 9.0"),
];
/// The runtimes of Proton: the id, the usual folder and the name.
const RUNTIMES: [(&str, &str, &str); 3] = [
    ("1391110", "SteamLinuxRuntime_soldier", "2.0 (soldier)"),
    ("1628350", "SteamLinuxRuntime_sniper", "3.0 (sniper)"),
    ("4183110", "SteamLinuxRuntime_4", "4.0"),
];

/// An installation of Steam.
#[derive(Debug)]
pub(super) struct SteamRoot {
    pub(super) folder: PathBuf,
    /// The libraries; the first is the root itself.
    pub(super) libraries: Vec<PathBuf>,
}

/// A runtime that a version of Proton demands.
#[derive(Debug)]
pub(super) struct SteamRuntime {
    /// The name for people.
    pub(super) name: String,
    /// The id, which installs it.
    pub(super) id: String,
    /// The folder, if it is installed.
    pub(super) folder: Option<PathBuf>,
}

/// Returns the installations of Steam. One with two names counts once.
pub(super) fn roots(paths: &SearchPaths) -> Vec<SteamRoot> {
    let mut real_roots = Vec::new();
    for root in paths
        .home
        .iter()
        .flat_map(|home| ROOTS.map(|root| home.join(root)))
    {
        let is_root = root.join("steamapps").is_dir() || root.join("config").is_dir();
        let real = root.canonicalize().ok().filter(|_| is_root);
        if let Some(real) = real.filter(|real| !real_roots.contains(real)) {
            real_roots.push(real);
        }
    }
    let with_libraries = |folder: PathBuf| {
        let mut libraries = vec![folder.clone()];
        let file = paths.parsed(&folder.join("steamapps/libraryfolders.vdf"), vdf::parse);
        for library in file.iter().flat_map(named_libraries) {
            let real = library.canonicalize().unwrap_or(library);
            if !libraries.contains(&real) {
                libraries.push(real);
            }
        }
        SteamRoot { folder, libraries }
    };
    real_roots.into_iter().map(with_libraries).collect()
}

fn named_libraries(file: &KeyValues) -> impl Iterator<Item = PathBuf> {
    let below = file.below(&["libraryfolders"]);
    let named = below.filter_map(|(keys, value)| match keys[..] {
        // The old form.
        [number] if number.parse::<u32>().is_ok() => Some(value),
        [_, "path"] => Some(value),
        _ => None,
    });
    named.map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Returns the prefixes in every library.
pub(super) fn prefixes(paths: &SearchPaths) -> Vec<Prefix> {
    let mut found: Vec<Prefix> = Vec::new();
    for library in roots(paths).iter().flat_map(|root| &root.libraries) {
        for folder in paths.folders(&library.join("steamapps/compatdata")) {
            let prefix = folder.join("pfx");
            let is_listed = found
                .iter()
                .any(|other| other.path.as_ref() == Some(&prefix));
            if signs::app_id(&prefix).is_some() && !is_listed {
                found.push(Prefix::new(prefix, Runner::Proton, Tool::Proton(None)));
            }
        }
    }
    found
}

impl SteamRoot {
    /// Returns the name of the Proton that Steam uses for an application; the application 0 is the default.
    pub(super) fn tool_name(&self, app_id: u32, paths: &SearchPaths) -> Option<String> {
        let file = paths.parsed(&self.folder.join("config/config.vdf"), vdf::parse)?;
        let keys = [
            "InstallConfigStore",
            "Software",
            "Valve",
            "Steam",
            "CompatToolMapping",
        ];
        let id = app_id.to_string();
        let keys = [&keys[..], &[&id, "name"]].concat();
        let name = file.get(&keys).filter(|name| !name.is_empty());
        name.map(ToOwned::to_owned)
    }

    /// Returns the folder of the Proton of this name.
    pub(super) fn tool(&self, name: &str, paths: &SearchPaths) -> Option<PathBuf> {
        let custom = self.folder.join("compatibilitytools.d");
        let by_folder = custom.join(name);
        if is_file_name(name) && is_proton(&by_folder) {
            return Some(by_folder);
        }
        let valves = VALVES.iter().filter(|(known, _)| *known == name);
        let folders = valves.map(|(_, folder)| *folder).chain([name]);
        let folders: Vec<_> = folders.filter(|folder| is_file_name(folder)).collect();
        let mut in_libraries = self.libraries.iter().flat_map(|library| {
            let common = library.join("steamapps/common");
            folders.iter().map(move |folder| common.join(folder))
        });
        if let Some(found) = in_libraries.find(|folder| is_proton(folder)) {
            return Some(found);
        }
        paths.folders(&custom).into_iter().find(|folder| {
            let file = paths.parsed(&folder.join("compatibilitytool.vdf"), vdf::parse);
            let named = file.as_ref().and_then(|file| {
                let mut below = file.below(&["compatibilitytools", "compat_tools"]);
                below.next().and_then(|(keys, _)| keys.first().copied())
            });
            named == Some(name) && is_proton(folder)
        })
    }

    /// Returns the runtime that the Proton in a folder must run in, if it demands one.
    pub(super) fn runtime(&self, proton: &Path, paths: &SearchPaths) -> Option<SteamRuntime> {
        let manifest = paths.parsed(&proton.join("toolmanifest.vdf"), vdf::parse)?;
        let id = manifest.get(&["manifest", "require_tool_appid"])?;
        let id = id.parse::<u32>().ok().filter(|id| *id != 0)?.to_string();
        let known = RUNTIMES.iter().find(|(known, ..)| *known == id);
        let installed = self.libraries.iter().find_map(|library| {
            let apps = library.join("steamapps");
            let file = apps.join(format!("appmanifest_{id}.acf"));
            let file = paths.parsed(&file, vdf::parse)?;
            let name = file.get(&["AppState", "installdir"])?;
            is_file_name(name).then(|| apps.join("common").join(name))
        });
        let usual = self.libraries.iter().filter_map(|library| {
            let (_, folder, _) = known?;
            Some(library.join("steamapps/common").join(folder))
        });
        let mut folders = installed.into_iter().chain(usual);
        let folder = folders.find(|folder| folder.join("_v2-entry-point").is_file());
        Some(SteamRuntime {
            name: known.map_or_else(|| id.clone(), |(.., name)| (*name).to_owned()),
            id,
            folder,
        })
    }
}

/// Whether a folder holds a Proton.
pub(super) fn is_proton(folder: &Path) -> bool {
    folder.join("proton").is_file()
}

/// Whether a name stands for something directly in a folder.
pub(super) fn is_file_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let first = parts.next();
    matches!(first, Some(std::path::Component::Normal(_))) && parts.next().is_none()
}
