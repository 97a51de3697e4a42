//! The status of the games as a table: a row each, and messages and failures below it.

use std::time::Duration;

use crate::base::failure::Reason;
use crate::base::quantity::duration_text;
use crate::base::sanitize::plain;
use crate::status::model::{GameStatus, StatusTable};
use crate::terminal::table;
use crate::terminal::table::{Alignment, Style, Table, wrapped};

/// Numbers are aligned to the right.
const HEADINGS: [(&str, Alignment); 6] = [
    ("GAME", Alignment::Left),
    ("STATE", Alignment::Left),
    ("PLAYERS", Alignment::Right),
    ("DISTRICTS", Alignment::Right),
    ("INVASIONS", Alignment::Right),
    ("AGE", Alignment::Left),
];
/// The least important columns, which are left out first when a row does not fit.
const AGE_AND_DISTRICTS: [usize; 2] = [5, 3];
/// The indentation of sentences below a row.
const INDENT: &str = "  ";
/// The least width of a sentence.
const NARROWEST: usize = 20;

/// Returns the table. `width` is the terminal's, if there is one: when names do not fit, the words of the command line
/// replace them, and the least important columns are left out.
pub fn draw(status_table: &StatusTable, width: Option<usize>, coloured: bool) -> String {
    let games = &status_table.games;
    let named = |name: fn(&GameStatus) -> &str| {
        let rows = games.iter().map(|game| cells(game, name(game)));
        Table::new(&HEADINGS, rows)
    };
    let mut table = named(|game| game.name);
    if width.is_some_and(|width| table.width() > width) {
        table = named(|game| game.game);
    }
    for column in AGE_AND_DISTRICTS {
        if width.is_some_and(|width| table.width() > width) {
            table.remove(column);
        }
    }
    let mut lines = table.lines_within(width).into_iter();
    let headings = lines.next().unwrap_or_default();
    let mut text = table::styled(&headings, Style::Heading, coloured) + "\n";
    for (line, game) in lines.zip(games) {
        text += &styled(&line, game, coloured);
        text.push('\n');
        let room = width.map(|width| width.saturating_sub(INDENT.len()).max(NARROWEST));
        for sentence in sentences(game) {
            for line in wrapped(sentence.split(' '), room) {
                text.extend([INDENT, &line, "\n"]);
            }
        }
    }
    text
}

fn cells(game: &GameStatus, name: &str) -> Vec<String> {
    let unknown = || "?".to_owned();
    let districts = match (game.districts_online, game.districts) {
        (Some(online), Some(all)) => format!("{online} of {all}"),
        (None, Some(all)) => format!("? of {all}"),
        (_, None) => unknown(),
    };
    let population = game.population.map(|population| population.to_string());
    let invasions = game.invasions.as_ref().map(|there| there.len().to_string());
    vec![
        name.to_owned(),
        game.state().to_owned(),
        population.unwrap_or_else(unknown),
        districts,
        invasions.unwrap_or_else(unknown),
        game.age_seconds.map_or_else(unknown, age),
    ]
}

fn age(seconds: u64) -> String {
    match seconds {
        0 => "now".to_owned(),
        _ => duration_text(Duration::from_secs(seconds)),
    }
}

/// Returns the sentences below a row: the game's message, or why its status is unknown and what to do.
fn sentences(game: &GameStatus) -> Vec<String> {
    let message = game.words.as_ref().map(|message| format!("\"{message}\""));
    let failure = game.failure.as_ref();
    let failure = failure.filter(|failure| failure.reason != Reason::Closed);
    let failure = failure.map(|failure| {
        [
            plain(&failure.message),
            format!("hint: {}", plain(&failure.hint)),
        ]
    });
    message
        .into_iter()
        .chain(failure.into_iter().flatten())
        .collect()
}

/// Colours a row: an open game green, a closed one red, an unknown one faint.
fn styled(line: &str, game: &GameStatus, coloured: bool) -> String {
    let colour = match game.open {
        _ if !coloured => return line.to_owned(),
        Some(true) => "\u{1b}[32m",
        Some(false) => "\u{1b}[31m",
        None => return table::styled(line, Style::Dimmed, coloured),
    };
    // No name has two spaces in a row, so the first two precede the state.
    let state = format!("  {}", game.state());
    let painted = format!("  {colour}{}\u{1b}[0m", game.state());
    line.replacen(&state, &painted, 1)
}

#[cfg(test)]
mod tests;
