//! Headings must stand below a heading that is there whenever they are, or their numbers would begin with nothing.

use super::super::source::Fault;
use super::guards::{Guard, is_seen};

/// The last heading of each level.
#[derive(Clone, Default)]
pub(super) struct Parents([Option<Parent>; 3]);

#[derive(Clone)]
struct Parent {
    guards: Vec<Guard>,
    plain: bool,
}

impl Parents {
    /// Takes note of a heading of level 1 to 3; a fault when it has no parent.
    pub(super) fn heading(
        &mut self,
        level: u8,
        plain: bool,
        guards: &[Guard],
        line: usize,
    ) -> Option<Fault> {
        let at = usize::from(level) - 1;
        let parent = at.checked_sub(1).and_then(|above| self.0[above].as_ref());
        let fault = match parent {
            None if at > 0 => Some((
                "上の段の見出しがありません。",
                "# から順に、段を飛ばさずに書いてください。",
            )),
            Some(parent) if !is_seen(&parent.guards, guards) => Some((
                "上の段の見出しが、条件によってはなくなります。",
                "同じ :::if の中に入れるか、上の見出しを外に出してください。",
            )),
            Some(parent) if parent.plain && !plain => Some((
                "番号のない見出しの下に番号のある見出しがあります。",
                "{plain} を付けてください。",
            )),
            _ => None,
        };
        self.0[at] = Some(Parent {
            guards: guards.to_vec(),
            plain,
        });
        self.0[at + 1..].fill(None);
        fault.map(|(what, hint)| Fault::new(line, what, hint))
    }
}
