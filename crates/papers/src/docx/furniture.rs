//! Parts around the text: head and foot of pages, settings, fonts, properties, relations.

use jiff::civil::Date;
use sonae_core::paper::document::Document;

use super::line::{field, run};
use super::sheet::{Paragraph, paragraph};
use crate::xml::{WORD, Xml};

const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// `2026年11月22日`
pub(super) fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

pub(super) fn content_types() -> String {
    let namespace = [(
        "xmlns",
        "http://schemas.openxmlformats.org/package/2006/content-types",
    )];
    Xml::part("Types", &namespace, |xml| {
        let relations = "application/vnd.openxmlformats-package.relationships+xml";
        xml.empty(
            "Default",
            &[("Extension", "rels"), ("ContentType", relations)],
        );
        xml.empty(
            "Default",
            &[("Extension", "xml"), ("ContentType", "application/xml")],
        );
        let parts = [
            ("/word/document.xml", format!("{MAIN}.document.main+xml")),
            ("/word/styles.xml", format!("{MAIN}.styles+xml")),
            ("/word/numbering.xml", format!("{MAIN}.numbering+xml")),
            ("/word/settings.xml", format!("{MAIN}.settings+xml")),
            ("/word/fontTable.xml", format!("{MAIN}.fontTable+xml")),
            ("/word/header1.xml", format!("{MAIN}.header+xml")),
            ("/word/footer1.xml", format!("{MAIN}.footer+xml")),
            (
                "/docProps/core.xml",
                "application/vnd.openxmlformats-package.core-properties+xml".to_owned(),
            ),
            (
                "/docProps/app.xml",
                "application/vnd.openxmlformats-officedocument.extended-properties+xml".to_owned(),
            ),
        ];
        for (name, kind) in &parts {
            xml.empty("Override", &[("PartName", name), ("ContentType", kind)]);
        }
    })
}

fn relations(targets: &[(&str, &str, &str)]) -> String {
    Xml::part("Relationships", &[("xmlns", RELATIONS)], |xml| {
        for (id, kind, target) in targets {
            xml.empty(
                "Relationship",
                &[("Id", id), ("Type", kind), ("Target", target)],
            );
        }
    })
}

pub(super) fn package_relations() -> String {
    let core =
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    relations(&[
        (
            "rIdDocument",
            &format!("{OFFICE}/officeDocument"),
            "word/document.xml",
        ),
        ("rIdCore", core, "docProps/core.xml"),
        (
            "rIdApp",
            &format!("{OFFICE}/extended-properties"),
            "docProps/app.xml",
        ),
    ])
}

pub(super) fn document_relations() -> String {
    relations(&[
        ("rIdStyles", &format!("{OFFICE}/styles"), "styles.xml"),
        (
            "rIdNumbering",
            &format!("{OFFICE}/numbering"),
            "numbering.xml",
        ),
        ("rIdSettings", &format!("{OFFICE}/settings"), "settings.xml"),
        ("rIdFonts", &format!("{OFFICE}/fontTable"), "fontTable.xml"),
        ("rIdHeader", &format!("{OFFICE}/header"), "header1.xml"),
        ("rIdFooter", &format!("{OFFICE}/footer"), "footer1.xml"),
    ])
}

pub(super) fn core_properties(document: &Document) -> String {
    let namespaces = [
        (
            "xmlns:cp",
            "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        ),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    Xml::part("cp:coreProperties", &namespaces, |xml| {
        xml.element("dc:title", &[], |xml| xml.text(&document.title));
        xml.element("dc:creator", &[], |xml| xml.text(&document.company));
        xml.element("dc:language", &[], |xml| xml.text("ja-JP"));
        let midnight = format!("{}T00:00:00Z", document.date);
        for tag in ["dcterms:created", "dcterms:modified"] {
            xml.element(tag, &[("xsi:type", "dcterms:W3CDTF")], |xml| {
                xml.text(&midnight)
            });
        }
    })
}

pub(super) fn app_properties() -> String {
    let namespace = [(
        "xmlns",
        "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
    )];
    Xml::part("Properties", &namespace, |xml| {
        xml.element("Application", &[], |xml| xml.text("Sonae"))
    })
}

pub(super) fn settings() -> String {
    Xml::part("w:settings", &WORD, |xml| {
        xml.empty("w:zoom", &[("w:percent", "100")]);
        xml.value("w:defaultTabStop", 840);
        xml.value("w:characterSpacingControl", "compressPunctuation");
        xml.element("w:compat", &[], |xml| {
            let office = "http://schemas.microsoft.com/office/word";
            xml.empty(
                "w:compatSetting",
                &[
                    ("w:name", "compatibilityMode"),
                    ("w:uri", office),
                    ("w:val", "15"),
                ],
            );
        });
        xml.empty(
            "w:themeFontLang",
            &[("w:val", "en-US"), ("w:eastAsia", "ja-JP")],
        );
        xml.value("w:decimalSymbol", ".");
        xml.value("w:listSeparator", ",");
    })
}

/// BIZ UDPゴシック comes with Windows 10 and later; elsewhere Word takes another gothic.
pub(super) fn fonts() -> String {
    Xml::part("w:fonts", &WORD, |xml| {
        xml.element("w:font", &[("w:name", "BIZ UDPゴシック")], |xml| {
            xml.value("w:altName", "BIZ UDPGothic");
            xml.value("w:charset", "80");
            xml.value("w:family", "modern");
            xml.value("w:pitch", "variable");
        });
    })
}

pub(super) fn header(document: &Document) -> String {
    Xml::part("w:hdr", &WORD, |xml| {
        paragraph(xml, Paragraph::of("Header"), |xml| {
            run(xml, &document.company, &[]);
            tab(xml);
            run(
                xml,
                &format!("{}　{}", document.title, document.version),
                &[],
            );
        });
    })
}

pub(super) fn footer() -> String {
    Xml::part("w:ftr", &WORD, |xml| {
        paragraph(xml, Paragraph::of("Footer"), |xml| {
            field(xml, " PAGE ", "1");
            run(xml, " / ", &[]);
            field(xml, " NUMPAGES ", "1");
        });
    })
}

/// To the right edge, where the style of the head has its tab stop.
fn tab(xml: &mut Xml) {
    xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
}
