//! What is typed about an account: from standard input for scripts, at prompts for people.

use crate::auth::password::{is_plain, nobody, not_plain};
use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::cli::accounts::Particulars;
use crate::cli::usage::wrong;
use crate::context::Context;
use crate::games::{CredentialKind, Game};
use crate::terminal::NoAnswer;
use crate::totp::Totp;

/// The secrets of an account, as far as they were typed.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    pub(crate) password: Option<Secret>,
    /// What one-time codes are made from, in its shortest form.
    pub(crate) totp: Option<Secret>,
}

/// Refuses what a game has not.
pub(crate) fn check(game: &Game, particulars: &Particulars) -> Result<(), Failure> {
    let wants_codes = particulars.totp_stdin || particulars.code_command.is_some();
    if wants_codes && !game.storable().contains(&CredentialKind::Totp) {
        return Err(wrong(
            format!("{} asks for no codes", game.name),
            "leave --totp-stdin and --code-command out",
        ));
    }
    if particulars.toon_slot.is_some() && !game.has_toon_slots {
        return Err(wrong(
            format!("{} lets no toon be chosen beforehand", game.name),
            "leave --toon-slot out",
        ));
    }
    let empty = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
    if empty(&particulars.password_command) || empty(&particulars.code_command) {
        return Err(wrong(
            "a command is empty",
            "`playcookie accounts edit NAME --forget password` forgets one",
        ));
    }
    Ok(())
}

/// Refuses a username that no server takes.
pub(crate) fn check_username(username: &str) -> Result<(), Failure> {
    if !is_plain(username) {
        return Err(not_plain("the username"));
    }
    if username.trim().is_empty() {
        return Err(wrong(
            "the username is empty",
            "give it with --username NAME",
        ));
    }
    Ok(())
}

/// The secrets that standard input was said to hold: the password first, then the code secret.
pub(crate) async fn from_input(
    context: &Context,
    particulars: &Particulars,
) -> Result<Secrets, Failure> {
    let mut secrets = Secrets::default();
    if particulars.password_stdin {
        let password = line(context, "the password", "Password: ").await?;
        secrets.password = Some(password);
    }
    if particulars.totp_stdin {
        let text = line(context, "the code secret", "Code secret: ").await?;
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

/// A code secret in its shortest form, without the names that it came with.
fn totp(text: &Secret) -> Result<Secret, Failure> {
    let totp = Totp::parse(text).map_err(|flaw| {
        wrong(
            flaw.to_string(),
            "the game's website shows it when two-factor login is set up, as letters or behind the picture",
        )
    })?;
    Ok(totp.canonical())
}

/// Refuses to keep what may not be kept.
pub(crate) fn nothing_kept_there() -> Failure {
    wrong(
        "the password may not be kept, and this interface has no tokens",
        "use --password-command CMD, or the current interface",
    )
}

/// Asks a person for the secrets of an account; an empty line leaves one out.
pub(crate) async fn ask(
    context: &Context,
    game: &Game,
    username: &str,
    without: &str,
) -> Result<Secrets, Failure> {
    let username = clean(username);
    let mut secrets = Secrets::default();
    if game.storable().contains(&CredentialKind::Password) {
        let prompt = format!("Password for {username} (Enter {without}): ");
        secrets.password = hidden(context, &prompt).await?;
    } else if game.storable().contains(&CredentialKind::Token) {
        let prompt =
            format!("Password for {username} (used once, for a new token; Enter {without}): ");
        secrets.password = hidden(context, &prompt).await?;
    }
    if game.storable().contains(&CredentialKind::Totp) {
        let prompt = format!("Two-factor secret, base32 or an otpauth:// URI (Enter {without}): ");
        secrets.totp = loop {
            let Some(text) = hidden(context, &prompt).await? else {
                break None;
            };
            match totp(&text) {
                Ok(secret) => break Some(secret),
                Err(failure) => context.terminal.tell(&format!("{failure}")),
            }
        };
    }
    Ok(secrets)
}

/// Asks for the password that is used once, for a token.
pub(crate) async fn ask_once(context: &Context, username: &str) -> Result<Secret, Failure> {
    let hint = "give it with --password-stdin or --password-command CMD";
    if !context.terminal.can_ask() {
        return Err(nobody("a password", hint));
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
        Err(NoAnswer::End) => Ok(None),
        Err(why) => Err(why.failure("a secret", "input at the terminal", "type it again")),
    }
}
