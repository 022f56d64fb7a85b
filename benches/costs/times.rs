//! Measuring several things in turns.

use std::time::{Duration, Instant};

/// The time of each that a quarter of `rounds` in turns stays below, after one round that does not count. What else the
/// machine does makes some rounds longer, and none shorter.
pub fn in_turns<const N: usize>(rounds: usize, mut works: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for round in 0..=rounds {
        for (work, times) in works.iter_mut().zip(&mut times) {
            let start = Instant::now();
            work();
            let took = start.elapsed();
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.map(|mut times| {
        times.sort();
        times[times.len() / 4]
    })
}

/// In whole microseconds.
pub fn microseconds(time: Duration) -> u128 {
    time.as_micros()
}

/// How many times as long.
pub fn ratio(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64()
}
