//! A census of districts as a table: as wide as the terminal at most, with bars for invasions, without an escape where
//! nobody wants colours.

use console::{measure_text_width, truncate_str};

use crate::district::{Census, District, Invasion, Status};
use crate::event::span;

/// How many cells a bar has.
const BAR: usize = 10;
/// The narrowest that a text is made.
const NARROWEST: usize = 8;

/// What one cell holds, and whether it stands on the right.
type Cell = (String, bool);

/// The table, with its totals in the last line. `width` is that of the terminal, if it is one.
pub fn table(census: &Census, width: Option<usize>, coloured: bool) -> String {
    let is_ocean = census.districts.iter().any(|it| it.ocean.is_some());
    let headings: &[&str] = if is_ocean {
        &["OCEAN", "PLAYERS", "FLEET", "INVASION"]
    } else {
        &["DISTRICT", "PLAYERS", "INVASION", "DEFEATED", "", "LEFT"]
    };
    let heading = |at: usize, text: &&str| ((*text).to_owned(), is_right(is_ocean, at));
    let head: Vec<Cell> = headings
        .iter()
        .enumerate()
        .map(|(at, text)| heading(at, text))
        .collect();
    let rows = census.districts.iter().map(|district| {
        let cells = if is_ocean {
            ocean(district)
        } else {
            toontown(district)
        };
        let cells = cells.into_iter().enumerate();
        cells
            .map(|(at, text)| (text, is_right(is_ocean, at)))
            .collect()
    });
    let mut rows: Vec<Vec<Cell>> = std::iter::once(head).chain(rows).collect();
    fit(&mut rows, width, is_ocean);
    let lines = laid_out(&rows);
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let district = at.checked_sub(1).and_then(|at| census.districts.get(at));
        text.push_str(&dressed(line, district, coloured));
        text.push('\n');
    }
    text + &totals(census, if is_ocean { "ocean" } else { "district" }) + "\n"
}

/// Numbers stand on the right.
fn is_right(is_ocean: bool, column: usize) -> bool {
    column == 1 || (!is_ocean && column == 3)
}

fn toontown(district: &District) -> Vec<String> {
    let Some(Invasion::Cogs(cogs)) = &district.invasion else {
        let none = String::new;
        return vec![
            name(district),
            players(district),
            none(),
            none(),
            none(),
            none(),
        ];
    };
    let progress = cogs.defeated.zip(cogs.total);
    vec![
        name(district),
        players(district),
        cogs.cog.clone().unwrap_or_else(|| "?".to_owned()),
        progress.map_or_else(String::new, |(defeated, total)| {
            format!("{defeated}/{total}")
        }),
        progress.map_or_else(String::new, |(defeated, total)| bar(defeated, total)),
        cogs.remaining_seconds.map_or_else(String::new, |left| {
            span(std::time::Duration::from_secs(left))
        }),
    ]
}

fn ocean(district: &District) -> Vec<String> {
    let fleet = district
        .ocean
        .as_ref()
        .and_then(|ocean| ocean.fleet.as_ref());
    let fleet = fleet.map(|fleet| {
        let kind = fleet.kind.as_deref().unwrap_or("?");
        match fleet.ships_remaining {
            Some(1) => format!("{kind}, 1 ship left"),
            Some(ships) => format!("{kind}, {ships} ships left"),
            None => kind.to_owned(),
        }
    });
    let invasion = match &district.invasion {
        Some(Invasion::Ocean(invasion)) => {
            let place = invasion.location.as_deref().unwrap_or("?");
            let phase = invasion
                .phase
                .as_ref()
                .map(|phase| format!(", phase {phase}"));
            let players = invasion
                .players
                .map(|players| format!(", {players} playing"));
            format!(
                "{place}{}{}",
                phase.unwrap_or_default(),
                players.unwrap_or_default()
            )
        }
        _ => String::new(),
    };
    vec![
        name(district),
        players(district),
        fleet.unwrap_or_default(),
        invasion,
    ]
}

fn name(district: &District) -> String {
    if district.name.is_empty() {
        "?".to_owned()
    } else {
        district.name.clone()
    }
}

/// How many play there, or why nobody can.
fn players(district: &District) -> String {
    match (district.status, district.online, district.population) {
        (Some(status), ..) if status != Status::Online => status.word().to_owned(),
        (None, Some(false), _) => "offline".to_owned(),
        (.., Some(population)) => population.to_string(),
        (.., None) => "?".to_owned(),
    }
}

/// How far it is, in tenths.
fn bar(defeated: u64, total: u64) -> String {
    let tenths = u128::from(defeated.min(total)) * (BAR as u128) / u128::from(total.max(1));
    let full = usize::try_from(tenths).unwrap_or(BAR).min(BAR);
    "█".repeat(full) + &"░".repeat(BAR - full)
}

/// Takes bars away, then the numbers of cogs, then shortens names and what invades, until a row fits.
fn fit(rows: &mut [Vec<Cell>], width: Option<usize>, is_ocean: bool) {
    const BARS_AND_NUMBERS: [usize; 2] = [4, 3];
    let Some(width) = width else { return };
    for column in BARS_AND_NUMBERS {
        if !is_ocean && wide(rows) > width {
            for row in rows.iter_mut() {
                row.remove(column);
            }
        }
    }
    // The last column of an ocean is the longest.
    for column in [0, if is_ocean { 3 } else { 2 }, 2] {
        let over = wide(rows).saturating_sub(width);
        let now = widths(rows).get(column).copied().unwrap_or_default();
        let room = now.saturating_sub(over).max(NARROWEST);
        for row in rows.iter_mut() {
            if let Some((cell, _)) = row.get_mut(column).filter(|_| over > 0) {
                *cell = truncate_str(cell, room, "…").into_owned();
            }
        }
    }
}

/// How wide the widest row is.
fn wide(rows: &[Vec<Cell>]) -> usize {
    let widths = widths(rows);
    widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
}

fn widths(rows: &[Vec<Cell>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut widths = vec![0; columns];
    for row in rows {
        for (width, (cell, _)) in widths.iter_mut().zip(row) {
            *width = measure_text_width(cell).max(*width);
        }
    }
    widths
}

/// Columns two spaces apart, nothing behind the last.
fn laid_out(rows: &[Vec<Cell>]) -> Vec<String> {
    let widths = widths(rows);
    let line = |row: &Vec<Cell>| {
        let mut line = String::new();
        for ((cell, right), width) in row.iter().zip(&widths) {
            let missing = width.saturating_sub(measure_text_width(cell));
            let room = std::iter::repeat_n(' ', missing);
            if *right {
                line.extend(room);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.extend(room);
            }
            line.push_str("  ");
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(line).collect()
}

/// Invaded districts stand out, those that nobody can enter stand back, and headings are underlined by weight.
fn dressed(line: &str, district: Option<&District>, coloured: bool) -> String {
    let colour = match district {
        _ if !coloured => return line.to_owned(),
        None => "\u{1b}[1m",
        Some(district) if district.online == Some(false) => "\u{1b}[2m",
        Some(district) if district.invasion.is_some() => "\u{1b}[33m",
        Some(_) => return line.to_owned(),
    };
    format!("{colour}{line}\u{1b}[0m")
}

fn totals(census: &Census, row: &str) -> String {
    let invaded = census.districts.iter().filter(|it| it.invasion.is_some());
    let count = |number: usize, word: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {word}{plural}")
    };
    let playing = census
        .population
        .map_or_else(String::new, |playing| format!("{playing} playing, "));
    format!(
        "{playing}{}, {}",
        count(census.districts.len(), row),
        count(invaded.count(), "invasion")
    )
}

#[cfg(test)]
mod tests;
