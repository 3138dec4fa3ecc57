//! What several root modules make of one module has one place and one address: it is told apart by the root.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Analysis;

/// Names the root in the words about each decision that another root makes, too.
pub fn tell_apart(analysis: &mut Analysis) {
    let mut roots: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for decision in &analysis.decisions {
        if let Some(root) = &decision.root {
            let name = (&*decision.path, decision.address.as_str());
            roots.entry(name).or_default().insert(root);
        }
    }
    let shared: BTreeSet<(Arc<str>, String)> = roots
        .into_iter()
        .filter(|(_, roots)| roots.len() > 1)
        .map(|((path, address), _)| (path.into(), address.to_owned()))
        .collect();
    if shared.is_empty() {
        return;
    }
    for decision in &mut analysis.decisions {
        let name = (Arc::clone(&decision.path), decision.address.clone());
        decision.is_of_several_roots = shared.contains(&name);
    }
    for finding in &mut analysis.findings {
        let decision = finding.decision.and_then(|at| analysis.decisions.get(at));
        let Some(decision) = decision.filter(|decision| decision.is_of_several_roots) else {
            continue;
        };
        let (name, told) = (decision.name(), decision.name_and_root());
        finding.message = match finding.message.contains(name) {
            true => finding.message.replacen(name, &told, 1),
            false => format!("{told}: {}", finding.message),
        };
    }
}
