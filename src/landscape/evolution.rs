//! How far a choice has come: where it stands from left (custom-built) to right (commodity).
//!
//! A rung is a band of the axis. What is written and says that more of it is the team's own (an image, scripts, a version, a key)
//! moves it to the left within its band, up to three steps.

use crate::base::{Rung, Sign};

/// Where the columns begin, as on every Wardley map: genesis, custom-built, product, commodity.
pub const COLUMNS: [(f64, &str); 4] = [
    (0.0, "Genesis"),
    (0.175, "Custom-built"),
    (0.40, "Product (+rental)"),
    (0.70, "Commodity (+utility)"),
];

/// Steps to the left that what is written can make.
const MOST_SIGNS: usize = 3;

/// The band of a rung: where it begins and ends.
#[must_use]
pub const fn band(rung: Rung) -> (f64, f64) {
    match rung {
        Rung::Server => (0.19, 0.39),
        Rung::Cluster => (0.42, 0.68),
        Rung::Capacity => (0.72, 0.82),
        Rung::Serverless => (0.86, 0.96),
    }
}

/// Where something on a rung stands that says this of itself.
#[must_use]
pub fn evolution(rung: Rung, signs: &[Sign]) -> f64 {
    let (from, to) = band(rung);
    let own = signs.iter().filter(|sign| sign.yours().is_some()).count();
    let steps = f64::from(u8::try_from(own.min(MOST_SIGNS)).unwrap_or(0));
    rounded(to - (to - from) * (0.25 + 0.25 * steps))
}

/// Three places say where something stands: on the map of today, and in the file that keeps it.
#[must_use]
pub fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_rungs_stand_to_the_right_whatever_is_written() {
        let all = [
            Sign::OwnImage,
            Sign::OwnScripts,
            Sign::PinnedVersion,
            Sign::OwnAccess,
        ];
        for pair in Rung::ALL.windows(2) {
            assert!(evolution(pair[0], &all) > evolution(pair[1], &[]));
            assert!(evolution(pair[1], &all) < evolution(pair[1], &[]));
        }
    }

    #[test]
    fn a_server_is_custom_built_and_a_cluster_a_product() {
        let column = |rung| {
            let at = evolution(rung, &[]);
            COLUMNS
                .iter()
                .rev()
                .find(|(from, _)| at >= *from)
                .map(|(_, name)| *name)
        };
        assert_eq!(column(Rung::Server), Some("Custom-built"));
        assert_eq!(column(Rung::Cluster), Some("Product (+rental)"));
        assert_eq!(column(Rung::Capacity), Some("Commodity (+utility)"));
        assert_eq!(column(Rung::Serverless), Some("Commodity (+utility)"));
    }
}
