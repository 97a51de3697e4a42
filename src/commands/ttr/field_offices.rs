//! Field offices as a table, with one row per street.

use super::{PublicData, TextLayout, grouped, grouped_or_unknown};
use crate::base::quantity::duration_text;
use crate::games::ttr::public::field_offices::{FieldOffice, FieldOffices};
use crate::terminal::table::{Alignment, Style, Table, counted, styled, wrapped};

const COLUMNS: [(&str, Alignment); 5] = [
    ("STREET", Alignment::Left),
    ("DEPARTMENT", Alignment::Left),
    ("STARS", Alignment::Left),
    ("ANNEXES", Alignment::Right),
    ("STATE", Alignment::Left),
];
/// The most stars that are drawn one by one; more are a number.
const MOST_DRAWN: u64 = 5;

/// Sorts by street; offices on unnamed streets come last.
pub(crate) fn sorted(mut data: FieldOffices) -> FieldOffices {
    data.field_offices
        .sort_by_cached_key(|office| (office.street.is_none(), office.place()));
    data
}

impl PublicData for FieldOffices {
    fn as_of(&mut self) -> &mut Option<u64> {
        &mut self.as_of
    }

    fn text(&self, layout: &TextLayout) -> String {
        let offices = &self.field_offices;
        let mut table = Table::new(&COLUMNS, offices.iter().map(|office| row(office, layout)));
        if let Some(width) = layout.width {
            fit(&mut table, width);
        }
        let styles = std::iter::once(Style::Heading).chain(offices.iter().map(style_of));
        let lines = table.lines_within(layout.width).into_iter().zip(styles);
        let lines = lines.map(|(line, style)| styled(&line, style, layout.coloured));
        let totals = wrapped(totals(offices).split(' '), layout.width);
        lines.chain(totals).map(|line| line + "\n").collect()
    }
}

/// Removes the department, then shortens streets, states and stars, until a row fits.
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

fn row(office: &FieldOffice, layout: &TextLayout) -> Vec<String> {
    vec![
        office.place(),
        office.department.clone().unwrap_or_else(|| "?".to_owned()),
        stars(office.stars),
        grouped_or_unknown(office.annexes),
        state(office, layout),
    ]
}

/// Returns the stars, or their number when there are more than [`MOST_DRAWN`].
fn stars(stars: Option<u64>) -> String {
    match stars {
        None => "?".to_owned(),
        Some(few) if few <= MOST_DRAWN => (0..few).map(|_| '★').collect(),
        Some(many) => format!("{} ★", grouped(many)),
    }
}

/// Returns whether toons can enter, or when the office closes.
fn state(office: &FieldOffice, layout: &TextLayout) -> String {
    let left = office.expires.and_then(|expires| layout.remaining(expires));
    match (left, office.open) {
        (Some(left), _) if left.is_zero() => "closes now".to_owned(),
        (Some(left), _) => format!("closes in {}", duration_text(left)),
        (None, Some(true)) => "open".to_owned(),
        (None, Some(false)) => "closed".to_owned(),
        (None, None) => "?".to_owned(),
    }
}

/// Highlights open offices, and dims closed ones.
fn style_of(office: &FieldOffice) -> Style {
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

    fn layout(width: Option<usize>, coloured: bool) -> TextLayout {
        TextLayout {
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
        assert_eq!(offices().text(&layout(None, false)), expected);
        assert_eq!(offices().text(&layout(Some(80), false)), expected);
    }

    #[test]
    fn no_line_is_wider_than_a_narrow_terminal() {
        for columns in [60, 50, 44, 40] {
            let text = offices().text(&layout(Some(columns), false));
            let widest = text.lines().map(width).max();
            assert!(widest <= Some(columns), "{columns}:\n{text}");
            assert!(text.contains("Walrus") && text.contains("open"), "{text}");
        }
    }

    #[test]
    fn many_stars_are_shown_as_a_number() {
        let mut offices = offices();
        for office in &mut offices.field_offices {
            office.stars = Some(u64::MAX);
            office.annexes = Some(u64::MAX);
            office.expires = Some(u64::MAX);
        }
        let text = offices.text(&layout(None, false));
        assert!(text.len() < 1000 && !text.contains("closes"), "{text}");
    }

    #[test]
    fn colours_are_used_only_when_they_are_enabled() {
        assert!(!offices().text(&layout(None, false)).contains('\u{1b}'));
        let coloured = offices().text(&layout(Some(80), true));
        assert!(coloured.contains("\u{1b}[35mWalrus Way"), "{coloured:?}");
        assert!(coloured.contains("\u{1b}[2mElm Street"), "{coloured:?}");
    }

    #[test]
    fn no_offices_are_a_table_without_rows() {
        let none = FieldOffices {
            game: "ttr",
            as_of: None,
            field_offices: Vec::new(),
        };
        let text = none.text(&layout(None, false));
        let last = text.lines().last();
        assert_eq!(last, Some("0 field offices, 0 open, 0 annexes left"));
    }
}
