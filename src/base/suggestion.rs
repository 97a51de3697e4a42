//! "Did you mean": the known word that is closest to a typed one.

/// Returns the known word that was probably meant.
pub fn did_you_mean<'w>(typed: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    const CLOSE: f64 = 0.8;
    let near = known
        .map(|word| (strsim::jaro_winkler(typed, word), word))
        .filter(|(nearness, _)| *nearness > CLOSE);
    near.max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
