//! `playcookie ps`: the games that run.

use serde_json::{Value, json};

use super::{Context, print};
use crate::base::failure::Failure;
use crate::session::running_games::RunningGame;
use crate::terminal::table::{Alignment, Table};

const HEADINGS: [(&str, Alignment); 5] = [
    ("PID", Alignment::Right),
    ("GAME", Alignment::Left),
    ("ACCOUNT", Alignment::Left),
    ("RUNNING FOR", Alignment::Left),
    ("LOG", Alignment::Left),
];

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let (terminal, games) = (&context.terminal, RunningGame::all(&context.state));
    let rows: Vec<Value> = games.iter().map(RunningGame::json).collect();
    print(terminal, &json!({ "games": rows }), || {
        if games.is_empty() {
            terminal.say(format_args!("no game runs"));
            return String::new();
        }
        let table = Table::new(&HEADINGS, games.iter().map(RunningGame::cells));
        // A path is not cut, so that it can be copied.
        let lines = table.lines().into_iter();
        lines.map(|line| line + "\n").collect()
    })
}
