//! Resources whose condition never holds, whatever anybody gives: nothing can turn them on, so they are nothing.

use crate::blocks::Template;
use crate::eval::{Resolver, Truth};

/// Whether no value of any parameter makes a resource.
pub(super) fn is_never(template: &Template<'_>, at: usize) -> bool {
    let Some(condition) = &template.resources[at].condition else {
        return false;
    };
    let resolver = Resolver::new(template);
    resolver.truth(condition) == Truth::No && resolver.take_trace().parameters.is_empty()
}

/// Leaves such resources out. Their names are still known, for others may speak of them.
pub(super) fn leave_out(template: &mut Template<'_>) {
    let all = 0..template.resources.len();
    let stays: Vec<bool> = all.map(|at| !is_never(template, at)).collect();
    if stays.iter().all(|stays| *stays) {
        return;
    }
    let mut next = 0;
    let numbers = stays.iter().map(|stays| {
        let number = stays.then_some(next);
        next += usize::from(*stays);
        number
    });
    let numbers: Vec<Option<usize>> = numbers.collect();
    let mut stays = stays.into_iter();
    template.resources.retain(|_| stays.next().unwrap_or(true));
    for named in template
        .units
        .iter_mut()
        .flat_map(|unit| unit.names.values_mut())
    {
        *named = named.iter().filter_map(|at| numbers[*at]).collect();
    }
}
