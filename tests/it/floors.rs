//! The house keeps its floors apart: no file names a crate or a module that its row of the design forbids.

use std::fs;
use std::path::Path;

/// The doors to the world, by what opens them.
const NETWORK: &[&str] = &["reqwest", "TcpStream", "TcpListener", "UdpSocket"];
const PROCESSES: &[&str] = &[
    "process::Command",
    "process::{",
    "tokio::process",
    "process_wrap",
];
const FILES: &[&str] = &["std::fs", "fs::", "File::", "OpenOptions"];
const CLOCK: &[&str] = &[
    "Instant",
    "SystemTime",
    "tokio::time",
    "thread::sleep",
    "UNIX_EPOCH",
];
const STREAMS: &[&str] = &[
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "stdout()",
    "stderr()",
    "stdin()",
    "rpassword",
    "console",
];
const SURROUNDINGS: &[&str] = &["env::", "getrandom"];
const SECRET_STORES: &[&str] = &[
    "keyring",
    "keyring_core",
    "apple_native_keyring_store",
    "windows_native_keyring_store",
    "security_framework",
    "dbus",
    "dbus_secret_service",
];
const WAITING: &[&str] = &["async ", ".await"];

/// Who keeps each door: paths below `src/` where its words may stand.
const KEEPERS: &[(&str, &[&str], &[&str])] = &[
    ("the network", NETWORK, &["http.rs", "http/", "rehearsal/"]),
    ("processes", PROCESSES, &["launch/"]),
    ("the clock", CLOCK, &["clock.rs"]),
    (
        "the terminal",
        STREAMS,
        &["terminal.rs", "terminal/", "launch/output.rs", "main.rs"],
    ),
    (
        "arguments",
        &["clap"],
        &["cli/", "run/manual.rs", "run/mod.rs"],
    ),
    ("errors of any kind", &["anyhow"], &["run/"]),
    ("randomness", &["getrandom"], &["random.rs"]),
    (
        "signals",
        &["tokio::signal", "signal_hook"],
        &["signals.rs"],
    ),
    (
        "the game's directory",
        &["cap_std", "cap_fs_ext"],
        &["update/folder.rs", "update/folder/"],
    ),
    ("the secret store", SECRET_STORES, &["vault.rs", "vault/"]),
    ("the state directory", &["state_dir"], &["state.rs"]),
    (
        "the configuration",
        &["config_dir", "toml_edit"],
        &["accounts.rs", "accounts/"],
    ),
];

/// What a row of the design forbids, beside the doors that others keep.
const ROWS: &[(&str, &[&[&str]])] = &[
    (
        "login.rs",
        &[
            NETWORK,
            PROCESSES,
            FILES,
            CLOCK,
            STREAMS,
            SURROUNDINGS,
            WAITING,
            &["tokio"],
            ABOVE_LOGIN,
        ],
    ),
    (
        "login/",
        &[
            NETWORK,
            PROCESSES,
            FILES,
            CLOCK,
            STREAMS,
            SURROUNDINGS,
            WAITING,
            &["tokio"],
            ABOVE_LOGIN,
        ],
    ),
    ("loose.rs", &[FILES, SURROUNDINGS, WAITING, ABOVE_LOGIN]),
    (
        "game/",
        &[
            NETWORK,
            PROCESSES,
            FILES,
            CLOCK,
            STREAMS,
            SURROUNDINGS,
            WAITING,
            &["tokio"],
            ABOVE_LOGIN,
        ],
    ),
    (
        "drive.rs",
        &[
            FILES,
            STREAMS,
            SURROUNDINGS,
            &[
                "crate::game",
                "https://",
                "crate::terminal",
                "crate::launch",
                "crate::cli",
                "crate::run",
            ],
        ],
    ),
    (
        "http.rs",
        &[
            STREAMS,
            &[
                "crate::game",
                "serde_json",
                "crate::terminal",
                "crate::launch",
                "crate::cli",
                "crate::drive",
                "crate::run",
            ],
        ],
    ),
    (
        "http/",
        &[
            STREAMS,
            &[
                "crate::game",
                "serde_json",
                "crate::terminal",
                "crate::launch",
                "crate::cli",
                "crate::drive",
                "crate::run",
            ],
        ],
    ),
    (
        "terminal.rs",
        &[&[
            "crate::game",
            "crate::launch",
            "crate::http",
            "crate::cli",
            "crate::drive",
            "crate::run",
        ]],
    ),
    (
        "terminal/",
        &[&[
            "crate::game",
            "crate::launch",
            "crate::http",
            "crate::cli",
            "crate::drive",
            "crate::run",
        ]],
    ),
    (
        "event.rs",
        &[
            FILES,
            STREAMS,
            WAITING,
            &[
                "crate::terminal",
                "crate::launch",
                "crate::http",
                "crate::cli",
                "crate::drive",
                "crate::run",
            ],
        ],
    ),
    (
        "launch/",
        &[&[
            "crate::http",
            "crate::terminal",
            "crate::cli",
            "crate::drive",
            "crate::run",
        ]],
    ),
    (
        "cli/",
        &[
            WAITING,
            FILES,
            &["crate::terminal::Terminal", "crate::drive", "crate::run"],
        ],
    ),
    ("run/", &[&["https://"], &["serde_json::from"]]),
    (
        "rehearsal/",
        &[&[
            "crate::http",
            "crate::terminal",
            "crate::launch",
            "crate::cli",
            "crate::drive",
            "crate::run",
            "UNSPECIFIED",
            "0.0.0.0",
        ]],
    ),
    ("main.rs", &[&["clap", "tokio", "serde"]]),
    ("sanitize.rs", &[&["crate::"]]),
    (
        "words.rs",
        &[NETWORK, FILES, STREAMS, SURROUNDINGS, WAITING, ABOVE_LOGIN],
    ),
    ("secret.rs", &[&["crate::"]]),
    ("rehearsal/diff.rs", PURE),
    ("rehearsal/exchange.rs", PURE),
    ("rehearsal/motion.rs", PURE),
    ("rehearsal/publisher.rs", PURE),
    ("rehearsal/release.rs", PURE),
    ("rehearsal/shelf.rs", PURE),
    ("rehearsal/tlopo/", PURE),
    ("rehearsal/ttcc/files.rs", PURE),
    ("rehearsal/ttr/", PURE),
    ("district.rs", LEAF),
    ("manifest.rs", LEAF),
    ("manifest/", LEAF),
    ("run/districts/words.rs", LEAF),
    ("run/districts/condition.rs", JUDGEMENT),
    ("moment.rs", LEAF),
    ("pace.rs", PURE),
    ("status.rs", PURE),
    ("steps.rs", PURE),
    ("totp.rs", TOTP),
    ("totp/", TOTP),
    ("update.rs", &[STREAMS, UNKNOWN_TO_AN_UPDATE]),
    ("update/", &[STREAMS, UNKNOWN_TO_AN_UPDATE]),
    ("vault.rs", &[FILES, SURROUNDINGS, UNKNOWN_TO_A_STORE]),
    ("vault/", &[FILES, WAITING, UNKNOWN_TO_A_STORE]),
    ("state.rs", &[SURROUNDINGS, WAITING, ABOVE_LOGIN]),
    ("accounts.rs", &[FILES, SURROUNDINGS, NO_SECRETS]),
    (
        "accounts/",
        &[
            NETWORK,
            PROCESSES,
            &["fs::", "File::", "OpenOptions"],
            SURROUNDINGS,
            WAITING,
            NO_SECRETS,
        ],
    ),
    (
        "files.rs",
        &[SURROUNDINGS, WAITING, ABOVE_LOGIN, &["crate::game"]],
    ),
    (
        "files/",
        &[SURROUNDINGS, WAITING, ABOVE_LOGIN, &["crate::game"]],
    ),
    (
        "api.rs",
        &[FILES, SURROUNDINGS, WAITING, &["crate::run", "crate::cli"]],
    ),
];
/// Times are given, and nothing is done.
const PURE: &[&[&str]] = &[
    NETWORK,
    PROCESSES,
    FILES,
    CLOCK,
    STREAMS,
    SURROUNDINGS,
    WAITING,
    ABOVE_LOGIN,
    &["crate::clock", "crate::state", "tokio"],
];
/// Values and how they are written, known to games and to those who show them, and knowing neither.
const LEAF: &[&[&str]] = &[
    NETWORK,
    PROCESSES,
    FILES,
    CLOCK,
    STREAMS,
    SURROUNDINGS,
    WAITING,
    ABOVE_LOGIN,
    ALL_BUT_SERDE,
];
/// What is given is judged, by what was typed and what is known of a game.
const JUDGEMENT: &[&[&str]] = &[
    NETWORK,
    PROCESSES,
    FILES,
    CLOCK,
    STREAMS,
    SURROUNDINGS,
    WAITING,
    &[
        "crate::clock",
        "crate::http",
        "crate::launch",
        "crate::state",
        "crate::terminal",
        "tokio",
    ],
];
/// The modules that a value could name, and need not.
const ALL_BUT_SERDE: &[&str] = &[
    "crate::clock",
    "crate::event",
    "crate::exit",
    "crate::game",
    "crate::login",
    "crate::secret",
    "crate::state",
    "crate::vault",
    "tokio",
];
/// Codes are computed: from what is given, and nothing else.
const TOTP: &[&[&str]] = &[
    NETWORK,
    PROCESSES,
    FILES,
    CLOCK,
    STREAMS,
    SURROUNDINGS,
    WAITING,
    ABOVE_LOGIN,
    ALL_BUT_SECRET,
];
/// The modules that `totp` could name, but for `secret`.
const ALL_BUT_SECRET: &[&str] = &[
    "crate::clock",
    "crate::event",
    "crate::exit",
    "crate::game",
    "crate::login",
    "crate::random",
    "crate::state",
    "crate::vault",
    "serde",
    "tokio",
];
const ABOVE_LOGIN: &[&str] = &[
    "crate::http",
    "crate::terminal",
    "crate::launch",
    "crate::cli",
    "crate::drive",
    "crate::run",
    "clap",
    "anyhow",
];
/// Files are brought up to date whatever the game is called, and whoever asks.
const UNKNOWN_TO_AN_UPDATE: &[&str] = &[
    "crate::game",
    "crate::login",
    "crate::terminal",
    "crate::cli",
    "crate::run",
    "clap",
    "anyhow",
];
/// What is remembered in a file knows no secret, and nothing above it.
const NO_SECRETS: &[&str] = &[
    "crate::secret",
    "crate::vault",
    "crate::terminal",
    "crate::drive",
    "crate::cli",
    "crate::run",
    "clap",
    "anyhow",
];
/// A store knows the words of a key, and neither who files something nor who looks.
const UNKNOWN_TO_A_STORE: &[&str] = &[
    "crate::game",
    "crate::login",
    "crate::drive",
    "crate::event",
    "crate::http",
    "crate::terminal",
    "crate::launch",
    "crate::cli",
    "crate::run",
    "crate::state",
    "serde_json",
];

#[test]
fn every_door_has_one_keeper() {
    let mut strays = Vec::new();
    for (path, code) in sources() {
        for (door, words, keepers) in KEEPERS {
            if !keepers.iter().any(|keeper| path.starts_with(keeper)) {
                strays.extend(
                    words
                        .iter()
                        .filter(|word| names(&code, word))
                        .map(|word| format!("{path}: {word} ({door})")),
                );
            }
        }
    }
    assert_eq!(strays, Vec::<String>::new());
}

#[test]
fn no_floor_names_what_its_row_forbids() {
    let mut strays = Vec::new();
    for (path, code) in sources() {
        for (row, forbidden) in ROWS.iter().filter(|(row, _)| path.starts_with(row)) {
            let words = forbidden.iter().flat_map(|words| words.iter());
            strays.extend(
                words
                    .filter(|word| names(&code, word))
                    .map(|word| format!("{path}: {word} (row {row})")),
            );
        }
    }
    assert_eq!(strays, Vec::<String>::new());
}

#[test]
fn every_row_is_about_a_file_that_is_there() {
    let sources = sources();
    let keepers = KEEPERS
        .iter()
        .flat_map(|(_, _, keepers)| keepers.iter().copied());
    for row in ROWS.iter().map(|(row, _)| *row).chain(keepers) {
        assert!(
            sources.iter().any(|(path, _)| path.starts_with(row)),
            "nothing at {row}"
        );
    }
}

#[test]
fn a_stray_word_would_be_found() {
    assert!(names("use reqwest::Client;", "reqwest"));
    assert!(names("let now = Instant::now();", "Instant"));
    assert!(
        !names("// reqwest in a comment", "reqwest") && !names("let instantly = 1;", "Instant")
    );
    assert!(!names("fn endgame() {}", "game"));
    assert!(
        names("let u = \"https://x\"; // why", "https://")
            && !names("x(); // see https://x", "https://")
    );
    assert!(
        SURROUNDINGS
            .iter()
            .any(|word| names("std::env::var_os(name)", word))
    );
    assert!(
        PROCESSES
            .iter()
            .any(|word| names("use std::process::{Command, Stdio};", word))
    );
}

/// Whether code, not a comment, holds the word as a word.
fn names(code: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    code.lines().map(without_comment).any(|line| {
        line.match_indices(word).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + word.len()..].chars().next();
            let starts = !word.starts_with(is_part) || !before.is_some_and(is_part);
            let ends = !word.ends_with(is_part) || !after.is_some_and(is_part);
            starts && ends
        })
    })
}

/// A line up to its comment; the slashes of a URL begin none.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// Every source file below `src/` with its path, without its tests.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !path.ends_with("tests.rs")
            {
                let code = fs::read_to_string(&path).expect("a source");
                let code = code
                    .split("#[cfg(test)]\nmod tests")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                found.push((below(&root, &path), code));
            }
        }
    }
    found
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .expect("below src")
        .to_string_lossy()
        .replace('\\', "/")
}
