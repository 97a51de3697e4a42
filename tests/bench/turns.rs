//! Contestants that take turns, so that the machine's mood is the same for all.

/// What each contestant gave in each of some rounds: A B C A B C …
pub(crate) fn turns<T>(rounds: usize, contestants: &[&dyn Fn() -> T]) -> Vec<Vec<T>> {
    let mut given: Vec<Vec<T>> = contestants.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (contestant, given) in contestants.iter().zip(&mut given) {
            given.push(contestant());
        }
    }
    given
}

/// The middle of some numbers, or the middle between the two that share it.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[half]
    } else {
        f64::midpoint(numbers[half - 1], numbers[half])
    }
}
