//! Reads the values of an account: from options, from standard input for scripts, at prompts for people.

use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::secret::Secret;
use crate::cli::accounts::AccountSettings;
use crate::context::Context;
use crate::failures::input_needed;
use crate::games::{CredentialKind, Game};
use crate::terminal::InputError;
use crate::totp::Totp;

const LINE_HINT: &str = "give each secret a line of its own, the password first";

/// The secrets to store for an account.
pub(super) type Secrets = Vec<(CredentialKind, Secret)>;

/// Refuses options that the game does not support.
pub(super) fn check(game: &Game, options: &AccountSettings) -> Result<(), Failure> {
    let is_empty = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
    let sets_codes = options.totp_stdin || options.code_command.is_some();
    let (message, hint) = if sets_codes && !game.storable().contains(&CredentialKind::Totp) {
        let message = format!("{} asks for no codes", game.name);
        (message, "leave --totp-stdin and --code-command out")
    } else if options.toon_slot.is_some() && game.toon_slot_variable.is_none() {
        let message = format!("{} has no toon slots", game.name);
        (message, "leave --toon-slot out")
    } else if is_empty(&options.password_command) || is_empty(&options.code_command) {
        let hint = "remove one with `playcookie accounts edit NAME --forget password`";
        ("a command is empty".to_owned(), hint)
    } else {
        return Ok(());
    };
    Err(Failure::usage(message, hint))
}

/// Returns the secrets that the options announce on standard input: the password first, then the two-factor secret.
pub(super) async fn read_secrets(
    context: &Context,
    options: &AccountSettings,
) -> Result<Secrets, Failure> {
    let mut secrets = Secrets::new();
    if options.password_stdin {
        secrets.push((CredentialKind::Password, read_password(context).await?));
    }
    if options.totp_stdin {
        let text = line(context, "the two-factor secret", "Two-factor secret: ").await?;
        secrets.push((CredentialKind::Totp, canonical(&text)?));
    }
    Ok(secrets)
}

/// Returns the password from standard input.
pub(super) async fn read_password(context: &Context) -> Result<Secret, Failure> {
    line(context, "the password", "Password: ").await
}

/// Returns one line of standard input, which must not be empty. A terminal does not echo it.
async fn line(context: &Context, what: &str, prompt: &str) -> Result<Secret, Failure> {
    let line = context.terminal.secret_line(prompt, false).await;
    let line = line.map_err(|why| why.failure(what, "standard input", LINE_HINT))?;
    if line.is_empty() {
        let message = format!("{what} is needed, and its line of standard input is empty");
        return Err(Failure::new(Reason::InputNeeded, message, LINE_HINT));
    }
    Ok(line)
}

/// Returns a two-factor secret in its shortest form, without labels.
fn canonical(text: &Secret) -> Result<Secret, Failure> {
    const HINT: &str =
        "the game's website shows it when two-factor login is set up, as letters or in the QR code";
    let totp = Totp::parse(text).map_err(|error| Failure::usage(error.to_string(), HINT))?;
    Ok(totp.canonical())
}

/// The failure when the interface of the account allows no secret to be stored.
pub(super) fn not_storable() -> Failure {
    Failure::usage(
        "the password may not be kept, and this interface has no tokens",
        "use --password-command CMD, or the current interface",
    )
}

/// Asks for the secrets of an account. An empty line leaves one out; `effect` says what that does.
pub(super) async fn ask_secrets(
    context: &Context,
    game: &Game,
    username: &str,
    effect: &str,
) -> Result<Secrets, Failure> {
    let (username, kinds) = (clean(username), game.storable());
    let mut secrets = Secrets::new();
    let note = if kinds.contains(&CredentialKind::Token) {
        "used once, for a new token; "
    } else {
        ""
    };
    if !note.is_empty() || kinds.contains(&CredentialKind::Password) {
        let prompt = format!("Password for {username} ({note}Enter {effect}): ");
        let password = ask_optional(context, &prompt).await?;
        secrets.extend(password.map(|password| (CredentialKind::Password, password)));
    }
    if kinds.contains(&CredentialKind::Totp) {
        let prompt = format!("Two-factor secret, base32 or an otpauth:// URI (Enter {effect}): ");
        while let Some(text) = ask_optional(context, &prompt).await? {
            match canonical(&text) {
                Ok(secret) => {
                    secrets.push((CredentialKind::Totp, secret));
                    break;
                }
                Err(failure) => context.terminal.say_always(&failure.message),
            }
        }
    }
    Ok(secrets)
}

/// Asks for a password that is used once, to get a launcher token.
pub(super) async fn ask_password(context: &Context, username: &str) -> Result<Secret, Failure> {
    let hint = "give it with --password-stdin or --password-command CMD";
    if !context.terminal.can_ask() {
        return Err(input_needed("a password", hint));
    }
    let username = clean(username);
    let prompt = format!("Password for {username} (used once, for a launcher token): ");
    let answer = context.terminal.ask_hidden(&prompt, false).await;
    answer.map_err(|why| why.failure("a password", "input at the terminal", hint))
}

async fn ask_optional(context: &Context, prompt: &str) -> Result<Option<Secret>, Failure> {
    match context.terminal.ask_hidden_or_nothing(prompt).await {
        Err(InputError::End) => Ok(None),
        answer => {
            answer.map_err(|why| why.failure("a secret", "input at the terminal", "type it again"))
        }
    }
}
