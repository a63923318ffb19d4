-- What a company has typed into a page of its portal and not sent yet.
CREATE TABLE portal_draft (
    application_id TEXT NOT NULL REFERENCES application (id),
    -- The page's name, such as questionnaire.
    page TEXT NOT NULL,
    -- JSON object of texts as they were typed. Personal data; deleted when the page is sent.
    typed TEXT NOT NULL,
    updated_at_ms INT64 NOT NULL,
    PRIMARY KEY (application_id, page)
) STRICT;
