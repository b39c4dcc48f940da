//! How much work a scan is: steps counted where a clause, a scope or a term
//! walks over what was found, so that a test can tell that the work grows
//! with the text and not with its square. A clock would tell less and waver.
//! Outside tests nothing is counted, and nothing paid.

#[cfg(test)]
thread_local!(static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });

/// So many steps were made.
#[cfg(not(test))]
#[inline]
pub(crate) fn done(_: usize) {}

/// So many steps were made.
#[cfg(test)]
pub(crate) fn done(steps: usize) {
    STEPS.set(STEPS.get() + steps);
}

/// How many steps this takes.
#[cfg(test)]
pub(crate) fn of(act: impl FnOnce()) -> usize {
    let before = STEPS.get();
    act();
    STEPS.get() - before
}
