//! Several names in a sentence.

/// `prod`, `dev and prod`, `a, b, c, d and 2 more`.
#[must_use]
pub fn enumerated(names: &[&str], most: usize) -> String {
    let shown = &names[..names.len().min(most)];
    let rest = names.len() - shown.len();
    match shown {
        shown if rest > 0 => format!("{} and {rest} more", shown.join(", ")),
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        shown => shown.concat(),
    }
}
