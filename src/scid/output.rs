//! Values of Supercell ID, printed as lines or as JSON.

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::stored::StoredLogin;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::base::timestamp::rfc3339;
use crate::games::scid::catalog::AndroidGame;
use crate::games::scid::jwt::Claims;
use crate::games::scid::reply::{Identity, Links, Profile, Settings};
use crate::games::scid::tokens::Tokens;
use crate::terminal::{Terminal, results};

/// Prints a value: lines for people, one object with `--json`.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn print<T: Serialize + Lines>(terminal: &Terminal, value: &T) -> Result<(), Failure> {
    results::print(terminal, value, || value.lines())
}

/// A value that can be written for people.
pub(crate) trait Lines {
    /// Returns lines, each with its end.
    fn lines(&self) -> String;
}

/// A player tag and its id.
#[derive(Debug, Serialize)]
pub(crate) struct TagAndId {
    pub(crate) tag: String,
    pub(crate) pid: String,
}

/// Who is logged in, from the stored tokens.
#[derive(Debug, Serialize)]
pub(crate) struct Whoami {
    pub(crate) email: String,
    pub(crate) origin: String,
    /// The code of the game that the tokens are kept for.
    pub(crate) game: Option<&'static str>,
    pub(crate) player_tag: Option<String>,
    pub(crate) pid: Option<String>,
    /// Never true: no public key is known.
    pub(crate) verified: bool,
    pub(crate) claims: Option<Claims>,
}

impl Whoami {
    /// Returns what the tokens of a login say.
    pub(crate) fn new(login: &StoredLogin, tokens: &Tokens) -> Self {
        Self {
            email: clean(&login.email),
            origin: login.origin.clone(),
            game: login.game.map(|game| game.code),
            player_tag: tokens.pid().map(|pid| pid.tag().to_string()),
            pid: tokens.pid().map(|pid| pid.to_string()),
            verified: false,
            claims: tokens.claims().ok(),
        }
    }
}

/// The claims of each stored token.
#[derive(Debug, Serialize)]
pub(crate) struct TokenClaims {
    pub(crate) email: String,
    /// Never true: no public key is known.
    pub(crate) verified: bool,
    pub(crate) tokens: Vec<TokenClaim>,
}

/// The claims of one token, without the token.
#[derive(Debug, Serialize)]
pub(crate) struct TokenClaim {
    pub(crate) name: &'static str,
    pub(crate) characters: usize,
    pub(crate) claims: Option<Claims>,
}

/// The games, as one value.
#[derive(Debug)]
pub(crate) struct Games(pub(crate) &'static [AndroidGame]);

impl Serialize for Games {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row {
            name: &'static str,
            code: &'static str,
            package: &'static str,
            aliases: &'static [&'static str],
            note: Option<&'static str>,
        }
        let rows = self.0.iter().map(|game| Row {
            name: game.name,
            code: game.code,
            package: game.package,
            aliases: game.aliases,
            note: game.note,
        });
        serializer.collect_map([("games", rows.collect::<Vec<_>>())])
    }
}

/// Returns a line for each label that has a value.
fn table<'a>(rows: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    let known = rows
        .into_iter()
        .filter_map(|(label, value)| Some((label, value?)));
    known.fold(String::new(), |mut lines, (label, value)| {
        let _ = writeln!(lines, "{:<18} {value}", format!("{label}:"));
        lines
    })
}

fn on_off(flag: bool) -> String {
    if flag { "on" } else { "off" }.to_owned()
}

impl Lines for TagAndId {
    fn lines(&self) -> String {
        format!("{} {}\n", self.tag, self.pid)
    }
}

impl Lines for Games {
    fn lines(&self) -> String {
        self.0.iter().fold(String::new(), |mut lines, game| {
            let note = game.note.map(|note| format!("  ({note})"));
            let note = note.unwrap_or_default();
            let aliases = game.aliases.join(", ");
            let _ = writeln!(
                lines,
                "{:<16} {:<8} {:<4} {}{note}",
                game.name, game.code, aliases, game.package
            );
            lines
        })
    }
}

impl Lines for Identity {
    fn lines(&self) -> String {
        let profile = self.application.as_ref().or(self.system.as_ref());
        table([("e-mail", self.email.clone())]) + &profile.map(Lines::lines).unwrap_or_default()
    }
}

impl Lines for Profile {
    fn lines(&self) -> String {
        table([
            ("game", self.game.clone()),
            ("player tag", self.account.clone()),
            ("name", self.username.clone()),
            ("level", self.level.map(|level| level.to_string())),
            ("points", self.points.map(|points| points.to_string())),
        ])
    }
}

impl Lines for Links {
    fn lines(&self) -> String {
        let named: Vec<_> = self.links.iter().flatten().cloned().collect();
        let unnamed = self.links.len().saturating_sub(named.len());
        let linked = if named.is_empty() {
            "none with a name".to_owned()
        } else {
            named.join(", ")
        };
        table([
            ("asked as", self.system.clone()),
            ("linked games", Some(linked)),
            ("unnamed games", Some(unnamed.to_string())),
        ])
    }
}

impl Lines for Settings {
    fn lines(&self) -> String {
        let consents = self.consents.iter().filter_map(|consent| {
            let name = consent.name.clone().or_else(|| consent.id.clone())?;
            let state = consent.consent.map_or_else(|| "unknown".to_owned(), on_off);
            Some(format!("  {name}: {state}\n"))
        });
        table([
            ("created", self.created.clone()),
            ("language", self.lang.clone()),
            ("marketing e-mails", self.marketing.map(on_off)),
            ("last changed", self.marketing_changed.clone()),
        ]) + &consents.collect::<String>()
    }
}

impl Lines for Whoami {
    fn lines(&self) -> String {
        let claims = self.claims.as_ref().map(Lines::lines).unwrap_or_default();
        table([
            ("e-mail", Some(self.email.clone())),
            ("stored for", Some(self.origin.clone())),
            ("game", self.game.map(ToOwned::to_owned)),
            ("player tag", self.player_tag.clone()),
            ("id", self.pid.clone()),
        ]) + &claims
    }
}

impl Lines for TokenClaims {
    fn lines(&self) -> String {
        self.tokens.iter().fold(String::new(), |mut lines, token| {
            let _ = writeln!(lines, "{} ({} characters)", token.name, token.characters);
            let claims = token.claims.as_ref();
            lines + &claims.map_or_else(|| "no JWT\n".to_owned(), Lines::lines)
        })
    }
}

impl Lines for Claims {
    fn lines(&self) -> String {
        let list = (!self.audience.is_empty()).then(|| self.audience.join(", "));
        let claims = table([
            ("  game", self.game.clone()),
            ("  pid", self.pid.clone()),
            ("  env", self.env.clone()),
            ("  scid", self.scid.clone()),
            ("  issued at", self.issued_at.and_then(rfc3339)),
            ("  expires at", self.expires_at.and_then(rfc3339)),
            ("  subject", self.subject.clone()),
            ("  issuer", self.issuer.clone()),
            ("  audience", list),
        ]);
        format!("claims (not verified):\n{claims}")
    }
}
