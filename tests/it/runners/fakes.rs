//! Runners that behave as the real ones do: they filter, refuse and forget the status.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use super::GAME;
use crate::harness::{Engine, Home};

/// The runners that have prefixes, and the prefix that [`install`] puts the game into.
pub(crate) const RUNNERS: [(&str, &str); 8] = [
    ("bottles", ".local/share/bottles/bottles/Folder"),
    ("lutris", "Games/toontown"),
    ("heroic", "Games/Heroic/Prefixes/default/Toontown"),
    ("faugus", "Faugus/toontown"),
    ("proton", ".local/share/Steam/steamapps/compatdata/123/pfx"),
    (
        "crossover",
        "Library/Application Support/CrossOver/Bottles/tt",
    ),
    ("umu", "Games/umu/umu-default"),
    ("wine", ".wine"),
];

/// Runs the program that it is given, as Wine does.
const WINE: &str = "exec \"$@\"";
/// Refuses to work without a prefix, and outside of the runtime when its manifest demands that.
pub(crate) const PROTON: &str = "[ -d \"$STEAM_COMPAT_DATA_PATH\" ] && [ -n \"$STEAM_COMPAT_CLIENT_INSTALL_PATH\" ] || exit 1\n\
     if grep -q require_tool_appid \"${0%/*}/toolmanifest.vdf\" && [ -z \"$IN_RUNTIME\" ]; then exit 1; fi\n\
     case $1 in run|waitforexitandrun) shift; exec \"$@\";; esac\nexit 1";
pub(crate) const RUNTIME: &str = "[ \"$2\" = -- ] || exit 1\nshift 2\nIN_RUNTIME=1 exec \"$@\"";
/// Ends with 0 without a prefix, and passes a status on.
pub(crate) const UMU: &str =
    "[ -n \"$WINEPREFIX\" ] && [ -n \"$GAMEID\" ] && [ -n \"$PROTONPATH\" ] || exit 0\nexec \"$@\"";
/// Drops the variables that the bottle does not name, joins the arguments to a command of a shell, runs the game in a session of
/// its own and ends with 0 whatever the game does, except when a signal ends it: the game goes on then.
pub(crate) const BOTTLES: &str = "[ \"$1 $2 $4\" = 'run -b -e' ] || exit 1\n\
     name=$3 exe=$5\nshift 5\n[ \"$1\" = -- ] && shift\n\
     file=$(grep -lx \"Name: $name\" \"$HOME\"/.local/share/bottles/bottles/*/bottle.yml \
       \"$HOME\"/.var/app/com.usebottles.bottles/data/bottles/bottles/*/bottle.yml 2>/dev/null) || [ -n \"$file\" ] || exit 1\n\
     if ! grep -q 'Limit_System_Environment: false' \"$file\"; then\n\
       for variable in $(env | sed 's/=.*//'); do case $variable in PATH|HOME|PWD) ;; *)\n\
         grep -qx -- \"- $variable\" \"$file\" || unset \"$variable\";; esac; done\nfi\n\
     setsid sh -c \"exec \\\"\\$0\\\" $*\" \"$exe\" &\nwait $!\nexit 0";
/// Knows one application, and passes no `--env`, which shows in the process list.
pub(crate) const FLATPAK: &str = "[ \"$1 $2 $3 $4\" = 'run --die-with-parent --command=bottles-cli com.usebottles.bottles' ] || exit 1\n\
     shift 4\nexec \"$HOME/in-flatpak/bottles-cli\" \"$@\"";
const CROSSOVER: &str =
    "[ \"$1 $2\" = '--bottle tt' ] && [ \"$CX_BOTTLE\" = tt ] || exit 1\nshift 2\nexec \"$@\"";

/// Puts the tools that the fakes need on the `PATH` of a home.
pub(crate) fn link_tools(home: &Home) {
    let bin = home.path().join("bin");
    std::fs::create_dir(&bin).expect("a folder");
    for tool in [
        "sh", "env", "mkdir", "mv", "sleep", "grep", "sed", "cat", "setsid",
    ] {
        let real = PathBuf::from("/usr/bin").join(tool);
        let real = if real.exists() {
            real
        } else {
            PathBuf::from("/bin").join(tool)
        };
        symlink(real, bin.join(tool)).expect("a link");
    }
}

/// Writes an executable script that notes its arguments in `NAME.arguments` of the home, for its file's name.
pub(crate) fn script(home: &Home, path: &str, script: &str) {
    let name = path.rsplit('/').next().unwrap_or_default();
    let note = home.path().join(format!("{name}.arguments"));
    let note = format!("printf '%s\\n' \"$@\" >'{}'", note.display());
    let file = home.write(path, format!("#!/bin/sh\n{note}\n{script}\n"));
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("a mode");
}

/// Puts a game into a prefix that ends with a status.
pub(crate) fn game(home: &Home, prefix: &str, status: u8) -> Engine {
    let name = format!("{prefix}/{GAME}/TTREngine64.exe");
    Engine::with_script(home, &name, &format!("exit {status}")).executable()
}

/// Puts a game into a prefix that runs until it is told to end.
pub(crate) fn long_game(home: &Home, prefix: &str) -> Engine {
    let name = format!("{prefix}/{GAME}/TTREngine64.exe");
    Engine::long_running(home, &name, 7).executable()
}

/// Returns the prefix of a runner in [`RUNNERS`].
pub(crate) fn prefix(runner: &str) -> &'static str {
    let mut known = RUNNERS.iter().filter(|(name, _)| *name == runner);
    known.next().expect("a runner").1
}

/// Installs a runner with one prefix, which has no game yet.
pub(crate) fn install(home: &Home, runner: &str) {
    let path = |name: &str| home.path().join(name).display().to_string();
    match runner {
        "wine" => script(home, "bin/wine", WINE),
        "umu" => {
            script(home, "bin/umu-run", UMU);
            home.write(&format!("{}/config_info", prefix("umu")), "1\n");
        }
        "proton" => steam(home),
        "bottles" => {
            script(home, "bin/bottles-cli", BOTTLES);
            bottle(
                home,
                prefix("bottles"),
                "- TTR_GAMESERVER\n- TTR_PLAYCOOKIE\n",
            );
        }
        "lutris" => {
            script(
                home,
                ".local/share/lutris/runners/wine/lutris-7.2/bin/wine",
                WINE,
            );
            let file = "name: Toontown\ngame:\n  exe: drive_c/launcher.exe\n  prefix: ~/Games/toontown\n\
                        wine:\n  version: lutris-7.2\nsystem:\n  env:\n    FROM_FILE: 'yes'\n    PLAYCOOKIE_CODE: x\n    UMU_LOG: '1'\n";
            std::fs::create_dir_all(home.path().join(".config/lutris")).expect("a folder");
            home.write(".config/lutris/games/toontown-1600000000.yml", file);
        }
        "heroic" => {
            script(home, ".config/heroic/tools/wine/Wine-GE/bin/wine", WINE);
            let game = serde_json::json!({ "abc": {
                "winePrefix": path(prefix("heroic")),
                "wineVersion": { "bin": path(".config/heroic/tools/wine/Wine-GE/bin/wine"), "name": "Wine-GE", "type": "wine" },
                "enviromentOptions": [{ "key": "FROM_FILE", "value": "yes" }, { "key": "PROTON_LOG", "value": "1" }],
            }, "version": "v0" });
            home.write(".config/heroic/GamesConfig/abc.json", game.to_string());
        }
        "faugus" => {
            script(home, ".local/share/faugus-launcher/umu-run", UMU);
            let games = serde_json::json!([{ "gameid": "tt", "title": "Toontown", "path": "",
                "prefix": path(prefix("faugus")), "runner": "GE-Proton9-20" }]);
            home.write(".local/share/faugus-launcher/games.json", games.to_string());
        }
        "crossover" => {
            let wine = "Applications/CrossOver.app/Contents/SharedSupport/CrossOver/bin/wine";
            script(home, wine, CROSSOVER);
            home.write(
                &format!("{}/cxbottle.conf", prefix("crossover")),
                "[Bottle]\n",
            );
        }
        other => panic!("{other} is no runner"),
    }
}

/// Writes a new bottle with the name `The Bottle`, which passes these variables on.
pub(crate) fn bottle(home: &Home, folder: &str, names: &str) {
    let list = if names.is_empty() {
        " []\n".to_owned()
    } else {
        format!("\n{names}")
    };
    let text = format!(
        "Arch: win64\nLimit_System_Environment: true\nInherited_Environment_Variables:{list}\
         Name: The Bottle\nParameters:\n  sandbox: false\nPath: Folder\n"
    );
    home.write(&format!("{folder}/bottle.yml"), text);
}

/// Installs Steam with a Proton that needs its runtime, in a second library.
pub(crate) fn steam(home: &Home) {
    let library = home.path().join("library");
    home.write(
        ".local/share/Steam/steamapps/libraryfolders.vdf",
        format!(
            "\"libraryfolders\"\n{{\n\"0\" {{ \"path\" \"{}\" }}\n}}\n",
            library.display()
        ),
    );
    home.write(
        ".local/share/Steam/config/config.vdf",
        "\"InstallConfigStore\" { \"Software\" { \"valve\" { \"Steam\" { \"CompatToolMapping\" { \"0\" { \"name\" \"proton_9\" } } } } } }",
    );
    script(
        home,
        "library/steamapps/common/Proton 9.0 (Beta)/proton",
        PROTON,
    );
    home.write(
        "library/steamapps/common/Proton 9.0 (Beta)/toolmanifest.vdf",
        "\"manifest\" { \"commandline\" \"/proton %verb%\" \"require_tool_appid\" \"1628350\" }",
    );
    home.write(
        "library/steamapps/appmanifest_1628350.acf",
        "\"AppState\" { \"appid\" \"1628350\" \"installdir\" \"Sniper\" }",
    );
    script(
        home,
        "library/steamapps/common/Sniper/_v2-entry-point",
        RUNTIME,
    );
}
