//! `POST /api/v1/programs/{id}/applications`.

use crate::office::{OPEN_R6, Office, R6, complete};

#[tokio::test]
async fn an_application_is_received_once() {
    let office = Office::open(OPEN_R6);
    let first = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = office.apply(R6, "k1", complete(R6).to_string()).await;
    assert_eq!((again.status.as_u16(), &again.text), (200, &first.text));
}
