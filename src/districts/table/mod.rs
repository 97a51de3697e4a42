//! Districts as a table for people: at most as wide as the terminal, with bars for invasions.

use crate::protocol::districts::{District, DistrictStatus, DistrictTable, Invasion};
use crate::terminal::event::duration_text;
use crate::terminal::table::{Alignment, Style, Table, bar, counted, styled, wrapped};

/// How many cells a bar has.
const BAR: usize = 10;
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
    let mut rows = if is_ocean {
        Table::new(&OCEANS, districts.map(ocean))
    } else {
        Table::new(&DISTRICTS, districts.map(toontown))
    };
    if let Some(width) = width {
        fit(&mut rows, width, is_ocean);
    }
    let mut text = String::new();
    for (at, line) in rows.lines_within(width).iter().enumerate() {
        let district = at.checked_sub(1).and_then(|at| table.districts.get(at));
        text.push_str(&styled(line, weight(district), coloured));
        text.push('\n');
    }
    let totals = totals(table, if is_ocean { "ocean" } else { "district" });
    for line in wrapped(totals.split(' '), width) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn toontown(district: &District) -> Vec<String> {
    let Some(Invasion::Cogs(cogs)) = &district.invasion else {
        let none = String::new;
        return vec![
            district.label().to_owned(),
            players(district),
            none(),
            none(),
            none(),
            none(),
        ];
    };
    let progress = cogs.defeated.zip(cogs.total);
    vec![
        district.label().to_owned(),
        players(district),
        cogs.cog.clone().unwrap_or_else(|| "?".to_owned()),
        progress.map_or_else(String::new, |(defeated, total)| {
            format!("{defeated}/{total}")
        }),
        progress.map_or_else(String::new, |(defeated, total)| bar(defeated, total, BAR)),
        cogs.remaining_seconds.map_or_else(String::new, |left| {
            duration_text(std::time::Duration::from_secs(left))
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
        district.label().to_owned(),
        players(district),
        fleet.unwrap_or_default(),
        invasion,
    ]
}

/// How many play there, or why nobody can.
fn players(district: &District) -> String {
    match (district.status, district.online, district.population) {
        (Some(status), ..) if status != DistrictStatus::Online => status.name().to_owned(),
        (None, Some(false), _) => "offline".to_owned(),
        (.., Some(population)) => population.to_string(),
        (.., None) => "?".to_owned(),
    }
}

/// Takes the time that is left away where no row has any, then bars, then the numbers of cogs, then shortens names and what
/// invades, until a row fits.
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
    // The last column of an ocean is the longest.
    for column in [0, if is_ocean { 3 } else { 2 }, 2] {
        table.shorten(column, width);
    }
}

/// Invaded districts stand out, those that nobody can enter stand back.
fn weight(district: Option<&District>) -> Style {
    match district {
        None => Style::Heading,
        Some(district) if district.online == Some(false) => Style::Dimmed,
        Some(district) if district.invasion.is_some() => Style::Highlighted,
        Some(_) => Style::Plain,
    }
}

fn totals(census: &DistrictTable, row: &str) -> String {
    let invaded = census.districts.iter().filter(|it| it.invasion.is_some());
    let playing = census
        .population
        .map_or_else(String::new, |playing| format!("{playing} playing, "));
    let invasions = if census.invasions_missing {
        "invasions not known".to_owned()
    } else {
        counted(invaded.count(), "invasion")
    };
    format!(
        "{playing}{}, {invasions}",
        counted(census.districts.len(), row)
    )
}

#[cfg(test)]
mod tests;
