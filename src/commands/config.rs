//! `playcookie config`: where the configuration is, what it says, and an editor on it.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{Context, unwritten};
use crate::base::blocking;
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::base::random;
use crate::base::sanitize::escaped;
use crate::base::signals::Signals;
use crate::cli::config::Verb;
use crate::config::options::Options;
use crate::config::{Account, Configuration};
use crate::games::scid;
use crate::launch::editor;

/// What a player finds who edits a configuration that is not there yet.
const TEMPLATE: &str = "\
# The configuration of playcookie. A key that is not known is an error.
#
# [ttr]                           # also ttcc, tlopo
# game-dir = \"~/Games/Toontown Rewritten\"
# wrapper = [\"gamemoderun\"]
# pre-launch = \"…\"                # a shell command before the start; a failure stops it
# post-exit = \"…\"                 # after the end
#
# [accounts.alice]                # or: playcookie accounts add ttr alice
# game = \"ttr\"
# username = \"alice@example.com\"
# password-command = \"pass show ttr/alice\"
#
# [groups]
# evening = [\"alice\"]
";

pub(super) async fn run(
    context: &Context,
    verb: Verb,
    signals: &mut Signals,
) -> anyhow::Result<i32> {
    match verb {
        Verb::Path => path(context)?,
        Verb::Show => show(context)?,
        Verb::Edit => edit(context, signals).await?,
    }
    Ok(0)
}

fn path(context: &Context) -> Result<(), Failure> {
    let path = context.config_file.path()?;
    let text = match context.terminal.json() {
        Some(_) => {
            let there = path.exists();
            format!(
                "{}\n",
                json!({ "path": path.to_string_lossy(), "exists": there })
            )
        }
        None => format!("{}\n", path.display()),
    };
    let written = context.terminal.result(text.as_bytes());
    written.map_err(|error| unwritten(&error))
}

/// The file as it stands, once it was understood; as JSON, what was understood.
fn show(context: &Context) -> Result<(), Failure> {
    let text = match context.terminal.json() {
        Some(_) => format!("{}\n", object(&context.configuration)),
        None => lines(context)?,
    };
    let written = context.terminal.result(text.as_bytes());
    written.map_err(|error| unwritten(&error))
}

fn lines(context: &Context) -> Result<String, Failure> {
    let text = context.config_file.text()?;
    if text.is_none() {
        let path = context.config_file.path()?.display();
        let terminal = &context.terminal;
        terminal.say(format_args!("there is no file yet at {path}"));
    }
    let text = text.unwrap_or_default();
    Ok(text.lines().map(|line| escaped(line) + "\n").collect())
}

/// The player's editor on a copy, which takes the file's place once it makes sense: nobody ever reads half of it, and no
/// other program's change is lost.
async fn edit(context: &Context, signals: &mut Signals) -> Result<(), Failure> {
    let old = context.config_file.bytes()?;
    let before = old.clone().unwrap_or_else(|| TEMPLATE.into());
    let copy = copy_of(context.config_file.path()?, &before)?;
    let outcome = edit_copy(context, &copy, old.as_deref(), &before, signals).await;
    let left = files::read(&copy).ok().flatten();
    let is_worth_keeping = left.is_some_and(|left| !left.is_empty() && left != before);
    if outcome.is_ok() || !is_worth_keeping {
        // There may be none left.
        let _ = files::remove(&copy);
        return outcome;
    }
    outcome.map_err(|failure| {
        let hint = format!("what you wrote is in {}; {}", copy.display(), failure.hint);
        Failure::new(failure.reason, failure.message, hint)
    })
}

async fn edit_copy(
    context: &Context,
    copy: &Path,
    old: Option<&[u8]>,
    before: &[u8],
    signals: &mut Signals,
) -> Result<(), Failure> {
    let path = context.config_file.path()?;
    loop {
        editor::edit(copy, signals).await?;
        let new = files::read(copy).map_err(|error| lost(copy, &error))?;
        let Some(new) = new.filter(|new| !new.is_empty()) else {
            return Err(Failure::new(
                Reason::Io,
                "the editor left nothing, so nothing was changed",
                format!("to begin anew, remove {} yourself", path.display()),
            ));
        };
        if new == before {
            context.terminal.say(format_args!("nothing was changed"));
            return Ok(());
        }
        let Err(failure) = check(&new) else {
            exchange(context, old, new).await?;
            let path = path.display();
            context.terminal.say(format_args!("{path} is in place"));
            return Ok(());
        };
        if !again(context, &failure).await {
            return Err(failure);
        }
    }
}

/// Refuses a configuration that makes no sense.
fn check(new: &[u8]) -> Result<(), Failure> {
    let hint = "nothing was changed";
    let wrong = |what: String, hint: String| {
        Err(Failure::new(
            Reason::Configuration,
            format!("the new configuration makes no sense: {what}"),
            hint,
        ))
    };
    match std::str::from_utf8(new).map(Configuration::read) {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(flaw)) => {
            let meant = flaw
                .suggestion
                .map(|meant| format!("did you mean \"{meant}\"? "));
            wrong(flaw.to_string(), meant.unwrap_or_default() + hint)
        }
        Err(_) => wrong("it is not UTF-8".to_owned(), hint.to_owned()),
    }
}

/// Puts the new configuration in place.
async fn exchange(context: &Context, old: Option<&[u8]>, new: Vec<u8>) -> Result<(), Failure> {
    let (file, old) = (context.config_file.clone(), old.map(ToOwned::to_owned));
    let exchanged = blocking::run_on_thread(move || file.replace(old.as_deref(), &new)).await;
    exchanged.unwrap_or(Ok(()))
}

/// Whether the player wants to mend what does not make sense.
async fn again(context: &Context, failure: &Failure) -> bool {
    if !context.terminal.can_ask() {
        return false;
    }
    context.terminal.failure(failure);
    let answer = context.terminal.ask_yes("Edit it again? [y/N] ").await;
    answer == Some(true)
}

/// A copy beside the file, for the editor.
fn copy_of(path: &Path, content: &[u8]) -> Result<PathBuf, Failure> {
    let copy = path.with_file_name(format!(".config-{}.toml", random::hex(4)));
    let made = path.parent().map_or(Ok(()), files::create_dir);
    let written = made.and_then(|()| files::write(&copy, content, false));
    written
        .map(|()| copy.clone())
        .map_err(|error| lost(&copy, &error))
}

fn lost(copy: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        Reason::Io,
        format!("{} cannot be read or written ({error})", copy.display()),
        "check the disk, and that the folder is yours",
    )
}

/// The configuration as one object, with the keys of the file in `snake_case`.
fn object(configuration: &Configuration) -> Value {
    let games = configuration.games.iter();
    let mut object: Map<_, _> = games
        .map(|(game_id, set)| (game_id.game().id.to_owned(), options(set).into()))
        .collect();
    if configuration.scid != Options::default() {
        object.insert(scid::ID.to_owned(), options(&configuration.scid).into());
    }
    let accounts = configuration.accounts.iter();
    let accounts: Map<_, _> = accounts
        .map(|it| (it.name.clone(), account(it).into()))
        .collect();
    let groups = configuration.groups.iter();
    let groups: Map<_, _> = groups
        .map(|(name, members)| (name.clone(), json!(members)))
        .collect();
    object.insert("accounts".to_owned(), accounts.into());
    object.insert("groups".to_owned(), groups.into());
    object.into()
}

fn account(account: &Account) -> Map<String, Value> {
    let mut object = options(&account.options);
    let kept: Vec<_> = account.kept.iter().map(|kept| kept.name()).collect();
    object.insert("game".to_owned(), account.game_id.game().id.into());
    object.insert("username".to_owned(), escaped(&account.username).into());
    object.insert("kept".to_owned(), json!(kept));
    object
}

fn options(options: &Options) -> Map<String, Value> {
    let text = |text: &Option<String>| text.as_deref().map(escaped).map(Value::from);
    let path = |path: &Option<PathBuf>| {
        path.as_ref()
            .map(|path| escaped(&path.to_string_lossy()).into())
    };
    let api = options.api.as_ref().map(ToString::to_string);
    let values = [
        ("game_dir", path(&options.game_dir)),
        ("exe", path(&options.exe)),
        ("runner", options.runner.map(|runner| runner.name().into())),
        (
            "wrapper",
            options
                .wrapper
                .as_ref()
                .map(|words| words.iter().map(|word| escaped(word)).collect()),
        ),
        ("api", api.map(Value::from)),
        ("log", path(&options.log)),
        ("update", options.update.map(Value::from)),
        ("pre_launch", text(&options.pre_launch)),
        ("post_exit", text(&options.post_exit)),
        ("password_command", text(&options.password_command)),
        ("code_command", text(&options.code_command)),
        ("toon_slot", options.toon_slot.map(Value::from)),
    ];
    let set = values.into_iter();
    set.filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
