//! Fields (ECMA-376 part 1, 17.16): only what they show is read, and what a table of contents shows is not.

/// Most fields within each other.
const DEEPEST: usize = 32;
/// Longest instruction that is kept, in characters: enough to know what it is.
const LONGEST: usize = 80;

struct Field {
    instruction: String,
    /// Whether its result has begun.
    shows: bool,
}

/// The fields around the place that is read.
#[derive(Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    /// How many are open beyond the deepest.
    beyond: usize,
}

impl Fields {
    pub(super) fn character(&mut self, kind: &str) {
        match kind {
            "begin" if self.open.len() >= DEEPEST => self.beyond += 1,
            "begin" => self.open.push(Field {
                instruction: String::new(),
                shows: false,
            }),
            "separate" => {
                if let (Some(field), 0) = (self.open.last_mut(), self.beyond) {
                    field.shows = true;
                }
            }
            "end" if self.beyond > 0 => self.beyond -= 1,
            "end" => drop(self.open.pop()),
            _ => {}
        }
    }

    pub(super) fn instruction(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut().filter(|field| !field.shows) {
            let room = LONGEST.saturating_sub(field.instruction.chars().count());
            field.instruction.extend(text.chars().take(room));
        }
    }

    /// The bookmark of the writer that the innermost field shows the number of (`REF s_name \n`).
    pub(super) fn number_of(&self) -> Option<String> {
        let field = self.open.last().filter(|_| self.beyond == 0)?;
        let mut words = field.instruction.split_whitespace();
        let is_reference = words.next()? == "REF";
        let name = words.next().filter(|name| name.starts_with("s_"))?;
        (is_reference && words.any(|word| matches!(word, "\\n" | "\\r" | "\\w")))
            .then(|| name.to_owned())
    }

    /// Whether text here is a result, not an instruction.
    pub(super) fn shows(&self) -> bool {
        self.open.iter().all(|field| field.shows)
    }

    pub(super) fn in_contents(&self) -> bool {
        self.open
            .iter()
            .any(|field| field.instruction.trim_start().starts_with("TOC"))
    }
}
