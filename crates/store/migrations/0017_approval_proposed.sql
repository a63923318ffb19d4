-- Proposals page by page, the newest first.
CREATE INDEX approval_proposed ON approval (proposed_at_ms, application_id, version);
