//! The report of `doctor --report`: versions, checks and the end of the last log, without names, paths of the user and secrets.

use std::path::{Path, PathBuf};

use super::list::CheckList;
use crate::base::redactor::Redactor;
use crate::base::sanitize::escaped;
use crate::base::secret::{MASK, Secret};
use crate::context::Context;
use crate::games::GameId;
use crate::launch::desktop::user_name;
use crate::launch::search_paths::SearchPaths;

/// A word of a log of at least this many characters, with letters and digits, may be a secret.
const SECRET_LENGTH: usize = 20;
/// Parts of the names of values that are secrets.
const SECRET_NAMES: [&str; 6] = [
    "cookie",
    "password",
    "secret",
    "token",
    "login",
    "authorization",
];
/// The characters that end a path in a sentence, and those that do before a space.
const PATH_ENDS: (&str, [&str; 3]) = ("\"'`<>|\n", [", ", ": ", "; "]);
/// How many ends of a path in a line are looked up on the disk.
const MAX_LOOKUPS: usize = 32;

/// Returns the report. `versions` is what `-vV` prints.
pub(crate) fn report(context: &Context, versions: &str, checks: &CheckList) -> String {
    let mask = NameMask::new(context);
    let checks = mask.mask(&checks.text(None, false));
    let log = match context.state.newest_log() {
        None => "none; `log = true` in the configuration keeps one".to_owned(),
        Some(log) => {
            let lines = log.lines().map(escaped);
            let lines = lines.map(|line| without_secrets(&mask.mask(&line)));
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    format!("{versions}\nChecks:\n{checks}\nThe end of the last log:\n{log}\n")
}

/// Masks names and paths of the user.
struct NameMask {
    /// The home directory as it may be written, in Wine's form, too.
    homes: Vec<String>,
    /// The names in lower case.
    names: Vec<String>,
    redactor: Redactor,
}

impl NameMask {
    /// Returns the mask for this user and the accounts of the configuration.
    fn new(context: &Context) -> Self {
        let home = SearchPaths::from_environment().home;
        let configuration = &context.configuration;
        let accounts = configuration.accounts.iter();
        let accounts = accounts.flat_map(|account| {
            let local = account.username.split('@').next().unwrap_or_default();
            [&account.name, &account.username, local].map(ToOwned::to_owned)
        });
        let groups = configuration.groups.iter().map(|(name, _)| name.clone());
        let folder = home.as_ref().and_then(|home| home.file_name());
        let folder = folder.map(|name| name.to_string_lossy().into_owned());
        let user = user_name().into_iter().chain(folder);
        // That of the superuser tells nothing.
        let user = user.filter(|name| name != "root");
        let names = accounts.chain(groups).chain(user);
        Self::of(&names.collect::<Vec<_>>(), home)
    }

    fn of(names: &[String], home: Option<PathBuf>) -> Self {
        let redactor = Redactor::default();
        for name in names {
            redactor.add(&Secret::new(name.clone()));
            redactor.add(&Secret::new(name.to_lowercase()));
        }
        let home = home.filter(|home| home.file_name().is_some());
        let real = home.as_ref().and_then(|home| home.canonicalize().ok());
        let homes = home.into_iter().chain(real);
        let homes = homes.map(|home| home.to_string_lossy().into_owned());
        let homes = homes.flat_map(|home| {
            let doubled = home.replace('/', r"\\");
            [home.replace('/', r"\"), doubled, home]
        });
        Self {
            homes: homes.collect(),
            names: names.iter().map(|name| name.to_lowercase()).collect(),
            redactor,
        }
    }

    fn mask(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for home in &self.homes {
            text = without_paths(&text, home);
        }
        let is_part = |character: char| character.is_alphanumeric() || "._-@".contains(character);
        let is_name = |word: &str| {
            let bare = word.trim_end_matches(['.', '-']).to_lowercase();
            let is_address = |(local, host): (&str, &str)| !local.is_empty() && host.contains('.');
            self.names.contains(&bare) || bare.split_once('@').is_some_and(is_address)
        };
        self.redactor.redact(&map_words(&text, is_part, |word| {
            is_name(word).then(|| MASK.to_owned())
        }))
    }
}

/// Replaces what is below the home directory, and `~` stands for the directory itself.
fn without_paths(text: &str, home: &str) -> String {
    let (mut masked, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(home) {
        masked.push_str(before);
        let is_longer =
            after.starts_with(|next: char| next.is_alphanumeric() || "._-".contains(next));
        if is_longer {
            masked.push_str(home);
            rest = after;
            continue;
        }
        masked.push('~');
        let (below, after) = after.split_at(path_length(home, after));
        if below.len() > 1 {
            masked.push('/');
            masked.push_str(MASK);
        }
        rest = after;
    }
    masked.push_str(rest);
    masked
}

/// Returns the length of a path below the home directory at the start of a text: up to what ends a path, or up to the end of
/// the longest path that exists, if no other path goes on there.
fn path_length(home: &str, text: &str) -> usize {
    let (signs, before_space) = PATH_ENDS;
    let ends = before_space.iter().filter_map(|end| text.find(end));
    let end = ends.chain(text.find(|next| signs.contains(next))).min();
    let text = text.split_at(end.unwrap_or(text.len())).0;
    let spaces = text.match_indices(' ').map(|(at, _)| at);
    let spaces: Vec<_> = spaces.take(MAX_LOOKUPS).collect();
    let exists = |at: &&usize| {
        let (below, rest) = text.split_at(**at);
        let path = format!("{home}{below}").replace('\\', "/");
        !rest.contains(['/', '\\']) && Path::new(&path).exists()
    };
    let found = spaces.iter().rev().find(exists);
    found.copied().unwrap_or(text.len())
}

/// Masks the values in a line of a log that may be secrets.
fn without_secrets(line: &str) -> String {
    let games = GameId::ALL.into_iter();
    let variables: Vec<_> = games
        .flat_map(|game_id| game_id.game().variables)
        .map(|name| name.to_lowercase())
        .collect();
    let is_named = |name: &str| {
        let name = name.to_lowercase();
        let mut parts = SECRET_NAMES.iter();
        variables.iter().any(|known| name.contains(known)) || parts.any(|part| name.contains(part))
    };
    if let Some(at) = line.find(['=', ':'])
        && let (name, value) = line.split_at(at)
        && is_named(name)
    {
        let sign = value.chars().next().unwrap_or('=');
        return format!("{name}{sign} {MASK}");
    }
    let is_part =
        |character: char| character.is_ascii_alphanumeric() || "+/=_-.".contains(character);
    let is_secret = |word: &str| {
        let has = |kind: fn(&char) -> bool| word.chars().any(|character| kind(&character));
        word.len() >= SECRET_LENGTH
            && !word.starts_with('/')
            && has(char::is_ascii_digit)
            && has(char::is_ascii_alphabetic)
    };
    map_words(line, is_part, |word| {
        is_secret(word).then(|| MASK.to_owned())
    })
}

/// Replaces the words of a text for which `replacement` returns another one. A word consists of characters that are a part.
fn map_words(
    text: &str,
    is_part: impl Fn(char) -> bool,
    replacement: impl Fn(&str) -> Option<String>,
) -> String {
    let (mut mapped, mut rest) = (String::new(), text);
    while !rest.is_empty() {
        let is_word = rest.starts_with(&is_part);
        let end = rest.find(|next| is_part(next) != is_word);
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        let replaced = is_word.then(|| replacement(word)).flatten();
        mapped.push_str(replaced.as_deref().unwrap_or(word));
        rest = after;
    }
    mapped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(text: &str) -> String {
        let names = ["Alice", "al", "alice@example.com"].map(ToOwned::to_owned);
        NameMask::of(&names, Some("/home/alice".into())).mask(text)
    }

    #[test]
    fn names_and_paths_of_the_user_are_masked() {
        for (text, masked) in [
            ("/home/alice is yours", "~/•••"),
            ("/home/alice, yours", "~, yours"),
            (
                "ok /home/alice/My Games/x, found: wine",
                "ok ~/•••, found: wine",
            ),
            (
                "run `chmod '/home/alice/a b'` now",
                "run `chmod '~/•••'` now",
            ),
            ("Z:\\home\\alice\\x: no", "Z:~/•••: no"),
            ("\"Z:\\\\home\\\\alice\\\\x\" no", "\"Z:~/•••\" no"),
            ("/home/alice2/x", "/home/•••2/x"),
            ("account al: ALICE, also", "account •••: •••, also"),
            ("bob@mail.example.", "•••"),
            ("/usr/bin/wine", "/usr/bin/wine"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }

    #[test]
    fn the_words_behind_a_path_that_exists_are_kept() {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(home.path().join("a b")).expect("a folder");
        let mask = NameMask::of(&[], Some(home.path().to_owned()));
        let shown = home.path().display();
        for (below, masked) in [
            ("/a b is sandboxed", "~/••• is sandboxed"),
            (" is yours", "~ is yours"),
            ("/a b and c/d", "~/•••"),
            ("/c d", "~/•••"),
        ] {
            assert_eq!(mask.mask(&format!("{shown}{below}")), masked);
        }
    }

    #[test]
    fn what_may_be_a_secret_in_a_log_is_masked() {
        for (line, masked) in [
            ("TTR_PLAYCOOKIE=abc def", "TTR_PLAYCOOKIE= •••"),
            ("the Token: x", "the Token: •••"),
            ("sent 0123456789abcdef+/a= now", "sent ••• now"),
            (
                "err:module:import_dll x86_64",
                "err:module:import_dll x86_64",
            ),
            (
                "/usr/lib/x86_64-linux-gnu/wine",
                "/usr/lib/x86_64-linux-gnu/wine",
            ),
        ] {
            assert_eq!(without_secrets(line), masked);
        }
    }
}
