//! The course of a policy: which step comes after which. Pure.

use super::{Passes, Policy};

/// Where an escalation stands: the step that fires next, and in which pass. As many as there are steps means the end of the pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub pass: i32,
    pub step: i32,
}

impl Place {
    /// The beginning.
    pub const FIRST: Self = Self { pass: 0, step: 0 };

    /// The step behind this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self { step: self.step.saturating_add(1), ..self }
    }

    /// The first step of the next pass, if the policy has one more.
    #[must_use]
    pub fn next_pass(self, policy: &Policy) -> Option<Self> {
        let pass: i32 = self.pass.saturating_add(1);
        let goes_on: bool = match policy.passes {
            Passes::Times(n) => i64::from(pass) < i64::from(n),
            Passes::Forever => true,
        };
        goes_on.then_some(Self { pass, step: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy(passes: Passes) -> Policy {
        Policy { passes, ..Policy::unwritten("p") }
    }

    #[test]
    fn a_policy_has_as_many_passes_as_it_says() {
        let thrice: Policy = policy(Passes::Times(3));
        let second: Place = Place { pass: 0, step: 3 }.next_pass(&thrice).unwrap();
        assert_eq!(second, Place { pass: 1, step: 0 });
        assert_eq!(second.next(), Place { pass: 1, step: 1 });
        assert_eq!(Place { pass: 2, step: 3 }.next_pass(&thrice), None);
        assert_eq!(Place::FIRST.next_pass(&policy(Passes::default())), None);
    }

    proptest! {
        #[test]
        fn it_only_ever_goes_forward(pass in 0_i32..1_000, step in 0_i32..20, times in 1_u32..100) {
            let here = Place { pass, step };
            prop_assert!(here.next() > here);
            prop_assert!(here.next_pass(&policy(Passes::Forever)).is_some_and(|next| next > here));
            prop_assert_eq!(here.next_pass(&policy(Passes::Times(times))).is_some(), i64::from(pass) + 1 < i64::from(times));
        }
    }
}
