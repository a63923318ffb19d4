-- Mails that cases must have been sent and were not, as the last reconciliation found them.
CREATE TABLE missing_mail (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- Its name in the programme.
    mail TEXT NOT NULL,
    -- When a reconciliation first missed it.
    found_at_ms INT64 NOT NULL,
    PRIMARY KEY (application_id, mail)
) STRICT;
CREATE INDEX outbox_of_case ON outbox (application_id, mail, state);
