//! How many of what: titles of rules as they are counted.

/// Where what is counted ends, and what is said of it begins.
const AFTER: [&str; 8] = [
    " of ", " on ", " in ", " with ", " by ", " across ", " that ", " (",
];

/// `1 EC2 instance`, `3 SQS queues`, `2 APIs of API Gateway`. What has no plain plural keeps its words.
pub fn numbered(number: usize, title: &str) -> String {
    let bare = ["an ", "a "]
        .iter()
        .find_map(|article| title.strip_prefix(article));
    let Some(bare) = bare else {
        return match number {
            1 => title.to_owned(),
            number => format!("{title} ({number} of them)"),
        };
    };
    if number == 1 {
        return format!("1 {bare}");
    }
    let ends = AFTER.iter().filter_map(|word| bare.find(word));
    let (what, rest) = bare.split_at(ends.min().unwrap_or(bare.len()));
    match many(what) {
        Some(many) => format!("{number} {many}{rest}"),
        None => format!("{title} ({number} of them)"),
    }
}

/// A noun as there are several of; none where the last word is not what is counted, as in "a job or a pipeline".
fn many(what: &str) -> Option<String> {
    let is_listed = what.contains(',') || what.contains(" for ") || what.ends_with("HTTP");
    // "Aurora or RDS clusters", but no "node group or Fargate profiles".
    let is_of_two = what.split_once(" or ").is_some_and(|(before, after)| {
        let last = before.rsplit(' ').next().unwrap_or_default();
        !last.starts_with(char::is_uppercase) || after.starts_with("a ") || after.starts_with("an ")
    });
    let ends = |all: &[&str]| all.iter().any(|end| what.ends_with(end));
    if is_listed && !ends(&[" server", " instance", " cluster", " database", " table"]) || is_of_two
    {
        return None;
    }
    let vowels = ["ay", "ey", "iy", "oy", "uy"];
    Some(if what.ends_with('y') && !ends(&vowels) {
        format!("{}ies", &what[..what.len() - 1])
    } else if ends(&["s", "x", "ch", "sh"]) {
        format!("{what}es")
    } else {
        format!("{what}s")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_grammar_for_one_and_for_many() {
        for (title, one, three) in [
            ("an EC2 instance", "1 EC2 instance", "3 EC2 instances"),
            (
                "an API of API Gateway",
                "1 API of API Gateway",
                "3 APIs of API Gateway",
            ),
            (
                "an Aurora or RDS cluster",
                "1 Aurora or RDS cluster",
                "3 Aurora or RDS clusters",
            ),
            (
                "an EventBridge bus",
                "1 EventBridge bus",
                "3 EventBridge buses",
            ),
            ("a data factory", "1 data factory", "3 data factories"),
            (
                "an application gateway",
                "1 application gateway",
                "3 application gateways",
            ),
            (
                "an Azure Database for PostgreSQL server",
                "1 Azure Database for PostgreSQL server",
                "3 Azure Database for PostgreSQL servers",
            ),
            (
                "an EKS node group or Fargate profile",
                "1 EKS node group or Fargate profile",
                "an EKS node group or Fargate profile (3 of them)",
            ),
            (
                "an Azure Cache for Redis",
                "1 Azure Cache for Redis",
                "an Azure Cache for Redis (3 of them)",
            ),
            (
                "instances of an EMR cluster",
                "instances of an EMR cluster",
                "instances of an EMR cluster (3 of them)",
            ),
        ] {
            assert_eq!(numbered(1, title), one);
            assert_eq!(numbered(3, title), three);
        }
    }
}
