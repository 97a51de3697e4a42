//! A home with several accounts and a stand-in game for them, which finds out its account by the play cookie.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::accounts::account;
use super::ttr::grant;
use super::{Home, Program, Reaction, Scripted, wait_until};

/// The accounts and their games.
const ACCOUNTS: [(&str, &str); 6] = [
    ("alice", "ttr"),
    ("bob", "ttr"),
    ("carol", "ttcc"),
    ("dora", "tlopo"),
    ("dan", "tlopo"),
    ("eve", "ttr"),
];

/// The groups of accounts.
const GROUPS: &str =
    "[groups]\npair = [\"alice\", \"bob\"]\nevening = [\"alice\", \"carol\", \"dora\"]\n";

/// The shell functions of the game. Waiting ends after a minute, so that a failed test leaves no process behind.
const TOOLS: &str = r#"note() { echo $$ >"$home/$me.$1.new"; mv "$home/$me.$1.new" "$home/$me.$1"; }
wait_for() {
  left=6000
  until [ -e "$home/$1" ]; do
    left=$((left - 1))
    if [ $left -le 0 ] || ! [ -d "$home" ]; then exit 99; fi
    sleep 0.01
  done
}
"#;

/// Returns the answers of a successful login with the account's name as its play cookie.
pub(crate) fn granted(name: &str) -> Vec<Reaction> {
    let game = ACCOUNTS.iter().find(|(known, _)| *known == name);
    match game.expect("an account").1 {
        "ttr" => vec![grant("gs.example", name)],
        "tlopo" => {
            let answer = json!({ "status": 7, "message": "", "token": name, "gameserver": "gs" });
            vec![Reaction::json(answer.to_string())]
        }
        _ => [
            json!({ "status": true, "reason": 1000, "message": "", "token": "lt-5ec7e7", "id": 1 }),
            json!({ "realms": [{ "slug": "production", "hostname": "gs" }], "bad_token": false }),
            json!({ "status": true, "message": "", "token": name }),
            json!({ "status": true, "bad_token": false }),
        ]
        .map(|answer| Reaction::json(answer.to_string()))
        .into(),
    }
}

/// Returns an answer that refuses username and password.
pub(crate) fn refusal() -> Reaction {
    Reaction::json(r#"{"success":"false","banner":"Incorrect username and/or password."}"#)
}

/// Returns an answer with status 429.
pub(crate) fn too_many() -> Reaction {
    Reaction::with_headers(429, &[("Retry-After", "100")], "")
}

/// A home with accounts, and one server for all of its games.
pub(crate) struct Fixture {
    pub(crate) home: Home,
    pub(crate) server: Scripted,
    exe: PathBuf,
}

impl Fixture {
    /// Creates a fixture whose game runs `script` in a POSIX shell. There, `$me` is the account's name, `note WORD` creates
    /// the file `NAME.WORD`, and `wait_for NAME.WORD` waits for it.
    pub(crate) fn new(script: &str, reactions: impl IntoIterator<Item = Reaction>) -> Self {
        Self::with(script, "", reactions)
    }

    /// Creates the same with `more` before the accounts in `config.toml`.
    pub(crate) fn with(
        script: &str,
        more: &str,
        reactions: impl IntoIterator<Item = Reaction>,
    ) -> Self {
        let (home, server) = (Home::new(), Scripted::new(reactions));
        let folder = home.path().display();
        let exe = home.write(
            "game",
            format!(
                "#!/bin/sh\nhome='{folder}'\nme=$TTR_PLAYCOOKIE$TT_PLAYCOOKIE$TLOPO_PLAYCOOKIE\n\
                 {TOOLS}note started\n{script}\n"
            ),
        );
        let mut text = more.to_owned();
        for game in ["ttr", "ttcc", "tlopo"] {
            let root = server.root();
            let exe = exe.display();
            let _ = write!(text, "[{game}]\nexe = \"{exe}\"\napi = \"{root}\"\n");
        }
        for (name, game) in ACCOUNTS {
            let command = format!("password-command = \"echo pw-of-{name}\"");
            text += &account(name, game, &format!("{name}-u"), &command);
        }
        home.configure(text + GROUPS);
        Self { home, server, exe }
    }

    /// Returns the program with these arguments.
    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        self.home.program(arguments)
    }

    /// Returns the path of the game as an argument.
    pub(crate) fn exe(&self) -> &str {
        self.exe.to_str().expect("UTF-8")
    }

    /// Replaces a text in `config.toml`.
    pub(crate) fn change(&self, from: &str, to: &str) {
        let text = self.home.configuration().unwrap_or_default();
        assert!(text.contains(from), "{from:?} is not in {text}");
        self.home.configure(text.replace(from, to));
    }

    /// Creates a file that a game waits for.
    pub(crate) fn note(&self, name: &str) {
        self.home.write(name, "");
    }

    /// Returns whether a game created this file.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.home.path().join(name).exists()
    }

    /// Waits until games created these files.
    #[track_caller]
    pub(crate) fn wait_for(&self, names: &[&str]) {
        for name in names {
            wait_until(&format!("there is {name}"), || self.has(name));
        }
    }

    /// Returns the accounts whose passwords the server received, in order. Asserts that every reaction was used.
    #[track_caller]
    pub(crate) fn logins(self) -> Vec<String> {
        let requests = self.server.finish().into_iter();
        let names = requests.filter_map(|request| {
            let (_, rest) = request.body.split_once("pw-of-")?;
            let name = rest.split(|character: char| !character.is_alphanumeric());
            name.into_iter().next().map(ToOwned::to_owned)
        });
        names.collect()
    }
}
