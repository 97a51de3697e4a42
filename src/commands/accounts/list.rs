//! `playcookie accounts list`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Shown;
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::terminal::results::unwritten;
use crate::terminal::table::table;

/// What the columns are called.
const HEADINGS: [&str; 5] = ["NAME", "GAME", "USERNAME", "KEPT", "GROUPS"];

pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    let configuration = &context.configuration;
    let accounts = &configuration.accounts;
    let text = if context.terminal.json().is_some() {
        let accounts = accounts.iter();
        let all = All {
            accounts: accounts.map(|it| Shown::of(configuration, it)).collect(),
            groups: configuration.groups.iter().cloned().collect(),
        };
        serde_json::to_string(&all).unwrap_or_default() + "\n"
    } else if accounts.is_empty() {
        context.terminal.say(format_args!(
            "no account is remembered yet; `playcookie accounts add GAME NAME` remembers one"
        ));
        String::new()
    } else {
        let headings = HEADINGS.map(ToOwned::to_owned);
        let rows = accounts.iter().map(|account| row(configuration, account));
        table(&std::iter::once(headings).chain(rows).collect::<Vec<_>>())
    };
    let written = context.terminal.result(text.as_bytes());
    written.map_err(|error| unwritten(&error))
}

/// Everything that is remembered, as `--json` shows it.
#[derive(Serialize)]
struct All {
    accounts: Vec<Shown>,
    groups: BTreeMap<String, Vec<String>>,
}

fn row(configuration: &Configuration, account: &Account) -> [String; 5] {
    let mut kept: Vec<_> = account.kept.iter().map(|kept| kept.label()).collect();
    if account.options.password_command.is_some() {
        kept.push("password command");
    }
    if account.options.code_command.is_some() {
        kept.push("code command");
    }
    let groups: Vec<_> = configuration.groups_of(&account.name).collect();
    let or_dash = |text: String| {
        if text.is_empty() {
            "-".to_owned()
        } else {
            text
        }
    };
    [
        account.name.clone(),
        account.game_id.game().id.to_owned(),
        clean(&account.username),
        or_dash(kept.join(", ")),
        or_dash(groups.join(", ")),
    ]
}
