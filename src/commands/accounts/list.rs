//! `playcookie accounts list`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{AccountRow, kept_labels};
use crate::base::failure::Failure;
use crate::config::Account;
use crate::context::Context;
use crate::terminal::results::print;
use crate::terminal::table::{Alignment, Table};

const HEADINGS: [(&str, Alignment); 7] = [
    ("NAME", Alignment::Left),
    ("GAME", Alignment::Left),
    ("USERNAME", Alignment::Left),
    ("KEPT", Alignment::Left),
    ("GROUPS", Alignment::Left),
    ("LAST PLAYED", Alignment::Left),
    ("TOTAL TIME", Alignment::Left),
];
/// The column that is shortened on a narrow terminal.
const USERNAME: usize = 2;
/// The first of the columns that are left out when no account was played, or the terminal is too narrow.
const LAST_PLAYED: usize = 5;

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let configuration = &context.configuration;
    let accounts = configuration.accounts.iter();
    let list = AccountList {
        accounts: accounts
            .map(|account| AccountRow::of(context, configuration, account))
            .collect(),
        groups: configuration.groups.iter().cloned().collect(),
    };
    print(&context.terminal, &list, || lines(context, &list.accounts))
}

/// The accounts and groups as `--json` shows them.
#[derive(Serialize)]
struct AccountList {
    accounts: Vec<AccountRow>,
    groups: BTreeMap<String, Vec<String>>,
}

fn lines(context: &Context, accounts: &[AccountRow]) -> String {
    let terminal = &context.terminal;
    if accounts.is_empty() {
        terminal.say(format_args!(
            "no account is remembered yet; add one with `playcookie accounts add GAME NAME`"
        ));
        return String::new();
    }
    let configured = context.configuration.accounts.iter();
    let rows = configured
        .zip(accounts)
        .map(|(account, row)| cells(account, row));
    let mut table = Table::new(&HEADINGS, rows);
    let width = terminal.output_width().unwrap_or(usize::MAX);
    // From the last one, since the others move.
    for column in [LAST_PLAYED + 1, LAST_PLAYED] {
        let mut narrow = table.clone();
        narrow.shorten(USERNAME, width);
        if table.is_blank(column) || narrow.width() > width {
            table.remove(column);
        }
    }
    table.shorten(USERNAME, width);
    let lines = table.lines().into_iter();
    lines.map(|line| line + "\n").collect()
}

fn cells(account: &Account, row: &AccountRow) -> Vec<String> {
    let or_dash = |texts: String| {
        if texts.is_empty() {
            "-".to_owned()
        } else {
            texts
        }
    };
    let [last, total] = row.played().unwrap_or_default();
    vec![
        row.name.clone(),
        row.game.to_owned(),
        row.username.clone(),
        or_dash(kept_labels(account).join(", ")),
        or_dash(row.groups.join(", ")),
        last,
        total,
    ]
}
