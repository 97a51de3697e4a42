//! Doodles by district and playground, filtered by the command's options.

use std::collections::BTreeSet;

use super::{PublicData, TextLayout, grouped, grouped_or_unknown};
use crate::cli::ttr::Doodles as DoodleOptions;
use crate::cli::values::Trait;
use crate::games::ttr::public::doodles::{Doodle, Doodles};
use crate::protocol::districts::nearest_name;
use crate::terminal::table::{Alignment, Style, Table, counted, styled, width, wrapped};

const COST: &str = "COST";
const COLUMNS: [(&str, Alignment); 2] = [("TRAITS", Alignment::Left), (COST, Alignment::Right)];
const PLAYGROUND_INDENT: &str = "  ";
const DOODLE_INDENT: &str = "    ";
/// The least width, in columns, that traits are wrapped to.
const LEAST_WIDTH: usize = 12;

/// Keeps the doodles that have every trait of the options and cost at most as much; a doodle of unknown cost may cost more.
pub(crate) fn selected(mut data: Doodles, options: &DoodleOptions) -> Doodles {
    data.doodles.retain(|doodle| {
        let has = |wanted: &Trait| doodle.traits.iter().any(|it| wanted.is_in(it));
        let is_cheap = |most| doodle.cost.is_some_and(|cost| cost <= most);
        options.traits.iter().all(has) && options.max_cost.is_none_or(is_cheap)
    });
    data
}

/// Returns a sentence for each trait of the options that no doodle for sale has, with the trait that was probably meant or
/// those that there are.
pub(crate) fn unknown_traits(data: &Doodles, options: &DoodleOptions) -> Vec<String> {
    let traits = data.doodles.iter().flat_map(|doodle| &doodle.traits);
    let traits: BTreeSet<_> = traits.map(String::as_str).collect();
    let sentence = |wanted: &Trait| {
        let what = format!(
            "no doodle for sale has a trait like \"{}\"",
            wanted.as_str()
        );
        // A part of a trait may be meant, such as the word behind "Rarely".
        let words = traits.iter().flat_map(|name| name.split(' '));
        let near = nearest_name(wanted.as_str(), traits.iter().copied().chain(words));
        let all = || traits.iter().copied().collect::<Vec<_>>().join(", ");
        near.map_or_else(
            || format!("{what}; the traits are {}", all()),
            |meant| format!("{what}; did you mean --trait \"{meant}\"?"),
        )
    };
    let is_unknown = |wanted: &&Trait| !traits.iter().any(|it| wanted.is_in(it));
    let unknown = options.traits.iter().filter(is_unknown);
    unknown
        .filter(|_| !traits.is_empty())
        .map(sentence)
        .collect()
}

impl PublicData for Doodles {
    fn as_of(&mut self) -> &mut Option<u64> {
        &mut self.as_of
    }

    fn text(&self, layout: &TextLayout) -> String {
        let heading = |line: &str| styled(line, Style::Heading, layout.coloured);
        let (headings, rows) = rows(&self.doodles, layout);
        let mut lines = Vec::new();
        let mut before: Option<&Doodle> = None;
        if !rows.is_empty() {
            lines.push(heading(&headings));
        }
        for (doodle, row) in self.doodles.iter().zip(rows) {
            let before = before.replace(doodle);
            let before = before.filter(|it| it.district == doodle.district);
            if before.is_none() {
                lines.push(heading(&indented(&doodle.district, "", layout)));
            }
            if before.is_none_or(|it| it.playground != doodle.playground) {
                lines.push(indented(&doodle.playground, PLAYGROUND_INDENT, layout));
            }
            lines.extend(row);
        }
        lines.extend(wrapped(totals(&self.doodles).split(' '), layout.width));
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

/// Returns an indented name, truncated to the width.
fn indented(name: &str, indent: &str, layout: &TextLayout) -> String {
    let name = if name.is_empty() { "?" } else { name };
    let width = layout.width.map(|width| width.saturating_sub(indent.len()));
    indent.to_owned() + &wrapped([name], width).concat()
}

/// Returns the headings, and the lines of each doodle: its cost is in the first.
fn rows(doodles: &[Doodle], layout: &TextLayout) -> (String, Vec<Vec<String>>) {
    let cost = |doodle: &Doodle| grouped_or_unknown(doodle.cost);
    let costs = doodles.iter().map(|doodle| width(&cost(doodle)));
    let costs = costs.chain([COST.len()]).max().unwrap_or_default();
    let taken = DOODLE_INDENT.len() + 2 + costs;
    let room = layout.width;
    let room = room.map(|width| width.saturating_sub(taken).max(LEAST_WIDTH));
    let traits: Vec<_> = doodles.iter().map(|doodle| traits(doodle, room)).collect();
    let rows = doodles.iter().zip(&traits).flat_map(|(doodle, traits)| {
        let costs = std::iter::once(cost(doodle)).chain(std::iter::repeat(String::new()));
        let rows = traits.iter().zip(costs);
        rows.map(|(line, cost)| vec![line.clone(), cost])
    });
    let room = layout.width;
    let room = room.map(|width| width.saturating_sub(DOODLE_INDENT.len()));
    let lines = Table::new(&COLUMNS, rows).lines_within(room);
    let mut lines = lines.iter().map(|line| format!("{DOODLE_INDENT}{line}"));
    let headings = lines.next().unwrap_or_default();
    let take = |traits: &Vec<String>| lines.by_ref().take(traits.len()).collect();
    (headings, traits.iter().map(take).collect())
}

/// Returns the traits in as many lines as they need, at least one.
fn traits(doodle: &Doodle, width: Option<usize>) -> Vec<String> {
    // A line is broken only between traits.
    match wrapped(doodle.traits.join(",\n").lines(), width) {
        lines if lines.is_empty() => vec!["?".to_owned()],
        lines => lines,
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
        doodles.text(&TextLayout {
            width,
            ..TextLayout::default()
        })
    }

    /// Returns the costs of the doodles that are selected.
    fn costs(traits: &[&str], max_cost: Option<u64>) -> Vec<Option<u64>> {
        let options = DoodleOptions {
            traits: traits.iter().map(|it| it.parse().expect(it)).collect(),
            max_cost,
            ..DoodleOptions::default()
        };
        let selected = selected(doodles(), &options).doodles;
        selected.into_iter().map(|doodle| doodle.cost).collect()
    }

    #[test]
    fn doodles_are_grouped_by_playground_and_district() {
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
    fn traits_are_wrapped_on_a_narrow_terminal() {
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
    fn a_selected_doodle_has_every_trait_in_any_spelling() {
        assert_eq!(costs(&[], None).len(), 4);
        assert_eq!(costs(&["often-HUNGRY"], None), [Some(2300), Some(300)]);
        assert_eq!(costs(&["hungry", "rarelybored"], None), [Some(2300)]);
        assert_eq!(costs(&["hungryrarely"], None), [], "each trait by itself");
    }

    #[test]
    fn a_trait_that_no_doodle_has_is_named_with_a_near_one_or_with_all() {
        let unknown = |text: &str| {
            let traits = vec![text.parse().expect(text)];
            let options = DoodleOptions {
                traits,
                ..DoodleOptions::default()
            };
            unknown_traits(&doodles(), &options).concat()
        };
        assert_eq!(unknown("often HUNGRY"), "");
        assert_eq!(
            unknown("rarely bord"),
            "no doodle for sale has a trait like \"rarely bord\"; did you mean --trait \"Rarely Bored\"?"
        );
        assert!(unknown("hungy").ends_with("did you mean --trait \"Hungry\"?"));
        let all = "the traits are Always Affectionate, Often Hungry, Rarely Bored, Sometimes Tired";
        assert!(unknown("xyz").ends_with(all), "{}", unknown("xyz"));
    }

    #[test]
    fn doodles_of_higher_or_unknown_cost_are_left_out() {
        assert_eq!(costs(&[], Some(700)), [Some(300), Some(700)]);
        assert_eq!(costs(&["hungry"], Some(299)), []);
    }

    #[test]
    fn no_doodles_are_a_total_without_a_table() {
        let mut empty = doodles();
        empty.doodles.clear();
        assert_eq!(shown(&empty, None), "0 doodles\n");
    }
}
