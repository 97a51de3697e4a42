//! The Silly Meter as text: a bar, the teams, and the next event.

use super::{PublicData, TextLayout, grouped, grouped_or_unknown};
use crate::games::ttr::public::silly_meter::{SillyMeter, State, Team};
use crate::terminal::table::{Alignment, Style, Table, bar, styled, wrapped};

const COLUMNS: [(&str, Alignment); 2] = [("TEAM", Alignment::Left), ("POINTS", Alignment::Right)];
/// The greatest width of the bar, in columns.
const BAR_WIDTH: usize = 40;
/// The indent of a team's description.
const INDENT: &str = "  ";

impl PublicData for SillyMeter {
    fn as_of(&mut self) -> &mut Option<u64> {
        &mut self.as_of
    }

    fn text(&self, layout: &TextLayout) -> String {
        let sentence = |text: &str| wrapped(text.split(' '), layout.width);
        let mut lines = sentence(state(self.state));
        if let Some(points) = self.points {
            lines.push(bar(
                points,
                self.full,
                BAR_WIDTH.min(layout.width.unwrap_or(BAR_WIDTH)),
            ));
            lines.extend(sentence(&fullness(points, self.full)));
        }
        if !self.teams.is_empty() {
            lines.extend(teams(self, layout));
        }
        if let Some(winner) = &self.winner {
            lines.extend(sentence(&format!("Winner: {winner}")));
        }
        if let Some(time) = self.next_update.and_then(|time| layout.until(time)) {
            let next = self
                .state
                .map_or("the next update comes", State::next_event);
            lines.extend(sentence(&format!("Next: {next} {time}")));
        }
        if let Some(age) = self.as_of.and_then(|time| layout.since(time)) {
            lines.extend(sentence(&format!("Reported {age}")));
        }
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

const fn state(state: Option<State>) -> &'static str {
    match state {
        Some(State::Active) => "The Silly Meter is being filled",
        Some(State::Reward) => "The Silly Meter was filled: everybody is rewarded",
        Some(State::Inactive) => "The Silly Meter cools down",
        None => "The state of the Silly Meter is unknown",
    }
}

/// Returns the points, and which part of a full meter they are: 100 % at most.
fn fullness(points: u64, full: u64) -> String {
    let percent = u128::from(points.min(full)) * 100 / u128::from(full.max(1));
    let [points, full] = [points, full].map(grouped);
    format!("{points} of {full} points, {percent} %")
}

/// Returns the teams with their points and descriptions; the winner is highlighted.
fn teams(meter: &SillyMeter, layout: &TextLayout) -> Vec<String> {
    let name = |team: &Team| team.name.clone().unwrap_or_else(|| "?".to_owned());
    let teams = meter.teams.iter();
    let rows = teams.map(|team| vec![name(team), grouped_or_unknown(team.points)]);
    let mut table = Table::new(&COLUMNS, rows);
    table.shorten(0, layout.width.unwrap_or(usize::MAX));
    let mut lines = Vec::new();
    for (index, line) in table.lines_within(layout.width).iter().enumerate() {
        let team = index
            .checked_sub(1)
            .and_then(|index| meter.teams.get(index));
        let style = match team {
            None => Style::Heading,
            Some(team) if team.name.is_some() && team.name == meter.winner => Style::Highlighted,
            Some(_) => Style::Plain,
        };
        lines.push(styled(line, style, layout.coloured));
        let description = team.and_then(|team| team.description.as_deref());
        let width = layout.width.map(|width| width.saturating_sub(INDENT.len()));
        let description = wrapped(description.unwrap_or_default().split_whitespace(), width);
        lines.extend(description.iter().map(|line| format!("{INDENT}{line}")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::games::ttr::public::silly_meter::FULL;
    use crate::terminal::table::width;

    fn meter() -> SillyMeter {
        let team = |name: &str, description: &str, points| Team {
            name: Some(name.to_owned()),
            description: Some(description.to_owned()),
            points: Some(points),
        };
        SillyMeter {
            game: "ttr",
            as_of: Some(97),
            state: Some(State::Active),
            points: Some(2_900_000),
            full: FULL,
            teams: vec![
                team(
                    "Overjoyed Laff Meters",
                    "Every toon has a few more laff points than it would have had without.",
                    1_189_000,
                ),
                team("Doodle Trick Boost", "Doodles do their tricks better.", 25),
                Team::default(),
            ],
            winner: None,
            next_update: Some(820),
        }
    }

    fn shown(meter: &SillyMeter, width: Option<usize>) -> String {
        meter.text(&TextLayout {
            width,
            now: 100,
            ..TextLayout::default()
        })
    }

    #[test]
    fn all_known_values_are_shown() {
        let expected = "\
The Silly Meter is being filled
███████████████████████░░░░░░░░░░░░░░░░░
2,900,000 of 5,000,000 points, 58 %
TEAM                      POINTS
Overjoyed Laff Meters  1,189,000
  Every toon has a few more laff points than it would have had without.
Doodle Trick Boost            25
  Doodles do their tricks better.
?                              ?
Next: points are counted in 12 min
Reported 3 s ago
";
        assert_eq!(shown(&meter(), None), expected);
        assert_eq!(shown(&meter(), Some(80)), expected);
    }

    #[test]
    fn long_lines_are_wrapped_on_a_narrow_terminal() {
        for columns in [40, 30, 20] {
            let text = shown(&meter(), Some(columns));
            let widest = text.lines().map(width).max();
            assert!(widest <= Some(columns), "{columns}:\n{text}");
            let words: Vec<_> = text.split_whitespace().collect();
            assert!(words.join(" ").contains("than it would have had without."));
        }
    }

    #[test]
    fn the_winner_is_named_and_highlighted() {
        let mut meter = meter();
        meter.state = Some(State::Reward);
        meter.winner = Some("Doodle Trick Boost".to_owned());
        let text = meter.text(&TextLayout {
            width: None,
            coloured: true,
            now: 900,
        });
        assert!(text.contains("\u{1b}[35mDoodle Trick Boost"), "{text:?}");
        assert!(text.contains("Winner: Doodle Trick Boost\nNext: the reward ends now\n"));
    }

    #[test]
    fn unknown_values_are_left_out() {
        let meter = SillyMeter {
            as_of: None,
            state: None,
            points: Some(u64::MAX),
            teams: Vec::new(),
            next_update: Some(u64::MAX),
            ..meter()
        };
        let text = shown(&meter, Some(40));
        assert!(
            text.contains("points, 100 %") && !text.contains('░'),
            "{text}"
        );
        assert!(!text.contains("Next") && !text.contains("TEAM") && !text.contains("Reported"));
    }
}
