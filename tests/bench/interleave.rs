//! Measurements that run alternately, so that the load of the machine affects all equally.

/// Runs measurements alternately (A B C A B C …) and returns the results of each.
pub(crate) fn interleave<T>(rounds: usize, measurements: &[&dyn Fn() -> T]) -> Vec<Vec<T>> {
    let mut results: Vec<Vec<T>> = measurements.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (measure, results) in measurements.iter().zip(&mut results) {
            results.push(measure());
        }
    }
    results
}

/// Returns the median.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[half]
    } else {
        f64::midpoint(numbers[half - 1], numbers[half])
    }
}
