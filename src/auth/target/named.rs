//! Accounts and groups by the names that were typed.

use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::base::suggestion::did_you_mean;
use crate::config::{Account, UnknownMember, name};
use crate::context::Context;
use crate::games::GameId;

/// The verbs that are suggested for an unknown account.
const VERBS: [&str; 5] = ["play", "login", "exec", "update", "districts"];

/// Returns the accounts that were named, by themselves or as `@groups`.
pub(super) fn named_accounts<'c>(
    context: &'c Context,
    game_id: Option<GameId>,
    names: &[String],
    username: Option<&str>,
) -> Result<Vec<&'c Account>, Failure> {
    if let (Some(name), Some(_)) = (names.first(), username) {
        return Err(Failure::usage(
            format!(
                "\"{}\" is unexpected: --username names the account already",
                clean(name)
            ),
            "leave one of the two out; a password is never an argument",
        ));
    }
    let mut accounts = Vec::new();
    for name in names {
        match name.strip_prefix('@') {
            Some(group) => accounts.extend(group_members(context, game_id, group)?),
            None => accounts.push(account(context, game_id, name)?),
        }
    }
    Ok(accounts)
}

/// Returns the remembered account of a name.
fn account<'c>(
    context: &'c Context,
    game_id: Option<GameId>,
    name: &str,
) -> Result<&'c Account, Failure> {
    let account = context.configuration.account(name);
    let account = account.ok_or_else(|| unknown(context, game_id, name))?;
    match game_id {
        Some(game_id) if game_id != account.game_id => Err(Failure::usage(
            format!(
                "{} is an account of {}, not of {}",
                account.name,
                account.game_id.game().name,
                game_id.game().name
            ),
            format!(
                "start it with `playcookie {} {name}` or `playcookie play {name}`",
                account.game_id.game().id,
                name = account.name
            ),
        )),
        _ => Ok(account),
    }
}

/// The failure for a name that is neither an account nor a verb.
fn unknown(context: &Context, game_id: Option<GameId>, name: &str) -> Failure {
    if let Some(failure) = game_id.and_then(|game_id| verb_of_another_game(game_id, name)) {
        return failure;
    }
    if let (Some(game_id), "status" | "doctor") = (game_id, name) {
        return Failure::usage(
            format!("{name} is a command and not a verb of a game"),
            format!("run `playcookie {name} {}`", game_id.game().id),
        );
    }
    let configuration = &context.configuration;
    let accounts = configuration.accounts.iter();
    let accounts = accounts.map(|account| account.name.clone());
    let groups = configuration
        .groups
        .iter()
        .map(|(name, _)| format!("@{name}"));
    let names: Vec<_> = accounts.chain(groups).collect();
    let verbs = game_id
        .into_iter()
        .flat_map(|game_id| VERBS.iter().chain(game_id.game().data_verbs));
    let known = verbs.copied().chain(names.iter().map(String::as_str));
    let what = match game_id {
        Some(_) => "neither a verb nor a remembered account",
        None => "no remembered account",
    };
    let hint = if let Some(meant) = did_you_mean(name, known) {
        format!("did you mean \"{meant}\"? see `playcookie accounts list` for the accounts")
    } else {
        let instead = match game_id {
            Some(_) => "name a username with --username NAME",
            None => "see `playcookie accounts list` for the accounts",
        };
        let game = game_id.map_or("GAME", |game_id| game_id.game().id);
        let valid = name::check(name).map_or("NAME", |()| name);
        format!("{instead}, or remember the account with `playcookie accounts add {game} {valid}`")
    };
    Failure::usage(format!("\"{}\" is {what}", clean(name)), hint)
}

/// The failure for a verb that only another game has.
fn verb_of_another_game(game_id: GameId, name: &str) -> Option<Failure> {
    let has_verb = |id: &GameId| id.game().data_verbs.contains(&name);
    let other = GameId::ALL.into_iter().find(has_verb)?.game();
    let game = game_id.game();
    (game.id != other.id).then(|| {
        Failure::usage(
            format!("{} has no {name}, which is a verb of {}", game.id, other.id),
            format!("run `playcookie {} {name}`", other.id),
        )
    })
}

/// Returns the accounts of a group, as far as they are of this game.
fn group_members<'c>(
    context: &'c Context,
    game_id: Option<GameId>,
    group: &str,
) -> Result<Vec<&'c Account>, Failure> {
    let known = &context.configuration;
    let Some(members) = known.group(group) else {
        let groups = known.groups.iter().map(|(name, _)| name.as_str());
        let hint = match did_you_mean(group, groups) {
            Some(meant) => format!("did you mean \"@{meant}\"?"),
            None => "create one with `playcookie accounts group GROUP NAME…`".to_owned(),
        };
        let message = format!("there is no group @{}", clean(group));
        return Err(Failure::usage(message, hint));
    };
    let mut accounts = Vec::new();
    for name in members {
        let account = known.account(name).ok_or_else(|| {
            Failure::new(
                Reason::Configuration,
                UnknownMember {
                    group: group.to_owned(),
                    member: clean(name),
                }
                .to_string(),
                format!("name its accounts again: `playcookie accounts group {group} NAME…`"),
            )
        })?;
        accounts.push(account);
    }
    if let Some(game_id) = game_id {
        let (own, others): (Vec<_>, Vec<_>) = accounts
            .into_iter()
            .partition(|account: &&Account| account.game_id == game_id);
        if !own.is_empty() && !others.is_empty() {
            let names: Vec<_> = others.iter().map(|account| account.name.as_str()).collect();
            context.terminal.say(format_args!(
                "@{group}: without {}, which are accounts of other games",
                names.join(", ")
            ));
        }
        accounts = own;
    }
    if accounts.is_empty() {
        let of = game_id.map_or_else(String::new, |game_id| {
            format!(" of {}", game_id.game().name)
        });
        return Err(Failure::usage(
            format!("the group {group} has no account{of}"),
            "see `playcookie accounts list` for the groups",
        ));
    }
    Ok(accounts)
}
