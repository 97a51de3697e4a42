//! Field offices as a table: a row for each street that has one.

use super::{Page, Paper, grouped, told};
use crate::games::ttr::public::field_offices::{FieldOffice, FieldOffices};
use crate::terminal::event::duration_text;
use crate::terminal::table::{Alignment, Style, Table, counted, styled, wrapped};

const COLUMNS: [(&str, Alignment); 5] = [
    ("STREET", Alignment::Left),
    ("DEPARTMENT", Alignment::Left),
    ("STARS", Alignment::Left),
    ("ANNEXES", Alignment::Right),
    ("STATE", Alignment::Left),
];
/// The most stars that are drawn one by one.
const MOST_DRAWN: u64 = 5;

/// By name; streets without one behind them.
pub(crate) fn sorted(mut page: FieldOffices) -> FieldOffices {
    page.field_offices
        .sort_by_cached_key(|office| (office.street.is_none(), office.place()));
    page
}

impl Page for FieldOffices {
    fn as_of(&mut self) -> &mut Option<u64> {
        &mut self.as_of
    }

    fn text(&self, paper: &Paper) -> String {
        let offices = &self.field_offices;
        let mut table = Table::new(&COLUMNS, offices.iter().map(|office| row(office, paper)));
        if let Some(width) = paper.width {
            fit(&mut table, width);
        }
        let weights = std::iter::once(Style::Heading).chain(offices.iter().map(weight));
        let lines = table.lines_within(paper.width);
        let lines = lines.iter().zip(weights);
        let lines = lines.map(|(line, weight)| styled(line, weight, paper.coloured));
        let totals = totals(offices);
        let totals = wrapped(totals.split(' '), paper.width);
        lines.chain(totals).map(|line| line + "\n").collect()
    }
}

/// Takes the department away, then shortens streets, states and stars, until a row fits.
fn fit(table: &mut Table, width: usize) {
    const DEPARTMENT: usize = 1;
    const STREET_STATE_STARS: [usize; 3] = [0, 3, 1];
    if table.width() > width {
        table.remove(DEPARTMENT);
    }
    for column in STREET_STATE_STARS {
        table.shorten(column, width);
    }
}

fn row(office: &FieldOffice, paper: &Paper) -> Vec<String> {
    vec![
        office.place(),
        office.department.clone().unwrap_or_else(|| "?".to_owned()),
        stars(office.stars),
        told(office.annexes),
        state(office, paper),
    ]
}

/// Stars, or how many there are when that is more than fits.
fn stars(stars: Option<u64>) -> String {
    match stars {
        None => "?".to_owned(),
        Some(few) if few <= MOST_DRAWN => (0..few).map(|_| '★').collect(),
        Some(many) => format!("{} ★", grouped(many)),
    }
}

/// Whether toons can enter, or when everybody is sent out.
fn state(office: &FieldOffice, paper: &Paper) -> String {
    let left = office.expires.and_then(|expires| paper.until(expires));
    match (left, office.open) {
        (Some(left), _) if left.is_zero() => "closes now".to_owned(),
        (Some(left), _) => format!("closes in {}", duration_text(left)),
        (None, Some(true)) => "open".to_owned(),
        (None, Some(false)) => "closed".to_owned(),
        (None, None) => "?".to_owned(),
    }
}

/// Those that toons can enter stand out, those that they cannot stand back.
fn weight(office: &FieldOffice) -> Style {
    match office.open {
        Some(true) => Style::Highlighted,
        Some(false) => Style::Dimmed,
        None => Style::Plain,
    }
}

fn totals(offices: &[FieldOffice]) -> String {
    let open = offices.iter().filter(|it| it.open == Some(true)).count();
    let annexes = offices.iter().filter_map(|it| it.annexes);
    let annexes = annexes.fold(0, u64::saturating_add);
    let plural = if annexes == 1 { "" } else { "es" };
    format!(
        "{}, {open} open, {} annex{plural} left",
        counted(offices.len(), "field office"),
        grouped(annexes)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::table::width;

    fn offices() -> FieldOffices {
        let office = |zone: &str, street, open, expires| FieldOffice {
            zone: zone.to_owned(),
            street,
            department: Some("Sellbot".to_owned()),
            stars: Some(3),
            annexes: Some(11),
            open: Some(open),
            expires,
        };
        let unknown = FieldOffice {
            zone: "7100".to_owned(),
            stars: Some(1234),
            ..FieldOffice::default()
        };
        sorted(FieldOffices {
            game: "ttr",
            as_of: Some(0),
            field_offices: vec![
                unknown,
                office("3100", Some("Walrus Way"), true, None),
                office("4200", Some("Baritone Boulevard"), false, Some(820)),
                office("5100", Some("Elm Street"), false, None),
            ],
        })
    }

    fn paper(width: Option<usize>, coloured: bool) -> Paper {
        Paper {
            width,
            coloured,
            now: 100,
        }
    }

    #[test]
    fn rows_are_sorted_by_street_and_totals_come_last() {
        let expected = "\
STREET              DEPARTMENT  STARS    ANNEXES  STATE
Baritone Boulevard  Sellbot     ★★★           11  closes in 12 min
Elm Street          Sellbot     ★★★           11  closed
Walrus Way          Sellbot     ★★★           11  open
zone 7100           ?           1,234 ★        ?  ?
4 field offices, 1 open, 33 annexes left
";
        assert_eq!(offices().text(&paper(None, false)), expected);
        assert_eq!(offices().text(&paper(Some(80), false)), expected);
    }

    #[test]
    fn a_narrow_terminal_is_not_left() {
        for columns in [60, 50, 44, 40] {
            let text = offices().text(&paper(Some(columns), false));
            let widest = text.lines().map(width).max();
            assert!(widest <= Some(columns), "{columns}:\n{text}");
            assert!(text.contains("Walrus") && text.contains("open"), "{text}");
        }
    }

    #[test]
    fn the_largest_numbers_are_written_and_not_drawn() {
        let mut offices = offices();
        for office in &mut offices.field_offices {
            office.stars = Some(u64::MAX);
            office.annexes = Some(u64::MAX);
            office.expires = Some(u64::MAX);
        }
        let text = offices.text(&paper(None, false));
        assert!(text.len() < 1000 && !text.contains("closes"), "{text}");
    }

    #[test]
    fn colours_are_there_only_where_they_are_wanted() {
        assert!(!offices().text(&paper(None, false)).contains('\u{1b}'));
        let coloured = offices().text(&paper(Some(80), true));
        assert!(coloured.contains("\u{1b}[35mWalrus Way"), "{coloured:?}");
        assert!(coloured.contains("\u{1b}[2mElm Street"), "{coloured:?}");
    }

    #[test]
    fn none_is_a_table_without_rows() {
        let none = FieldOffices {
            game: "ttr",
            as_of: None,
            field_offices: Vec::new(),
        };
        let text = none.text(&paper(None, false));
        let last = text.lines().last();
        assert_eq!(last, Some("0 field offices, 0 open, 0 annexes left"));
    }
}
