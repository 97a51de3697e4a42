//! `playcookie accounts show`.

use super::{AccountRow, kept_labels, known};
use crate::base::failure::Failure;
use crate::base::sanitize::clean;
use crate::context::Context;
use crate::terminal::results::print;

pub(super) fn run(context: &Context, name: &str) -> Result<(), Failure> {
    let configuration = &context.configuration;
    let account = known(configuration, name)?;
    let row = AccountRow::of(context, configuration, account);
    print(&context.terminal, &row, || {
        let game = account.game_id.game();
        let mut rows = vec![
            ("name", row.name.clone()),
            ("game", format!("{} ({})", game.name, game.id)),
            ("username", clean(&account.username)),
            ("kept", kept_labels(account).join(", ")),
            ("groups", row.groups.join(", ")),
        ];
        if let Some([last, total]) = row.played() {
            let total = Some(total).filter(|total| !total.is_empty());
            let total = total.map(|total| format!(", {total} in total"));
            rows.push(("played", last + &total.unwrap_or_default()));
        }
        let lines = rows.iter().map(|(label, value)| {
            let value = if value.is_empty() { "-" } else { value };
            format!("{label:<8}  {value}\n")
        });
        lines.collect()
    })
}
