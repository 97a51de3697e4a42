//! Accounts and groups by the words for them.

use crate::base::failure::{Failure, Reason};
use crate::base::sanitize::clean;
use crate::cli::options::AccountOptions;
use crate::cli::ttr::DataVerb;
use crate::cli::usage::{did_you_mean, wrong};
use crate::config::Account;
use crate::context::Context;
use crate::games::GameId;

/// The verbs that a stray word may have been meant as.
const VERBS: [&str; 4] = ["play", "login", "exec", "districts"];

/// The accounts that were named, by themselves or as groups.
pub(crate) fn named<'c>(
    context: &'c Context,
    game_id: Option<GameId>,
    who: &AccountOptions,
) -> Result<Vec<&'c Account>, Failure> {
    let message = who.accounts.iter().map(String::as_str);
    let mut accounts = Vec::new();
    for word in message {
        if who.username.is_some() {
            return Err(wrong(
                format!(
                    "\"{}\" is unexpected: --username names the account already",
                    clean(word)
                ),
                "leave one of the two out",
            ));
        }
        match word.strip_prefix('@') {
            Some(group) => accounts.extend(group_of(context, game_id, group)?),
            None => accounts.push(account_of(context, game_id, word)?),
        }
    }
    for group in &who.group {
        let group = group.strip_prefix('@').unwrap_or(group);
        accounts.extend(group_of(context, game_id, group)?);
    }
    if !who.group.is_empty() && who.username.is_some() {
        return Err(wrong(
            "--group cannot be used with --username",
            "leave one of the two out",
        ));
    }
    Ok(accounts)
}

/// The remembered account that a word names.
fn account_of<'c>(
    context: &'c Context,
    game_id: Option<GameId>,
    word: &str,
) -> Result<&'c Account, Failure> {
    let known = &context.configuration;
    let data = DataVerb::NAMES.into_iter().find(|name| *name == word);
    if let (Some(game_id @ (GameId::Ttcc | GameId::Tlopo)), Some(name)) = (game_id, data) {
        return Err(DataVerb::wrong_game(game_id.game().id, name));
    }
    let Some(account) = known.account(word) else {
        let names = known.accounts.iter().map(|account| account.name.clone());
        let groups = known.groups.iter().map(|(name, _)| format!("@{name}"));
        let names: Vec<_> = names.chain(groups).collect();
        let names = names.iter().map(String::as_str);
        let what = match game_id {
            Some(_) => "neither a verb nor a remembered account",
            None => "no remembered account",
        };
        let verbs = VERBS.into_iter().filter(|_| game_id.is_some());
        let more = DataVerb::NAMES
            .into_iter()
            .filter(|_| game_id == Some(GameId::Ttr));
        let verbs = verbs.chain(more);
        let hint = match did_you_mean(word, verbs.chain(names)) {
            Some(meant) => format!("did you mean \"{meant}\"? `playcookie accounts list` shows the accounts"),
            None if game_id.is_some() => "name a username with --username NAME, or remember the account with `playcookie accounts add`".to_owned(),
            None => "`playcookie accounts list` shows the accounts, `playcookie accounts add` remembers one".to_owned(),
        };
        return Err(wrong(format!("\"{}\" is {what}", clean(word)), hint));
    };
    match game_id {
        Some(game_id) if game_id != account.game_id => Err(wrong(
            format!(
                "{} is an account of {}, not of {}",
                account.name,
                account.game_id.game().name,
                game_id.game().name
            ),
            format!(
                "`playcookie {} {name}` or `playcookie play {name}` starts it",
                account.game_id.game().id,
                name = account.name
            ),
        )),
        _ => Ok(account),
    }
}

/// The accounts of a group, as far as they are of this game.
fn group_of<'c>(
    context: &'c Context,
    game_id: Option<GameId>,
    group: &str,
) -> Result<Vec<&'c Account>, Failure> {
    let known = &context.configuration;
    let Some(members) = known.group(group) else {
        let groups = known.groups.iter().map(|(name, _)| name.as_str());
        let hint = match did_you_mean(group, groups) {
            Some(meant) => format!("did you mean \"@{meant}\"?"),
            None => "`playcookie accounts group GROUP NAME…` makes one".to_owned(),
        };
        return Err(wrong("there is no group of that name", hint));
    };
    let mut accounts = Vec::new();
    for name in members {
        let account = known.account(name).ok_or_else(|| {
            Failure::new(
                Reason::Configuration,
                format!(
                    "the group {group} names \"{}\", which is no remembered account",
                    clean(name)
                ),
                format!("say who is in it: `playcookie accounts group {group} NAME…`"),
            )
        })?;
        accounts.push(account);
    }
    if let Some(game_id) = game_id {
        accounts.retain(|account| account.game_id == game_id);
    }
    if accounts.is_empty() {
        let of = game_id.map_or_else(String::new, |game_id| {
            format!(" of {}", game_id.game().name)
        });
        return Err(wrong(
            format!("the group {group} has no account{of}"),
            "`playcookie accounts list` shows who is in it",
        ));
    }
    Ok(accounts)
}
