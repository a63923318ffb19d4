//! The archive: what kind of file it is, and the few parts that are unpacked.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::events::{Reader, Token};
use super::{LARGEST_FILE, LARGEST_PART, MOST_PARTS, ReadError};

/// The first bytes of a compound file (MS-CFB 2.2): old Word files, and new ones under a password.
const COMPOUND: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The name of the stream that holds a file under a password (MS-OFFCRYPTO 2.3.4.4).
const ENCRYPTED: &str = "EncryptedPackage";
/// Most bytes of a part that only points to others.
const LARGEST_RELATIONS: u64 = 1024 * 1024;

pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// The folder of the text, with a slash at its end.
    folder: String,
    document: String,
}

impl<'a> Archive<'a> {
    pub(super) fn open(file: &'a [u8]) -> Result<Self, ReadError> {
        if file.len() > LARGEST_FILE {
            return Err(ReadError::TooLarge);
        }
        if file.starts_with(&COMPOUND) {
            let name: Vec<u8> = ENCRYPTED
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
            let protected = file.windows(name.len()).any(|bytes| bytes == name);
            return Err(if protected {
                ReadError::Protected
            } else {
                ReadError::Old
            });
        }
        if file.starts_with(b"{\\rtf") {
            return Err(ReadError::Old);
        }
        if !file.starts_with(b"PK") {
            return Err(ReadError::NotWord);
        }
        let zip = ZipArchive::new(Cursor::new(file)).map_err(|_| ReadError::Broken)?;
        if zip.len() > MOST_PARTS {
            return Err(ReadError::TooMuch);
        }
        if zip
            .file_names()
            .filter_map(Result::ok)
            .any(|name| is_macro(&name))
        {
            return Err(ReadError::Macros);
        }
        let mut archive = Self {
            zip,
            folder: String::new(),
            document: String::new(),
        };
        archive.find()?;
        archive.stays_inside()?;
        Ok(archive)
    }

    /// The text itself.
    pub(super) fn document(&mut self) -> Result<String, ReadError> {
        let name = self.document.clone();
        self.part(&name, LARGEST_PART)?.ok_or(ReadError::NotWord)
    }

    /// A part in the folder of the text.
    pub(super) fn beside(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let name = format!("{}{name}", self.folder);
        self.part(&name, LARGEST_PART)
    }

    /// Where the text stands (ECMA-376 part 2, 9.3: the relation of the package).
    fn find(&mut self) -> Result<(), ReadError> {
        let relations = self
            .part("_rels/.rels", LARGEST_RELATIONS)?
            .ok_or(ReadError::NotWord)?;
        let mut target = None;
        for relation in Relation::all(&relations)? {
            if relation.kind.ends_with("/officeDocument") {
                target = Some(relation.target);
            }
        }
        let target = target.ok_or(ReadError::NotWord)?;
        self.document = target.trim_start_matches('/').to_owned();
        self.folder = match self.document.rfind('/') {
            Some(at) => self.document[..=at].to_owned(),
            None => String::new(),
        };
        let kinds = self
            .part("[Content_Types].xml", LARGEST_RELATIONS)?
            .ok_or(ReadError::Broken)?;
        if kinds.contains("macroEnabled") {
            return Err(ReadError::Macros);
        }
        if kinds.contains("wordprocessingml.document.main")
            || kinds.contains("wordprocessingml.template.main")
        {
            Ok(())
        } else {
            Err(ReadError::NotWord)
        }
    }

    /// Whoever opens the file must not load anything from elsewhere: templates, embedded objects, frames. Links to click are no harm.
    fn stays_inside(&mut self) -> Result<(), ReadError> {
        let name = self.document[self.folder.len()..].to_owned();
        for part in [name.as_str(), "settings.xml"] {
            let path = format!("{}_rels/{part}.rels", self.folder);
            let Some(text) = self.part(&path, LARGEST_RELATIONS)? else {
                continue;
            };
            for relation in Relation::all(&text)? {
                if relation.harms() {
                    return Err(ReadError::Outside);
                }
            }
        }
        Ok(())
    }

    fn part(&mut self, name: &str, largest: u64) -> Result<Option<String>, ReadError> {
        let part = match self.zip.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(ReadError::Broken),
        };
        let mut bytes = Vec::new();
        // What the archive says of a part's size may be a lie, so that it is counted.
        part.take(largest + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| ReadError::Broken)?;
        if bytes.len() as u64 > largest {
            return Err(ReadError::TooMuch);
        }
        let text = String::from_utf8(bytes).map_err(|_| ReadError::Broken)?;
        Ok(Some(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }))
    }
}

fn is_macro(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml")
}

/// One relation of a part.
struct Relation {
    kind: String,
    target: String,
    external: bool,
}

impl Relation {
    fn all(text: &str) -> Result<Vec<Self>, ReadError> {
        let mut reader = Reader::any(text);
        let mut found = Vec::new();
        while let Some(token) = reader.next()? {
            if let Token::Open(element) = token
                && element.name == "Relationship"
            {
                found.push(Self {
                    kind: element.value("Type").unwrap_or_default(),
                    target: element.value("Target").unwrap_or_default(),
                    external: element.value("TargetMode").as_deref() == Some("External"),
                });
            }
        }
        Ok(found)
    }

    fn harms(&self) -> bool {
        let loads = ["/attachedTemplate", "/oleObject", "/frame", "/subDocument"]
            .iter()
            .any(|kind| self.kind.ends_with(kind));
        let target = self.target.trim().to_ascii_lowercase();
        let far = ["http:", "https:", "ftp:", "\\\\", "//", "file://", "mhtml:"]
            .iter()
            .any(|start| target.starts_with(start))
            // A template on the writer's own disk is usual and harms nobody.
            && !target.starts_with("file:///");
        self.external && loads && far
    }
}
