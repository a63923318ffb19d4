//! The committed schemas are the ones that the types make.

use std::fs;
use std::path::Path;

use sonae_core::program::schema::schemas;

#[test]
fn the_committed_schemas_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programs/schema");
    for schema in schemas() {
        let path = folder.join(schema.name);
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == schema.text,
            "{} is not current; run: cargo run -- program schema programs/schema",
            path.display()
        );
    }
}
