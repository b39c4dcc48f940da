//! Logistic regression with a ridge penalty.
//!
//! The loss of every example is weighed so that both sides count alike; the
//! minimum is found by Nesterov's accelerated gradient (1983), whose steps
//! depend on nothing but the data: the same examples give the same weights.

/// How much an example may pull at the weights against the penalty on their squares.
const PULL: f64 = 0.15;

const STEPS: usize = 800;

/// An example: at which places it has a one, and on which side it stands.
pub(super) struct Row {
    places: Vec<usize>,
    is_wanted: bool,
    /// The log-odds that are known before.
    given: f64,
    pull: f64,
}

impl Row {
    /// An example with these places.
    pub(super) fn new(places: Vec<usize>, is_wanted: bool, given: f64) -> Self {
        Self { places, is_wanted, given, pull: PULL }
    }
}

/// Lets both labels pull alike, however many posts have each.
fn balanced(mut rows: Vec<Row>) -> Vec<Row> {
    let all = rows.len() as f64;
    let wanted = rows.iter().filter(|row| row.is_wanted).count() as f64;
    for row in &mut rows {
        let alike = if row.is_wanted { wanted } else { all - wanted };
        row.pull *= all / (2.0 * alike.max(1.0));
    }
    rows
}

/// Weights, and what is given before any of them.
#[derive(Clone, Default)]
pub(super) struct Point {
    pub(super) bias: f64,
    pub(super) weights: Vec<f64>,
}

/// The point where penalty and losses together are least.
pub(super) fn minimum(rows: Vec<Row>, places: usize) -> Point {
    minimise(&balanced(rows), places)
}

fn minimise(rows: &[Row], keys: usize) -> Point {
    // the curvature of the loss is at most a quarter of the rows' squared length
    let steepest: f64 = rows.iter().map(|row| row.pull * (row.places.len() + 1) as f64).sum();
    let longest = rows.iter().map(|row| row.pull * (row.places.len() + 1) as f64);
    let bound = longest.fold(0.0, f64::max).max(steepest * 0.25);
    let step = 1.0 / (1.0 + bound);
    let mut here = Point { bias: 0.0, weights: vec![0.0; keys] };
    let mut ahead = here.clone();
    let mut pace = 1.0_f64;
    for _ in 0..STEPS {
        let slope = slope(rows, &ahead);
        let next = Point {
            bias: ahead.bias - step * slope.bias,
            weights: ahead.weights.iter().zip(&slope.weights).map(|(w, g)| w - step * g).collect(),
        };
        let faster = f64::midpoint(1.0, (1.0 + 4.0 * pace * pace).sqrt());
        let push = (pace - 1.0) / faster;
        pace = faster;
        ahead = Point {
            bias: next.bias + push * (next.bias - here.bias),
            weights: next
                .weights
                .iter()
                .zip(&here.weights)
                .map(|(n, h)| n + push * (n - h))
                .collect(),
        };
        here = next;
    }
    here
}

fn slope(rows: &[Row], at: &Point) -> Point {
    let mut slope = Point { bias: 0.0, weights: at.weights.clone() };
    for row in rows {
        let sum: f64 = row.places.iter().filter_map(|place| at.weights.get(*place)).sum();
        let wanted = f64::from(u8::from(row.is_wanted));
        let off = row.pull * (1.0 / (1.0 + (-(row.given + at.bias + sum)).exp()) - wanted);
        slope.bias += off;
        for place in &row.places {
            if let Some(weight) = slope.weights.get_mut(*place) {
                *weight += off;
            }
        }
    }
    slope
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_minimum_the_slope_is_flat() {
        let rows = [(vec![0, 1], true), (vec![1, 2], true), (vec![2, 3], false), (vec![3], false)];
        let rows =
            || rows.clone().into_iter().map(|(at, wanted)| Row::new(at, wanted, 0.5)).collect();
        let found = minimum(rows(), 4);
        let slope = slope(&balanced(rows()), &found);
        assert!(slope.bias.abs() < 1e-6 && slope.weights.iter().all(|g| g.abs() < 1e-6));
        assert!(found.weights[0] > 0.0 && found.weights[3] < 0.0);
    }
}
