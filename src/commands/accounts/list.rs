//! `playcookie accounts list`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{AccountRow, kept_labels};
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::config::{Account, Configuration};
use crate::context::Context;
use crate::terminal::results::print;
use crate::terminal::table::table;

const HEADINGS: [&str; 5] = ["NAME", "GAME", "USERNAME", "KEPT", "GROUPS"];

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let configuration = &context.configuration;
    let accounts = configuration.accounts.iter();
    let list = AccountList {
        accounts: accounts
            .map(|account| AccountRow::of(configuration, account))
            .collect(),
        groups: configuration.groups.iter().cloned().collect(),
    };
    print(&context.terminal, &list, || lines(context))
}

/// The accounts and groups as `--json` shows them.
#[derive(Serialize)]
struct AccountList {
    accounts: Vec<AccountRow>,
    groups: BTreeMap<String, Vec<String>>,
}

fn lines(context: &Context) -> String {
    let configuration = &context.configuration;
    if configuration.accounts.is_empty() {
        context.terminal.say(format_args!(
            "no account is remembered yet; add one with `playcookie accounts add GAME NAME`"
        ));
        return String::new();
    }
    let headings = HEADINGS.map(ToOwned::to_owned);
    let accounts = configuration.accounts.iter();
    let rows = accounts.map(|account| row(configuration, account));
    table(&std::iter::once(headings).chain(rows).collect::<Vec<_>>())
}

fn row(configuration: &Configuration, account: &Account) -> [String; 5] {
    let kept = kept_labels(account);
    let groups: Vec<_> = configuration.groups_of(&account.name).collect();
    let or_dash = |texts: &[&str]| match texts {
        [] => "-".to_owned(),
        texts => texts.join(", "),
    };
    [
        account.name.clone(),
        account.game_id.game().id.to_owned(),
        clean(&account.username),
        or_dash(&kept),
        or_dash(&groups),
    ]
}
