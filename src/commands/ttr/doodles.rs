//! Doodles by district and playground, those that were asked for.

use super::{Page, Paper, grouped, told};
use crate::cli::ttr::Doodles as Wanted;
use crate::cli::values::Trait;
use crate::games::ttr::public::doodles::{Doodle, Doodles};
use crate::terminal::table::{Alignment, Style, Table, counted, styled, width, wrapped};

const COST: &str = "COST";
const COLUMNS: [(&str, Alignment); 2] = [("TRAITS", Alignment::Left), (COST, Alignment::Right)];
/// What stands in front of a playground.
const INDENT: &str = "  ";
/// What stands in front of a doodle.
const DEEPER: &str = "    ";
/// The narrowest that traits are wrapped to.
const MIN_COLUMN_WIDTH: usize = 12;

/// The doodles that have every trait and cost no more than that; one whose cost is not told may cost more.
pub(crate) fn chosen(mut page: Doodles, wanted: &Wanted) -> Doodles {
    page.doodles.retain(|doodle| {
        let has = |wanted: &Trait| doodle.traits.iter().any(|had| wanted.is_in(had));
        let is_cheap = |most| doodle.cost.is_some_and(|cost| cost <= most);
        wanted.traits.iter().all(has) && wanted.max_cost.is_none_or(is_cheap)
    });
    page
}

impl Page for Doodles {
    fn as_of(&mut self) -> &mut Option<u64> {
        &mut self.as_of
    }

    fn text(&self, paper: &Paper) -> String {
        let (heading, drawn) = drawn(&self.doodles, paper);
        let mut lines = Vec::new();
        let mut before: Option<&Doodle> = None;
        if !drawn.is_empty() {
            lines.push(styled(&heading, Style::Heading, paper.coloured));
        }
        for (doodle, drawn) in self.doodles.iter().zip(drawn) {
            let district = before.filter(|it| it.district == doodle.district);
            if district.is_none() {
                let line = cut(&doodle.district, "", paper);
                lines.push(styled(&line, Style::Heading, paper.coloured));
            }
            if district.is_none_or(|it| it.playground != doodle.playground) {
                lines.push(cut(&doodle.playground, INDENT, paper));
            }
            lines.extend(drawn);
            before = Some(doodle);
        }
        lines.extend(wrapped(totals(&self.doodles).split(' '), paper.width));
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

/// A name behind its indent, cut at the end of the line.
fn cut(name: &str, indent: &str, paper: &Paper) -> String {
    let name = if name.is_empty() { "?" } else { name };
    let room = paper.width.map(|width| width.saturating_sub(indent.len()));
    indent.to_owned() + &wrapped([name], room).concat()
}

/// The headings, and the lines of each doodle: its cost stands in the first.
fn drawn(doodles: &[Doodle], paper: &Paper) -> (String, Vec<Vec<String>>) {
    let costs = doodles.iter().map(|doodle| width(&told(doodle.cost)));
    let taken = DEEPER.len() + 2 + costs.chain([COST.len()]).max().unwrap_or_default();
    let room = paper
        .width
        .map(|width| width.saturating_sub(taken).max(MIN_COLUMN_WIDTH));
    let traits: Vec<_> = doodles.iter().map(|doodle| traits(doodle, room)).collect();
    let rows = doodles.iter().zip(&traits).flat_map(|(doodle, traits)| {
        let costs = std::iter::once(told(doodle.cost)).chain(std::iter::repeat(String::new()));
        traits
            .iter()
            .zip(costs)
            .map(|(line, cost)| vec![line.clone(), cost])
    });
    let room = paper.width.map(|width| width.saturating_sub(DEEPER.len()));
    let lines = Table::new(&COLUMNS, rows).lines_within(room);
    let mut lines = lines.iter().map(|line| format!("{DEEPER}{line}"));
    let heading = lines.next().unwrap_or_default();
    let drawn = traits
        .iter()
        .map(|traits| lines.by_ref().take(traits.len()).collect());
    (heading, drawn.collect())
}

/// The traits in as many lines as they need, one at least.
fn traits(doodle: &Doodle, room: Option<usize>) -> Vec<String> {
    let last = doodle.traits.len().saturating_sub(1);
    let commas = doodle.traits.iter().enumerate();
    let commas = commas.map(|(at, it)| {
        if at == last {
            it.clone()
        } else {
            format!("{it},")
        }
    });
    let commas: Vec<_> = commas.collect();
    let lines = wrapped(commas.iter().map(String::as_str), room);
    if lines.is_empty() {
        vec!["?".to_owned()]
    } else {
        lines
    }
}

fn totals(doodles: &[Doodle]) -> String {
    let count = counted(doodles.len(), "doodle");
    let Some(cheapest) = doodles.iter().filter_map(|it| it.cost).min() else {
        return count;
    };
    let plural = if cheapest == 1 { "" } else { "s" };
    format!("{count}, cheapest {} jellybean{plural}", grouped(cheapest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doodles() -> Doodles {
        let doodle = |district: &str, playground: &str, traits: &[&str], cost| Doodle {
            district: district.to_owned(),
            playground: playground.to_owned(),
            dna: None,
            traits: traits.iter().map(|it| (*it).to_owned()).collect(),
            cost,
        };
        let four = [
            "Rarely Bored",
            "Often Hungry",
            "Sometimes Tired",
            "Always Affectionate",
        ];
        Doodles {
            game: "ttr",
            as_of: None,
            doodles: vec![
                doodle("Fizzlefield", "Donald's Dock", &four, Some(2300)),
                doodle("Fizzlefield", "The Brrrgh", &["Often Hungry"], Some(300)),
                doodle("Fizzlefield", "The Brrrgh", &[], None),
                doodle("Splat Summit", "The Brrrgh", &["Rarely Bored"], Some(700)),
            ],
        }
    }

    fn shown(doodles: &Doodles, width: Option<usize>) -> String {
        doodles.text(&Paper {
            width,
            coloured: false,
            now: 0,
        })
    }

    /// What is left, by cost.
    fn left(traits: &[&str], max_cost: Option<u64>) -> Vec<Option<u64>> {
        let wanted = Wanted {
            traits: traits.iter().map(|it| it.parse().expect(it)).collect(),
            max_cost,
            ..Wanted::default()
        };
        let left = chosen(doodles(), &wanted).doodles;
        left.into_iter().map(|doodle| doodle.cost).collect()
    }

    #[test]
    fn doodles_stand_below_their_playground_below_their_district() {
        let expected = "    TRAITS                                                             COST
Fizzlefield
  Donald's Dock
    Rarely Bored, Often Hungry, Sometimes Tired, Always Affectionate  2,300
  The Brrrgh
    Often Hungry                                                        300
    ?                                                                     ?
Splat Summit
  The Brrrgh
    Rarely Bored                                                        700
4 doodles, cheapest 300 jellybeans
";
        assert_eq!(shown(&doodles(), None), expected);
        assert_eq!(shown(&doodles(), Some(80)), expected);
    }

    #[test]
    fn traits_are_folded_on_a_narrow_terminal() {
        let text = shown(&doodles(), Some(40));
        let expected = "    TRAITS                        COST
Fizzlefield
  Donald's Dock
    Rarely Bored, Often Hungry,  2,300
    Sometimes Tired,
    Always Affectionate
";
        assert!(text.starts_with(expected), "{text}");
        for columns in [40, 30, 24] {
            let text = shown(&doodles(), Some(columns));
            let widest = text.lines().map(width).max();
            assert!(widest <= Some(columns), "{columns}:\n{text}");
        }
    }

    #[test]
    fn a_doodle_has_every_trait_that_is_wanted_however_it_is_written() {
        assert_eq!(left(&[], None).len(), 4);
        assert_eq!(left(&["often-HUNGRY"], None), [Some(2300), Some(300)]);
        assert_eq!(left(&["hungry", "rarelybored"], None), [Some(2300)]);
        assert_eq!(left(&["hungryrarely"], None), [], "each trait by itself");
    }

    #[test]
    fn what_costs_more_or_nobody_knows_how_much_is_left_out() {
        assert_eq!(left(&[], Some(700)), [Some(300), Some(700)]);
        assert_eq!(left(&["hungry"], Some(299)), []);
    }

    #[test]
    fn none_is_a_total_without_a_table() {
        let mut none = doodles();
        none.doodles.clear();
        assert_eq!(shown(&none, None), "0 doodles\n");
    }
}
