//! The diagrams of the flows are those of the code.

use sonae_core::flow::diagram::{diagram, markdown};

use crate::{TOKYO, program, read};

#[test]
fn the_committed_diagram_is_the_one_of_the_code() {
    for id in TOKYO {
        let program = program(&format!("programs/{id}"));
        let path = format!("docs/flow/{id}.md");
        assert_eq!(
            markdown(&program),
            read(&path),
            "write it anew: sonae program flow programs/{id} > {path}"
        );
    }
}

/// What the code walks is the whole: every step before 参加確定 comes up, every open state is left, and confirmation is reached.
#[test]
fn every_step_comes_up_and_is_left() {
    for id in TOKYO {
        let program = program(&format!("programs/{id}"));
        let diagram = diagram(&program);
        for step in &program.definition.flow.step {
            let known = diagram.open.iter().any(|node| node.id == step.id);
            let at_receipt = step.after.is_empty();
            assert_eq!(
                known,
                !at_receipt && !diagram.delivery.contains(&step.title),
                "{id} {}",
                step.id
            );
        }
        for node in &diagram.open {
            let left = diagram.ways.iter().any(|way| way.from == node.id);
            assert!(left, "{id}: {} is never left but by an end", node.id);
            assert!(
                node.owner.is_some() && node.days.is_some(),
                "{id}: {}",
                node.id
            );
        }
        for end in ["confirmed", "withdrawn", "declined", "excluded", "lapsed"] {
            assert!(
                diagram.ends.iter().any(|node| node.id == end),
                "{id}: {end}"
            );
        }
        assert_eq!(
            diagram.anywhere.len(),
            3,
            "{id}: withdrawal, refusal, exclusion: {:?}",
            diagram.anywhere
        );
    }
}
