//! The secrets of an account as they are typed: on standard input for scripts, at prompts for people.

use crate::auth::failures::{control_character, input_needed};
use crate::auth::target::is_plain;
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::cli::accounts::AccountSettings;
use crate::context::Context;
use crate::games::{CredentialKind, Game};
use crate::terminal::InputError;
use crate::totp::Totp;

/// The secrets of an account, as far as they were typed.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    pub(super) password: Option<Secret>,
    /// What one-time codes are made from, in its shortest form.
    pub(super) totp: Option<Secret>,
}

/// Refuses what a game has not.
pub(super) fn check(game: &Game, settings: &AccountSettings) -> Result<(), Failure> {
    let wants_codes = settings.totp_stdin || settings.code_command.is_some();
    if wants_codes && !game.keeps().contains(&CredentialKind::Totp) {
        return Err(Failure::usage(
            format!("{} asks for no codes", game.name),
            "leave --totp-stdin and --code-command out",
        ));
    }
    if settings.toon_slot.is_some() && !game.toon_slots {
        return Err(Failure::usage(
            format!("{} lets no toon be chosen beforehand", game.name),
            "leave --toon-slot out",
        ));
    }
    let empty = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
    if empty(&settings.password_command) || empty(&settings.code_command) {
        return Err(Failure::usage(
            "a command is empty",
            "`playcookie accounts edit NAME --forget password` forgets one",
        ));
    }
    Ok(())
}

/// Refuses a username that no server takes.
pub(super) fn check_username(username: &str) -> Result<(), Failure> {
    if !is_plain(username) {
        return Err(control_character("the username"));
    }
    if username.trim().is_empty() {
        return Err(Failure::usage(
            "the username is empty",
            "give it with --username NAME",
        ));
    }
    Ok(())
}

/// The secrets that standard input was said to hold: the password first, then the two-factor secret.
pub(super) async fn from_input(
    context: &Context,
    settings: &AccountSettings,
) -> Result<Secrets, Failure> {
    let mut secrets = Secrets::default();
    if settings.password_stdin {
        let password = line(context, "the password", "Password: ").await?;
        secrets.password = Some(password);
    }
    if settings.totp_stdin {
        let text = line(context, "the two-factor secret", "Two-factor secret: ").await?;
        secrets.totp = Some(totp(&text)?);
    }
    Ok(secrets)
}

/// One line of standard input, which is not empty; hidden where it is a terminal.
async fn line(context: &Context, what: &str, prompt: &str) -> Result<Secret, Failure> {
    let terminal = &context.terminal;
    let line = if terminal.reads_from_terminal() {
        terminal.ask_hidden(prompt, false).await
    } else {
        terminal.line().await
    };
    match line {
        Ok(line) if !line.is_empty() => Ok(line),
        Ok(_) => Err(Failure::new(
            Reason::InputNeeded,
            format!("{what} is needed, and its line of standard input is empty"),
            "give each secret a line of its own, the password first",
        )),
        Err(why) => Err(why.failure(
            what,
            "standard input",
            "give each secret a line of its own, the password first",
        )),
    }
}

/// A two-factor secret in its shortest form, without the names that it came with.
fn totp(text: &Secret) -> Result<Secret, Failure> {
    let totp = Totp::parse(text).map_err(|flaw| {
        Failure::usage(
            flaw.to_string(),
            "the game's website shows it when two-factor login is set up, as letters or behind the picture",
        )
    })?;
    Ok(totp.canonical())
}

/// Refuses to keep what may not be kept.
pub(super) fn nothing_kept_there() -> Failure {
    Failure::usage(
        "the password may not be kept, and this interface has no tokens",
        "use --password-command CMD, or the current interface",
    )
}

/// Asks a person for the secrets of an account; an empty line leaves one out.
pub(super) async fn ask(
    context: &Context,
    game: &Game,
    username: &str,
    without: &str,
) -> Result<Secrets, Failure> {
    let username = clean(username);
    let mut secrets = Secrets::default();
    if game.keeps().contains(&CredentialKind::Password) {
        let prompt = format!("Password for {username} (Enter {without}): ");
        secrets.password = hidden(context, &prompt).await?;
    } else if game.keeps().contains(&CredentialKind::Token) {
        let prompt =
            format!("Password for {username} (used once, for a new token; Enter {without}): ");
        secrets.password = hidden(context, &prompt).await?;
    }
    if game.keeps().contains(&CredentialKind::Totp) {
        let prompt = format!("Two-factor secret, base32 or an otpauth:// URI (Enter {without}): ");
        secrets.totp = loop {
            let Some(text) = hidden(context, &prompt).await? else {
                break None;
            };
            match totp(&text) {
                Ok(secret) => break Some(secret),
                Err(failure) => context.terminal.say_always(&format!("{failure}")),
            }
        };
    }
    Ok(secrets)
}

/// Asks for the password that is used once, for a token.
pub(super) async fn ask_once(context: &Context, username: &str) -> Result<Secret, Failure> {
    let hint = "give it with --password-stdin or --password-command CMD";
    if !context.terminal.can_ask() {
        return Err(input_needed("a password", hint));
    }
    let prompt = format!(
        "Password for {} (used once, for a launcher token): ",
        clean(username)
    );
    let answer = context.terminal.ask_hidden(&prompt, false).await;
    answer.map_err(|why| why.failure("a password", "input at the terminal", hint))
}

async fn hidden(context: &Context, prompt: &str) -> Result<Option<Secret>, Failure> {
    match context.terminal.ask_hidden_or_nothing(prompt).await {
        Ok(answer) => Ok(answer),
        Err(InputError::End) => Ok(None),
        Err(why) => Err(why.failure("a secret", "input at the terminal", "type it again")),
    }
}
