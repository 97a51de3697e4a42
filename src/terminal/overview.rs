//! How each game is, as a table: a row each, and below it what the game or this program has to say about it.

use std::time::Duration;

use console::{measure_text_width, truncate_str};

use super::table::table;
use crate::event::span;
use crate::exit::Reason;
use crate::status::{Overview, Standing};

const HEADINGS: [&str; 6] = ["GAME", "STATE", "PLAYERS", "DISTRICTS", "INVASIONS", "AGE"];
/// Columns of numbers, which stand on the right.
const NUMBERS: [usize; 3] = [2, 3, 4];
/// What is in front of a sentence below a row.
const INDENT: &str = "  ";
/// The narrowest that a sentence is made.
const NARROWEST: usize = 20;

/// The table. `width` is that of the terminal, if it is one.
pub fn drawn(overview: &Overview, width: Option<usize>, coloured: bool) -> String {
    let fits = |text: &str| {
        let widest = text.lines().map(measure_text_width).max();
        width.is_none_or(|width| widest.unwrap_or_default() <= width)
    };
    let games = &overview.games;
    let mut names: Vec<&str> = games.iter().map(|game| game.name).collect();
    let mut text = table(&rows(games, &names));
    if !fits(&text) {
        names = games.iter().map(|game| game.game).collect();
        text = table(&rows(games, &names));
    }
    // The column of the state begins behind the names, whose letters are of one byte each.
    let longest = names.iter().chain(HEADINGS.first());
    let longest = longest.map(|name| name.len()).max();
    let behind = longest.unwrap_or_default() + 2;
    let cut = |line: &str| match width {
        Some(width) => truncate_str(line, width, "…").into_owned(),
        None => line.to_owned(),
    };
    let mut lines = text.lines().map(cut);
    let mut drawing = headed(&lines.next().unwrap_or_default(), coloured);
    for (line, game) in lines.zip(games) {
        drawing += &dressed(&line, game, behind, coloured);
        drawing.push('\n');
        for sentence in sentences(game) {
            drawing += &folded(&sentence, width);
        }
    }
    drawing
}

/// The cells, with numbers on the right.
fn rows(games: &[Standing], names: &[&str]) -> Vec<[String; HEADINGS.len()]> {
    let mut rows = vec![HEADINGS.map(ToOwned::to_owned)];
    rows.extend(
        games
            .iter()
            .zip(names)
            .map(|(game, name)| cells(game, name)),
    );
    for column in NUMBERS {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| measure_text_width(cell)).max();
        for cell in rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            *cell = format!("{cell:>0$}", widest.unwrap_or_default());
        }
    }
    rows
}

fn cells(game: &Standing, name: &str) -> [String; HEADINGS.len()] {
    let count = |count: Option<u64>| count.map(|count| count.to_string());
    let unknown = || "?".to_owned();
    let districts = match (game.districts_online, game.districts) {
        (Some(online), Some(all)) => format!("{online} of {all}"),
        (None, Some(all)) => format!("? of {all}"),
        (_, None) => unknown(),
    };
    let invasions = game.invasions.as_ref().map(|there| there.len().to_string());
    [
        name.to_owned(),
        game.state().to_owned(),
        count(game.population).unwrap_or_else(unknown),
        districts,
        invasions.unwrap_or_else(unknown),
        game.age_seconds.map_or_else(unknown, age),
    ]
}

fn age(seconds: u64) -> String {
    match seconds {
        0 => "now".to_owned(),
        _ => span(Duration::from_secs(seconds)),
    }
}

/// What is said below a row: the game's own words, or why it could not be asked and what to do.
fn sentences(game: &Standing) -> Vec<String> {
    let words = game.words.as_ref().map(|words| format!("\"{words}\""));
    let failure = game.failure.as_ref();
    let failure = failure.filter(|failure| failure.reason != Reason::Closed);
    let told = failure.map(|failure| [failure.message.clone(), format!("hint: {}", failure.hint)]);
    words
        .into_iter()
        .chain(told.into_iter().flatten())
        .collect()
}

/// A sentence on as many lines as it takes.
fn folded(sentence: &str, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(INDENT.len()));
    let room = room.max(NARROWEST);
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split(' ') {
        let word = truncate_str(word, room, "…");
        match lines.last_mut() {
            Some(line) if measure_text_width(line) + 1 + measure_text_width(&word) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word.into_owned()),
        }
    }
    let lines = lines.iter().map(|line| format!("{INDENT}{line}\n"));
    lines.collect()
}

fn headed(line: &str, coloured: bool) -> String {
    if coloured {
        format!("\u{1b}[1m{line}\u{1b}[0m\n")
    } else {
        format!("{line}\n")
    }
}

/// An open game is green, a closed one red, and one that cannot be asked stands back.
fn dressed(line: &str, game: &Standing, behind: usize, coloured: bool) -> String {
    let colour = match game.open {
        _ if !coloured => return line.to_owned(),
        Some(true) => "\u{1b}[32m",
        Some(false) => "\u{1b}[31m",
        None => return format!("\u{1b}[2m{line}\u{1b}[0m"),
    };
    let parts = line.split_at_checked(behind);
    let parts = parts.and_then(|(name, rest)| Some((name, rest.strip_prefix(game.state())?)));
    match parts {
        Some((name, rest)) => format!("{name}{colour}{}\u{1b}[0m{rest}", game.state()),
        // Cut off on a very narrow terminal.
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
