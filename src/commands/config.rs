//! `playcookie config`: prints the configuration, its path or one key, changes a key, and opens the file in an editor.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{Context, print};
use crate::base::failure::{Failure, Reason};
use crate::base::files;
use crate::base::random;
use crate::base::sanitize::escaped;
use crate::base::signals::Signals;
use crate::cli::config::Verb;
use crate::config::document::DottedKey;
use crate::config::options::{GameLog, Options};
use crate::config::{Account, Configuration};
use crate::games::scid;
use crate::launch::editor;
use crate::launch::runner::Runner;
use crate::run_error::RunError;

/// The content that `config edit` begins with when there is no file yet.
const TEMPLATE: &str = "\
# The configuration of playcookie. An unknown key is an error.
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
        Verb::Get { key } => get(context, &key)?,
        Verb::Set { key, value } => set(context, &key, Some(&value), signals).await?,
        Verb::Unset { key } => set(context, &key, None, signals).await?,
    }
    Ok(0)
}

fn path(context: &Context) -> Result<(), Failure> {
    let path = context.config_file.path()?;
    let object = json!({ "path": path.to_string_lossy(), "exists": path.exists() });
    print(&context.terminal, &object, || {
        format!("{}\n", path.display())
    })
}

/// Prints the file with escaped control characters; with `--json`, the values that were read from it.
fn show(context: &Context) -> Result<(), Failure> {
    let (terminal, file) = (&context.terminal, &context.config_file);
    let mut text = None;
    if terminal.json().is_none() {
        text = file.text()?;
        if text.is_none() {
            let path = file.path()?.display();
            terminal.say(format_args!("there is no file yet at {path}"));
        }
    }
    print(terminal, &object(&context.configuration), || {
        let text = text.unwrap_or_default();
        text.lines().map(|line| escaped(line) + "\n").collect()
    })
}

/// Prints the value of a key, as the file holds it.
fn get(context: &Context, key: &str) -> Result<(), Failure> {
    let document = context.config_file.document()?;
    let (value, text) = document.get(&parse(key)?).ok_or_else(|| {
        let set = format!("config set {} VALUE", escaped(key));
        not_set(
            key,
            format!("set it with {}", context.config_file.command(&set)),
        )
    })?;
    print(
        &context.terminal,
        &json!({ "key": key, "value": value }),
        || text.lines().map(|line| escaped(line) + "\n").collect(),
    )
}

/// Sets a key, or removes it without a value.
async fn set(
    context: &Context,
    key: &str,
    value: Option<&str>,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let parsed = parse(key)?;
    let mut edit = signals.or(context.edit_configuration()).await?;
    let changed = match value {
        Some(value) => edit.document.put(&parsed, value).map(|()| true),
        None => edit.document.unset(&parsed),
    };
    let refused = |why: &str, meant: Option<&str>| {
        let what = if value.is_some() { "set" } else { "removed" };
        let message = format!("{} cannot be {what}: {why}", escaped(key));
        let hint = if let Some(meant) = meant {
            format!("did you mean \"{meant}\"? nothing was changed")
        } else {
            let edit = context.config_file.command("config edit");
            format!("nothing was changed; {edit} opens the file")
        };
        Failure::usage(message, hint)
    };
    let is_changed = changed.map_err(|error| refused(&error.message, error.suggestion))?;
    if !is_changed {
        let hint = format!(
            "nothing was changed; see {}",
            context.config_file.command("config show")
        );
        return Err(not_set(key, hint).into());
    }
    // A file that names one already can be mended step by step.
    if edit.document.original.unknown_member().is_none()
        && let Some(error) = edit.edited()?.unknown_member()
    {
        return Err(refused(&error.to_string(), None).into());
    }
    edit.write()?;
    let object = json!({ "key": key, "set": value.is_some() });
    Ok(print(&context.terminal, &object, String::new)?)
}

/// Parses a dotted key, and refuses one that no configuration has.
fn parse(key: &str) -> Result<DottedKey, Failure> {
    let shown = escaped(key);
    let parsed = DottedKey::parse(key).ok_or_else(|| {
        let hint = "a key is written as ttr.wrapper or accounts.alice.log";
        Failure::usage(format!("\"{shown}\" is no key"), hint)
    })?;
    parsed.check().map_err(|(part, near)| {
        let hint = match near {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "a key is written as ttr.wrapper or accounts.alice.log".to_owned(),
        };
        Failure::usage(format!("the key \"{part}\" is unknown"), hint)
    })?;
    Ok(parsed)
}

fn not_set(key: &str, hint: String) -> Failure {
    Failure::usage(format!("{} is not set", escaped(key)), hint)
}

/// Opens a copy in the player's editor, and replaces the file with it once it is valid. No process reads a half-written
/// file, and no other process's change is lost.
async fn edit(context: &Context, signals: &mut Signals) -> Result<(), RunError> {
    let old = context.config_file.bytes()?;
    let before = old.clone().unwrap_or_else(|| TEMPLATE.into());
    let copy = write_copy(context.config_file.path()?, &before)?;
    let mut outcome = edit_copy(context, &copy, old, &before, signals).await;
    let left = files::read(&copy).ok().flatten();
    let is_changed = left.is_some_and(|left| !left.is_empty() && left != before);
    if outcome.is_ok() || !is_changed {
        // An editor may have removed the copy.
        let _ = files::remove(&copy);
        return outcome;
    }
    let saved = format!("what you wrote is in {}", copy.display());
    match &mut outcome {
        Err(RunError::Failed { failure, .. }) => {
            failure.hint = format!("{saved}; {}", failure.hint);
        }
        // The question that was interrupted has no line end.
        _ => context.terminal.say(format_args!("\n{saved}")),
    }
    outcome
}

async fn edit_copy(
    context: &Context,
    copy: &Path,
    old: Option<Vec<u8>>,
    before: &[u8],
    signals: &mut Signals,
) -> Result<(), RunError> {
    let terminal = &context.terminal;
    let path = context.config_file.path()?.display();
    let new = loop {
        editor::edit(copy, signals).await?;
        let new = files::read(copy).map_err(|error| copy_failure(copy, &error))?;
        let Some(new) = new.filter(|new| !new.is_empty()) else {
            return Err(Failure::new(
                Reason::Io,
                "the editor left nothing, so nothing was changed",
                format!("to start over, remove {path} yourself"),
            )
            .into());
        };
        if new == before {
            terminal.say(format_args!("nothing was changed"));
            return Ok(());
        }
        let Err(failure) = check(&new) else {
            break new;
        };
        if !terminal.can_ask() {
            return Err(failure.into());
        }
        terminal.failure(&failure);
        let answer = async { Ok::<_, Failure>(terminal.ask_yes("Edit it again? [y/N] ").await) };
        if signals.or(answer).await? != Some(true) {
            return Err(failure.into());
        }
    };
    let replaced = context.change_configuration(move |file| file.replace(old.as_deref(), &new));
    replaced.await?;
    terminal.say(format_args!("{path} is written"));
    Ok(())
}

/// Refuses an invalid configuration.
fn check(new: &[u8]) -> Result<(), Failure> {
    let hint = "nothing was changed".to_owned();
    let (error, hint) = match std::str::from_utf8(new).map(Configuration::read) {
        Ok(Ok(read)) => match read.unknown_member() {
            Some(error) => (error.to_string(), hint),
            None => return Ok(()),
        },
        Ok(Err(error)) => {
            let hint = match error.suggestion {
                Some(meant) => format!("did you mean \"{meant}\"? {hint}"),
                None => hint,
            };
            (error.to_string(), hint)
        }
        Err(_) => ("it is not UTF-8".to_owned(), hint),
    };
    let message = format!("the new configuration is invalid: {error}");
    Err(Failure::new(Reason::Configuration, message, hint))
}

/// Writes a copy beside the file, for the editor.
fn write_copy(path: &Path, content: &[u8]) -> Result<PathBuf, Failure> {
    let copy = path.with_file_name(format!(".config-{}.toml", random::hex(4)));
    let created = path.parent().map_or(Ok(()), files::create_dir);
    let written = created.and_then(|()| files::write(&copy, content, false));
    written.map_err(|error| copy_failure(&copy, &error))?;
    Ok(copy)
}

fn copy_failure(copy: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        Reason::Io,
        format!("{} cannot be read or written ({error})", copy.display()),
        "check the disk, and that the folder is yours",
    )
}

/// Returns the configuration as one object, with the keys of the file in `snake_case`.
fn object(configuration: &Configuration) -> Value {
    let games = configuration.games.iter();
    let mut object: Map<_, _> = games
        .map(|(game_id, set)| (game_id.game().id.to_owned(), options(set).into()))
        .collect();
    if configuration.scid != Options::default() {
        object.insert(scid::ID.to_owned(), options(&configuration.scid).into());
    }
    let accounts = configuration.accounts.iter();
    let accounts = accounts.map(|it| (it.name.clone(), Value::from(account(it))));
    let groups = configuration.groups.iter();
    let groups = groups.map(|(name, members)| (name.clone(), json!(members)));
    object.insert("accounts".to_owned(), accounts.collect());
    object.insert("groups".to_owned(), groups.collect());
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

/// Returns the options that are set.
fn options(options: &Options) -> Map<String, Value> {
    let text = |text: &Option<String>| json!(text.as_deref().map(escaped));
    let path = |path: &Option<PathBuf>| {
        let path = path.as_ref();
        json!(path.map(|path| escaped(&path.to_string_lossy())))
    };
    let log = match &options.log {
        None => json!(null),
        Some(GameLog::Off) => json!(false),
        Some(GameLog::EachRun) => json!(true),
        Some(GameLog::File(file)) => json!(escaped(&file.to_string_lossy())),
    };
    let words = |words: &Vec<String>| words.iter().map(|word| escaped(word)).collect::<Vec<_>>();
    let variables = options.env.iter();
    let variables: Map<_, _> = variables
        .map(|(name, value)| (escaped(name), escaped(value).into()))
        .collect();
    let variables = (!variables.is_empty()).then_some(variables);
    let values = [
        ("game_dir", path(&options.game_dir)),
        ("exe", path(&options.exe)),
        ("runner", json!(options.runner.map(Runner::name))),
        ("prefix", path(&options.prefix)),
        ("wine", path(&options.wine)),
        ("proton", path(&options.proton)),
        ("wrapper", json!(options.wrapper.as_ref().map(words))),
        ("args", json!(options.args.as_ref().map(words))),
        ("env", json!(variables)),
        ("api", json!(options.api.as_ref().map(ToString::to_string))),
        ("log", log),
        ("update", json!(options.update)),
        ("pre_launch", text(&options.pre_launch)),
        ("post_exit", text(&options.post_exit)),
        ("password_command", text(&options.password_command)),
        ("code_command", text(&options.code_command)),
        ("toon_slot", json!(options.toon_slot)),
    ];
    let set = values.into_iter().filter(|(_, value)| !value.is_null());
    set.map(|(name, value)| (name.to_owned(), value)).collect()
}
