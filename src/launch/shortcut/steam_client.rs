//! Where Steam is installed, its users, and whether it runs.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy, choose_base_strategy};

/// Returns the files with the shortcuts of every user of every Steam, whether they exist or not.
pub(super) fn shortcut_files() -> Vec<PathBuf> {
    let users = roots().into_iter().flat_map(|root| users(&root));
    users.map(|user| user.join("shortcuts.vdf")).collect()
}

/// Returns the configuration folders of the users of a Steam. `0` and `ac` are no users.
fn users(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join("userdata"));
    let entries = entries.into_iter().flatten().flatten();
    let is_user = |name: &str| name != "0" && name.bytes().all(|byte| byte.is_ascii_digit());
    let mut users: Vec<_> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_user))
        .map(|entry| entry.path().join("config"))
        .filter(|folder| folder.is_dir())
        .collect();
    users.sort();
    users
}

/// Returns the folders in which Steam is installed. Several of the usual ones are links to one folder.
fn roots() -> Vec<PathBuf> {
    let base = choose_base_strategy().ok();
    let places = base.iter().flat_map(places);
    let mut roots: Vec<_> = places
        .filter_map(|place| place.canonicalize().ok())
        .collect();
    roots.sort();
    roots.dedup();
    roots
}

#[cfg(not(any(windows, target_os = "macos")))]
fn places(base: &impl BaseStrategy) -> Vec<PathBuf> {
    let below_home = crate::launch::runner::steam::ROOTS;
    let below_home = below_home.map(|place| base.home_dir().join(place));
    [vec![base.data_dir().join("Steam")], below_home.into()].concat()
}

#[cfg(target_os = "macos")]
fn places(base: &impl BaseStrategy) -> Vec<PathBuf> {
    vec![base.home_dir().join("Library/Application Support/Steam")]
}

#[cfg(windows)]
fn places(_: &impl BaseStrategy) -> Vec<PathBuf> {
    let folders = ["PROGRAMFILES(X86)", "PROGRAMFILES"].map(std::env::var_os);
    let folders = folders.into_iter().flatten();
    let usual = folders.map(|folder| PathBuf::from(folder).join("Steam"));
    registered().into_iter().chain(usual).collect()
}

/// Returns the folder that Steam has entered into the registry.
#[cfg(windows)]
fn registered() -> Option<PathBuf> {
    let mut command = std::process::Command::new("reg.exe");
    command.args(["query", "HKCU\\Software\\Valve\\Steam", "/v", "SteamPath"]);
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (_, path) = text.split_once("REG_SZ")?;
    Some(path.trim().into())
}

/// Whether Steam runs. It writes its shortcuts when it ends, and so undoes what others have written meanwhile.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn is_running() -> bool {
    let named = choose_base_strategy().ok().and_then(|base| {
        let pid = fs::read_to_string(base.home_dir().join(".steam/steam.pid")).ok()?;
        let pid: u32 = pid.trim().parse().ok()?;
        // The system may have given the id to another process.
        fs::read_to_string(format!("/proc/{pid}/comm")).ok()
    });
    named.is_some_and(|name| name.starts_with("steam")) || runs_program_of(&roots())
}

/// Whether a process runs the program of one of these installations. One in a container has another id and path there, but
/// the same file.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn runs_program_of(roots: &[PathBuf]) -> bool {
    use std::os::unix::fs::MetadataExt;
    const PROGRAMS: [&str; 3] = ["ubuntu12_32/steam", "ubuntu12_64/steam", "steamrt64/steam"];
    let identity = |path: PathBuf| {
        let found = fs::metadata(path).ok()?;
        Some((found.dev(), found.ino()))
    };
    let programs = roots
        .iter()
        .flat_map(|root| PROGRAMS.map(|name| root.join(name)));
    let programs: Vec<_> = programs.filter_map(identity).collect();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut running = processes.filter_map(|process| identity(process.path().join("exe")));
    !programs.is_empty() && running.any(|program| programs.contains(&program))
}

/// Whether Steam runs.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
pub(super) fn is_running() -> bool {
    let name = if cfg!(target_os = "macos") {
        "steam_osx"
    } else {
        "steam"
    };
    let mut command = std::process::Command::new("pgrep");
    let output = command.args(["-x", name]).output();
    output.is_ok_and(|output| output.status.success())
}

/// Whether Steam runs.
#[cfg(windows)]
pub(super) fn is_running() -> bool {
    let mut command = std::process::Command::new("tasklist.exe");
    command.args(["/NH", "/FI", "IMAGENAME eq steam.exe"]);
    let output = command.output();
    output.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
        text.contains("steam.exe")
    })
}
