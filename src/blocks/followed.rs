//! What walks over the references of a template remember of what many resources share, and how far they may go for it. To follow from
//! each of many what refers to many takes more than the file itself, and so do all the edges that come of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

/// Steps that the walks of one kind may take together through what is written once and used by many.
const MOST: u64 = 500_000;
/// How many more they may take for each resource.
const MOST_EACH: u64 = 500;

/// Something that is used by many: the unit whose names it uses, its file, and its node.
pub type Shared = (usize, usize, u32);

/// The resources that something refers to, in the order of writing.
#[derive(Clone, Debug)]
pub struct LedTo {
    pub targets: Rc<[usize]>,
    /// Whether a choice may stand before them.
    pub chooses: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Followed {
    /// Steps that were taken through what is used by many.
    taken: Cell<u64>,
    /// What things lead to that are used by many.
    leads: RefCell<FxHashMap<Shared, LedTo>>,
    /// Whether a walk was not gone to its end.
    is_cut: Cell<bool>,
    /// The first resource of which it is known that its walk was not.
    first_cut: Cell<Option<usize>>,
}

impl Followed {
    /// A walk of another kind begins, with steps of its own.
    pub fn begin(&self) {
        self.taken.set(0);
    }

    /// Takes steps through what is used by many, in a template of so many resources; whether there were any left.
    #[must_use]
    pub fn take(&self, steps: usize, resources: usize) -> bool {
        let most = MOST.saturating_add(MOST_EACH.saturating_mul(resources as u64));
        let taken = self.taken.get().saturating_add(steps as u64);
        let may = taken <= most;
        if may {
            self.taken.set(taken);
        }
        may
    }

    /// What a walk found behind something that is used by many.
    #[must_use]
    pub fn leads_to(&self, shared: Shared) -> Option<LedTo> {
        self.leads.borrow().get(&shared).cloned()
    }

    /// See [`Self::leads_to`].
    pub fn remember(&self, shared: Shared, led: LedTo) {
        self.leads.borrow_mut().insert(shared, led);
    }

    /// Notes that not all references were followed, and from which resource, where it is one.
    pub fn cut(&self, from: Option<usize>) {
        self.is_cut.set(true);
        self.first_cut.set(self.first_cut.get().or(from));
    }

    /// Whether not all references were followed.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut.get()
    }

    /// The first resource of which not all were, where it is known.
    #[must_use]
    pub fn first_cut(&self) -> Option<usize> {
        self.first_cut.get()
    }
}
