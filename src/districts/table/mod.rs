//! Districts as a text table, at most as wide as the terminal, with progress bars for invasions.

use std::fmt::Write as _;
use std::time::Duration;

use super::words;
use crate::base::quantity::duration_text;
use crate::protocol::districts::{District, DistrictStatus, DistrictTable, Invasion};
use crate::terminal::table::{Alignment, Style, Table, bar, counted, styled, wrapped};

/// The width of a bar, in columns.
const BAR_WIDTH: usize = 10;
const OCEANS: [(&str, Alignment); 4] = [
    ("OCEAN", Alignment::Left),
    ("PLAYERS", Alignment::Right),
    ("FLEET", Alignment::Left),
    ("INVASION", Alignment::Left),
];
const DISTRICTS: [(&str, Alignment); 6] = [
    ("DISTRICT", Alignment::Left),
    ("PLAYERS", Alignment::Right),
    ("INVASION", Alignment::Left),
    ("DEFEATED", Alignment::Right),
    ("", Alignment::Left),
    ("LEFT", Alignment::Left),
];

/// Returns the table, with totals in the last line. `width` is the terminal's, if there is one.
pub(crate) fn table(table: &DistrictTable, width: Option<usize>, coloured: bool) -> String {
    let is_ocean = table.has_oceans();
    let districts = table.districts.iter();
    let styles = std::iter::once(Style::Heading).chain(districts.clone().map(style_of));
    let mut rows = if is_ocean {
        Table::new(&OCEANS, districts.map(ocean))
    } else {
        Table::new(&DISTRICTS, districts.map(toontown))
    };
    if let Some(width) = width {
        fit(&mut rows, width, is_ocean);
    }
    let lines = rows.lines_within(width).into_iter().zip(styles);
    let lines = lines.map(|(line, style)| styled(&line, style, coloured));
    let totals = totals(table, if is_ocean { "ocean" } else { "district" });
    let totals = wrapped(totals.split(' '), width);
    lines.chain(totals).map(|line| line + "\n").collect()
}

fn toontown(district: &District) -> Vec<String> {
    let cogs = match &district.invasion {
        Some(Invasion::Cogs(cogs)) => Some(cogs),
        _ => None,
    };
    let progress = cogs.and_then(|cogs| cogs.defeated.zip(cogs.total));
    let left = cogs.and_then(|cogs| cogs.remaining_seconds);
    let name = cogs.map(|cogs| cogs.cog.clone().unwrap_or_else(|| "?".to_owned()));
    vec![
        district.label().to_owned(),
        players(district),
        name.unwrap_or_default(),
        progress.map_or_else(String::new, |(done, total)| format!("{done}/{total}")),
        progress.map_or_else(String::new, |(done, total)| bar(done, total, BAR_WIDTH)),
        left.map_or_else(String::new, |left| duration_text(Duration::from_secs(left))),
    ]
}

fn ocean(district: &District) -> Vec<String> {
    let ocean = district.ocean.as_ref();
    let fleet = ocean.and_then(|ocean| ocean.fleet.as_ref()).map(|fleet| {
        let kind = fleet.kind.as_deref().unwrap_or("?");
        format!("{kind}{}", words::ships_left(fleet))
    });
    let mut invasion = String::new();
    if let Some(Invasion::Ocean(ocean)) = &district.invasion {
        invasion += ocean.location.as_deref().unwrap_or("?");
        if let Some(phase) = &ocean.phase {
            let _ = write!(invasion, ", phase {phase}");
        }
        if let Some(players) = ocean.players {
            let _ = write!(invasion, ", {players} playing");
        }
    }
    vec![
        district.label().to_owned(),
        players(district),
        fleet.unwrap_or_default(),
        invasion,
    ]
}

/// Returns the number of players, or why nobody can play.
fn players(district: &District) -> String {
    match (district.status, district.online, district.population) {
        (Some(status), ..) if status != DistrictStatus::Online => status.name().to_owned(),
        (None, Some(false), _) => "offline".to_owned(),
        (.., Some(population)) => population.to_string(),
        (.., None) => "?".to_owned(),
    }
}

/// Removes the time left when it is empty, then bars, then numbers of cogs, and shortens names and invasions, until a row
/// fits.
fn fit(table: &mut Table, width: usize, is_ocean: bool) {
    const LEFT: usize = 5;
    const BARS_AND_NUMBERS: [usize; 2] = [4, 3];
    if !is_ocean && table.width() > width && table.is_blank(LEFT) {
        table.remove(LEFT);
    }
    for column in BARS_AND_NUMBERS {
        if !is_ocean && table.width() > width {
            table.remove(column);
        }
    }
    // For oceans, the last column is the longest.
    for column in [0, if is_ocean { 3 } else { 2 }, 2] {
        table.shorten(column, width);
    }
}

/// Highlights invaded districts, and dims closed ones.
fn style_of(district: &District) -> Style {
    if district.online == Some(false) {
        Style::Dimmed
    } else if district.invasion.is_some() {
        Style::Highlighted
    } else {
        Style::Plain
    }
}

fn totals(table: &DistrictTable, noun: &str) -> String {
    let invaded = table.districts.iter().filter(|it| it.invasion.is_some());
    let playing = table.population.map(|it| format!("{it} playing, "));
    let playing = playing.unwrap_or_default();
    let districts = counted(table.districts.len(), noun);
    let invasions = if table.invasions_missing {
        "invasions not known".to_owned()
    } else {
        counted(invaded.count(), "invasion")
    };
    format!("{playing}{districts}, {invasions}")
}

#[cfg(test)]
mod tests;
